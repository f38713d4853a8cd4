package sop

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// oneNode is a graph with one step whose JSON is given.
func oneNode(node string) string { return `{"nodes":[` + node + `],"edges":[]}` }

// oneEdge is a graph with one connection whose JSON is given.
func oneEdge(edge string) string { return `{"nodes":[],"edges":[` + edge + `]}` }

const plainNode = `{"id":"n1","type":"ASSESSMENT","label":"Look"`

func TestParseReadsEveryField(t *testing.T) {
	t.Parallel()
	g := parse(t, `{
		"nodes": [{"id":"n1","type":"DECISION","label":"Which?","description":"Line\r\nline","config":{"a":1.50,"b":[true,null,{"c":"d"}]}}],
		"edges": [
			{"id":"e1","from":"n1","to":"n2","condition":"When so","label":"so","max_iterations":3},
			{"id":"e2","from":"n1","to":"n3","condition":null,"label":""},
			{"id":"e3","from":"n1","to":"n3"}
		]
	}`)
	want := Graph{
		Nodes: []Node{{
			ID: "n1", Type: Decision, Label: "Which?", Description: "Line\nline",
			Config: map[string]any{"a": 1.5, "b": []any{true, nil, map[string]any{"c": "d"}}},
		}},
		Edges: []Edge{
			{ID: "e1", From: "n1", To: "n2", Condition: "When so", Label: "so", MaxIterations: 3},
			{ID: "e2", From: "n1", To: "n3"},
			{ID: "e3", From: "n1", To: "n3"},
		},
	}
	if !reflect.DeepEqual(g, want) {
		t.Errorf("got %+v", g)
	}
}

func TestParseFillsWhatMayBeLeftOut(t *testing.T) {
	t.Parallel()
	g := parse(t, "\ufeff"+oneNode(plainNode+`}`))
	if n := g.Nodes[0]; n.Description != "" || n.Config == nil || len(n.Config) != 0 {
		t.Errorf("got %+v", n)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 30) + `1` + strings.Repeat(`}`, 30)
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "  ", "nothing here"},
		{"no JSON", `{"nodes":[}`, "not valid JSON"},
		{"the line of a mistake", "{\n\n\"nodes\":[}", "line 3"},
		{"two values", `{} {}`, "not valid JSON"},
		{"invalid UTF-8", "{\"nodes\":[],\"edges\":[\"\xff\"]}", "not valid UTF-8"},
		{"NUL", oneNode(plainNode + `,"description":"a\u0000b"}`), "cannot be stored"},
		{"half a pair", oneNode(plainNode + `,"description":"\ud83d"}`), "half of a character"},
		{"the other half", oneNode(plainNode + `,"description":"\ude00"}`), "half of a character"},
		{"two first halves", oneNode(plainNode + `,"description":"\ud83d\ud83d"}`), "half of a character"},
		{"a key twice", oneNode(`{"id":"n1","id":"n2","type":"ASSESSMENT","label":"Look"}`), `"id" stands twice`},
		{"a key twice in config", oneNode(plainNode + `,"config":{"a":1,"a":1}}`), `"a" stands twice`},
		{"a key twice through escapes", oneNode(plainNode + `,"config":{"a":1,"\u0061":1}}`), `"a" stands twice`},
		{"too deep", oneNode(plainNode + `,"config":` + deep + `}`), "32 levels"},
		{"a number that does not fit", oneNode(plainNode + `,"config":{"a":9007199254740993}}`), "9007199254740993 cannot be kept exactly"},
		{"a huge number", oneNode(plainNode + `,"config":{"a":1e400}}`), "cannot be kept exactly"},
		{"a tiny number", oneNode(plainNode + `,"config":{"a":1e-999999999999999999999}}`), "cannot be kept exactly"},
		{"a list", `[]`, "must be a JSON object"},
		{"an unknown field", `{"nodes":[],"edges":[],"layout":{}}`, `"layout"`},
		{"an unknown field of a step", oneNode(plainNode + `,"x":1}`), `Step n1 has a field "x"`},
		{"an unknown field of a connection", oneEdge(`{"id":"e1","from":"a","to":"b","weight":1}`), `Connection e1 has a field "weight"`},
		{"no nodes", `{"edges":[]}`, `a list called "nodes"`},
		{"nodes of the wrong kind", `{"nodes":{},"edges":[]}`, `a list called "nodes"`},
		{"a step of the wrong kind", oneNode(`"n1"`), "Step number 1 must be a JSON object"},
		{"no id", oneNode(`{"type":"ASSESSMENT","label":"Look"}`), `Step number 1: "id" is missing`},
		{"a bad id", oneNode(`{"id":"a b","type":"ASSESSMENT","label":"Look"}`), `"id" may hold only`},
		{"a long id", oneNode(`{"id":"` + strings.Repeat("a", 65) + `","type":"ASSESSMENT","label":"Look"}`), "longer than 64"},
		{"a number as id", oneNode(`{"id":1,"type":"ASSESSMENT","label":"Look"}`), "id must be text"},
		{"no type", oneNode(`{"id":"n1","label":"Look"}`), `has the type ""`},
		{"an unknown type", oneNode(`{"id":"n1","type":"LUNCH","label":"Look"}`), `has the type "LUNCH"`},
		{"no label", oneNode(`{"id":"n1","type":"ASSESSMENT"}`), "the label is missing"},
		{"a blank label", oneNode(`{"id":"n1","type":"ASSESSMENT","label":" "}`), "the label is missing"},
		{"a long label", oneNode(`{"id":"n1","type":"ASSESSMENT","label":"` + strings.Repeat("ä", 201) + `"}`), "201 characters long; the most is 200"},
		{"a label on two lines", oneNode(`{"id":"n1","type":"ASSESSMENT","label":"a\nb"}`), "must be on one line"},
		{"a label that turns its direction", oneNode(`{"id":"n1","type":"ASSESSMENT","label":"a\u202eb"}`), "U+202E"},
		{"a long description", oneNode(plainNode + `,"description":"` + strings.Repeat("x", 4001) + `"}`), "the description is 4001"},
		{"a bell in a description", oneNode(plainNode + `,"description":"\u0007"}`), "U+0007"},
		{"a list as config", oneNode(plainNode + `,"config":[]}`), "config must be a JSON object"},
		{"a bell in the config", oneNode(plainNode + `,"config":{"a":[{"b":"\u0007"}]}}`), "U+0007"},
		{"a setting without a name", oneNode(plainNode + `,"config":{"":1}}`), "without a name"},
		{"a long condition", oneEdge(`{"id":"e1","from":"a","to":"b","condition":"` + strings.Repeat("x", 501) + `"}`), "the condition is 501"},
		{"no end", oneEdge(`{"id":"e1","from":"a"}`), `Connection e1: "to" is missing`},
		{"a limit of zero", oneEdge(`{"id":"e1","from":"a","to":"b","max_iterations":0}`), "whole number from 1 to 100"},
		{"a broken limit", oneEdge(`{"id":"e1","from":"a","to":"b","max_iterations":1.5}`), "whole number"},
		{"a limit in words", oneEdge(`{"id":"e1","from":"a","to":"b","max_iterations":"two"}`), "whole number"},
		{"too large", `{"nodes":"` + strings.Repeat("x", MaxGraphBytes) + `"}`, "larger than 256 KiB"},
		{"too many steps", `{"nodes":[` + strings.Repeat(`0,`, 500) + `0],"edges":[]}`, "501 nodes; the most is 500"},
		{"too many connections", `{"nodes":[],"edges":[` + strings.Repeat(`0,`, 2000) + `0]}`, "2001 edges; the most is 2000"},
	} {
		_, err := Parse([]byte(c.text))
		var bad *ParseError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

func TestParseAcceptsTheLimitsThemselves(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"a":`, 28) + `{}` + strings.Repeat(`}`, 28)
	for _, text := range []string{
		oneNode(plainNode + `,"config":` + deep + `}`),
		oneNode(plainNode + `,"config":{"a":9007199254740992,"b":-0,"c":1.50e3,"d":0.1,"e":1e300,"f":5e-324}}`),
		oneNode(`{"id":"` + strings.Repeat("a", 64) + `","type":"ASSESSMENT","label":"` + strings.Repeat("ä", 200) + `","description":"` + strings.Repeat("😀", 4000) + `"}`),
		oneNode(plainNode + `,"description":"\ud83d\ude00 \\u0000 \u00e4 \n\t"}`),
	} {
		parse(t, text)
	}
}

func TestParseReportsManyProblemsButNotAll(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"nodes":[` + strings.Repeat(`{},`, 99) + `{}],"edges":[]}`))
	var bad *ParseError
	if !errors.As(err, &bad) || len(bad.Problems) != maxProblems+1 {
		t.Fatal(err)
	}
}

