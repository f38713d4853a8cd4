package layout

import "slices"

// columns marks the edges that carry on a main line, so that the steps along it
// stand one below the other: from each step the one to where the most steps
// follow, if it also is the one to that step from where the most steps lead.
func (s *sheet) columns() []bool {
	follow := s.longest(true)
	lead := s.longest(false)
	favourite := make([]int, len(s.nodes)) // exit of each node
	source := make([]int, len(s.nodes))    // entry of each node
	for node, box := range s.box {
		favourite[node] = s.favoured(s.items[box].down, 1, follow)
		source[node] = s.favoured(s.items[box].up, 0, lead)
	}
	column := make([]bool, len(s.edges))
	for i := range s.nodes {
		if f := favourite[i]; f >= 0 && source[s.ends[f][1]] == f {
			column[f] = true
		}
	}
	return column
}

// favoured is the edge, of those whose links are given, whose far end is on the
// longest way; of several the middle one, so that a way that splits in three
// carries on in the middle. It is -1 without links.
func (s *sheet) favoured(links []int, far int, way []int) int {
	var best []int
	for _, l := range links {
		edge := s.links[l].edge
		here := way[s.ends[edge][far]]
		if len(best) > 0 && here < way[s.ends[s.links[best[0]].edge][far]] {
			continue
		}
		if len(best) > 0 && here > way[s.ends[s.links[best[0]].edge][far]] {
			best = nil
		}
		best = append(best, l)
	}
	if len(best) == 0 {
		return -1
	}
	slices.SortStableFunc(best, func(a, b int) int {
		if far == 1 {
			return s.pos[s.links[a].lower] - s.pos[s.links[b].lower]
		}
		return s.pos[s.links[a].upper] - s.pos[s.links[b].upper]
	})
	return s.links[best[(len(best)-1)/2]].edge
}

// longest is the number of edges on the longest way on from each node, or on
// the longest way to it. Ranks are an order in which it can be summed up.
func (s *sheet) longest(onward bool) []int {
	byRank := make([][]int, len(s.rows))
	near := 1
	if onward {
		near = 0
	}
	for edge, ends := range s.ends {
		if !s.back[edge] && ends[0] != ends[1] {
			r := s.rank[ends[near]]
			byRank[r] = append(byRank[r], edge)
		}
	}
	length := make([]int, len(s.nodes))
	for k := range byRank {
		r := k
		if onward {
			r = len(byRank) - 1 - k
		}
		for _, edge := range byRank[r] {
			here, there := s.ends[edge][near], s.ends[edge][1-near]
			length[here] = max(length[here], length[there]+1)
		}
	}
	return length
}
