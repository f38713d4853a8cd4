package sop

import "reflect"

// Touched is what a person wants to look at after an edit turned one graph into
// the other: the first step that was added or changed, or else the step that
// came before the first deleted one, or else the first one in another place, or
// else the first connection that was added or changed. Both ids are empty when there is nothing of the kind.
func Touched(before, after Graph) (node, edge string) {
	old := make(map[string]Node, len(before.Nodes))
	for _, n := range before.Nodes {
		old[n.ID] = n
	}
	for _, n := range after.Nodes {
		if was, known := old[n.ID]; !known || !reflect.DeepEqual(was, n) {
			return n.ID, ""
		}
		delete(old, n.ID)
	}
	if len(old) > 0 {
		return lastBefore(before, old), ""
	}
	if node = reordered(before, after); node != "" {
		return node, ""
	}
	return "", touchedEdge(before, after)
}

// lastBefore is the step that stays before the first one that went, or the one
// after it when the first step of all went.
func lastBefore(before Graph, gone map[string]Node) string {
	last := ""
	for i, n := range before.Nodes {
		if _, went := gone[n.ID]; !went {
			last = n.ID
			continue
		}
		if last != "" {
			return last
		}
		for _, next := range before.Nodes[i:] {
			if _, went := gone[next.ID]; !went {
				return next.ID
			}
		}
	}
	return ""
}

// reordered is the first step that stands where another one stood.
func reordered(before, after Graph) string {
	for i := range min(len(before.Nodes), len(after.Nodes)) {
		if before.Nodes[i].ID != after.Nodes[i].ID {
			return after.Nodes[i].ID
		}
	}
	return ""
}

func touchedEdge(before, after Graph) string {
	old := make(map[string]Edge, len(before.Edges))
	for _, e := range before.Edges {
		old[e.ID] = e
	}
	for _, e := range after.Edges {
		if old[e.ID] != e {
			return e.ID
		}
	}
	return ""
}