func TestParseRefusesAGraphWhoseCanonicalFormIsTooLarge(t *testing.T) {
	t.Parallel()
	edges := make([]string, MaxEdges)
	for i := range edges {
		edges[i] = fmt.Sprintf(`{"id":"e%d","from":"n1","to":"n2","label":"%s"}`, i, strings.Repeat("x", 72))
	}
	text := `{"nodes":[],"edges":[` + strings.Join(edges, ",") + `]}`
	if len(text) > MaxGraphBytes {
		t.Fatalf("the text itself is too large: %d", len(text))
	}
	if _, err := Parse([]byte(text)); err == nil {
		t.Fatal("accepted")
	}
}

func TestCheckSaysWhatParseWouldSay(t *testing.T) {
	t.Parallel()
	g := refund(t).Graph
	if err := Check(g); err != nil {
		t.Error(err)
	}
	g.Nodes[0].Label = "\xff"
	if err := Check(g); err == nil {
		t.Error("accepted invalid UTF-8")
	}
	g.Nodes[0].Label = ""
	if err := Check(g); err == nil {
		t.Error("accepted a step without a label")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"nodes":[],"edges":[]}`))
	f.Add(refund(f).Export())
	f.Add([]byte(oneNode(plainNode + `,"config":{"a":[1.50,-0,1e21,null,{"b":"\ud83d\ude00"}]}}`)))
	f.Add([]byte(oneEdge(`{"id":"e1","from":"a","to":"b","condition":"<&>\u2028","max_iterations":100}`)))
	f.Add([]byte("{\"nodes\":[{\"id\":\"\\u0000\"}],\"edges\":[\xff]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ParseDocument(data)
		if err != nil {
			var bad *ParseError
			if !errors.As(err, &bad) || len(bad.Problems) == 0 {
				t.Fatalf("not a ParseError: %v", err)
			}
			return
		}
		Validate(d.Graph)
		text := canonical(t, d.Graph)
		again := parse(t, text)
		if !reflect.DeepEqual(again, d.Graph) || canonical(t, again) != text {
			t.Fatalf("not stable: %s", text)
		}
		back, err := ParseDocument(d.Export())
		if err != nil || !reflect.DeepEqual(back, d) {
			t.Fatalf("the file does not come back: %v", err)
		}
	})
}
