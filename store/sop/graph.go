// Package sop knows what an SOP graph is: how it is read, what makes it valid,
// its one canonical form and the hashes over it, how two graphs differ, how two
// changes to the same graph are brought together, and the edits a person makes.
//
// Everything here is a function of its arguments. There is no SQL and no HTTP,
// no clock and no randomness, and no function changes a graph that it is given.
//
// A graph is made of steps (nodes) and connections (edges). Messages for people
// use those two words; names in the code keep to node and edge, as the file
// format does.
package sop

import "encoding/json"

// Graph is one SOP: its steps in document order and the connections between
// them. The order carries no meaning for whoever follows the SOP, but it is the
// order in which people read and edit it, so it is kept and it is hashed.
type Graph struct {
	Nodes []Node `json:"nodes"`
	Edges []Edge `json:"edges"`
}

// Node is one step.
type Node struct {
	ID          string
	Type        NodeType
	Label       string
	Description string
	// Config holds settings that only the step's type or the surrogate
	// understands. Values are those that encoding/json makes: nil, bool,
	// float64, string, []any and map[string]any. Nil and empty are the same.
	Config map[string]any
}

// Edge is one connection. An empty Condition or Label means there is none.
type Edge struct {
	ID        string
	From      string
	To        string
	Condition string
	Label     string
	// MaxIterations declares that the edge may close a loop, and how often it
	// may be followed. Zero means that it declares nothing.
	MaxIterations int
}

// nodeJSON and edgeJSON are the one JSON form: every field is always present,
// config is always an object, an absent condition or label is null, and
// max_iterations is left out when the edge declares none.
type nodeJSON struct {
	ID          string         `json:"id"`
	Type        NodeType       `json:"type"`
	Label       string         `json:"label"`
	Description string         `json:"description"`
	Config      map[string]any `json:"config"`
}

type edgeJSON struct {
	ID            string  `json:"id"`
	From          string  `json:"from"`
	To            string  `json:"to"`
	Condition     *string `json:"condition"`
	Label         *string `json:"label"`
	MaxIterations int     `json:"max_iterations,omitempty"`
}

// MarshalJSON writes both lists as arrays, also when they are empty.
func (g Graph) MarshalJSON() ([]byte, error) {
	type plain Graph
	if g.Nodes == nil {
		g.Nodes = []Node{}
	}
	if g.Edges == nil {
		g.Edges = []Edge{}
	}
	return json.Marshal(plain(g))
}

// UnmarshalJSON is Parse, so that a graph inside another document is read by
// the same rules as a graph on its own.
func (g *Graph) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err != nil {
		return err
	}
	*g = parsed
	return nil
}

// MarshalJSON writes the step with all five fields.
func (n Node) MarshalJSON() ([]byte, error) {
	out := nodeJSON(n)
	if out.Config == nil {
		out.Config = map[string]any{}
	}
	return json.Marshal(out)
}

// MarshalJSON writes an absent condition or label as null.
func (e Edge) MarshalJSON() ([]byte, error) {
	return json.Marshal(edgeJSON{
		ID:            e.ID,
		From:          e.From,
		To:            e.To,
		Condition:     orNull(e.Condition),
		Label:         orNull(e.Label),
		MaxIterations: e.MaxIterations,
	})
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Node returns the first step with the id.
func (g Graph) Node(id string) (Node, bool) {
	if i := g.nodeIndex(id); i >= 0 {
		return g.Nodes[i], true
	}
	return Node{}, false
}

// Edge returns the first connection with the id.
func (g Graph) Edge(id string) (Edge, bool) {
	if i := g.edgeIndex(id); i >= 0 {
		return g.Edges[i], true
	}
	return Edge{}, false
}

// Name is what a person calls the step with the id: its label in quotation
// marks, or the id when there is no such step or it has no label.
func (g Graph) Name(id string) string {
	if n, ok := g.Node(id); ok {
		return n.Name()
	}
	return "“" + id + "”"
}

// Name is what a person calls the step: its label, or else its id, in
// quotation marks.
func (n Node) Name() string {
	if n.Label == "" {
		return "“" + n.ID + "”"
	}
	return "“" + n.Label + "”"
}

func (g Graph) nodeIndex(id string) int {
	for i := range g.Nodes {
		if g.Nodes[i].ID == id {
			return i
		}
	}
	return -1
}

func (g Graph) edgeIndex(id string) int {
	for i := range g.Edges {
		if g.Edges[i].ID == id {
			return i
		}
	}
	return -1
}
