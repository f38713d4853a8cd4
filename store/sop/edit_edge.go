package sop

import "unicode"

// AddEdge adds a connection. Its id is given by the caller or, when empty, the
// next free one.
type AddEdge struct {
	Edge Edge
}

// Apply adds the connection. EditError fields: id, from, to, condition, label,
// max_iterations.
func (a AddEdge) Apply(g Graph) (Graph, error) {
	e := tidyEdge(a.Edge)
	if e.ID == "" {
		e.ID = NextEdgeID(g)
	}
	if err := firstError(wrong("id", checkID(e.ID)), checkEdge(g, e), roomForEdges(g, 1)); err != nil {
		return Graph{}, err
	}
	if g.edgeIndex(e.ID) >= 0 {
		return Graph{}, &EditError{Field: "id", Message: "Another connection has this id."}
	}
	if sameWay(g.Edges, e) {
		return Graph{}, &EditError{Field: "to", Message: "These steps are already connected under the same condition."}
	}
	g = g.clone()
	g.Edges = append(g.Edges, e)
	return checked(g)
}

// Summary names the two steps.
func (a AddEdge) Summary(g Graph) string {
	return "Connected " + g.Name(a.Edge.From) + " to " + g.Name(a.Edge.To)
}

// ChangeEdge gives the connection with the edge's id the edge's ends,
// condition, label and limit.
type ChangeEdge struct {
	Edge Edge
}

// Apply changes the connection. EditError fields as for AddEdge.
func (c ChangeEdge) Apply(g Graph) (Graph, error) {
	at := g.edgeIndex(c.Edge.ID)
	if at < 0 {
		return Graph{}, missingEdge()
	}
	e := tidyEdge(c.Edge)
	if err := checkEdge(g, e); err != nil {
		return Graph{}, err
	}
	g = g.clone()
	g.Edges[at] = e
	return checked(g)
}

// Summary names the two steps as they were and what changes.
func (c ChangeEdge) Summary(g Graph) string {
	before, _ := g.Edge(c.Edge.ID)
	return "Changed the connection from " + g.Name(before.From) + " to " + g.Name(before.To) +
		changedFields(edgeFields(before, tidyEdge(c.Edge)))
}

// lowerFirst makes a title usable inside a sentence.
func lowerFirst(s string) string {
	runes := []rune(s)
	if len(runes) > 0 {
		runes[0] = unicode.ToLower(runes[0])
	}
	return string(runes)
}
