package layout

// sheet is a piece while it is laid out: rows of items, and the links between
// items of neighbouring rows that together make up the connections.
type sheet struct {
	piece
	back  []bool
	rank  []int
	rows  []row
	items []item
	links []link
	box   []int   // the item of each node
	chain [][]int // for each edge its items from top to bottom
	sides []side  // for each edge that leads back, where its lane runs
	// ownLoops are the nodes with a connection to themselves.
	ownLoops []bool
	pos      []int // of each item in its row
	unit     []int // of each item, by its place in the row
	x        []float64
	// ordered are the items of each row from left to right, once the order is
	// settled, and column the edges that carry on a main line.
	ordered [][]int
	column  []bool
	port    [][2]float64 // x of the upper and the lower end of each link
}

type itemKind int

const (
	boxItem   itemKind = iota
	bendItem           // a connection on its way through a row
	labelItem          // the same, with its label
	laneItem           // an end of a connection that leads back, beside its box
	loopItem           // a connection of a step to itself, beside its box
)

// item is one thing in a row. node is that of the box, or the one that a lane
// or a loop belongs to; edge is that of all but boxes.
type item struct {
	kind          itemKind
	node, edge    int
	row           int
	width, height float64
	up, down      []int // links
}

// link is the part of a connection between two neighbouring rows.
type link struct{ upper, lower, edge int }

// row holds its items in units: a box with what is fastened to its sides, or
// anything else alone. The order of the units is what the ordering changes.
type row struct {
	rank        int // -1 for a row of labels
	units       [][]int
	y, height   float64
	trackCount  int     // lines that cross over below the row
	tracksBegin float64 // the y of the first of them
}

type side int

const (
	left side = iota
	right
)

func (p piece) draw() pieceDrawing {
	s := &sheet{piece: p, back: p.backEdges()}
	s.rank = p.ranks(s.back)
	s.buildRows()
	s.orderRows()
	s.column = s.columns()
	s.placeItems()
	tracks := s.assignTracks()
	s.placeRows()
	return s.finish(tracks)
}

// buildRows makes a row for every rank and one for labels below every rank
// that a labelled connection leaves, or above it if the connection leads back.
func (s *sheet) buildRows() {
	s.chain = make([][]int, len(s.edges))
	s.ownLoops = make([]bool, len(s.nodes))
	s.sides = make([]side, len(s.edges))
	ranks := 0
	for _, r := range s.rank {
		ranks = max(ranks, r+1)
	}
	labels := make([]bool, ranks)
	for i, e := range s.edges {
		if e.LabelWidth > 0 && s.ends[i][0] != s.ends[i][1] {
			labels[s.labelRank(i)] = true
		}
	}
	rowOf := make([]int, ranks)
	for r := range ranks {
		rowOf[r] = len(s.rows)
		s.rows = append(s.rows, row{rank: r})
		if labels[r] {
			s.rows = append(s.rows, row{rank: -1})
		}
	}
	s.box = make([]int, len(s.nodes))
	for i, n := range s.nodes {
		s.box[i] = s.add(item{kind: boxItem, node: i, edge: -1, row: rowOf[s.rank[i]], width: n.Width, height: n.Height})
	}
	for i := range s.edges {
		s.buildChain(i, rowOf)
	}
	for i := range s.edges {
		if s.back[i] && !s.besideOwnLoop(i) {
			s.sides[i] = right
		}
	}
}

// labelRank is the rank below which the label of an edge stands: next to the
// source, where a reader decides which way to go.
func (s *sheet) labelRank(edge int) int {
	from := s.rank[s.ends[edge][0]]
	if s.back[edge] {
		return from - 1
	}
	return from
}

func (s *sheet) buildChain(edge int, rowOf []int) {
	e := s.edges[edge]
	from, to := s.ends[edge][0], s.ends[edge][1]
	if from == to {
		s.ownLoops[from] = true
		s.chain[edge] = []int{s.add(item{
			kind: loopItem, node: from, edge: edge, row: s.items[s.box[from]].row,
			width: loopWidth(e),
		})}
		return
	}
	first, last := from, to
	labelRow := -1
	if e.LabelWidth > 0 {
		labelRow = rowOf[s.labelRank(edge)] + 1
	}
	if s.back[edge] {
		first, last = to, from
	}
	chain := []int{s.end(edge, first)}
	for r := s.items[s.box[first]].row + 1; r < s.items[s.box[last]].row; r++ {
		next := item{kind: bendItem, node: -1, edge: edge, row: r}
		if r == labelRow {
			next.kind, next.width, next.height = labelItem, e.LabelWidth, e.LabelHeight
		}
		chain = append(chain, s.add(next))
	}
	chain = append(chain, s.end(edge, last))
	for k := 1; k < len(chain); k++ {
		s.join(chain[k-1], chain[k], edge)
	}
	s.chain[edge] = chain
}

// end is where a chain begins or ends: the box itself, or beside it a lane.
func (s *sheet) end(edge, node int) int {
	if !s.back[edge] {
		return s.box[node]
	}
	return s.add(item{kind: laneItem, node: node, edge: edge, row: s.items[s.box[node]].row})
}

func loopWidth(e Edge) float64 { return laneGap + e.LabelWidth }

func (s *sheet) add(i item) int {
	s.items = append(s.items, i)
	return len(s.items) - 1
}

func (s *sheet) join(upper, lower, edge int) {
	at := len(s.links)
	s.links = append(s.links, link{upper, lower, edge})
	s.items[upper].down = append(s.items[upper].down, at)
	s.items[lower].up = append(s.items[lower].up, at)
}
