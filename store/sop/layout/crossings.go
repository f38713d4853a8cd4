package layout

import "slices"

// crossings counts the crossings between a row and the one below, by the
// method of Barth, Jünger and Mutzel ("Simple and Efficient Bilayer Cross
// Counting", Graph Drawing 2002): with the links in the order of their upper
// ends, a crossing is a pair whose lower ends are in the wrong order.
func (s *sheet) crossings(r int) int {
	if r < 0 || r+1 >= len(s.rows) {
		return 0
	}
	var lower []int
	width := 0
	for _, unit := range s.rows[r].units {
		for _, i := range unit {
			from := len(lower)
			for _, l := range s.items[i].down {
				at := s.pos[s.links[l].lower]
				lower = append(lower, at)
				width = max(width, at+1)
			}
			slices.Sort(lower[from:])
		}
	}
	// sums is a Fenwick tree: how many lower ends so far are at or before a place.
	sums := make([]int, width+1)
	count := 0
	for seen, at := range lower {
		before := 0
		for k := at + 1; k > 0; k -= k & -k {
			before += sums[k]
		}
		count += seen - before
		for k := at + 1; k <= width; k += k & -k {
			sums[k]++
		}
	}
	return count
}

func (s *sheet) allCrossings() int {
	count := 0
	for r := range s.rows {
		count += s.crossings(r)
	}
	return count
}

// gain is by how many crossings it is better to have b before a than a before
// b, when both stand next to each other.
func (s *sheet) gain(a, b []int) int {
	total := 0
	for _, upward := range []bool{true, false} {
		one, other := s.neighbours(nil, a, upward), s.neighbours(nil, b, upward)
		total += pairsAbove(one, other) - pairsAbove(other, one)
	}
	return total
}

// neighbours appends to a list, sorted, the places that the items are linked to
// in the row above or below.
func (s *sheet) neighbours(places, items []int, upward bool) []int {
	from := len(places)
	for _, i := range items {
		if upward {
			for _, l := range s.items[i].up {
				places = append(places, s.pos[s.links[l].upper])
			}
		} else {
			for _, l := range s.items[i].down {
				places = append(places, s.pos[s.links[l].lower])
			}
		}
	}
	if len(places) > from+1 {
		slices.Sort(places[from:])
	}
	return places
}

// pairsAbove counts the pairs of which the first is greater; both are sorted.
func pairsAbove(first, second []int) int {
	count, below := 0, 0
	for _, v := range first {
		for below < len(second) && second[below] < v {
			below++
		}
		count += below
	}
	return count
}
