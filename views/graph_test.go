package views_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"surrealm/store/sop"
	"surrealm/views"
)

func smallGraph() sop.Graph {
	return sop.Graph{
		Nodes: []sop.Node{
			{ID: "a", Type: sop.Assessment, Label: "Look", Description: "With care."},
			{ID: "b", Type: sop.Decision, Label: "Decide <b>"},
			{ID: "c", Type: sop.Documentation, Label: "Write it down"},
		},
		Edges: []sop.Edge{
			{ID: "e1", From: "a", To: "b"},
			{ID: "e2", From: "b", To: "c", Condition: "it is safe", Label: "safe"},
			{ID: "e3", From: "b", To: "a", Condition: "facts are missing", MaxIterations: 2},
		},
	}
}

func hasClass(e element, class string) bool {
	value, _ := e.attribute("class")
	for name := range strings.FieldsSeq(value) {
		if name == class {
			return true
		}
	}
	return false
}

func (e element) classed(class string) []element {
	var found []element
	for _, each := range e.all("*") {
		if hasClass(each, class) {
			found = append(found, each)
		}
	}
	return found
}

func TestGraphDrawsEveryStepAndConnection(t *testing.T) {
	t.Parallel()
	v := views.NewGraphView(smallGraph(), views.GraphOptions{Title: "Small", LinkNode: func(id string) string { return "/steps/" + id }})
	page := render(t, views.Graph(v))
	steps := page.classed("node")
	if len(steps) != 3 {
		t.Fatalf("%d steps are drawn", len(steps))
	}
	steps[1].attr(t, "href", "/steps/b")
	steps[1].attr(t, "aria-label", "2. Decide: Decide <b>")
	if n := len(page.classed("way")); n != 3 {
		t.Errorf("%d connections are drawn", n)
	}
	if n := len(page.classed("loop")); n == 0 {
		t.Error("the loop is not marked")
	}
	drawing := page.classed("sop-graph")[0]
	drawing.attr(t, "role", "group")
	drawing.attr(t, "aria-label", "Small: 3 steps, 3 connections")
	list := page.classed("graph-text")[0].text()
	for _, want := range []string{"Look", "With care.", "safe: 3. Write it down", "facts are missing: 1. Look (a loop, at most 2 times)"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list of steps lacks %q", want)
		}
	}
}

func TestGraphWithoutLinksIsAnImage(t *testing.T) {
	t.Parallel()
	page := render(t, views.Graph(views.NewGraphView(smallGraph(), views.GraphOptions{Title: "Small", HideText: true})))
	page.classed("sop-graph")[0].attr(t, "role", "img")
	if len(page.all("a")) > 0 || len(page.classed("graph-text")) > 0 {
		t.Error("there are links or a list that were not asked for")
	}
}

func TestGraphMarksAChangeInWordsAndSigns(t *testing.T) {
	t.Parallel()
	after := smallGraph()
	after.Nodes[0].Label = "Look twice"
	after.Nodes[2] = sop.Node{ID: "d", Type: sop.Handover, Label: "Hand it over"}
	after.Edges[1].To = "d"
	diff := sop.Compare(smallGraph(), after)
	page := render(t, views.Graph(views.NewGraphView(after, views.GraphOptions{Title: "Small", Diff: &diff})))
	for class, want := range map[string]string{"added": "+", "removed": "−", "changed": "±"} {
		found := false
		for _, e := range page.classed(class) {
			if hasClass(e, "node") {
				found = true
				title := e.one(t, "title").text()
				if !strings.HasSuffix(title, ", "+class) || !strings.HasSuffix(e.text(), want) {
					t.Errorf("%s: title %q, text %q", class, title, e.text())
				}
			}
		}
		if !found {
			t.Errorf("no step is marked as %s", class)
		}
	}
}

func TestGraphMarksProblems(t *testing.T) {
	t.Parallel()
	g := smallGraph()
	page := render(t, views.Graph(views.NewGraphView(g, views.GraphOptions{
		Title: "Small", Selected: "a", Problems: []sop.Problem{{NodeID: "b", Message: "It needs two exits."}, {EdgeID: "e1", Message: "Say when."}},
	})))
	var troubled, selected []string
	for _, e := range page.classed("troubled") {
		troubled = append(troubled, e.one(t, "title").text())
	}
	for _, e := range page.classed("selected") {
		selected = append(selected, e.one(t, "title").text())
	}
	if got := strings.Join(troubled, "; "); !strings.Contains(got, "It needs two exits.") || !strings.Contains(got, "Say when.") {
		t.Errorf("problems are shown as %s", got)
	}
	if len(selected) != 1 || selected[0] != "1. Assess: Look" {
		t.Errorf("selected are %q", selected)
	}
}

