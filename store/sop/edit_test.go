package sop

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shape is the graph's steps and connections in short.
func shape(g Graph) string {
	var edges []string
	for _, e := range g.Edges {
		text := e.ID + ":" + e.From + ">" + e.To
		if e.Condition != "" {
			text += "?"
		}
		if e.MaxIterations != 0 {
			text += fmt.Sprintf("x%d", e.MaxIterations)
		}
		edges = append(edges, text)
	}
	return ids(g) + " | " + strings.Join(edges, " ")
}

const refundEdges = "e1:n1>n2 e2:n2>n3 e3:n3>n4? e4:n3>n1?x2 e5:n3>n7? e6:n4>n5 e7:n5>n6"

func TestEdits(t *testing.T) {
	t.Parallel()
	step := Node{Type: Checkpoint, Label: "  New step "}
	for _, c := range []struct {
		name    string
		edit    Edit
		want    string
		summary string
	}{
		{"add at the end", AddNode{Node: step}, "n1 n2 n3 n4 n5 n6 n7 n8 | " + refundEdges, "Added “New step”"},
		{"add with an id", AddNode{Node: Node{ID: "own", Type: Checkpoint, Label: "x"}}, "n1 n2 n3 n4 n5 n6 n7 own | " + refundEdges, "Added “x”"},
		{
			"add after a step", AddNode{Node: step, After: "n3", Condition: "If so", EdgeLabel: "so"},
			"n1 n2 n3 n8 n4 n5 n6 n7 | " + refundEdges + " e8:n3>n8?", "Added “New step” after “Is the damage clear?”",
		},
		{
			"add into a connection", AddNode{Node: step, Into: "e3"},
			"n1 n2 n3 n8 n4 n5 n6 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n8? e8:n8>n4 e4:n3>n1?x2 e5:n3>n7? e6:n4>n5 e7:n5>n6",
			"Added “New step” into a connection",
		},
		{
			"add into a loop", AddNode{Node: step, Into: "e4"},
			"n1 n2 n3 n8 n4 n5 n6 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n4? e4:n3>n8? e8:n8>n1x2 e5:n3>n7? e6:n4>n5 e7:n5>n6",
			"Added “New step” into a connection",
		},
		{
			"change a step", ChangeNode{Node: Node{ID: "n2", Type: Checkpoint, Label: "Look"}},
			"n1 n2 n3 n4 n5 n6 n7 | " + refundEdges, "Changed “Look at the photo”: type, label",
		},
		{
			"delete a step", DeleteNode{ID: "n2"},
			"n1 n3 n4 n5 n6 n7 | e3:n3>n4? e4:n3>n1?x2 e5:n3>n7? e6:n4>n5 e7:n5>n6", "Deleted “Look at the photo”",
		},
		{
			"delete a step between two", DeleteNode{ID: "n4", Reconnect: true},
			"n1 n2 n3 n5 n6 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n5? e4:n3>n1?x2 e5:n3>n7? e7:n5>n6",
			"Deleted “Confirm the amount” and joined the steps around it",
		},
		{
			"delete a decision after one step", DeleteNode{ID: "n3", Reconnect: true},
			"n1 n2 n4 n5 n6 n7 | e1:n1>n2 e3:n2>n4? e4:n2>n1?x2 e5:n2>n7? e6:n4>n5 e7:n5>n6",
			"Deleted “Is the damage clear?” and joined the steps around it",
		},
		{"delete the last step", DeleteNode{ID: "n6", Reconnect: true}, "n1 n2 n3 n4 n5 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n4? e4:n3>n1?x2 e5:n3>n7? e6:n4>n5", "Deleted “Close the case” and joined the steps around it"},
		{"move up", MoveNode{ID: "n3", By: -1}, "n1 n3 n2 n4 n5 n6 n7 | " + refundEdges, "Moved “Is the damage clear?” up"},
		{"move to the end", MoveNode{ID: "n3", By: 99}, "n1 n2 n4 n5 n6 n7 n3 | " + refundEdges, "Moved “Is the damage clear?” down"},
		{
			"connect", AddEdge{Edge: Edge{From: "n5", To: "n7", Condition: " Fails "}},
			"n1 n2 n3 n4 n5 n6 n7 | " + refundEdges + " e8:n5>n7?", "Connected “Pay the money back” to “Call the shop lead”",
		},
		{
			"change a connection", ChangeEdge{Edge: Edge{ID: "e4", From: "n3", To: "n2", Condition: "The photo is missing or blurred", Label: "ask again", MaxIterations: 3}},
			"n1 n2 n3 n4 n5 n6 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n4? e4:n3>n2?x3 e5:n3>n7? e6:n4>n5 e7:n5>n6",
			"Changed the connection from “Is the damage clear?” to “Take in the complaint”: to, loop limit",
		},
		{
			"delete a connection", DeleteEdge{ID: "e5"},
			"n1 n2 n3 n4 n5 n6 n7 | e1:n1>n2 e2:n2>n3 e3:n3>n4? e4:n3>n1?x2 e6:n4>n5 e7:n5>n6",
			"Deleted the connection from “Is the damage clear?” to “Call the shop lead”",
		},
	} {
		g := refund(t).Graph
		before := canonical(t, g)
		got, err := c.edit.Apply(g)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if shape(got) != c.want {
			t.Errorf("%s: got %s", c.name, shape(got))
		}
		if s := c.edit.Summary(g); s != c.summary {
			t.Errorf("%s: says %s", c.name, s)
		}
		if canonical(t, g) != before {
			t.Errorf("%s changed its input", c.name)
		}
	}
}

