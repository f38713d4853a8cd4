package layout

// piece is a part of the graph that hangs together, with its own numbering;
// nodeAt and edgeAt give the place in the input.
type piece struct {
	nodes          []Node
	edges          []Edge
	ends           [][2]int
	nodeAt, edgeAt []int
}

// pieces splits the graph, in the order of each piece's first node.
func (in input) pieces() []piece {
	group := in.groups()
	var pieces []piece
	number := map[int]int{} // of the piece, by group
	local := make([]int, len(in.nodes))
	for i, n := range in.nodes {
		k, known := number[group[i]]
		if !known {
			k = len(pieces)
			number[group[i]] = k
			pieces = append(pieces, piece{})
		}
		p := &pieces[k]
		local[i] = len(p.nodes)
		p.nodes = append(p.nodes, n)
		p.nodeAt = append(p.nodeAt, i)
	}
	for i, ends := range in.ends {
		if ends[0] < 0 {
			continue
		}
		p := &pieces[number[group[ends[0]]]]
		p.edges = append(p.edges, in.edges[i])
		p.ends = append(p.ends, [2]int{local[ends[0]], local[ends[1]]})
		p.edgeAt = append(p.edgeAt, i)
	}
	return pieces
}

// groups gives nodes that hang together the same number.
func (in input) groups() []int {
	parent := make([]int, len(in.nodes))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for _, ends := range in.ends {
		if ends[0] >= 0 {
			parent[find(ends[0])] = find(ends[1])
		}
	}
	group := make([]int, len(in.nodes))
	for i := range group {
		group[i] = find(i)
	}
	return group
}

// pieceDrawing is a drawn piece whose upper left corner is at 0, 0.
type pieceDrawing struct {
	piece
	width, height float64
	boxes         []Box
	paths         []Path
}

// assemble sets the pieces side by side, and begins a new line of pieces when
// the drawing would become much wider than it is high.
func assemble(in input, pieces []pieceDrawing) Drawing {
	d := Drawing{Nodes: make([]Box, len(in.nodes))}
	paths := make([]*Path, len(in.edges))
	limit := lineLimit(pieces)
	x, y, lineHeight := 0.0, 0.0, 0.0
	for _, p := range pieces {
		if x > 0 && x+p.width > limit {
			x, y, lineHeight = 0, y+lineHeight+pieceGap, 0
		}
		for i, b := range p.boxes {
			b.X += x + margin
			b.Y += y + margin
			d.Nodes[p.nodeAt[i]] = b
		}
		for i := range p.paths {
			paths[p.edgeAt[i]] = p.paths[i].moved(x+margin, y+margin)
		}
		d.Width = max(d.Width, x+p.width)
		x += p.width + pieceGap
		lineHeight = max(lineHeight, p.height)
		d.Height = max(d.Height, y+p.height)
	}
	for _, p := range paths {
		if p != nil {
			d.Edges = append(d.Edges, *p)
		}
	}
	d.Width += 2 * margin
	d.Height += 2 * margin
	return d
}

// lineLimit is the width at which a line of pieces ends: that of the widest
// piece, but enough for four ordinary ones.
func lineLimit(pieces []pieceDrawing) float64 {
	limit := 1200.0
	for _, p := range pieces {
		limit = max(limit, p.width)
	}
	return limit
}

func (p Path) moved(dx, dy float64) *Path {
	points := make([]Point, len(p.Points))
	for i, at := range p.Points {
		points[i] = Point{at.X + dx, at.Y + dy}
	}
	p.Points = points
	p.LabelAt.X += dx
	p.LabelAt.Y += dy
	return &p
}
