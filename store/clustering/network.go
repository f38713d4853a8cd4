package clustering

import "slices"

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