func TestEditErrorsNameTheField(t *testing.T) {
	t.Parallel()
	step := Node{Type: Checkpoint, Label: "x"}
	for _, c := range []struct {
		name    string
		edit    Edit
		field   string
		message string
	}{
		{"no label", AddNode{Node: Node{Type: Checkpoint, Label: " "}}, "label", "The label is missing."},
		{"no type", AddNode{Node: Node{Label: "x"}}, "type", "Choose the type of the step."},
		{"a taken id", AddNode{Node: Node{ID: "n1", Type: Checkpoint, Label: "x"}}, "id", "Another step has this id."},
		{"a bad id", AddNode{Node: Node{ID: "n 1", Type: Checkpoint, Label: "x"}}, "id", "The id may hold only"},
		{"after nothing", AddNode{Node: step, After: "n99"}, "after", "Choose the step"},
		{"into nothing", AddNode{Node: step, Into: "e99"}, "into", "does not exist any more"},
		{"a long condition", AddNode{Node: step, After: "n1", Condition: strings.Repeat("x", 501)}, "condition", "The condition is 501"},
		{"a label on two lines", AddNode{Node: step, After: "n1", EdgeLabel: "a\nb"}, "edge_label", "The label must be on one line."},
		{"a bell in the settings", AddNode{Node: Node{Type: Checkpoint, Label: "x", Config: map[string]any{"a": "\a"}}}, "config", "U+0007"},
		{"settings that are no text", AddNode{Node: Node{Type: Checkpoint, Label: "x", Config: map[string]any{"a": "\xff"}}}, "config", "not valid text"},
		{"changing nothing", ChangeNode{Node: Node{ID: "n99", Type: Checkpoint, Label: "x"}}, "id", "This step does not exist any more."},
		{"a long description", ChangeNode{Node: Node{ID: "n1", Type: Checkpoint, Label: "x", Description: strings.Repeat("x", 4001)}}, "description", "The description is 4001"},
		{"deleting nothing", DeleteNode{ID: "n99"}, "id", "This step"},
		{"moving nothing", MoveNode{ID: "n99", By: 1}, "id", "This step"},
		{"moving up the first", MoveNode{ID: "n1", By: -1}, "", "already is the first one"},
		{"moving down the last", MoveNode{ID: "n7", By: 1}, "", "already is the last one"},
		{"from nowhere", AddEdge{Edge: Edge{From: "n99", To: "n1"}}, "from", "comes from"},
		{"to nowhere", AddEdge{Edge: Edge{From: "n1"}}, "to", "leads to"},
		{"the same way", AddEdge{Edge: Edge{From: "n1", To: "n2"}}, "to", "already connected"},
		{"a taken edge id", AddEdge{Edge: Edge{ID: "e1", From: "n1", To: "n3"}}, "id", "Another connection has this id."},
		{"a bad edge id", AddEdge{Edge: Edge{ID: "é", From: "n1", To: "n3"}}, "id", "The id may hold only"},
		{"a limit too high", AddEdge{Edge: Edge{From: "n1", To: "n3", MaxIterations: 101}}, "max_iterations", "from 1 to 100"},
		{"a limit below zero", ChangeEdge{Edge: Edge{ID: "e1", From: "n1", To: "n3", MaxIterations: -1}}, "max_iterations", "from 1 to 100"},
		{"changing no connection", ChangeEdge{Edge: Edge{ID: "e99"}}, "id", "This connection"},
		{"deleting no connection", DeleteEdge{ID: "e99"}, "id", "This connection"},
	} {
		_, err := c.edit.Apply(refund(t).Graph)
		var bad *EditError
		if !errors.As(err, &bad) || bad.Field != c.field || !strings.Contains(bad.Message, c.message) {
			t.Errorf("%s: got %#v", c.name, err)
		}
	}
}

