package clustering

import (
	"context"
	"math/rand/v2"
	"slices"
)

// louvain improves a partition of the nodes until no single node and no whole community gains modularity
// by moving (Blondel et al. 2008, resolution after Reichardt and Bornholdt 2006). Nodes that are foes are
// never put together; the partition handed in must respect that. Gonum's Modularize knows neither foes
// nor a start, hence our own.
func louvain(ctx context.Context, n *network, start []int, resolution float64, seed uint64) ([]int, error) {
	random := rand.New(rand.NewPCG(seed, 0x6c6f757661696e))
	community := renumber(start)
	for {
		moved, err := n.move(ctx, community, resolution, random)
		if err != nil {
			return nil, err
		}
		community = renumber(community)
		merged, err := n.merge(ctx, community, resolution, random)
		if err != nil {
			return nil, err
		}
		if !moved && !merged {
			return community, nil
		}
		community = renumber(community)
	}
}

// merge treats each community as one node and moves those, level upon level. It reports whether
// anything came together.
func (n *network) merge(ctx context.Context, community []int, resolution float64, random *rand.Rand) (bool, error) {
	changed := false
	for {
		whole := n.contract(community)
		up := identity(len(whole.edges))
		moved, err := whole.move(ctx, up, resolution, random)
		if err != nil || !moved {
			return changed, err
		}
		changed = true
		for i, c := range community {
			community[i] = up[c]
		}
		copy(community, renumber(community))
	}
}

// leastGain is what a move must win, as a share of the total weight, so that rounding cannot make
// nodes move back and forth.
const leastGain = 1e-10

// move visits the nodes in random order, again when a neighbour moved, and puts each where modularity
// gains most. It reports whether any moved.
func (n *network) move(ctx context.Context, community []int, resolution float64, random *rand.Rand) (bool, error) {
	at := newPositions(n, community)
	queue := random.Perm(len(community))
	waiting := slices.Repeat([]bool{true}, len(community))
	moved := false
	for visit := 0; visit < len(queue); visit++ {
		if err := every(ctx, visit, 4096); err != nil {
			return moved, err
		}
		i := queue[visit]
		waiting[i] = false
		from := community[i]
		target := n.best(i, at, resolution)
		if target == from {
			continue
		}
		moved = true
		at.move(i, target, n.degree[i])
		for _, e := range n.edges[i] {
			if !waiting[e.to] && community[e.to] != target {
				waiting[e.to] = true
				queue = append(queue, e.to)
			}
		}
	}
	return moved, nil
}

// best is the community that node i should be in: its own unless another one gains more, an empty one if
// it fits nowhere. Ties go to the community met first in the order of i's edges.
func (n *network) best(i int, at *positions, resolution float64) int {
	from := at.community[i]
	var met []int
	for _, e := range n.edges[i] {
		c := at.community[e.to]
		if at.reach[c] == 0 {
			met = append(met, c)
		}
		at.reach[c] += e.weight
	}
	gain := func(c int, others float64) float64 {
		return at.reach[c] - resolution*n.degree[i]*others/n.total
	}
	target, most := from, gain(from, at.weight[from]-n.degree[i])
	for _, c := range met {
		if c == from {
			continue
		}
		if g := gain(c, at.weight[c]); g > most+leastGain*n.total && !n.forbids(i, c, at.community) {
			target, most = c, g
		}
	}
	if most < -leastGain*n.total {
		target = at.free[len(at.free)-1] // a node that would rather be alone has company, so one is free
	}
	for _, c := range met {
		at.reach[c] = 0
	}
	return target
}

// forbids reports whether a foe of node i is in community c.
func (n *network) forbids(i, c int, community []int) bool {
	for _, foe := range n.foes[i] {
		if community[foe] == c {
			return true
		}
	}
	return false
}
