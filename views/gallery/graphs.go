package gallery

import (
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/views"
)

func link(id string) string { return "#step-" + id }

// read parses an embedded document; those are valid, so it cannot fail.
func read(data []byte) sop.Document {
	doc, err := sop.ParseDocument(data)
	if err != nil {
		panic(err)
	}
	return doc
}

// sampleView is the largest sample of the library.
func sampleView() views.GraphView {
	var largest sop.Document
	for _, s := range library.Samples() {
		if doc := read(s.JSON); len(doc.Graph.Nodes) > len(largest.Graph.Nodes) {
			largest = doc
		}
	}
	return views.NewGraphView(largest.Graph, views.GraphOptions{Title: largest.Title, LinkNode: link, Selected: largest.Graph.Nodes[2].ID})
}

// changeView is a sample together with the change that is proposed to it.
func changeView() views.GraphView {
	sample := library.Samples()[0]
	diff := sop.Compare(read(sample.JSON).Graph, read(sample.ChangeJSON).Graph)
	return views.NewGraphView(diff.After, views.GraphOptions{Title: sample.Title, Diff: &diff, LinkNode: link})
}

// draftView is an unfinished graph with every kind of step and several faults.
func draftView() views.GraphView {
	g := sop.Graph{}
	for i, kind := range sop.NodeTypes {
		id := "n" + string(rune('1'+i))
		g.Nodes = append(g.Nodes, sop.Node{ID: id, Type: kind, Label: kind.Label() + " with a label that needs more than one line", Description: "What to do."})
	}
	g.Nodes = append(g.Nodes, sop.Node{ID: "lost", Type: sop.ActionDigital})
	edges := []sop.Edge{
		{ID: "e1", From: "n1", To: "n2"}, {ID: "e2", From: "n2", To: "n3"},
		{ID: "e3", From: "n3", To: "n4", Condition: "amount is below 10,000", Label: "small"},
		{ID: "e4", From: "n3", To: "n5"}, {ID: "e5", From: "n4", To: "n6"}, {ID: "e6", From: "n5", To: "n6"},
		{ID: "e7", From: "n6", To: "n2", MaxIterations: 3, Condition: "evidence is missing"},
		{ID: "e8", From: "n6", To: "n7", Condition: "risk is high"}, {ID: "e9", From: "n6", To: "n8"}, {ID: "e10", From: "n8", To: "n9"},
	}
	g.Edges = edges
	return views.NewGraphView(g, views.GraphOptions{Title: "Refund", LinkNode: link, Problems: sop.Validate(g)})
}
