package layout

import "slices"

// fastened lists for each node the lanes and loops at one of its sides, from
// the box outwards: loops, then short lanes, then long ones, so that they nest.
func (s *sheet) fastened(where side) [][]int {
	lists := make([][]int, len(s.nodes))
	for edge, chain := range s.chain {
		switch {
		case len(chain) == 1 && where == right:
			node := s.items[chain[0]].node
			lists[node] = append(lists[node], chain[0])
		case s.back[edge] && s.sides[edge] == where:
			for _, end := range []int{chain[0], chain[len(chain)-1]} {
				node := s.items[end].node
				lists[node] = append(lists[node], end)
			}
		}
	}
	span := func(i int) int { return len(s.chain[s.items[i].edge]) }
	for _, list := range lists {
		slices.SortStableFunc(list, func(a, b int) int { return span(a) - span(b) })
	}
	return lists
}

// boxUnits makes the unit of each node: what is fastened to its left, the box,
// what is fastened to its right.
func (s *sheet) boxUnits() [][]int {
	lefts, rights := s.fastened(left), s.fastened(right)
	units := make([][]int, len(s.nodes))
	for i := range s.nodes {
		slices.Reverse(lefts[i])
		units[i] = slices.Concat(lefts[i], []int{s.box[i]}, rights[i])
	}
	return units
}

// refasten moves what is fastened to its side after a side has changed, and
// leaves the order of the units as it is.
func (s *sheet) refasten() {
	units := s.boxUnits()
	for r := range s.rows {
		for k, unit := range s.rows[r].units {
			if node := s.boxOf(unit); node >= 0 {
				s.rows[r].units[k] = units[node]
			}
		}
	}
	s.number()
}

// boxOf is the node whose box is in the unit, -1 if there is none.
func (s *sheet) boxOf(unit []int) int {
	for _, i := range unit {
		if s.items[i].kind == boxItem {
			return s.items[i].node
		}
	}
	return -1
}

// number brings pos and unit up to date with the units.
func (s *sheet) number() {
	for r := range s.rows {
		s.numberRow(r)
	}
}

func (s *sheet) numberRow(r int) {
	at := 0
	for k, unit := range s.rows[r].units {
		for _, i := range unit {
			s.pos[i], s.unit[i] = at, k
			at++
		}
	}
}

// firstOrder puts the units into rows as a reader meets them: depth first from
// the steps that nothing leads to, ways on in input order, or the other way
// round.
func (s *sheet) firstOrder(reverse bool) {
	for r := range s.rows {
		s.rows[r].units = nil
	}
	units := s.boxUnits()
	put := func(unit []int) {
		r := &s.rows[s.items[unit[0]].row]
		r.units = append(r.units, unit)
	}
	exits := s.exits(func(int) bool { return true })
	seen := make([]bool, len(s.nodes))
	for _, root := range s.roots() {
		stack := []int{root}
		for len(stack) > 0 {
			node := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[node] {
				continue
			}
			seen[node] = true
			put(units[node])
			ways := slices.Clone(exits[node])
			if reverse {
				slices.Reverse(ways)
			}
			for _, edge := range ways {
				for _, i := range s.chain[edge] {
					if k := s.items[i].kind; k == bendItem || k == labelItem {
						put([]int{i})
					}
				}
			}
			for k := len(ways) - 1; k >= 0; k-- {
				if to := s.ends[ways[k]][1]; !seen[to] && !s.back[ways[k]] {
					stack = append(stack, to)
				}
			}
		}
	}
	s.number()
}

// roots are all nodes, those of the first row first.
func (s *sheet) roots() []int {
	var roots, rest []int
	for i := range s.nodes {
		if s.rank[i] == 0 {
			roots = append(roots, i)
		} else {
			rest = append(rest, i)
		}
	}
	return append(roots, rest...)
}
