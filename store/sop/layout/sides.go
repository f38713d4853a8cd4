package layout

// chooseSides moves the lane of a connection that leads back to the other side
// of its boxes where that saves crossings. With many of them the choice is left
// as it is: every try counts all crossings anew.
func (s *sheet) chooseSides() {
	const most = 60_000
	var candidates []int
	for edge, back := range s.back {
		if back && !s.besideOwnLoop(edge) {
			candidates = append(candidates, edge)
		}
	}
	if len(candidates)*len(s.items) > most {
		return
	}
	fewest := s.allCrossings()
	for _, edge := range candidates {
		before := s.snapshot()
		s.sides[edge] = 1 - s.sides[edge]
		s.refasten()
		s.reroute(edge)
		if count := s.allCrossings(); count < fewest {
			fewest = count
			continue
		}
		s.sides[edge] = 1 - s.sides[edge]
		for r := range s.rows {
			s.rows[r].units = before[r]
		}
		s.number()
	}
}

// besideOwnLoop reports whether one of the edge's steps has a connection to
// itself. Those take the right side, and lanes then keep to the left.
func (s *sheet) besideOwnLoop(edge int) bool {
	for _, node := range s.ends[edge] {
		if s.ownLoops[node] {
			return true
		}
	}
	return false
}
