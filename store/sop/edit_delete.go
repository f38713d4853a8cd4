package sop

import "slices"

// DeleteNode deletes a step and its connections. With Reconnect, whatever led
// to the step then leads on to whatever followed it.
type DeleteNode struct {
	ID        string
	Reconnect bool
}

// Apply deletes the step.
func (d DeleteNode) Apply(g Graph) (Graph, error) {
	at := g.nodeIndex(d.ID)
	if at < 0 {
		return Graph{}, missingNode()
	}
	g = g.clone()
	g.Nodes = slices.Delete(g.Nodes, at, at+1)
	if g.nodeIndex(d.ID) >= 0 {
		return checked(g) // another step with this id keeps the connections
	}
	var entries, exits, others []Edge
	for _, e := range g.Edges {
		switch {
		case e.From != d.ID && e.To != d.ID:
			others = append(others, e)
		case e.From == d.ID && e.To != d.ID:
			exits = append(exits, e)
		case e.To == d.ID && e.From != d.ID:
			entries = append(entries, e)
		}
	}
	all := g
	g.Edges = others
	if d.Reconnect {
		bridges := bridge(entries, exits, all)
		if err := roomForEdges(g, len(bridges)); err != nil {
			return Graph{}, err
		}
		g.Edges = inPlaceOf(all.Edges, others, bridges)
	}
	return checked(g)
}

// bridge makes a connection for every way through the deleted step. Where a way
// in has one way on it keeps its identity, and so does a way on that has one
// way in; a reviewer then sees one changed connection. Loops of a step onto
// itself and repetitions are left out: nobody asked for them.
func bridge(entries, exits []Edge, all Graph) []Edge {
	var bridges []Edge
	for _, in := range entries {
		for _, out := range exits {
			e := in
			e.To = out.To
			if e.Condition == "" {
				e.Condition = out.Condition
			}
			if e.Label == "" {
				e.Label = out.Label
			}
			if e.MaxIterations == 0 {
				e.MaxIterations = out.MaxIterations
			}
			switch {
			case len(exits) == 1:
			case len(entries) == 1:
				e.ID = out.ID
			default:
				e.ID = NextEdgeID(all, Graph{Edges: bridges})
			}
			if e.From != e.To && !sameWay(all.Edges, e) && !sameWay(bridges, e) {
				bridges = append(bridges, e)
			}
		}
	}
	return bridges
}

// sameWay reports whether the list has another connection between the same
// steps under the same condition.
func sameWay(list []Edge, e Edge) bool {
	return slices.ContainsFunc(list, func(o Edge) bool {
		return o.ID != e.ID && o.From == e.From && o.To == e.To && o.Condition == e.Condition
	})
}

// inPlaceOf is others with each bridge where the connection whose id it kept
// stood; a new one goes to the end.
func inPlaceOf(before, others, bridges []Edge) []Edge {
	stay := make(map[string]Edge, len(others)+len(bridges))
	for _, e := range append(slices.Clone(others), bridges...) {
		stay[e.ID] = e
	}
	list := make([]Edge, 0, len(stay))
	for _, old := range before {
		if e, ok := stay[old.ID]; ok {
			list = append(list, e)
			delete(stay, old.ID)
		}
	}
	for _, e := range bridges {
		if _, ok := stay[e.ID]; ok {
			list = append(list, e)
		}
	}
	return list
}

// Summary names the step.
func (d DeleteNode) Summary(g Graph) string {
	if d.Reconnect {
		return "Deleted " + g.Name(d.ID) + " and joined the steps around it"
	}
	return "Deleted " + g.Name(d.ID)
}

// DeleteEdge deletes a connection.
type DeleteEdge struct {
	ID string
}

// Apply deletes the connection.
func (d DeleteEdge) Apply(g Graph) (Graph, error) {
	at := g.edgeIndex(d.ID)
	if at < 0 {
		return Graph{}, missingEdge()
	}
	g = g.clone()
	g.Edges = slices.Delete(g.Edges, at, at+1)
	return checked(g)
}

// Summary names the two steps.
func (d DeleteEdge) Summary(g Graph) string {
	e, ok := g.Edge(d.ID)
	if !ok {
		return "Deleted a connection"
	}
	return "Deleted the connection from " + g.Name(e.From) + " to " + g.Name(e.To)
}
