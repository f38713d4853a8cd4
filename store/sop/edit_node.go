package sop

import (
	"fmt"
	"slices"
)

// AddNode adds a step. Its id is given by the caller or, when empty, the next
// free one. After is the step that the new one follows: it gets a connection to
// the new step, with Condition and EdgeLabel. Into is a connection that the new
// step is put into: what it connected, it then connects through the new step.
// Without either the new step stands at the end, unconnected.
type AddNode struct {
	Node      Node
	After     string
	Into      string
	Condition string
	EdgeLabel string
}

// Apply adds the step. EditError fields: id, type, label, description, config,
// after, into, condition, edge_label.
func (a AddNode) Apply(g Graph) (Graph, error) {
	n := tidyNode(a.Node)
	if n.ID == "" {
		n.ID = NextNodeID(g)
	}
	if err := firstError(wrong("id", checkID(n.ID)), checkNode(n)); err != nil {
		return Graph{}, err
	}
	switch {
	case g.nodeIndex(n.ID) >= 0:
		return Graph{}, &EditError{Field: "id", Message: "Another step has this id."}
	case len(g.Nodes) >= MaxNodes:
		return Graph{}, &EditError{Message: fmt.Sprintf("A procedure has at most %d steps.", MaxNodes)}
	}
	g = g.clone()
	var err error
	at := len(g.Nodes)
	switch {
	case a.Into != "":
		at, err = a.into(&g, n.ID)
	case a.After != "":
		at, err = a.after(&g, n)
	}
	if err != nil {
		return Graph{}, err
	}
	g.Nodes = slices.Insert(g.Nodes, at, n)
	return checked(g)
}

// after connects the new step and returns its place.
func (a AddNode) after(g *Graph, n Node) (int, error) {
	before := g.nodeIndex(a.After)
	if before < 0 {
		return 0, &EditError{Field: "after", Message: "Choose the step that the new one follows."}
	}
	e := tidyEdge(Edge{ID: NextEdgeID(*g), From: a.After, To: n.ID, Condition: a.Condition, Label: a.EdgeLabel})
	if err := firstError(
		wrong("condition", conditionRule.check(e.Condition)),
		wrong("edge_label", edgeLabelRule.check(e.Label)),
		roomForEdges(*g, 1),
	); err != nil {
		return 0, err
	}
	g.Edges = append(g.Edges, e)
	return before + 1, nil
}

// into leads the connection to the new step and on. Its condition decides about
// the way in; its limit about the way back, which is the second half.
func (a AddNode) into(g *Graph, id string) (int, error) {
	at := g.edgeIndex(a.Into)
	if at < 0 {
		return 0, &EditError{Field: "into", Message: "This connection does not exist any more."}
	}
	if err := roomForEdges(*g, 1); err != nil {
		return 0, err
	}
	e := &g.Edges[at]
	onward := Edge{ID: NextEdgeID(*g), From: id, To: e.To, MaxIterations: e.MaxIterations}
	e.To, e.MaxIterations = id, 0
	place := g.nodeIndex(e.From) + 1
	g.Edges = slices.Insert(g.Edges, at+1, onward)
	return place, nil
}

func roomForEdges(g Graph, more int) error {
	if len(g.Edges)+more > MaxEdges {
		return &EditError{Message: fmt.Sprintf("A procedure has at most %d connections.", MaxEdges)}
	}
	return nil
}

// Summary names the new step.
func (a AddNode) Summary(g Graph) string {
	name := tidyNode(a.Node).Name()
	switch {
	case a.Into != "":
		return "Added " + name + " into a connection"
	case a.After != "":
		return "Added " + name + " after " + g.Name(a.After)
	}
	return "Added " + name
}

// ChangeNode gives the step with the node's id the node's type, label,
// description and config.
type ChangeNode struct {
	Node Node
}

// Apply changes the step. EditError fields: id, type, label, description,
// config.
func (c ChangeNode) Apply(g Graph) (Graph, error) {
	at := g.nodeIndex(c.Node.ID)
	if at < 0 {
		return Graph{}, missingNode()
	}
	n := tidyNode(c.Node)
	if err := checkNode(n); err != nil {
		return Graph{}, err
	}
	g = g.clone()
	g.Nodes[at] = n
	return checked(g)
}

// Summary names the step as it was and what changes in it.
func (c ChangeNode) Summary(g Graph) string {
	before, _ := g.Node(c.Node.ID)
	return "Changed " + g.Name(c.Node.ID) + changedFields(nodeFields(before, tidyNode(c.Node)))
}

// changedFields is ": label, description" or nothing.
func changedFields(changes []FieldChange) string {
	text := ""
	for i, f := range changes {
		if i == 0 {
			text = ": "
		} else {
			text += ", "
		}
		text += lowerFirst(f.Title())
	}
	return text
}

// MoveNode moves a step up (By negative) or down in the outline, at most to
// the end. It changes no connection.
type MoveNode struct {
	ID string
	By int
}

// Apply moves the step.
func (m MoveNode) Apply(g Graph) (Graph, error) {
	at := g.nodeIndex(m.ID)
	if at < 0 {
		return Graph{}, missingNode()
	}
	to := min(max(at+m.By, 0), len(g.Nodes)-1)
	if to == at {
		message := "This step already is the last one."
		if m.By < 0 {
			message = "This step already is the first one."
		}
		return Graph{}, &EditError{Message: message}
	}
	g = g.clone()
	n := g.Nodes[at]
	g.Nodes = slices.Insert(slices.Delete(g.Nodes, at, at+1), to, n)
	return checked(g)
}

// Summary says which way the step went.
func (m MoveNode) Summary(g Graph) string {
	if m.By < 0 {
		return "Moved " + g.Name(m.ID) + " up"
	}
	return "Moved " + g.Name(m.ID) + " down"
}
