package layout

// ranks gives every node its row so that connections lead down, by as little as
// possible in sum (Gansner et al., section 2). An edge that leads back counts
// as if it led the other way, at less weight.
func (p piece) ranks(back []bool) []int {
	const (
		forward, backward = 2, 1
		rankVisits        = 4_000_000
	)
	s := newSimplex(len(p.nodes))
	for i, ends := range p.ends {
		switch {
		case ends[0] == ends[1]:
		case back[i]:
			s.require(ends[1], ends[0], 1, backward)
		default:
			s.require(ends[0], ends[1], 1, forward)
		}
	}
	s.longestPaths()
	s.solve(rankVisits)
	least := s.value[0]
	for _, v := range s.value {
		least = min(least, v)
	}
	rank := make([]int, len(p.nodes))
	for i := range rank {
		rank[i] = s.value[i] - least
	}
	return rank
}

// longestPaths gives every variable the least value that its constraints allow.
// The constraints must not form a loop.
func (s *simplex) longestPaths() {
	open := make([]int, len(s.value))
	leaving := make([][]int, len(s.value))
	for i, c := range s.constraints {
		open[c.head]++
		leaving[c.tail] = append(leaving[c.tail], i)
	}
	var ready []int
	for v, n := range open {
		if n == 0 {
			ready = append(ready, v)
		}
	}
	for ; len(ready) > 0; ready = ready[1:] {
		for _, i := range leaving[ready[0]] {
			c := s.constraints[i]
			s.value[c.head] = max(s.value[c.head], s.value[c.tail]+c.length)
			if open[c.head]--; open[c.head] == 0 {
				ready = append(ready, c.head)
			}
		}
	}
}
