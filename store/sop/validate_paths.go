package sop

import "strings"

// checkStart wants one step that nothing leads to. An edge with a limit only
// ever leads back, so it does not count as an entry.
func (c *checker) checkStart() {
	for i := range c.graph.Nodes {
		if c.index[c.graph.Nodes[i].ID] == i && c.entries[i] == 0 {
			c.starts = append(c.starts, i)
		}
	}
	if len(c.starts) == 0 {
		c.problems = append(c.problems, Problem{
			Rule:    RuleOneStart,
			Message: "No step comes first, because a connection leads to every step. Remove the connection that leads to the first step, or set how often it may be followed.",
		})
		return
	}
	for _, i := range c.starts[1:] {
		c.node(RuleOneStart, i, "Nothing leads to %s, and %s already is the first step. Connect a step to %s, or delete it.",
			c.graph.Nodes[i].Name(), c.graph.Nodes[c.starts[0]].Name(), c.graph.Nodes[i].Name())
	}
}

// checkReachable leaves out what follows a second start: that start is already
// reported, and mending it mends the rest. Without any start every step would
// be named, so it says nothing.
func (c *checker) checkReachable() {
	if len(c.starts) == 0 {
		return
	}
	seen := make([]bool, len(c.graph.Nodes))
	queue := append([]int{}, c.starts...)
	for _, i := range queue {
		seen[i] = true
	}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, e := range c.exits[i] {
			to := c.index[c.graph.Edges[e].To]
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	for i, n := range c.graph.Nodes {
		if !seen[i] && c.index[n.ID] == i {
			c.node(RuleReachable, i, "%s can never be reached from the first step. Connect a step that is reached to it, or delete it.", n.Name())
		}
	}
}

// checkExits holds the rules about what leaves a step: where the work may end,
// and that a decision decides.
func (c *checker) checkExits() {
	for i, n := range c.graph.Nodes {
		if c.index[n.ID] != i {
			continue
		}
		exits := c.exits[i]
		if n.Type == Decision {
			c.checkDecision(i, exits)
			continue
		}
		if len(exits) == 0 && !n.Type.Ends() {
			c.node(RuleEndType, i, "The work would end at %s. Connect it to the next step, or make it a documentation, handover or escalation step.", n.Name())
		}
	}
}

func (c *checker) checkDecision(i int, exits []int) {
	n := c.graph.Nodes[i]
	switch len(exits) {
	case 0:
		c.node(RuleDecisionExits, i, "The decision %s leads nowhere. Connect it to at least two steps, each with a condition.", n.Name())
	case 1:
		c.node(RuleDecisionExits, i, "The decision %s leads to one step only. Connect it to a second one, each with a condition, or change its type.", n.Name())
	}
	for _, at := range exits {
		if e := c.graph.Edges[at]; strings.TrimSpace(e.Condition) == "" {
			c.problems = append(c.problems, Problem{
				Rule: RuleDecisionExits, NodeID: n.ID, EdgeID: e.ID,
				Message: "The decision " + n.Name() + " leads to " + c.name(e.To) + " without a condition. Say when this way is taken.",
			})
		}
	}
}

// checkLoops reports every knot of steps that unlimited edges tie together,
// once, with the shortest way round from its first step.
func (c *checker) checkLoops() {
	group := c.components()
	reported := map[int]bool{}
	for i, n := range c.graph.Nodes {
		if c.index[n.ID] != i || reported[group[i]] {
			continue
		}
		loop, closing := c.loopFrom(i, group)
		if loop == nil {
			continue
		}
		reported[group[i]] = true
		c.problems = append(c.problems, Problem{
			Rule: RuleNoEndlessLoop, NodeID: n.ID, EdgeID: closing.ID,
			Message: "The work could go round for ever: " + c.route(loop) + ". Set how often the connection " +
				c.edgeName(closing) + " may be followed, or delete one of these connections.",
		})
	}
}

// loopFrom finds by breadth the shortest loop of unlimited edges from step
// start back to it, and the edge that closes it; nil when there is none.
func (c *checker) loopFrom(start int, group []int) (loop []int, closing Edge) {
	cameFrom := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, at := range c.exits[i] {
			e := c.graph.Edges[at]
			to := c.index[e.To]
			if e.MaxIterations != 0 || group[to] != group[start] {
				continue
			}
			if to == start {
				return c.backTo(start, i, cameFrom), e
			}
			if _, seen := cameFrom[to]; !seen {
				cameFrom[to] = i
				queue = append(queue, to)
			}
		}
	}
	return nil, Edge{}
}

func (c *checker) backTo(start, last int, cameFrom map[int]int) []int {
	loop := []int{start}
	var reversed []int
	for i := last; i != start; i = cameFrom[i] {
		reversed = append(reversed, i)
	}
	for i := len(reversed) - 1; i >= 0; i-- {
		loop = append(loop, reversed[i])
	}
	return append(loop, start)
}

// route names the steps of a loop, the middle of a long one left out.
func (c *checker) route(loop []int) string {
	const most = 7
	var names []string
	for at, i := range loop {
		if len(loop) > most && at >= most/2 && at < len(loop)-most/2 {
			if at == most/2 {
				names = append(names, "…")
			}
			continue
		}
		names = append(names, c.graph.Nodes[i].Name())
	}
	return strings.Join(names, " → ")
}
