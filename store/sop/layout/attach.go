package layout

// sideOf is the x of the side of a box at which an edge that leads back ends.
func (s *sheet) sideOf(b Box, edge int) float64 {
	if s.sides[edge] == left {
		return b.X
	}
	return b.X + b.W
}

// attachments are the heights at which lanes meet the sides of their boxes. A
// lane alone meets the middle. Of several, those that come up from below take
// the lower part and those that go up the upper part, the outer ones nearer to
// the middle, so that none crosses another.
func (s *sheet) attachments(boxes []Box) map[int]float64 {
	attach := map[int]float64{}
	for _, where := range []side{left, right} {
		for node, list := range s.fastenedNow(where) {
			b := boxes[node]
			if s.ownLoops[node] && where == right {
				continue // own loops and nothing else
			}
			if len(list) == 1 {
				attach[list[0]] = b.Y + b.H/2
				continue
			}
			var upward, downward []int
			for _, i := range list {
				if len(s.items[i].up) > 0 {
					upward = append(upward, i)
				} else {
					downward = append(downward, i)
				}
			}
			high, low := 0.5, 0.5 // as far as the two kinds may come to the middle
			if len(upward) == 0 {
				low = 0.2
			}
			if len(downward) == 0 {
				high = 0.8
			}
			for k, i := range upward {
				attach[i] = b.Y + b.H*(0.1+(high-0.1)*float64(k+1)/float64(len(upward)+1))
			}
			for k, i := range downward {
				attach[i] = b.Y + b.H*(0.9-(0.9-low)*float64(k+1)/float64(len(downward)+1))
			}
		}
	}
	return attach
}

// fastenedNow is what stands at one side of each box, from the box outwards.
func (s *sheet) fastenedNow(where side) [][]int {
	lists := make([][]int, len(s.nodes))
	for r := range s.rows {
		for _, unit := range s.rows[r].units {
			node := s.boxOf(unit)
			if node < 0 {
				continue
			}
			at := 0
			for k, i := range unit {
				if i == s.box[node] {
					at = k
				}
			}
			if where == right {
				lists[node] = append(lists[node], unit[at+1:]...)
				continue
			}
			for k := at - 1; k >= 0; k-- {
				lists[node] = append(lists[node], unit[k])
			}
		}
	}
	return lists
}
