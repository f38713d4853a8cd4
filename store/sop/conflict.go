package sop

import (
	"fmt"
	"slices"
)

// ConflictKind says how two changes get in each other's way.
type ConflictKind string

// How two changes can get in each other's way.
const (
	BothChanged ConflictKind = "BOTH_CHANGED" // the same field, differently
	WeDeleted   ConflictKind = "WE_DELETED"   // ours deleted what theirs changed
	TheyDeleted ConflictKind = "THEY_DELETED" // theirs deleted what ours changed
	Reordered   ConflictKind = "REORDERED"    // both put the list in another order
	Renamed     ConflictKind = "RENAMED"      // both added under one id; ours has a new one
)

// Conflict is one thing that Merge could not decide, or, for Renamed, one that
// it decided and a person should know. NodeID or EdgeID is the element; both
// are empty for Reordered. Name is what a person calls the element.
//
// Base, Ours and Theirs are the field's text in the three graphs. For a
// deletion they name the element, and are empty on the side that deleted it;
// for Reordered they name the elements in order; for Renamed, Ours is the new
// id and Theirs the one that both took.
type Conflict struct {
	Kind   ConflictKind
	NodeID string
	EdgeID string
	Field  string
	Name   string
	Base   string
	Ours   string
	Theirs string

	// What Resolve needs: which element of which list, what theirs had, and
	// the order in which an element finds its place.
	list      string
	key       elementKey
	theirNode Node
	theirEdge Edge
	order     []elementKey
}

// NeedsChoice reports whether a person has to choose a side.
func (c Conflict) NeedsChoice() bool { return c.Kind != Renamed }

// Key names the conflict among those of one merge, for a form field. The same
// three graphs always give the same keys.
func (c Conflict) Key() string {
	key := c.list + "." + c.key.id
	if c.key.occurrence > 0 {
		key += fmt.Sprintf("+%d", c.key.occurrence)
	}
	if c.Field != "" {
		key += "." + c.Field
	}
	return string(c.Kind) + "." + key
}

// Choice is the side that a person chose in a conflict.
type Choice string

// The two sides.
const (
	ChooseOurs   Choice = "ours"
	ChooseTheirs Choice = "theirs"
)

// Resolve puts the choices, by Conflict.Key, into a merged graph. The conflicts
// must be those that Merge returned with it, in this process: make the merge
// again from its three graphs when a form comes back. A conflict that needs a
// choice and has none, or an unknown one, is an *EditError whose Field is the
// conflict's key.
func Resolve(merged Graph, conflicts []Conflict, choices map[string]Choice) (Graph, error) {
	g := merged.clone()
	for _, c := range conflicts {
		if !c.NeedsChoice() {
			continue
		}
		switch choices[c.Key()] {
		case ChooseOurs:
		case ChooseTheirs:
			g = c.takeTheirs(g)
		default:
			return Graph{}, &EditError{Field: c.Key(), Message: "Choose one of the two sides."}
		}
	}
	return g, nil
}

func (c Conflict) takeTheirs(g Graph) Graph {
	if c.list == nodeList {
		g.Nodes = takeTheirs(nodeKind, g.Nodes, c, c.theirNode)
	} else {
		g.Edges = takeTheirs(edgeKind, g.Edges, c, c.theirEdge)
	}
	return g
}

func takeTheirs[T any](k kind[T], list []T, c Conflict, their T) []T {
	at := slices.Index(keys(list, k.id), c.key)
	switch c.Kind {
	case BothChanged:
		if at >= 0 {
			list[at] = k.set(list[at], c.Field, their)
		}
	case TheyDeleted:
		if at >= 0 {
			list = slices.Delete(list, at, at+1)
		}
	case WeDeleted:
		if at < 0 {
			list = insertInOrder(k, list, c, their)
		}
	case Reordered:
		rank := map[elementKey]int{}
		for i, key := range c.order {
			rank[key] = i
		}
		inOrder := keys(list, k.id)
		places := make(map[elementKey]T, len(list))
		for i, key := range inOrder {
			places[key] = list[i]
		}
		slices.SortStableFunc(inOrder, func(a, b elementKey) int { return rank[a] - rank[b] })
		for i, key := range inOrder {
			list[i] = places[key]
		}
	}
	return list
}

// insertInOrder puts an element after the nearest one before it, in the order
// of the merge, that the list holds.
func insertInOrder[T any](k kind[T], list []T, c Conflict, item T) []T {
	present := indexByKey(list, k.id)
	at := 0
	for _, key := range c.order {
		if key == c.key {
			break
		}
		if i, ok := present[key]; ok {
			at = i + 1
		}
	}
	return slices.Insert(list, at, item)
}
