package sop

import "fmt"

// Rule names one rule of Validate, for programs. People read the message.
type Rule string

// The rules of a valid graph.
const (
	RuleHasSteps      Rule = "has-steps"
	RuleUniqueNodeIDs Rule = "unique-node-ids"
	RuleUniqueEdgeIDs Rule = "unique-edge-ids"
	RuleEdgeEnds      Rule = "edge-ends"
	RuleOneStart      Rule = "one-start"
	RuleReachable     Rule = "reachable"
	RuleEndType       Rule = "end-type"
	RuleDecisionExits Rule = "decision-exits"
	RuleHasCheckpoint Rule = "has-checkpoint"
	RuleHasEscalation Rule = "has-escalation"
	RuleLoopLimit     Rule = "loop-limit"
	RuleNoEndlessLoop Rule = "no-endless-loop"
)

// Problem is one way in which a graph breaks a rule. NodeID or EdgeID is the
// element to look at; both are empty when the problem is the graph's as a
// whole. The message names the step by its label and says what to do.
type Problem struct {
	Rule    Rule   `json:"rule"`
	NodeID  string `json:"node_id,omitempty"`
	EdgeID  string `json:"edge_id,omitempty"`
	Message string `json:"message"`
}

// Validate returns everything that keeps a graph from being submitted, in the
// order in which a person would mend it; a valid graph has no problem. A draft
// may have any number of them. The work grows linearly with the graph.
func Validate(g Graph) []Problem {
	if len(g.Nodes) == 0 {
		return []Problem{{
			Rule:    RuleHasSteps,
			Message: "The procedure has no steps. Add the first step.",
		}}
	}
	c := newChecker(g)
	c.checkIDs()
	c.checkEdges()
	c.checkStart()
	c.checkReachable()
	c.checkExits()
	c.checkRequiredTypes()
	c.checkLoops()
	return c.problems
}

// checker holds the graph by index. Edges whose ends do not exist take part in
// no rule but the one that reports them.
type checker struct {
	graph    Graph
	index    map[string]int // of the first step with the id
	exits    [][]int        // edges that leave each step
	entries  []int          // unlimited edges that enter each step, counted
	starts   []int
	problems []Problem
}

func newChecker(g Graph) *checker {
	c := &checker{
		graph:   g,
		index:   make(map[string]int, len(g.Nodes)),
		exits:   make([][]int, len(g.Nodes)),
		entries: make([]int, len(g.Nodes)),
	}
	for i, n := range g.Nodes {
		if _, twice := c.index[n.ID]; !twice {
			c.index[n.ID] = i
		}
	}
	for i, e := range g.Edges {
		from, to, ok := c.ends(e)
		if !ok {
			continue
		}
		c.exits[from] = append(c.exits[from], i)
		if e.MaxIterations == 0 {
			c.entries[to]++
		}
	}
	return c
}

func (c *checker) ends(e Edge) (from, to int, ok bool) {
	from, hasFrom := c.index[e.From]
	to, hasTo := c.index[e.To]
	return from, to, hasFrom && hasTo
}

func (c *checker) node(rule Rule, i int, format string, args ...any) {
	c.problems = append(c.problems, Problem{
		Rule: rule, NodeID: c.graph.Nodes[i].ID, Message: fmt.Sprintf(format, args...),
	})
}

func (c *checker) edge(rule Rule, e Edge, format string, args ...any) {
	c.problems = append(c.problems, Problem{
		Rule: rule, EdgeID: e.ID, Message: fmt.Sprintf(format, args...),
	})
}

func (c *checker) checkIDs() {
	for i, n := range c.graph.Nodes {
		if first := c.index[n.ID]; first != i {
			c.node(RuleUniqueNodeIDs, i, "The steps %s and %s share the id %s. Delete one of them, or give it another id in the file.",
				c.graph.Nodes[first].Name(), n.Name(), n.ID)
		}
	}
	seen := make(map[string]bool, len(c.graph.Edges))
	for _, e := range c.graph.Edges {
		if seen[e.ID] {
			c.edge(RuleUniqueEdgeIDs, e, "Another connection also has the id %s of the connection %s. Delete one of them, or give it another id in the file.",
				e.ID, c.edgeName(e))
		}
		seen[e.ID] = true
	}
}

func (c *checker) checkEdges() {
	for _, e := range c.graph.Edges {
		_, hasFrom := c.index[e.From]
		_, hasTo := c.index[e.To]
		switch {
		case !hasFrom && !hasTo:
			c.edge(RuleEdgeEnds, e, "The connection %s joins two steps that do not exist, %s and %s. Delete it.", e.ID, e.From, e.To)
		case !hasFrom:
			c.edge(RuleEdgeEnds, e, "A connection to %s comes from a step that does not exist, %s. Choose another step, or delete the connection.",
				c.name(e.To), e.From)
		case !hasTo:
			c.edge(RuleEdgeEnds, e, "A connection from %s leads to a step that does not exist, %s. Choose another step, or delete the connection.",
				c.name(e.From), e.To)
		}
		if e.MaxIterations != 0 && (e.MaxIterations < 1 || e.MaxIterations > MaxLoop) {
			c.edge(RuleLoopLimit, e, "The connection %s may be followed %d times. Choose a number from 1 to %d.",
				c.edgeName(e), e.MaxIterations, MaxLoop)
		}
	}
}

// name is Graph.Name without its search through the list.
func (c *checker) name(id string) string {
	if i, ok := c.index[id]; ok {
		return c.graph.Nodes[i].Name()
	}
	return "“" + id + "”"
}

func (c *checker) edgeName(e Edge) string {
	return "from " + c.name(e.From) + " to " + c.name(e.To)
}

func (c *checker) checkRequiredTypes() {
	has := map[NodeType]bool{}
	for _, n := range c.graph.Nodes {
		has[n.Type] = true
	}
	if !has[Checkpoint] {
		c.problems = append(c.problems, Problem{
			Rule:    RuleHasCheckpoint,
			Message: "The procedure has no checkpoint. Add a checkpoint step where a person or a rule confirms that the work may go on.",
		})
	}
	if !has[Escalation] {
		c.problems = append(c.problems, Problem{
			Rule:    RuleHasEscalation,
			Message: "The procedure has no escalation. Add an escalation step that says whom to call when the work cannot go on.",
		})
	}
}
