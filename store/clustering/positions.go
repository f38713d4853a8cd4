package clustering

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
