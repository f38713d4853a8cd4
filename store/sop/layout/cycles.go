package layout

// backEdges marks the edges that lead back, so that the others have no loop.
// Edges of a step to itself are not marked.
//
// First the edges that are not meant to lead back are searched depth first from
// the steps that nothing leads to, in input order; an edge to a step whose
// search is not finished closes a loop and is marked. Then each edge that is
// meant to lead back is marked if it closes a loop with what is left.
func (p piece) backEdges() []bool {
	back := make([]bool, len(p.edges))
	s := depthSearch{piece: p, exits: p.exits(func(i int) bool { return !p.edges[i].Loop }), back: back,
		state: make([]searchState, len(p.nodes))}
	entered := make([]bool, len(p.nodes))
	for i, ends := range p.ends {
		if !p.edges[i].Loop {
			entered[ends[1]] = true
		}
	}
	for _, needsEntry := range []bool{false, true} {
		for i := range p.nodes {
			if entered[i] == needsEntry && s.state[i] == unseen {
				s.from(i)
			}
		}
	}
	p.markLoops(back)
	return back
}

// exits lists for each node the edges that leave it, of those that count.
func (p piece) exits(counts func(edge int) bool) [][]int {
	exits := make([][]int, len(p.nodes))
	for i, ends := range p.ends {
		if ends[0] != ends[1] && counts(i) {
			exits[ends[0]] = append(exits[ends[0]], i)
		}
	}
	return exits
}

type searchState int

const (
	unseen searchState = iota
	open
	finished
)

// depthSearch searches with its own stack, because a chain may be long.
type depthSearch struct {
	piece
	exits [][]int
	back  []bool
	state []searchState
}

func (s *depthSearch) from(root int) {
	type visit struct{ node, exit int }
	stack := []visit{{node: root}}
	s.state[root] = open
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.exit == len(s.exits[top.node]) {
			s.state[top.node] = finished
			stack = stack[:len(stack)-1]
			continue
		}
		edge := s.exits[top.node][top.exit]
		top.exit++
		to := s.ends[edge][1]
		switch s.state[to] {
		case open:
			s.back[edge] = true
		case unseen:
			s.state[to] = open
			stack = append(stack, visit{node: to})
		}
	}
}

// markLoops decides about the edges that are meant to lead back, one by one:
// one that does not close a loop leads forward after all.
func (p piece) markLoops(back []bool) {
	exits := p.exits(func(i int) bool { return !p.edges[i].Loop && !back[i] })
	for i, ends := range p.ends {
		if !p.edges[i].Loop || ends[0] == ends[1] {
			continue
		}
		if p.leadsTo(exits, ends[1], ends[0]) {
			back[i] = true
		} else {
			exits[ends[0]] = append(exits[ends[0]], i)
		}
	}
}

func (p piece) leadsTo(exits [][]int, from, to int) bool {
	seen := make([]bool, len(p.nodes))
	seen[from] = true
	for queue := []int{from}; len(queue) > 0; queue = queue[1:] {
		if queue[0] == to {
			return true
		}
		for _, edge := range exits[queue[0]] {
			if next := p.ends[edge][1]; !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}