func TestEditsKeepToTheLimits(t *testing.T) {
	t.Parallel()
	g := chainOf(MaxNodes)
	if _, err := (AddNode{Node: Node{Type: Checkpoint, Label: "x"}}).Apply(g); err == nil {
		t.Error("one step too many")
	}
	for i := len(g.Edges); i < MaxEdges; i++ {
		g.Edges = append(g.Edges, Edge{ID: fmt.Sprintf("x%d", i), From: "n0", To: "n1"})
	}
	g.Nodes = g.Nodes[:10]
	for i := range g.Edges {
		g.Edges[i].From, g.Edges[i].To = "n0", "n1"
	}
	for _, edit := range []Edit{
		AddEdge{Edge: Edge{From: "n2", To: "n3"}},
		AddNode{Node: Node{Type: Checkpoint, Label: "x"}, After: "n1"},
		AddNode{Node: Node{Type: Checkpoint, Label: "x"}, Into: "e1"},
	} {
		if _, err := edit.Apply(g); err == nil || !strings.Contains(err.Error(), "at most 2000 connections") {
			t.Errorf("%T: %v", edit, err)
		}
	}
}

func TestDuplicateStepsCanBeDeletedOneByOne(t *testing.T) {
	t.Parallel()
	g := edited(t, func(g *Graph) { g.Nodes = append(g.Nodes, Node{ID: "n1", Type: Handover, Label: "Twin"}) })
	g, err := DeleteNode{ID: "n1"}.Apply(g)
	if err != nil || shape(g) != "n2 n3 n4 n5 n6 n7 n1 | "+refundEdges {
		t.Error(shape(g), err)
	}
}

func TestManyToManyReconnection(t *testing.T) {
	t.Parallel()
	g := Graph{}
	for _, id := range []string{"a", "b", "x", "c", "d"} {
		g.Nodes = append(g.Nodes, Node{ID: id, Type: Assessment, Label: id})
	}
	g.Edges = []Edge{
		{ID: "e1", From: "a", To: "x"},
		{ID: "e2", From: "b", To: "x", Condition: "b"},
		{ID: "e3", From: "x", To: "c", Condition: "c"},
		{ID: "e4", From: "x", To: "d"},
		{ID: "e5", From: "x", To: "x", MaxIterations: 3},
		{ID: "e6", From: "a", To: "d"},
	}
	g, err := DeleteNode{ID: "x", Reconnect: true}.Apply(g)
	if err != nil || shape(g) != "a b c d | e6:a>d e7:a>c? e8:b>c? e9:b>d?" {
		t.Error(shape(g), err)
	}
}

func TestEditsGiveGraphsThatCanBeRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		edit := drawEdit(t, g)
		if edit == nil {
			return
		}
		before, _ := Canonical(g)
		got, err := edit.Apply(g)
		if after, _ := Canonical(g); string(before) != string(after) {
			t.Fatalf("%T changed its input", edit)
		}
		var bad *EditError
		if err != nil && !errors.As(err, &bad) {
			t.Fatalf("%T: %v", edit, err)
		}
		if err == nil && Check(got) != nil {
			t.Fatalf("%T: %v", edit, Check(got))
		}
		if edit.Summary(g) == "" {
			t.Fatalf("%T says nothing", edit)
		}
	})
}

func TestNextIDs(t *testing.T) {
	t.Parallel()
	g := Graph{
		Nodes: []Node{{ID: "n3"}, {ID: "n007"}, {ID: "nine"}, {ID: "n9999999999"}, {ID: "e50"}},
		Edges: []Edge{{ID: "e999999999"}, {ID: "e1000000000"}},
	}
	if got := NextNodeID(g, Graph{Nodes: []Node{{ID: "n12"}}}); got != "n13" {
		t.Error(got)
	}
	if got := NextNodeID(g); got != "n8" {
		t.Error(got)
	}
	if got := NextEdgeID(g); got != "e1000000001" {
		t.Error(got)
	}
	if got := NextNodeID(); got != "n1" {
		t.Error(got)
	}
}
