package sop

import "testing"

func TestOutline(t *testing.T) {
	t.Parallel()
	g := edited(t, func(g *Graph) { g.Edges = append(g.Edges, Edge{ID: "e8", From: "n4", To: "n9"}) })
	items := Outline(g)
	if len(items) != 7 {
		t.Fatal(len(items))
	}
	first, decision, last := items[0], items[2], items[6]
	if first.Number != 1 || !first.Start || first.End || first.Entries != 1 {
		t.Errorf("got %+v", first)
	}
	if decision.Start || decision.End || len(decision.Exits) != 3 {
		t.Errorf("got %+v", decision)
	}
	if back := decision.Exits[1]; !back.Back() || back.Number != 1 || back.To.Label != "Take in the complaint" {
		t.Errorf("got %+v", back)
	}
	if !last.End || last.Start || last.Entries != 1 {
		t.Errorf("got %+v", last)
	}
	exits := NextSteps(g, "n4")
	if len(exits) != 2 || exits[0].Missing || !exits[1].Missing || exits[1].Edge.To != "n9" {
		t.Errorf("got %+v", exits)
	}
	if NextSteps(g, "n99") != nil {
		t.Error("steps after nothing")
	}
}