// TestGraphDrawsUnfinishedWork draws what a draft may hold.
func TestGraphDrawsUnfinishedWork(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]sop.Graph{
		"nothing":        {},
		"lost edges":     {Edges: []sop.Edge{{ID: "e", From: "x", To: "y"}}},
		"half edges":     {Nodes: []sop.Node{{ID: "a"}}, Edges: []sop.Edge{{ID: "e", From: "a", To: "y"}, {ID: "f", From: "", To: "a"}}},
		"same ids":       {Nodes: []sop.Node{{ID: "a"}, {ID: "a"}}, Edges: []sop.Edge{{ID: "e", From: "a", To: "a"}, {ID: "e", From: "a", To: "a"}}},
		"unknown kind":   {Nodes: []sop.Node{{ID: "a", Type: "DANCE", Label: "Dance"}}},
		"plain circle":   {Nodes: []sop.Node{{ID: "a"}, {ID: "b"}}, Edges: []sop.Edge{{ID: "e", From: "a", To: "b"}, {ID: "f", From: "b", To: "a"}}},
		"very long text": {Nodes: []sop.Node{{ID: "a", Label: strings.Repeat("word ", 500)}}},
	} {
		v := views.NewGraphView(g, views.GraphOptions{Title: name, Problems: sop.Validate(g)})
		render(t, views.Graph(v))
		if _, err := views.StandaloneSVG(context.Background(), v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStandaloneDrawingNeedsNothingElse(t *testing.T) {
	t.Parallel()
	v := views.NewGraphView(smallGraph(), views.GraphOptions{Title: "Small & <b>", LinkNode: func(string) string { return "/x" }})
	svg, err := views.StandaloneSVG(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"var(", "light-dark", "href", "<script", "url(", "/static/", "@layer"} {
		if strings.Contains(string(svg), word) {
			t.Errorf("the file contains %s", word)
		}
	}
	if v.Nodes[0].Href == "" {
		t.Error("the page's drawing lost its links")
	}
	decoder := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("it is not XML: %v", err)
		}
	}
}

// TestGraphOfTwoHundredStepsIsDrawnWhole draws the largest graph that
// people are promised to work with at ease.
func TestGraphOfTwoHundredStepsIsDrawnWhole(t *testing.T) {
	t.Parallel()
	var g sop.Graph
	for i := range 200 {
		g.Nodes = append(g.Nodes, sop.Node{
			ID: "n" + strconv.Itoa(i), Type: sop.NodeTypes[i%9], Label: "Step " + strconv.Itoa(i) + " with a label of the usual length",
			Description: strings.Repeat("What to do. ", 10),
		})
		if i == 0 {
			continue
		}
		g.Edges = append(g.Edges, sop.Edge{ID: "a" + strconv.Itoa(i), From: "n" + strconv.Itoa((i-1)/2), To: "n" + strconv.Itoa(i), Condition: "it is needed"})
		if i%4 == 0 {
			g.Edges = append(g.Edges, sop.Edge{ID: "b" + strconv.Itoa(i), From: "n" + strconv.Itoa(i-1), To: "n" + strconv.Itoa(i)})
		}
		if i%20 == 0 {
			g.Edges = append(g.Edges, sop.Edge{ID: "c" + strconv.Itoa(i), From: "n" + strconv.Itoa(i), To: "n" + strconv.Itoa(i/4), MaxIterations: 3})
		}
	}
	start := time.Now()
	var out bytes.Buffer
	if err := views.Graph(views.NewGraphView(g, views.GraphOptions{Title: "Large"})).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	t.Logf("200 steps drawn in %v", time.Since(start)) // read, not judged: a busy machine says nothing about the drawing
	for _, n := range g.Nodes {
		if !strings.Contains(out.String(), n.Label) {
			t.Errorf("%s is not drawn", n.Label)
		}
	}
}
