package sop

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCompareNamesEveryChange(t *testing.T) {
	t.Parallel()
	before := refund(t).Graph
	after := refund(t).Graph
	after.Nodes[0].Label = "Take in the complaint at once"
	after.Nodes[0].Config = map[string]any{"timeout_minutes": "15", "owner": "desk"}
	after.Nodes[1].Type = Checkpoint
	after.Edges[3].MaxIterations = 0
	after.Edges[3].To = "n2"
	d := Compare(before, after)

	type row struct{ id, field, status, before, after string }
	var got []row
	for _, c := range d.Nodes {
		for _, f := range c.Fields {
			got = append(got, row{c.ID, f.Field, string(f.Status), f.Before, f.After})
		}
	}
	for _, c := range d.Edges {
		for _, f := range c.Fields {
			got = append(got, row{c.ID, f.Field, string(f.Status), f.Before, f.After})
		}
	}
	want := []row{
		{"n1", "label", "CHANGED", "Take in the complaint", "Take in the complaint at once"},
		{"n1", "config.form", "REMOVED", "complaint", ""},
		{"n1", "config.owner", "ADDED", "", "desk"},
		{"n1", "config.timeout_minutes", "CHANGED", "15", `"15"`},
		{"n2", "type", "CHANGED", "ASSESSMENT", "CHECKPOINT"},
		{"e4", "to", "CHANGED", "n1", "n2"},
		{"e4", "max_iterations", "CHANGED", "2", ""},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if got := d.Summary(); got != "2 steps changed; 1 connection changed" {
		t.Error(got)
	}
}

func TestCompareFollowsTheOrderOfTheGraphAfterwards(t *testing.T) {
	t.Parallel()
	node := func(id, label string) Node { return Node{ID: id, Type: Assessment, Label: label} }
	before := Graph{Nodes: []Node{node("a", "A"), node("b", "B"), node("c", "C"), node("d", "D")}}
	after := Graph{Nodes: []Node{node("x", "X"), node("d", "D"), node("a", "A"), node("c", "C!")}}
	d := Compare(before, after)
	var got []string
	for _, c := range d.Nodes {
		got = append(got, c.ID+" "+string(c.Status))
	}
	if strings.Join(got, ", ") != "x ADDED, d CHANGED, b REMOVED, c CHANGED" {
		t.Error(got)
	}
	move := d.Nodes[1].Fields[0]
	if move.Field != "position" || move.Before != "after “C”" || move.After != "after “X”" || move.Title() != "Position" {
		t.Errorf("got %+v", move)
	}
	if got := d.Summary(); got != "1 step added, 2 changed, 1 removed" {
		t.Error(got)
	}
	var union []string
	for _, n := range d.Union().Nodes {
		union = append(union, n.ID)
	}
	if strings.Join(union, "") != "xdabc" {
		t.Error(union)
	}
	if d.StatusOfNode("b") != Removed || d.StatusOfNode("a") != Same || d.StatusOfNode("zzz") != Same || d.StatusOfEdge("e") != Same {
		t.Error("wrong status")
	}
	if d.Nodes[2].Node().Label != "B" || d.Nodes[0].Node().Label != "X" {
		t.Error("wrong version to show")
	}
}

func TestCompareTakesContentUnderANewIDForANewStep(t *testing.T) {
	t.Parallel()
	before := refund(t).Graph
	after := refund(t).Graph
	after.Nodes[1].ID = "n9"
	d := Compare(before, after)
	if d.StatusOfNode("n2") != Removed || d.StatusOfNode("n9") != Added {
		t.Error(d.Summary())
	}
}

func TestNothingChanged(t *testing.T) {
	t.Parallel()
	d := Compare(refund(t).Graph, refund(t).Graph)
	if !d.Empty() || d.Summary() != "Nothing changed" {
		t.Error(d.Summary())
	}
}

func TestCompareIsEmptyExactlyForEqualGraphs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := drawGraph(t)
		after := drawVariant(t, before)
		one, _ := Canonical(before)
		other, _ := Canonical(after)
		if d := Compare(before, after); d.Empty() != (string(one) == string(other)) {
			t.Fatalf("%s for\n%s\n%s", d.Summary(), one, other)
		}
	})
}

// TestCompareHoldsTheWholeChange rebuilds the graph afterwards from the graph
// before and the texts of the comparison alone.
func TestCompareHoldsTheWholeChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := drawUniqueGraph(t)
		after := drawVariant(t, before)
		d := Compare(before, after)
		rebuilt := map[string]Node{}
		for _, n := range before.Nodes {
			rebuilt[n.ID] = n
		}
		for _, c := range d.Nodes {
			switch c.Status {
			case Added:
				rebuilt[c.ID] = c.After
			case Removed:
				delete(rebuilt, c.ID)
			case Changed:
				rebuilt[c.ID] = withFields(rebuilt[c.ID], c.Fields)
			}
		}
		if len(rebuilt) != len(after.Nodes) {
			t.Fatalf("%d steps, not %d", len(rebuilt), len(after.Nodes))
		}
		for _, n := range after.Nodes {
			if !reflect.DeepEqual(rebuilt[n.ID], n) {
				t.Fatalf("rebuilt %+v, not %+v", rebuilt[n.ID], n)
			}
		}
		checkEdges(t, before, after, d)
	})
}

func withFields(n Node, changes []FieldChange) Node {
	config := map[string]any{}
	for key, value := range n.Config {
		config[key] = value
	}
	n.Config = config
	for _, f := range changes {
		key, isSetting := strings.CutPrefix(f.Field, "config.")
		switch {
		case f.Field == "type":
			n.Type = NodeType(f.After)
		case f.Field == "label":
			n.Label = f.After
		case f.Field == "description":
			n.Description = f.After
		case isSetting && f.Status == Removed:
			delete(config, key)
		case isSetting:
			config[key] = ParseValue(f.After)
		}
	}
	return n
}

func checkEdges(t *rapid.T, before, after Graph, d Diff) {
	for _, e := range after.Edges {
		c, isChanged := d.EdgeChange(e.ID)
		old, _ := before.Edge(e.ID)
		switch {
		case !isChanged:
		case c.Status == Added:
			old = c.After
		default:
			for _, f := range c.Fields {
				limit, _ := strconv.Atoi(f.After)
				from := Edge{From: f.After, To: f.After, Condition: f.After, Label: f.After, MaxIterations: limit}
				old = setEdgeField(old, f.Field, from)
			}
		}
		if old != e {
			t.Fatalf("rebuilt %+v, not %+v", old, e)
		}
	}
}
