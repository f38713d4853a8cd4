package sop

// OutlineItem is one step as the outline of the editor lists it.
type OutlineItem struct {
	Number  int // from 1, in document order
	Node    Node
	Start   bool // nothing but loops leads here
	End     bool // nothing leads on from here
	Entries int  // how many connections lead here
	Exits   []Exit
}

// Exit is one way on from a step.
type Exit struct {
	Edge Edge
	// To is the step that the connection leads to, and Number its place in the
	// outline. Missing says that there is no such step.
	To      Node
	Number  int
	Missing bool
}

// Back reports whether the way leads back to a step that the SOP passed
// already: a loop with a limit.
func (e Exit) Back() bool { return e.Edge.MaxIterations != 0 }

// Outline lists the steps in document order with the ways on from each.
func Outline(g Graph) []OutlineItem {
	c := newChecker(g)
	items := make([]OutlineItem, len(g.Nodes))
	exits := make([][]Exit, len(g.Nodes))
	entries := make([]int, len(g.Nodes))
	for _, e := range g.Edges {
		exit := Exit{Edge: e, Missing: true}
		if to, ok := c.index[e.To]; ok {
			exit = Exit{Edge: e, To: g.Nodes[to], Number: to + 1}
			entries[to]++
		}
		if from, ok := c.index[e.From]; ok {
			exits[from] = append(exits[from], exit)
		}
	}
	for i, n := range g.Nodes {
		items[i] = OutlineItem{
			Number:  i + 1,
			Node:    n,
			Start:   c.entries[i] == 0,
			End:     len(exits[i]) == 0,
			Entries: entries[i],
			Exits:   exits[i],
		}
	}
	return items
}

// NextSteps are the ways on from the step with the id.
func NextSteps(g Graph, id string) []Exit {
	for _, item := range Outline(g) {
		if item.Node.ID == id {
			return item.Exits
		}
	}
	return nil
}
