package layout

import (
	"math"
	"slices"
)

// borders lists, for the lower or upper border of every box, the links that end
// there from left to right.
func (s *sheet) borders(visit func(box int, lower bool, links []int)) {
	for _, box := range s.box {
		down := slices.Clone(s.items[box].down)
		slices.SortStableFunc(down, func(a, b int) int { return s.pos[s.links[a].lower] - s.pos[s.links[b].lower] })
		up := slices.Clone(s.items[box].up)
		slices.SortStableFunc(up, func(a, b int) int { return s.pos[s.links[a].upper] - s.pos[s.links[b].upper] })
		visit(box, true, down)
		visit(box, false, up)
	}
}

// portRoom is how far from the middle of the box its lines may end, and how far
// apart they have to be.
func (s *sheet) portRoom(box, lines int) (reach, apart float64) {
	reach = max(0, math.Floor(s.items[box].width/2)-portInset)
	apart = portGap
	if lines > 1 {
		apart = min(apart, math.Floor(2*reach/float64(lines-1)))
	}
	return reach, apart
}

// roughPorts ends every line at a bend in the bend's middle, and at a box as
// near to its other end as the box and its other lines allow.
func (s *sheet) roughPorts() {
	for l, link := range s.links {
		s.port[l] = [2]float64{s.x[link.upper], s.x[link.lower]}
	}
	s.borders(func(box int, lower bool, links []int) {
		n := len(links)
		if n == 0 {
			return
		}
		reach, apart := s.portRoom(box, n)
		want, weight, gaps := make([]float64, n), make([]float64, n), make([]float64, n)
		for k, l := range links {
			other := s.links[l].lower
			if !lower {
				other = s.links[l].upper
			}
			want[k] = min(max(s.x[other], s.x[box]-reach), s.x[box]+reach)
			weight[k], gaps[k] = 1, apart
		}
		for k, at := range spread(want, weight, gaps) {
			least := s.x[box] - reach + float64(k)*apart
			most := s.x[box] + reach - float64(n-1-k)*apart
			s.port[links[k]][endAt(lower)] = math.Round(min(max(at, least), most))
		}
	})
	s.separatePorts()
}

// endAt is the index in port: a line at the lower border of a box begins there.
func endAt(lower bool) int {
	if lower {
		return 0
	}
	return 1
}

// separatePorts mends what rounding may have closed.
func (s *sheet) separatePorts() {
	s.borders(func(box int, lower bool, links []int) {
		reach, apart := s.portRoom(box, len(links))
		for k, l := range links {
			least := math.Ceil(s.x[box] - reach)
			if k > 0 {
				least = s.port[links[k-1]][endAt(lower)] + apart
			}
			s.port[l][endAt(lower)] = max(s.port[l][endAt(lower)], least)
		}
	})
}
