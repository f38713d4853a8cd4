package sop

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	g := Graph{
		Nodes: []Node{{ID: "n1", Type: Decision, Label: "a < b & c", Config: map[string]any{"z": 1e21, "a": 0.1, "é": nil}}},
		Edges: []Edge{{ID: "e1", From: "n1", To: "n1", Label: "so", MaxIterations: 2}},
	}
	want := `{"edges":[{"condition":null,"from":"n1","id":"e1","label":"so","max_iterations":2,"to":"n1"}],` +
		`"nodes":[{"config":{"a":0.1,"z":1e+21,"é":null},"description":"","id":"n1","label":"a < b & c","type":"DECISION"}]}`
	if got := canonical(t, g); got != want {
		t.Errorf("got %s", got)
	}
	if got := canonical(t, Graph{}); got != `{"edges":[],"nodes":[]}` {
		t.Errorf("got %s", got)
	}
	if got := GraphHash([]byte(`{"edges":[],"nodes":[]}`)); got != "57501e5c6808b3e14852a4ea21dc7873abf9409032a06f9b740c973e83f62cf7" {
		t.Errorf("got %s", got)
	}
}

func TestCanonicalRefusesWhatJSONCannotHold(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]Graph{
		"label":       {Nodes: []Node{{Label: "\xff"}}},
		"condition":   {Edges: []Edge{{Condition: "\xff"}}},
		"setting":     {Nodes: []Node{{Config: map[string]any{"\xff": 1.0}}}},
		"list":        {Nodes: []Node{{Config: map[string]any{"a": []any{"\xff"}}}}},
		"not finite":  {Nodes: []Node{{Config: map[string]any{"a": math.Inf(1)}}}},
		"not a value": {Nodes: []Node{{Config: map[string]any{"a": func() {}}}}},
	} {
		if _, err := Canonical(g); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCanonicalRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		data, err := Canonical(g)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, g) {
			t.Fatalf("came back as %+v", again)
		}
		var viaJSON Graph
		if err := json.Unmarshal(plainJSON(g), &viaJSON); err != nil || !reflect.DeepEqual(viaJSON, g) {
			t.Fatalf("encoding/json gives %+v, %v", viaJSON, err)
		}
	})
}

func TestCanonicalTellsDifferentGraphsApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawGraph(t)
		b := drawVariant(t, a)
		one, _ := Canonical(a)
		other, _ := Canonical(b)
		if same := string(one) == string(other); same != sameGraph(a, b) {
			t.Fatalf("same text %t for\n%s\n%s", same, one, other)
		}
		if same := GraphHash(one) == GraphHash(other); same != (string(one) == string(other)) {
			t.Fatal("the hash does not follow the text")
		}
	})
}

// sameGraph compares element by element; a nil list is an empty one.
func sameGraph(a, b Graph) bool {
	sameNode := func(x, y Node) bool { return reflect.DeepEqual(x, y) }
	return slices.EqualFunc(a.Nodes, b.Nodes, sameNode) && slices.Equal(a.Edges, b.Edges)
}

func TestCanonicalDoesNotDependOnKeyOrder(t *testing.T) {
	t.Parallel()
	one := parse(t, `{"nodes":[{"id":"n1","type":"DECISION","label":"x","config":{"a":1,"b":{"c":2,"d":3}}}],"edges":[]}`)
	other := parse(t, `{"edges":[],"nodes":[{"config":{"b":{"d":3,"c":2},"a":1},"label":"x","type":"DECISION","id":"n1"}]}`)
	if canonical(t, one) != canonical(t, other) {
		t.Error("differs")
	}
}
