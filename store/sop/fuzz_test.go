package sop

import (
	"fmt"
	"reflect"
	"testing"
)

// Two graphs have one canonical form only if they are the same, so that nobody can sign one and show another.
func FuzzCanonicalTellsGraphsApart(f *testing.F) {
	f.Add("a", "b", "c", "a", "b", "c")
	f.Add(`","label":"`, "", "x", "", `","label":"`, "x")
	f.Add("\u2028", "\U0001f600", "\xff", "\\u2028", "\ufffd", "é")
	f.Fuzz(func(t *testing.T, id, label, key, otherID, otherLabel, otherKey string) {
		graph := func(id, label, key string) Graph {
			return Graph{
				Nodes: []Node{{ID: id, Type: Decision, Label: label, Description: key, Config: map[string]any{key: label}}},
				Edges: []Edge{{ID: id, From: key, To: label, Condition: key, Label: id}},
			}
		}
		one, other := graph(id, label, key), graph(otherID, otherLabel, otherKey)
		a, err := Canonical(one)
		if err != nil {
			return
		}
		b, err := Canonical(other)
		if err != nil {
			return
		}
		if same := reflect.DeepEqual(one, other); same != (string(a) == string(b)) {
			t.Fatalf("the graphs are the same: %v; their canonical forms are %s and %s", same, a, b)
		}
	})
}

// Validate says of every graph what a slow reading of the rules says. Each byte of types is a step, each three bytes of edges a connection.
func FuzzValidate(f *testing.F) {
	f.Add([]byte{0, 2, 5, 6, 7}, []byte{0, 1, 128, 1, 2, 128, 1, 3, 128, 2, 4, 128})
	f.Add([]byte{0, 5, 6}, []byte{0, 1, 0, 1, 0, 0, 1, 2, 0})
	f.Add([]byte{0, 5, 6}, []byte{0, 1, 0, 1, 0, 3, 1, 2, 0})
	f.Add([]byte{0, 0}, []byte{0, 0, 0, 9, 1, 127})
	f.Fuzz(func(t *testing.T, types, edges []byte) {
		if len(types) > 12 || len(edges) > 90 {
			return
		}
		var g Graph
		for i, kind := range types {
			g.Nodes = append(g.Nodes, Node{ID: fmt.Sprint(i), Type: NodeTypes[int(kind)%len(NodeTypes)], Label: "x"})
		}
		for ; len(edges) >= 3; edges = edges[3:] {
			e := Edge{ID: fmt.Sprint("e", len(edges)), From: fmt.Sprint(edges[0] % 13), To: fmt.Sprint(edges[1] % 13), MaxIterations: int(edges[2] & 127)}
			if edges[2] >= 128 {
				e.Condition = "if"
			}
			g.Edges = append(g.Edges, e)
		}
		if problems := Validate(g); (len(problems) == 0) != naivelyValid(g) {
			t.Fatalf("%+v: a slow reading says %v, Validate %+v", g, naivelyValid(g), problems)
		}
	})
}

// naivelyValid reads the rules one by one, by the closure of the connections.
func naivelyValid(g Graph) bool {
	at := map[string]int{}
	for i, n := range g.Nodes {
		at[n.ID] = i
	}
	n := len(g.Nodes)
	reach, endless := make([][]bool, n), make([][]bool, n) // by any connections, and by those without a limit
	for i := range n {
		reach[i], endless[i] = make([]bool, n), make([]bool, n)
	}
	entries, exits, conditions, has := make([]int, n), make([]int, n), make([]int, n), map[NodeType]bool{}
	for _, e := range g.Edges {
		from, known := at[e.From]
		to, alsoKnown := at[e.To]
		if !known || !alsoKnown || e.MaxIterations > MaxLoop {
			return false
		}
		reach[from][to] = true
		exits[from]++
		if e.Condition != "" {
			conditions[from]++
		}
		if e.MaxIterations == 0 {
			endless[from][to] = true
			entries[to]++
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				endless[i][j] = endless[i][j] || endless[i][k] && endless[k][j]
			}
		}
	}
	start := -1
	for i, step := range g.Nodes {
		has[step.Type] = true
		if entries[i] == 0 && start >= 0 || endless[i][i] {
			return false
		}
		if entries[i] == 0 {
			start = i
		}
		if step.Type == Decision && (exits[i] < 2 || conditions[i] < exits[i]) {
			return false
		}
		if exits[i] == 0 && !step.Type.Ends() {
			return false
		}
	}
	for i := range n {
		if start < 0 || i != start && !reach[start][i] {
			return false
		}
	}
	return has[Checkpoint] && has[Escalation]
}
