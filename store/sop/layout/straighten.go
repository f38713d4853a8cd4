package layout

// straightenVisits bounds the work: a graph of several hundred steps needs less,
// and one that needs more has no good drawing anyway.
const straightenVisits = 3_000_000

// straighten makes the lines straight by the simplex (Gansner et al., section
// 4): the least sum of the lengths of all horizontal pieces, each at its
// weight, that keeps the order of the rows and the room between things.
func (s *sheet) straighten() {
	p := newSimplex(0)
	at := make([]int, len(s.items))
	for i := range s.items {
		at[i] = p.variable(int(s.x[i]))
	}
	ends := make([][2]int, len(s.links))
	for l, link := range s.links {
		ends[l] = [2]int{at[link.upper], at[link.lower]}
	}
	s.keepOrder(p, at)
	s.borders(func(box int, lower bool, links []int) {
		s.keepPorts(p, at[box], box, endAt(lower), links, ends)
	})
	for l := range s.links {
		p.attract(ends[l][0], ends[l][1], 0, s.pullOf(l))
	}
	for edge, chain := range s.chain {
		if !s.back[edge] {
			continue
		}
		for _, lane := range []int{chain[0], chain[len(chain)-1]} {
			p.attract(at[lane], at[s.box[s.items[lane].node]], 0, pullLane)
		}
	}
	p.solve(straightenVisits)
	for i := range s.items {
		s.x[i] = float64(p.value[at[i]])
	}
	for l := range s.links {
		s.port[l] = [2]float64{float64(p.value[ends[l][0]]), float64(p.value[ends[l][1]])}
	}
}

func (s *sheet) keepOrder(p *simplex, at []int) {
	for r := range s.rows {
		items := s.ordered[r]
		for k := 1; k < len(items); k++ {
			p.require(at[items[k-1]], at[items[k]], int(s.gap(items[k-1], items[k])), 0)
		}
	}
}

// keepPorts makes the ends of lines at one border of a box variables of their
// own, which stay at the border and apart.
func (s *sheet) keepPorts(p *simplex, middle, box, end int, links []int, ends [][2]int) {
	reach, apart := s.portRoom(box, len(links))
	for k, l := range links {
		v := p.variable(int(s.port[l][end]))
		ends[l][end] = v
		pull := pullMiddle
		switch {
		case s.column[s.links[l].edge]:
			pull = pullCentre
		case len(links) == 1:
			pull = pullAlone
		}
		p.attract(v, middle, 0, pull)
		if k == 0 {
			p.require(middle, v, -int(reach), 0)
		} else {
			p.require(ends[links[k-1]][end], v, int(apart), 0)
		}
		if k == len(links)-1 {
			p.require(v, middle, -int(reach), 0)
		}
	}
}
