package sop

import (
	"fmt"
	"strings"
)

// ChangeStatus says what happened to an element or a field between two graphs.
type ChangeStatus string

// What can happen between two graphs.
const (
	Same    ChangeStatus = "SAME"
	Added   ChangeStatus = "ADDED"
	Removed ChangeStatus = "REMOVED"
	Changed ChangeStatus = "CHANGED"
)

// Diff is what changed from Before to After. Elements are the same when their
// ids are the same: a step that comes back under another id was removed and
// added. Nodes and Edges hold what changed only, in the order of After, each
// removed element where it used to stand.
type Diff struct {
	Before Graph
	After  Graph
	Nodes  []NodeChange
	Edges  []EdgeChange
}

// NodeChange is one step that is not the same. Before is the zero Node when it
// was added, After when it was removed. Fields is empty for both.
type NodeChange struct {
	ID     string
	Status ChangeStatus
	Before Node
	After  Node
	Fields []FieldChange
}

// Node is the step to show: as it is, or as it was if it was removed.
func (c NodeChange) Node() Node {
	if c.Status == Removed {
		return c.Before
	}
	return c.After
}

// EdgeChange is one connection that is not the same.
type EdgeChange struct {
	ID     string
	Status ChangeStatus
	Before Edge
	After  Edge
	Fields []FieldChange
}

// Edge is the connection to show: as it is, or as it was if it was removed.
func (c EdgeChange) Edge() Edge {
	if c.Status == Removed {
		return c.Before
	}
	return c.After
}

// Compare finds what changed from before to after. It is empty exactly when
// both have the same canonical form. When ids are not unique, the first
// element with an id is compared with the first, the second with the second.
func Compare(before, after Graph) Diff {
	d := Diff{Before: before, After: after}
	nodes := pair(before.Nodes, after.Nodes, nodeID)
	for _, p := range nodes {
		change := NodeChange{ID: p.id, Status: p.status()}
		if p.before >= 0 {
			change.Before = before.Nodes[p.before]
		}
		if p.after >= 0 {
			change.After = after.Nodes[p.after]
		}
		if change.Status == Same {
			change.Fields = nodeFields(change.Before, change.After)
			if p.moved {
				change.Fields = append(change.Fields, moved(place(before.Nodes, p.before, Node.Name), place(after.Nodes, p.after, Node.Name)))
			}
			if len(change.Fields) == 0 {
				continue
			}
			change.Status = Changed
		}
		d.Nodes = append(d.Nodes, change)
	}
	d.compareEdges()
	return d
}

func (d *Diff) compareEdges() {
	for _, p := range pair(d.Before.Edges, d.After.Edges, edgeID) {
		change := EdgeChange{ID: p.id, Status: p.status()}
		if p.before >= 0 {
			change.Before = d.Before.Edges[p.before]
		}
		if p.after >= 0 {
			change.After = d.After.Edges[p.after]
		}
		if change.Status == Same {
			change.Fields = edgeFields(change.Before, change.After)
			if p.moved {
				change.Fields = append(change.Fields, moved(place(d.Before.Edges, p.before, edgeID), place(d.After.Edges, p.after, edgeID)))
			}
			if len(change.Fields) == 0 {
				continue
			}
			change.Status = Changed
		}
		d.Edges = append(d.Edges, change)
	}
}

func nodeID(n Node) string { return n.ID }
func edgeID(e Edge) string { return e.ID }

// place says in words where the element at index i of list stands.
func place[T any](list []T, i int, name func(T) string) string {
	if i == 0 {
		return "first"
	}
	return "after " + name(list[i-1])
}

// Empty reports whether nothing changed.
func (d Diff) Empty() bool { return len(d.Nodes) == 0 && len(d.Edges) == 0 }

// StatusOfNode is what happened to the step with the id; Same if nothing did,
// also when there is no such step.
func (d Diff) StatusOfNode(id string) ChangeStatus {
	if c, ok := d.NodeChange(id); ok {
		return c.Status
	}
	return Same
}

// StatusOfEdge is what happened to the connection with the id; Same if nothing
// did, also when there is no such connection.
func (d Diff) StatusOfEdge(id string) ChangeStatus {
	if c, ok := d.EdgeChange(id); ok {
		return c.Status
	}
	return Same
}

// NodeChange returns the change of the step with the id, if it changed.
func (d Diff) NodeChange(id string) (NodeChange, bool) {
	for _, c := range d.Nodes {
		if c.ID == id {
			return c, true
		}
	}
	return NodeChange{}, false
}

// EdgeChange returns the change of the connection with the id, if it changed.
func (d Diff) EdgeChange(id string) (EdgeChange, bool) {
	for _, c := range d.Edges {
		if c.ID == id {
			return c, true
		}
	}
	return EdgeChange{}, false
}

// Union is After with everything that was removed put back where it stood, for
// one drawing that shows both.
func (d Diff) Union() Graph {
	var g Graph
	for _, p := range pair(d.Before.Nodes, d.After.Nodes, nodeID) {
		if p.after >= 0 {
			g.Nodes = append(g.Nodes, d.After.Nodes[p.after])
		} else {
			g.Nodes = append(g.Nodes, d.Before.Nodes[p.before])
		}
	}
	for _, p := range pair(d.Before.Edges, d.After.Edges, edgeID) {
		if p.after >= 0 {
			g.Edges = append(g.Edges, d.After.Edges[p.after])
		} else {
			g.Edges = append(g.Edges, d.Before.Edges[p.before])
		}
	}
	return g
}

// Summary is the change in one plain sentence without a full stop, such as
// "2 steps added, 1 changed; 3 connections added".
func (d Diff) Summary() string {
	nodes, edges := map[ChangeStatus]int{}, map[ChangeStatus]int{}
	for _, c := range d.Nodes {
		nodes[c.Status]++
	}
	for _, c := range d.Edges {
		edges[c.Status]++
	}
	var parts []string
	for _, part := range []string{tally(nodes, "step"), tally(edges, "connection")} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "Nothing changed"
	}
	return strings.Join(parts, "; ")
}

// tally names the noun once: "2 steps added, 1 changed".
func tally(counts map[ChangeStatus]int, noun string) string {
	var parts []string
	for _, kind := range []struct {
		status ChangeStatus
		word   string
	}{{Added, "added"}, {Changed, "changed"}, {Removed, "removed"}} {
		n := counts[kind.status]
		switch {
		case n == 0:
			continue
		case len(parts) > 0:
			parts = append(parts, fmt.Sprintf("%d %s", n, kind.word))
		case n == 1:
			parts = append(parts, fmt.Sprintf("1 %s %s", noun, kind.word))
		default:
			parts = append(parts, fmt.Sprintf("%d %ss %s", n, noun, kind.word))
		}
	}
	return strings.Join(parts, ", ")
}
