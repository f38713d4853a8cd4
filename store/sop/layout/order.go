package layout

import "slices"

// orderRows looks for an order of every row with few crossings: sweeps down and
// up that sort each row by the mean place of its neighbours (the barycentre
// method of Sugiyama et al.), each followed by exchanges of neighbours that
// save crossings (Gansner et al., section 3). It begins from two first orders
// and keeps the best order that it sees.
func (s *sheet) orderRows() {
	s.pos, s.unit = make([]int, len(s.items)), make([]int, len(s.items))
	best, fewest := [][][]int(nil), -1
	var bestSides []side
	keep := func() {
		if count := s.allCrossings(); fewest < 0 || count < fewest {
			fewest, best, bestSides = count, s.snapshot(), slices.Clone(s.sides)
		}
	}
	sides := slices.Clone(s.sides)
	for _, reverse := range []bool{false, true} {
		if reverse && (fewest == 0 || s.effort() < 4) {
			break
		}
		copy(s.sides, sides)
		s.firstOrder(reverse)
		s.exchangeNeighbours()
		keep()
		for sweep := 0; sweep < s.effort() && fewest > 0; sweep++ {
			s.sweep(sweep%2 == 0, sweep%4 >= 2)
			s.exchangeNeighbours()
			keep()
			if len(s.items) < 3000 {
				s.rerouteAll()
				s.chooseSides()
				s.exchangeNeighbours()
				keep()
			}
		}
	}
	s.sides = bestSides
	for r := range s.rows {
		s.rows[r].units = best[r]
		s.ordered = append(s.ordered, slices.Concat(best[r]...))
	}
	s.number()
}

// effort is the number of sweeps, less for graphs that nobody reads as a whole.
func (s *sheet) effort() int {
	switch n := len(s.items); {
	case n < 1000:
		return 24
	case n < 6000:
		return 10
	case n < 30000:
		return 4
	}
	return 2
}

func (s *sheet) snapshot() [][][]int {
	rows := make([][][]int, len(s.rows))
	for r := range s.rows {
		rows[r] = make([][]int, len(s.rows[r].units))
		for k, unit := range s.rows[r].units {
			rows[r][k] = slices.Clone(unit)
		}
	}
	return rows
}

func (s *sheet) sweep(down, lastFirst bool) {
	for k := range s.rows {
		r := k
		if !down {
			r = len(s.rows) - 1 - k
		}
		s.sortRow(r, down, lastFirst)
		s.numberRow(r)
	}
}

// sortRow sorts the units of a row by their neighbours in the row before it in
// the sweep. A unit without such neighbours keeps its place. lastFirst turns
// the order of units that are alike, which gets a sweep out of a rut.
func (s *sheet) sortRow(r int, down, lastFirst bool) {
	type weighted struct {
		unit []int
		mean float64
	}
	var sortable []weighted
	var slots []int
	units := s.rows[r].units
	var places []int
	for k, unit := range units {
		places = s.neighbours(places[:0], unit, down)
		if len(places) == 0 {
			continue
		}
		sum := 0
		for _, at := range places {
			sum += at
		}
		sortable = append(sortable, weighted{unit, float64(sum) / float64(len(places))})
		slots = append(slots, k)
	}
	if lastFirst {
		slices.Reverse(sortable)
	}
	slices.SortStableFunc(sortable, func(a, b weighted) int {
		switch {
		case a.mean < b.mean:
			return -1
		case a.mean > b.mean:
			return 1
		}
		return 0
	})
	for k, slot := range slots {
		units[slot] = sortable[k].unit
	}
}
