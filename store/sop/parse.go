package sop

import (
	"fmt"
	"slices"
	"strings"
)

// ParseError says why a text is not a graph or a document. Each problem is a
// plain sentence for the person who gave the text.
type ParseError struct {
	Problems []string
}

// Error joins the problems.
func (e *ParseError) Error() string { return strings.Join(e.Problems, " ") }

func refuse(format string, args ...any) error {
	return &ParseError{Problems: []string{fmt.Sprintf(format, args...)}}
}

// maxProblems keeps the answer to a hopeless file readable.
const maxProblems = 20

// Parse reads a graph from JSON. It is strict: what it does not know, it
// refuses, because a field that is ignored is a rule that nobody follows. A
// graph that Parse accepts may still break the rules of Validate. Line ends in
// descriptions become "\n"; nothing else is changed.
//
// Every error is a *ParseError.
func Parse(data []byte) (Graph, error) {
	if len(data) > MaxGraphBytes {
		return Graph{}, refuse("The graph is larger than %d KiB.", MaxGraphBytes>>10)
	}
	tree, err := readTree(data, MaxDepth)
	if err != nil {
		return Graph{}, err
	}
	return graphFromTree(tree)
}

// Check reports whether a graph made in memory is one that Parse would read
// from its canonical form. Every error is a *ParseError.
func Check(g Graph) error {
	data, err := Canonical(g)
	if err != nil {
		return refuse("The graph cannot be written as JSON: %v.", err)
	}
	_, err = Parse(data)
	return err
}

func graphFromTree(tree any) (Graph, error) {
	var p problems
	g := readGraph(tree, &p)
	if len(p.list) > 0 {
		return Graph{}, &ParseError{Problems: p.list}
	}
	data, err := Canonical(g)
	if err != nil {
		return Graph{}, refuse("The graph cannot be brought to its canonical form: %v.", err)
	}
	if len(data) > MaxGraphBytes {
		return Graph{}, refuse("The graph is larger than %d KiB.", MaxGraphBytes>>10)
	}
	return g, nil
}

// problems collects sentences up to maxProblems.
type problems struct{ list []string }

func (p *problems) add(format string, args ...any) {
	switch {
	case len(p.list) < maxProblems:
		p.list = append(p.list, fmt.Sprintf(format, args...))
	case len(p.list) == maxProblems:
		p.list = append(p.list, "There are more problems after these.")
	}
}

func readGraph(tree any, p *problems) Graph {
	f := openFields(tree, "The graph", p, "nodes", "edges")
	if f == nil {
		return Graph{}
	}
	nodes := f.list("nodes", MaxNodes)
	edges := f.list("edges", MaxEdges)
	g := Graph{Nodes: make([]Node, 0, len(nodes)), Edges: make([]Edge, 0, len(edges))}
	for i, v := range nodes {
		g.Nodes = append(g.Nodes, readNode(v, i, p))
	}
	for i, v := range edges {
		g.Edges = append(g.Edges, readEdge(v, i, p))
	}
	return g
}

func readNode(tree any, index int, p *problems) Node {
	f := openFields(tree, named("Step", tree, index), p, "id", "type", "label", "description", "config")
	if f == nil {
		return Node{}
	}
	n := Node{
		ID:          f.id("id"),
		Type:        NodeType(f.text("type")),
		Label:       f.ruled("label", labelRule),
		Description: f.ruled("description", descriptionRule),
		Config:      f.config("config"),
	}
	if !n.Type.Valid() {
		p.add("%s has the type %q, which is not one of %s.", f.what, shorten(string(n.Type), 40), typeList())
	}
	return n
}

func readEdge(tree any, index int, p *problems) Edge {
	f := openFields(tree, named("Connection", tree, index), p, "id", "from", "to", "condition", "label", "max_iterations")
	if f == nil {
		return Edge{}
	}
	return Edge{
		ID:            f.id("id"),
		From:          f.id("from"),
		To:            f.id("to"),
		Condition:     f.ruled("condition", conditionRule),
		Label:         f.ruled("label", edgeLabelRule),
		MaxIterations: f.count("max_iterations"),
	}
}

// named finds words for the element that a problem is about: its id if it has
// a usable one, otherwise its place in the list.
func named(kind string, tree any, index int) string {
	if o, ok := tree.(*object); ok {
		if id, ok := o.values["id"].(string); ok && checkID(id) == "" {
			return kind + " " + id
		}
	}
	return fmt.Sprintf("%s number %d", kind, index+1)
}

func typeList() string {
	names := make([]string, len(NodeTypes))
	for i, t := range NodeTypes {
		names[i] = string(t)
	}
	return strings.Join(slices.Clip(names), ", ")
}
