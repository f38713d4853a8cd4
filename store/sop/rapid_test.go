package sop

import (
	"fmt"
	"math"

	"pgregory.net/rapid"
)

// drawText draws text of the kind that breaks things: signs that HTML and JSON
// escape, other scripts, characters beyond the basic plane, numbers, spaces.
func drawText(t *rapid.T, name string, atLeast, atMost int) string {
	pool := []rune("ab cd<>&\"'\\/é日本😀\u2028.,15-e")
	return rapid.StringOfN(rapid.SampledFrom(pool), atLeast, atMost, -1).Draw(t, name)
}

func drawLabel(t *rapid.T) string { return "L" + drawText(t, "label", 0, 6) }

func drawValue(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return drawNumber(t)
	case 3:
		return drawText(t, "text", 0, 5)
	case 4:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, drawValue(t, depth-1))
		}
		return list
	}
	return drawConfig(t, depth-1)
}

func drawNumber(t *rapid.T) float64 {
	if rapid.Bool().Draw(t, "small") {
		return float64(rapid.IntRange(-20, 20).Draw(t, "number"))
	}
	f := rapid.Float64().Draw(t, "number")
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 {
		return 0
	}
	return f
}

func drawConfig(t *rapid.T, depth int) map[string]any {
	config := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "settings") {
		config[rapid.SampledFrom([]string{"a", "b", "c.d", "é", "日"}).Draw(t, "setting")] = drawValue(t, depth)
	}
	return config
}

func drawNode(t *rapid.T, id string) Node {
	return Node{
		ID:          id,
		Type:        rapid.SampledFrom(NodeTypes).Draw(t, "type"),
		Label:       drawLabel(t),
		Description: drawText(t, "description", 0, 8),
		Config:      drawConfig(t, 2),
	}
}

func drawEdge(t *rapid.T, id string) Edge {
	return Edge{
		ID:            id,
		From:          drawID(t, "n"),
		To:            drawID(t, "n"),
		Condition:     drawText(t, "condition", 0, 3),
		Label:         drawText(t, "label", 0, 2),
		MaxIterations: rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "limit"),
	}
}

func drawID(t *rapid.T, prefix string) string {
	return fmt.Sprintf("%s%d", prefix, rapid.IntRange(1, 7).Draw(t, "id"))
}

// drawGraph draws any graph that Parse accepts, ids not always unique.
func drawGraph(t *rapid.T) Graph {
	g := Graph{Nodes: []Node{}, Edges: []Edge{}}
	for range rapid.IntRange(0, 6).Draw(t, "nodes") {
		g.Nodes = append(g.Nodes, drawNode(t, drawID(t, "n")))
	}
	for range rapid.IntRange(0, 8).Draw(t, "edges") {
		g.Edges = append(g.Edges, drawEdge(t, drawID(t, "e")))
	}
	return g
}

// drawUniqueGraph draws a graph whose ids are unique.
func drawUniqueGraph(t *rapid.T) Graph {
	g := drawGraph(t)
	nodes, edges := map[string]bool{}, map[string]bool{}
	unique := Graph{Nodes: []Node{}, Edges: []Edge{}}
	for _, n := range g.Nodes {
		if !nodes[n.ID] {
			nodes[n.ID] = true
			unique.Nodes = append(unique.Nodes, n)
		}
	}
	for _, e := range g.Edges {
		if !edges[e.ID] {
			edges[e.ID] = true
			unique.Edges = append(unique.Edges, e)
		}
	}
	return unique
}

// drawVariant draws a graph that has much in common with g.
func drawVariant(t *rapid.T, g Graph) Graph {
	v := g.clone()
	for range rapid.IntRange(0, 4).Draw(t, "edits") {
		if edit := drawEdit(t, v); edit != nil {
			if next, err := edit.Apply(v); err == nil {
				v = next
			}
		}
	}
	return v
}

// drawEdit draws an edit that mostly fits the graph; nil when none was found.
func drawEdit(t *rapid.T, g Graph) Edit {
	kind := rapid.IntRange(0, 6).Draw(t, "edit")
	if kind == 0 || len(g.Nodes) == 0 {
		add := AddNode{Node: drawNode(t, "")}
		if len(g.Nodes) > 0 && rapid.Bool().Draw(t, "after") {
			add.After = rapid.SampledFrom(g.Nodes).Draw(t, "where").ID
		}
		return add
	}
	n := rapid.SampledFrom(g.Nodes).Draw(t, "node")
	switch kind {
	case 1:
		return ChangeNode{Node: drawNode(t, n.ID)}
	case 2:
		return DeleteNode{ID: n.ID, Reconnect: rapid.Bool().Draw(t, "reconnect")}
	case 3:
		return MoveNode{ID: n.ID, By: rapid.SampledFrom([]int{-2, -1, 1, 2}).Draw(t, "by")}
	case 4:
		e := drawEdge(t, "")
		e.From = n.ID
		return AddEdge{Edge: e}
	}
	if len(g.Edges) == 0 {
		return nil
	}
	e := rapid.SampledFrom(g.Edges).Draw(t, "edge")
	if kind == 5 {
		return ChangeEdge{Edge: drawEdge(t, e.ID)}
	}
	return DeleteEdge{ID: e.ID}
}
