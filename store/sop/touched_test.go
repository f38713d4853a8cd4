package sop

import "testing"

func TestTouched(t *testing.T) {
	t.Parallel()
	base := Graph{
		Nodes: []Node{{ID: "n1", Type: Assessment, Label: "One"}, {ID: "n2", Type: Assessment, Label: "Two"}, {ID: "n3", Type: Handover, Label: "Three"}},
		Edges: []Edge{{ID: "e1", From: "n1", To: "n2"}, {ID: "e2", From: "n2", To: "n3"}},
	}
	for name, test := range map[string]struct {
		edit       Edit
		node, edge string
	}{
		"added":              {AddNode{Node: Node{Type: Checkpoint, Label: "New"}, Into: "e1"}, "n4", ""},
		"changed":            {ChangeNode{Node{ID: "n2", Type: Assessment, Label: "Zwei"}}, "n2", ""},
		"deleted":            {DeleteNode{ID: "n3"}, "n2", ""},
		"deleted the first":  {DeleteNode{ID: "n1"}, "n2", ""},
		"moved":              {MoveNode{ID: "n3", By: -2}, "n3", ""},
		"connected":          {AddEdge{Edge{From: "n1", To: "n3"}}, "", "e3"},
		"connection changed": {ChangeEdge{Edge{ID: "e2", From: "n2", To: "n3", Label: "then"}}, "", "e2"},
		"connection deleted": {DeleteEdge{ID: "e2"}, "", ""},
		"nothing":            {ChangeNode{base.Nodes[0]}, "", ""},
	} {
		after, err := test.edit.Apply(base)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		before, err := Parse(mustCanonical(t, base))
		if err != nil {
			t.Fatal(err)
		}
		if after, err = Parse(mustCanonical(t, after)); err != nil {
			t.Fatal(err)
		}
		if node, edge := Touched(before, after); node != test.node || edge != test.edge {
			t.Errorf("%s: touched %q %q, want %q %q", name, node, edge, test.node, test.edge)
		}
	}
	if node, edge := Touched(base, Graph{}); node != "" || edge != "" {
		t.Errorf("emptied: touched %q %q", node, edge)
	}
}

func TestTextProblems(t *testing.T) {
	t.Parallel()
	found := Document{Title: " ", Source: "a\nb", Description: "fine\nlines"}.TextProblems()
	if found["title"] != "The title is missing." || found["source"] != "The source must be on one line." || len(found) != 2 {
		t.Errorf("problems: %v", found)
	}
}

func mustCanonical(t *testing.T, g Graph) []byte {
	t.Helper()
	canonical, err := Canonical(g)
	if err != nil {
		t.Fatal(err)
	}
	return canonical
}
