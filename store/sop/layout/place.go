package layout

import "math"

// How strongly things are drawn together. A line between two bends is kept
// straight before one at a box; a main line is kept in the middle of its boxes,
// and of any other line the end moves aside before the box does.
const (
	pullBend   = 16 // between two bends of a connection
	pullBox    = 4  // between a box and what is above or below it
	pullTarget = 6  // between a label and the box that its connection leads to
	pullColumn = 40 // along a main line
	pullCentre = 60 // of the end of a main line to the middle of its box
	pullAlone  = 8  // of the end of any line that has its side of the box for itself
	pullMiddle = 1  // of the end of another line
	pullLane   = 2  // of a lane to its box
)

// placeItems gives every item and every end of a link at a box its x. Rough
// places come from sweeps; the simplex then makes lines as straight as the
// order of the rows allows. It places the ends of lines together with the
// boxes, so that a line may leave a box beside its middle where that saves a
// bend.
func (s *sheet) placeItems() {
	s.x = make([]float64, len(s.items))
	s.port = make([][2]float64, len(s.links))
	s.sweepPlaces()
	s.roundPlaces()
	s.roughPorts()
	const most = 12000
	if len(s.items)+2*len(s.links) < most {
		s.straighten()
	}
	s.slideRuns()
}

// gap is the least distance between the middles of two neighbours of a row.
func (s *sheet) gap(a, b int) float64 {
	one, other := s.items[a], s.items[b]
	room := float64(lineGap)
	switch {
	case other.kind == loopItem:
		room = 4 // to its own box, or to another loop there
	case one.kind == boxItem && other.kind == boxItem:
		room = nodeGap
	case one.kind == laneItem && other.kind == boxItem && one.node == other.node,
		one.kind == boxItem && other.kind == laneItem && one.node == other.node:
		room = laneGap
	}
	return math.Ceil((one.width+other.width)/2) + room
}

// sweepPlaces begins with packed rows and moves every row, down and up in turn,
// to where its items are nearest to their neighbours.
func (s *sheet) sweepPlaces() {
	for r := range s.rows {
		items := s.ordered[r]
		at := 0.0
		for k, i := range items {
			if k > 0 {
				at += s.gap(items[k-1], i)
			}
			s.x[i] = at
		}
		for _, i := range items {
			s.x[i] -= at / 2
		}
	}
	for sweep := range min(16, 3*s.effort()) {
		for k := range s.rows {
			r := k
			if sweep%2 == 1 {
				r = len(s.rows) - 1 - k
			}
			s.settleRow(r)
		}
	}
}

// settleRow moves the items of a row as near to the mean of their neighbours,
// above and below, as their order and room allow.
func (s *sheet) settleRow(r int) {
	items := s.ordered[r]
	want := make([]float64, len(items))
	weight := make([]float64, len(items))
	for k, i := range items {
		sum, total := 0.0, 0.0
		pull := func(to int, w float64) {
			sum += w * s.x[to]
			total += w
		}
		for _, l := range s.items[i].up {
			pull(s.links[l].upper, float64(s.pullOf(l)))
		}
		for _, l := range s.items[i].down {
			pull(s.links[l].lower, float64(s.pullOf(l)))
		}
		want[k], weight[k] = s.x[i], 0.01
		if total > 0 {
			want[k], weight[k] = sum/total, total
		}
	}
	gaps := make([]float64, len(items))
	for k := 1; k < len(items); k++ {
		gaps[k] = s.gap(items[k-1], items[k])
	}
	for k, at := range spread(want, weight, gaps) {
		s.x[items[k]] = at
	}
}

// pullOf is how strongly a link is kept straight.
func (s *sheet) pullOf(l int) int {
	link := s.links[l]
	upper, lower := s.items[link.upper].kind, s.items[link.lower].kind
	switch {
	case s.column[link.edge]:
		return pullColumn
	case upper != boxItem && lower != boxItem:
		return pullBend
	case upper == labelItem:
		return pullTarget
	}
	return pullBox
}

// spread finds the places nearest to those that are wanted, by weighted squares,
// that keep the gaps: gaps[k] is between k-1 and k. It is isotonic regression
// by pooling adjacent violators (Ayer et al., "An Empirical Distribution
// Function for Sampling with Incomplete Information", 1955).
func spread(want, weight, gaps []float64) []float64 {
	type pool struct {
		mean, weight float64
		count        int
	}
	var pools []pool
	offset := make([]float64, len(want))
	for k := range want {
		if k > 0 {
			offset[k] = offset[k-1] + gaps[k]
		}
		p := pool{want[k] - offset[k], weight[k], 1}
		for len(pools) > 0 && pools[len(pools)-1].mean >= p.mean {
			last := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			total := last.weight + p.weight
			p = pool{(last.mean*last.weight + p.mean*p.weight) / total, total, last.count + p.count}
		}
		pools = append(pools, p)
	}
	places := make([]float64, 0, len(want))
	for _, p := range pools {
		for range p.count {
			places = append(places, p.mean+offset[len(places)])
		}
	}
	return places
}

// roundPlaces goes to whole pixels without closing a gap.
func (s *sheet) roundPlaces() {
	for r := range s.rows {
		items := s.ordered[r]
		for k, i := range items {
			s.x[i] = math.Round(s.x[i])
			if k > 0 {
				s.x[i] = max(s.x[i], s.x[items[k-1]]+s.gap(items[k-1], i))
			}
		}
	}
}
