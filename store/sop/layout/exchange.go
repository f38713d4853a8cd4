package layout

// exchangeNeighbours exchanges units that stand next to each other, and lanes
// at the same side of a box, as long as that saves crossings. After the first
// round it looks only at rows near which something changed.
func (s *sheet) exchangeNeighbours() {
	look := make([]bool, len(s.rows)+2) // row r is at r+1
	for r := range look {
		look[r] = true
	}
	for range s.effort() {
		next := make([]bool, len(s.rows)+2)
		improved := false
		for r := range s.rows {
			if look[r+1] && s.exchangeRow(r) {
				improved = true
				next[r], next[r+1], next[r+2] = true, true, true
			}
		}
		if !improved {
			return
		}
		look = next
	}
}

func (s *sheet) exchangeRow(r int) bool {
	units := s.rows[r].units
	above, below := s.rowNeighbours(r)
	improved := false
	for k := 1; k < len(units); k++ {
		gain := pairsAbove(above[k-1], above[k]) - pairsAbove(above[k], above[k-1]) +
			pairsAbove(below[k-1], below[k]) - pairsAbove(below[k], below[k-1])
		if gain > 0 {
			units[k-1], units[k] = units[k], units[k-1]
			above[k-1], above[k] = above[k], above[k-1]
			below[k-1], below[k] = below[k], below[k-1]
			improved = true
		}
	}
	for _, unit := range units {
		if len(unit) > 2 && s.exchangeLanes(unit) {
			improved = true
		}
	}
	if improved {
		s.numberRow(r)
	}
	return improved
}

// rowNeighbours are the neighbours of every unit of a row, above and below.
func (s *sheet) rowNeighbours(r int) (above, below [][]int) {
	units := s.rows[r].units
	above, below = make([][]int, len(units)), make([][]int, len(units))
	var places []int
	for k, unit := range units {
		from := len(places)
		places = s.neighbours(places, unit, true)
		middle := len(places)
		places = s.neighbours(places, unit, false)
		above[k], below[k] = places[from:middle:middle], places[middle:len(places):len(places)]
	}
	return above, below
}

func (s *sheet) exchangeLanes(unit []int) bool {
	improved := false
	for k := 1; k < len(unit); k++ {
		if s.items[unit[k-1]].kind != laneItem || s.items[unit[k]].kind != laneItem {
			continue
		}
		if s.gain(unit[k-1:k], unit[k:k+1]) > 0 {
			unit[k-1], unit[k] = unit[k], unit[k-1]
			improved = true
		}
	}
	return improved
}
