package layout

import "slices"

// heavy is what a crossing costs on the way of a rerouted connection: more than
// all reasons to prefer one of two ways with the same crossings.
const heavy = 10_000

// reroute finds the best way for one connection through the rows between its
// ends while everything else stays: in every row the place with which the whole
// connection crosses the fewest others. Exchanges of neighbours cannot find it
// when every single step on the way makes things worse. It is a shortest path
// through the places of the rows.
func (s *sheet) reroute(edge int) {
	chain := s.chain[edge]
	if len(chain) < 3 {
		return
	}
	middle := chain[1 : len(chain)-1]
	was := make([]int, len(middle))
	for k, i := range middle {
		was[k] = s.takeOut(i)
	}
	costs := []int{0}                    // by place in the row before
	from := make([][]int, len(middle)+1) // by place: the best place in the row before
	for k := range len(middle) + 1 {
		first, last := -1, -1
		if k == 0 {
			first = chain[0]
		}
		if k == len(middle) {
			last = chain[len(chain)-1]
		}
		step := s.stepCosts(s.items[chain[k]].row, edge, first, last)
		costs, from[k] = cheapestSteps(costs, step)
		if k < len(middle) {
			for place := range costs {
				if place != was[k] {
					costs[place]++ // of equal ways the one that there was
				}
			}
		}
	}
	place := 0
	for k := len(middle) - 1; k >= 0; k-- {
		place = from[k+1][place]
		s.putIn(middle[k], place)
	}
}

// cheapestSteps goes on by one row: for each place there the least cost of a
// way to it, and the place in the row before that the way comes from.
func cheapestSteps(costs []int, step [][]int) (next, from []int) {
	next, from = make([]int, len(step[0])), make([]int, len(step[0]))
	for to := range next {
		for at := range step {
			if cost := costs[at] + step[at][to]; at == 0 || cost < next[to] {
				next[to], from[to] = cost, at
			}
		}
	}
	return next, from
}

// takeOut takes an item that stands alone out of its row and returns its place.
func (s *sheet) takeOut(i int) int {
	r := &s.rows[s.items[i].row]
	at := s.unit[i]
	r.units = slices.Delete(r.units, at, at+1)
	s.numberRow(s.items[i].row)
	return at
}

func (s *sheet) putIn(i, at int) {
	r := &s.rows[s.items[i].row]
	r.units = slices.Insert(r.units, at, []int{i})
	s.numberRow(s.items[i].row)
}

// stepCosts are the crossings of a line from each place in row r to each place
// in the row below with all links there but those of the edge. Place k is before
// unit k. Where upper or lower is an item, the line begins or ends there, and
// there is one place only.
func (s *sheet) stepCosts(r, edge, upper, lower int) [][]int {
	places := func(r, end int) int {
		if end >= 0 {
			return 1
		}
		return len(s.rows[r].units) + 1
	}
	width := places(r+1, lower)
	costs := make([][]int, places(r, upper))
	for at := range costs {
		costs[at] = make([]int, width)
	}
	for _, unit := range s.rows[r].units {
		for _, i := range unit {
			for _, l := range s.items[i].down {
				if s.links[l].edge == edge {
					continue
				}
				for at := range costs {
					begins := s.sideOfPlace(i, at, upper)
					for to := range width {
						if begins*s.sideOfPlace(s.links[l].lower, to, lower) < 0 {
							costs[at][to] += heavy
						}
					}
				}
			}
		}
	}
	return costs
}

// sideOfPlace is negative for an item left of a place and positive for one
// right of it. If end is an item, the place is that item, and the result for it
// is 0: lines that meet at a box do not cross there.
func (s *sheet) sideOfPlace(i, place, end int) int {
	switch {
	case end >= 0:
		return s.pos[i] - s.pos[end]
	case s.unit[i] < place:
		return -1
	}
	return 1
}

// rerouteAll reroutes the connections that pass through rows, one by one.
func (s *sheet) rerouteAll() {
	for edge := range s.chain {
		s.reroute(edge)
	}
}
