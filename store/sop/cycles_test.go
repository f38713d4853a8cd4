package sop

import (
	"testing"

	"pgregory.net/rapid"
)

// reaches says by plain search whether unlimited connections lead from one
// step to another in at least one move.
func reaches(g Graph, from, to string) bool {
	seen := map[string]bool{}
	open := []string{from}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		for _, e := range g.Edges {
			if e.From != at || e.MaxIterations != 0 {
				continue
			}
			if e.To == to {
				return true
			}
			if !seen[e.To] {
				seen[e.To] = true
				open = append(open, e.To)
			}
		}
	}
	return false
}

// TestLoopsAreFoundWhereASearchFindsThem compares with a search from every
// step: every knot of steps must be reported once, and none that is not there.
func TestLoopsAreFoundWhereASearchFindsThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawUniqueGraph(t)
		has := map[string]bool{}
		for _, n := range g.Nodes {
			has[n.ID] = true
		}
		var real []Edge
		for _, e := range g.Edges {
			if has[e.From] && has[e.To] {
				real = append(real, e)
			}
		}
		known := Graph{Nodes: g.Nodes, Edges: real}
		var reported []string
		for _, p := range Validate(g) {
			if p.Rule != RuleNoEndlessLoop {
				continue
			}
			reported = append(reported, p.NodeID)
			closing, ok := g.Edge(p.EdgeID)
			if !ok || closing.To != p.NodeID || closing.MaxIterations != 0 {
				t.Fatalf("%s does not close a loop at %s", p.EdgeID, p.NodeID)
			}
		}
		for i, id := range reported {
			if !reaches(known, id, id) {
				t.Fatalf("%s is in no loop", id)
			}
			for _, other := range reported[:i] {
				if reaches(known, id, other) && reaches(known, other, id) {
					t.Fatalf("one knot is reported twice, at %s and %s", other, id)
				}
			}
		}
		for _, n := range g.Nodes {
			if reaches(known, n.ID, n.ID) && !inOneOf(known, n.ID, reported) {
				t.Fatalf("the loop through %s is not reported", n.ID)
			}
		}
	})
}

func inOneOf(g Graph, id string, reported []string) bool {
	for _, other := range reported {
		if other == id || reaches(g, id, other) && reaches(g, other, id) {
			return true
		}
	}
	return false
}
