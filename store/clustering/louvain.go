package clustering

import (
	"context"
	"math/rand/v2"
	"slices"
)

// network is an undirected weighted graph in rows: the shape Louvain works on. A loop holds the weight
// of everything inside a node that stands for several, counted from both ends.
type network struct {
	edges  [][]edge // ascending by node, without loops
	loop   []float64
	degree []float64 // sum of the edges of a node and its loop
	total  float64   // sum of the degrees
	foes   [][]int   // nodes that must not share a community
}

type edge struct {
	to     int
	weight float64
}

// newNetwork adds up the degrees. Edges must be listed from both of their ends.
func newNetwork(edges [][]edge, loop []float64, foes [][]int) *network {
	n := &network{edges: edges, loop: loop, degree: slices.Clone(loop), foes: foes}
	for i, row := range edges {
		for _, e := range row {
			n.degree[i] += e.weight
		}
		n.total += n.degree[i]
	}
	return n
}

// louvain improves a partition of the nodes until no single node and no whole community gains modularity
// by moving (Blondel et al. 2008, resolution after Reichardt and Bornholdt 2006). Nodes that are foes are
// never put together; the partition handed in must respect that. Gonum's Modularize knows neither foes
// nor a start, and needs both loops and weights of merged nodes to be left out, hence our own.
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

// positions is where the nodes are while they move.
type positions struct {
	community []int
	weight    []float64 // sum of the degrees in each community
	size      []int
	free      []int     // communities without nodes
	reach     []float64 // scratch: weight from the visited node to each community
}

func newPositions(n *network, community []int) *positions {
	count := len(community)
	at := &positions{community: community, weight: make([]float64, count), size: make([]int, count),
		reach: make([]float64, count)}
	for i, c := range community {
		at.weight[c] += n.degree[i]
		at.size[c]++
	}
	for c, size := range at.size {
		if size == 0 {
			at.free = append(at.free, c)
		}
	}
	return at
}

func (at *positions) move(i, target int, degree float64) {
	from := at.community[i]
	if at.size[target] == 0 {
		at.free = at.free[:len(at.free)-1] // best takes the last one
	}
	at.weight[from] -= degree
	at.weight[target] += degree
	at.size[from]--
	at.size[target]++
	if at.size[from] == 0 {
		at.weight[from] = 0
		at.free = append(at.free, from)
	}
	at.community[i] = target
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

// contract makes a network whose nodes are the communities, numbered from 0 without gaps.
func (n *network) contract(community []int) *network {
	members := membersOf(community)
	edges := make([][]edge, len(members))
	loop := make([]float64, len(members))
	foes := make([][]int, len(members))
	to := make([]float64, len(members))
	for c, nodes := range members {
		var met []int
		for _, i := range nodes {
			loop[c] += n.loop[i]
			for _, e := range n.edges[i] {
				other := community[e.to]
				if other == c {
					loop[c] += e.weight
					continue
				}
				if to[other] == 0 {
					met = append(met, other)
				}
				to[other] += e.weight
			}
			for _, foe := range n.foes[i] {
				foes[c] = append(foes[c], community[foe])
			}
		}
		slices.Sort(met)
		for _, other := range met {
			edges[c] = append(edges[c], edge{other, to[other]})
			to[other] = 0
		}
		slices.Sort(foes[c])
		foes[c] = slices.Compact(foes[c])
	}
	return newNetwork(edges, loop, foes)
}

// modularity is the share of weight inside communities beyond what chance would put there.
func (n *network) modularity(community []int, resolution float64) float64 {
	inside, degrees := 0.0, make([]float64, len(community))
	for i, c := range community {
		degrees[c] += n.degree[i]
		inside += n.loop[i]
		for _, e := range n.edges[i] {
			if community[e.to] == c {
				inside += e.weight
			}
		}
	}
	if n.total == 0 {
		return 0
	}
	expected := 0.0
	for _, d := range degrees {
		expected += d * d / n.total
	}
	return (inside - resolution*expected) / n.total
}
