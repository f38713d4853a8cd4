package sop

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// rules are the names of the rules that g breaks, in order.
func rules(g Graph) string {
	var names []string
	for _, p := range Validate(g) {
		names = append(names, string(p.Rule))
	}
	return strings.Join(names, " ")
}

// edited is the refund graph with one thing done to it.
func edited(t *testing.T, change func(*Graph)) Graph {
	t.Helper()
	g := refund(t).Graph
	change(&g)
	return g
}

func TestEachRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		change       func(*Graph)
		rules        string
		node, edge   string
		message, too string
	}{
		{
			name: "no steps", change: func(g *Graph) { *g = Graph{} },
			rules: "has-steps", message: "Add the first step",
		},
		{
			name: "a step id twice", change: func(g *Graph) { g.Nodes = append(g.Nodes, Node{ID: "n2", Type: Handover, Label: "Other"}) },
			rules: "unique-node-ids", node: "n2", message: "“Look at the photo” and “Other” share the id n2",
		},
		{
			name: "a connection id twice", change: func(g *Graph) { g.Edges[6].ID = "e1" },
			rules: "unique-edge-ids", edge: "e1", message: "from “Pay the money back” to “Close the case”",
		},
		{
			name: "a connection from nowhere", change: func(g *Graph) {
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n9", To: "n6"})
			},
			rules: "edge-ends", edge: "e8", message: "to “Close the case” comes from a step that does not exist, n9",
		},
		{
			name: "a connection to nowhere", change: func(g *Graph) {
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n6", To: "n9"})
			},
			rules: "edge-ends", edge: "e8", message: "from “Close the case” leads to a step that does not exist, n9",
		},
		{
			name: "a connection between nowhere and nowhere", change: func(g *Graph) {
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n8", To: "n9"})
			},
			rules: "edge-ends", edge: "e8", message: "two steps that do not exist, n8 and n9",
		},
		{
			name: "no start", change: func(g *Graph) { g.Edges[3].MaxIterations = 0 },
			rules: "one-start no-endless-loop", message: "No step comes first",
		},
		{
			name: "two starts", change: func(g *Graph) {
				g.Nodes = append(g.Nodes, Node{ID: "n8", Type: Handover, Label: "Other"})
			},
			rules: "one-start", node: "n8", message: "Nothing leads to “Other”", too: "“Take in the complaint” already is the first step",
		},
		{
			name: "a step out of reach", change: func(g *Graph) {
				g.Nodes = append(g.Nodes, Node{ID: "n8", Type: Handover, Label: "Other"})
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n8", To: "n8"})
			},
			rules: "reachable no-endless-loop", node: "n8", message: "“Other” can never be reached",
		},
		{
			name: "a wrong end", change: func(g *Graph) { g.Nodes[5].Type = ActionDigital },
			rules: "end-type", node: "n6", message: "The work would end at “Close the case”",
		},
		{
			name: "a decision without an exit", change: func(g *Graph) { g.Nodes[5].Type = Decision },
			rules: "decision-exits", node: "n6", message: "“Close the case” leads nowhere",
		},
		{
			name: "a decision with one exit", change: func(g *Graph) { g.Nodes[1].Type, g.Edges[1].Condition = Decision, "Yes" },
			rules: "decision-exits", node: "n2", message: "“Look at the photo” leads to one step only",
		},
		{
			name: "an exit without a condition", change: func(g *Graph) { g.Edges[4].Condition = " " },
			rules: "decision-exits", node: "n3", edge: "e5", message: "“Is the damage clear?” leads to “Call the shop lead” without a condition",
		},
		{
			name: "no checkpoint", change: func(g *Graph) { g.Nodes[3].Type = ActionDigital },
			rules: "has-checkpoint", message: "Add a checkpoint step",
		},
		{
			name: "no escalation", change: func(g *Graph) { g.Nodes[6].Type = Handover },
			rules: "has-escalation", message: "Add an escalation step",
		},
		{
			name: "a limit too high", change: func(g *Graph) { g.Edges[3].MaxIterations = 101 },
			rules: "loop-limit", edge: "e4", message: "from “Is the damage clear?” to “Take in the complaint” may be followed 101 times",
		},
		{
			name: "a limit below one", change: func(g *Graph) { g.Edges[3].MaxIterations = -1 },
			rules: "loop-limit", edge: "e4", message: "Choose a number from 1 to 100",
		},
		{
			name: "an endless loop", change: func(g *Graph) {
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n5", To: "n4"})
			},
			rules: "no-endless-loop", node: "n4", edge: "e8",
			message: "“Confirm the amount” → “Pay the money back” → “Confirm the amount”", too: "from “Pay the money back” to “Confirm the amount” may be followed",
		},
		{
			name: "a step that leads to itself", change: func(g *Graph) {
				g.Edges = append(g.Edges, Edge{ID: "e8", From: "n5", To: "n5"})
			},
			rules: "no-endless-loop", node: "n5", edge: "e8", message: "“Pay the money back” → “Pay the money back”",
		},
	} {
		g := edited(t, c.change)
		if got := rules(g); got != c.rules {
			t.Errorf("%s: broke %q, not %q", c.name, got, c.rules)
			continue
		}
		p := Validate(g)[0]
		if p.NodeID != c.node || p.EdgeID != c.edge {
			t.Errorf("%s: points at node %q, edge %q", c.name, p.NodeID, p.EdgeID)
		}
		if !strings.Contains(p.Message, c.message) || !strings.Contains(p.Message, c.too) {
			t.Errorf("%s: says %q", c.name, p.Message)
		}
	}
}

func TestALimitedConnectionMayCloseALoop(t *testing.T) {
	t.Parallel()
	g := edited(t, func(g *Graph) {
		g.Edges = append(g.Edges, Edge{ID: "e8", From: "n5", To: "n4", MaxIterations: 100})
	})
	if bad := Validate(g); len(bad) > 0 {
		t.Error(bad)
	}
}

func TestALongLoopIsNamedInShort(t *testing.T) {
	t.Parallel()
	g := chainOf(30)
	g.Edges = append(g.Edges, Edge{ID: "back", From: "n29", To: "n1"})
	for _, p := range Validate(g) {
		if p.Rule == RuleNoEndlessLoop {
			want := "“Step 1” → “Step 2” → “Step 3” → … → “Step 28” → “Step 29” → “Step 1”"
			if !strings.Contains(p.Message, want) {
				t.Error(p.Message)
			}
			return
		}
	}
	t.Error("not found")
}

// chainOf is a graph of steps n0, n1, ... that follow each other.
func chainOf(steps int) Graph {
	var g Graph
	for i := range steps {
		g.Nodes = append(g.Nodes, Node{ID: fmt.Sprintf("n%d", i), Type: Assessment, Label: fmt.Sprintf("Step %d", i)})
		if i > 0 {
			g.Edges = append(g.Edges, Edge{ID: fmt.Sprintf("e%d", i), From: fmt.Sprintf("n%d", i-1), To: fmt.Sprintf("n%d", i)})
		}
	}
	return g
}

func TestValidateTakesLongGraphsInItsStride(t *testing.T) {
	t.Parallel()
	g := chainOf(200_000)
	g.Edges = append(g.Edges, Edge{ID: "back", From: "n199999", To: "n0"})
	start := time.Now()
	Validate(g)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}
