package clustering

import (
	"cmp"
	"slices"
)

// link is two items near each other, and how far apart they are in the unit of the method.
type link struct {
	a, b     int
	distance float64
}

// linked joins blocks along the links, shortest first (single linkage, as in Kruskal's spanning tree),
// except blocks that must not meet: between those the chain breaks at its longest link.
func linked(b *blocks, links []link) []int {
	slices.SortFunc(links, func(x, y link) int {
		return cmp.Or(cmp.Compare(x.distance, y.distance), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	trees := newForest(len(b.members))
	for block, foes := range b.foes {
		for _, foe := range foes {
			if block < foe {
				trees.part(block, foe)
			}
		}
	}
	for _, l := range links {
		trees.join(b.of[l.a], b.of[l.b])
	}
	part := make([]int, len(b.members))
	for block := range part {
		part[block] = trees.root(block)
	}
	return renumber(part)
}
