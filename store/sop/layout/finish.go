package layout

import "slices"

// placeRows gives every row its height and its y. Between two rows there is
// room for the lines that cross over, at least the usual gap.
func (s *sheet) placeRows() {
	y := 0.0
	for r := range s.rows {
		row := &s.rows[r]
		for _, i := range s.ordered[r] {
			item := s.items[i]
			if item.kind == boxItem {
				item.height = s.nodes[item.node].Height
			}
			row.height = max(row.height, item.height)
		}
		row.y = y
		y += row.height
		if r+1 == len(s.rows) {
			break
		}
		gap := float64(labelGap)
		if row.rank >= 0 && s.rows[r+1].rank >= 0 {
			gap = rowGap
		}
		if row.trackCount > 0 {
			gap = max(gap, 2*turnGap+float64(row.trackCount-1)*trackGap)
		}
		// The tracks stand in the middle of the gap.
		row.tracksBegin = y + (gap-float64(row.trackCount-1)*trackGap)/2
		y += gap
	}
}

// finish turns rows and places into boxes and paths, with the upper left corner
// of everything at 0, 0.
func (s *sheet) finish(tracks []int) pieceDrawing {
	d := pieceDrawing{piece: s.piece}
	for i, n := range s.nodes {
		row := s.rows[s.items[s.box[i]].row]
		d.boxes = append(d.boxes, Box{
			ID: n.ID, W: n.Width, H: n.Height, Rank: s.rank[i],
			X: s.x[s.box[i]] - n.Width/2,
			Y: row.y + (row.height-n.Height)/2,
		})
	}
	attach := s.attachments(d.boxes)
	for edge := range s.edges {
		d.paths = append(d.paths, s.path(edge, d.boxes, attach, tracks))
	}
	s.trim(&d)
	return d
}

// path routes one connection from top to bottom, and turns it round if it leads
// back.
func (s *sheet) path(edge int, boxes []Box, attach map[int]float64, tracks []int) Path {
	e := s.edges[edge]
	p := Path{ID: e.ID, Back: s.back[edge] || s.ends[edge][0] == s.ends[edge][1]}
	chain := s.chain[edge]
	if len(chain) == 1 {
		return s.ownLoop(p, chain[0], boxes)
	}
	p.Points = append(p.Points, s.beginning(chain[0], edge, boxes, attach)...)
	for k := 1; k < len(chain); k++ {
		l := s.linkBetween(chain[k-1], edge)
		from, to := s.port[l][0], s.port[l][1]
		if tracks[l] >= 0 {
			row := s.rows[s.items[chain[k-1]].row]
			y := row.tracksBegin + float64(tracks[l])*trackGap
			p.Points = append(p.Points, Point{from, y}, Point{to, y})
		}
	}
	p.Points = append(p.Points, s.ending(chain[len(chain)-1], edge, boxes, attach)...)
	if s.back[edge] {
		slices.Reverse(p.Points)
	}
	p.Points = straightened(p.Points)
	p.LabelAt = s.labelPlace(chain, p.Points)
	return p
}

// linkBetween is the link of an edge that leads down from an item.
func (s *sheet) linkBetween(upper, edge int) int {
	for _, l := range s.items[upper].down {
		if s.links[l].edge == edge {
			return l
		}
	}
	return -1
}

func (s *sheet) beginning(first, edge int, boxes []Box, attach map[int]float64) []Point {
	node := s.items[first].node
	if s.items[first].kind == laneItem {
		y := attach[first]
		return []Point{{s.sideOf(boxes[node], edge), y}, {s.x[first], y}}
	}
	x := s.port[s.linkBetween(first, edge)][0]
	return []Point{{x, boxes[node].Y + boxes[node].H}}
}

func (s *sheet) ending(last, edge int, boxes []Box, attach map[int]float64) []Point {
	node := s.items[last].node
	if s.items[last].kind == laneItem {
		y := attach[last]
		return []Point{{s.x[last], y}, {s.sideOf(boxes[node], edge), y}}
	}
	for _, l := range s.items[last].up {
		if s.links[l].edge == edge {
			return []Point{{s.port[l][1], boxes[node].Y}}
		}
	}
	return nil
}

// ownLoop is the path of a connection from a step to itself, at its right side.
// Several of them share the height of the box.
func (s *sheet) ownLoop(p Path, item int, boxes []Box) Path {
	b := boxes[s.items[item].node]
	at, count := s.amongOwnLoops(item)
	middle := b.Y + b.H*(float64(at)+0.5)/float64(count)
	reach := min(6, b.H*0.3/float64(count))
	begin := s.x[item] - s.items[item].width/2
	x := begin + laneGap - 10
	p.Points = []Point{{b.X + b.W, middle - reach}, {x, middle - reach}, {x, middle + reach}, {b.X + b.W, middle + reach}}
	p.LabelAt = Point{begin + laneGap - 4 + s.edges[s.items[item].edge].LabelWidth/2, middle}
	return p
}

// amongOwnLoops is the place of an own loop among those of its box.
func (s *sheet) amongOwnLoops(item int) (at, count int) {
	for _, i := range s.rows[s.items[item].row].units[s.unit[item]] {
		if s.items[i].kind == loopItem {
			if i == item {
				at = count
			}
			count++
		}
	}
	return at, count
}

// labelPlace is the middle of the label's room, and the middle of the path when
// there is no such room.
func (s *sheet) labelPlace(chain []int, points []Point) Point {
	for _, i := range chain {
		if s.items[i].kind == labelItem {
			row := s.rows[s.items[i].row]
			return Point{s.x[i], row.y + row.height/2}
		}
	}
	return middle(points)
}

// trim moves everything so that the drawing begins at 0, 0, and measures it.
func (s *sheet) trim(d *pieceDrawing) {
	b := newBounds()
	for _, box := range d.boxes {
		b.add(box.X, box.Y)
		b.add(box.X+box.W, box.Y+box.H)
	}
	for edge, p := range d.paths {
		for _, at := range p.Points {
			b.add(at.X, at.Y)
		}
		e := s.edges[edge]
		b.add(p.LabelAt.X-e.LabelWidth/2, p.LabelAt.Y-e.LabelHeight/2)
		b.add(p.LabelAt.X+e.LabelWidth/2, p.LabelAt.Y+e.LabelHeight/2)
	}
	for i := range d.boxes {
		d.boxes[i].X -= b.left
		d.boxes[i].Y -= b.top
	}
	for i := range d.paths {
		d.paths[i] = *d.paths[i].moved(-b.left, -b.top)
	}
	d.width, d.height = b.right-b.left, b.bottom-b.top
}
