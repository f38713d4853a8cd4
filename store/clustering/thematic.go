package clustering

import (
	"context"
	"slices"
)

// Thematic groups items by what they are about: the communities that Louvain's method finds in the graph
// of nearest neighbours. The graph must be made of the same items. Items without a vector, and those
// with no neighbour above Floor, stay unclustered.
//
// Known clusters are also a start: a run keeps their shape, improved, unless a fresh start is clearly
// better. So groups do not reshuffle when a few items are added, and another run on the same items
// changes nothing.
func Thematic(ctx context.Context, items []Item, g *Graph, known []Known, c Constraints, o Options, progress Progress) (Result, error) {
	o = o.withDefaults()
	b, err := newBlocks(items, c)
	if err != nil {
		return Result{}, err
	}
	t := &thematic{blocks: b, graph: g, floor: g.floor(o.Floor, o.Seed)}
	t.place()
	net := newNetwork(t.edges(), make([]float64, len(b.items)), make([][]int, len(b.items))).contract(b.of)
	net.foes = b.foes
	progress.report(1, 4)
	part, err := communities(ctx, net, b.knownPart(known), o, progress)
	if err != nil {
		return Result{}, err
	}
	result := finish(b, part, known, o, t.explain)
	progress.report(4, 4)
	return result, ctx.Err()
}

// clearlyBetter is the gain of modularity for which people's picture of the groups may change: what runs
// with another seed differ by.
const clearlyBetter = 0.005

// communities runs Louvain from the known clusters and from nothing.
func communities(ctx context.Context, net *network, known []int, o Options, progress Progress) ([]int, error) {
	if net.total == 0 {
		return known, nil // nothing is like anything else
	}
	fresh, err := louvain(ctx, net, identity(len(net.edges)), o.Resolution, o.Seed)
	if err != nil {
		return nil, err
	}
	progress.report(2, 4)
	kept, err := louvain(ctx, net, known, o.Resolution, o.Seed)
	if err != nil {
		return nil, err
	}
	progress.report(3, 4)
	if net.modularity(fresh, o.Resolution) > net.modularity(kept, o.Resolution)+clearlyBetter {
		return fresh, nil
	}
	return kept, nil
}

// knownPart is the partition of the blocks that the known clusters are, as far as separations allow.
func (b *blocks) knownPart(known []Known) []int {
	part := identity(len(b.members))
	placed := make([]bool, len(part))
	for _, cluster := range b.knownMembers(known) {
		var together []int
		for _, i := range cluster.members {
			block := b.of[i]
			clash := slices.ContainsFunc(together, func(other int) bool {
				_, foe := slices.BinarySearch(b.foes[block], other)
				return foe
			})
			if !placed[block] && !clash {
				placed[block] = true
				together = append(together, block)
				part[block] = together[0]
			}
		}
	}
	return part
}

// thematic joins the items of a run with the rows of the graph.
type thematic struct {
	*blocks
	graph *Graph
	floor float32
	node  []int // row in the graph of each item, -1 if it has none
	item  []int // item of each row, -1 if the run does not have it
}

func (t *thematic) place() {
	t.node = slices.Repeat([]int{-1}, len(t.items))
	t.item = slices.Repeat([]int{-1}, len(t.graph.ids))
	for row, id := range t.graph.ids {
		if i, ok := t.index[id]; ok {
			t.node[i], t.item[row] = row, i
		}
	}
}

// edges joins each item with its nearest neighbours, both ways. The weight is how far the similarity is
// above the floor, twice if each is among the nearest of the other.
func (t *thematic) edges() [][]edge {
	edges := make([][]edge, len(t.items))
	for i, row := range t.node {
		if row < 0 {
			continue
		}
		for _, near := range t.graph.near[row] {
			j := t.item[near.Index]
			if j >= 0 && near.Similarity > t.floor {
				weight := float64(near.Similarity - t.floor)
				edges[i] = append(edges[i], edge{j, weight})
				edges[j] = append(edges[j], edge{i, weight})
			}
		}
	}
	for i, row := range edges {
		slices.SortStableFunc(row, func(a, b edge) int { return a.to - b.to })
		merged := row[:0]
		for _, e := range row {
			if last := len(merged) - 1; last >= 0 && merged[last].to == e.to {
				merged[last].weight += e.weight
			} else {
				merged = append(merged, e)
			}
		}
		edges[i] = merged
	}
	return edges
}
