package sop

import (
	"strconv"
	"strings"
)

// NextNodeID returns the next free step id, "n" and a number above every such
// number in the graphs. Giving the graph that an edit started from beside the
// current one keeps a new step from taking the id of a deleted one, which would
// make it look like the old step, changed.
func NextNodeID(graphs ...Graph) string {
	taken := map[string]bool{}
	for _, g := range graphs {
		for _, n := range g.Nodes {
			taken[n.ID] = true
		}
	}
	return nextID("n", taken)
}

// NextEdgeID returns the next free connection id, "e" and a number above every
// such number in the graphs.
func NextEdgeID(graphs ...Graph) string {
	taken := map[string]bool{}
	for _, g := range graphs {
		for _, e := range g.Edges {
			taken[e.ID] = true
		}
	}
	return nextID("e", taken)
}

func nextID(prefix string, taken map[string]bool) string {
	highest := 0
	for id := range taken {
		highest = max(highest, idNumber(id, prefix))
	}
	for n := highest + 1; ; n++ {
		if id := prefix + strconv.Itoa(n); !taken[id] {
			return id
		}
	}
}

// idNumber is the number in an id such as n12; 0 for any other id. Numbers of
// more than nine digits are other ids: no counting leads there.
func idNumber(id, prefix string) int {
	digits, ok := strings.CutPrefix(id, prefix)
	if !ok || len(digits) > 9 || strings.Trim(digits, "0123456789") != "" {
		return 0
	}
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
