// Package layout draws a graph of steps as a flow chart: top to bottom, in rows,
// with connections that run straight down and turn at right angles. It computes
// coordinates only; what a step looks like is the caller's business.
//
// The method is the layered one of Sugiyama, Tagawa and Toda ("Methods for
// Visual Understanding of Hierarchical System Structures", IEEE Transactions on
// Systems, Man, and Cybernetics 11, 1981), in its usual parts, one file each:
// connections that lead back are set aside, steps get rows, long connections
// get a place in every row they pass, rows get an order with few crossings, the
// order becomes coordinates, and connections are routed between the rows.
//
// The same input always gives the same drawing.
package layout

// Node is a step to draw: its size is the caller's.
type Node struct {
	ID            string
	Width, Height float64
}

// Edge is a connection to draw. An edge whose ends are not both among the nodes
// is left out of the drawing. Of nodes that share an id the first one counts.
type Edge struct {
	ID, From, To string
	// LabelWidth and LabelHeight reserve room for a label on the connection.
	// Zero means that there is none.
	LabelWidth, LabelHeight float64
	// Loop says that the connection is meant to lead back. Where loops must be
	// cut, these are cut first.
	Loop bool
}

// Point is a place in the drawing: x grows to the right, y downwards.
type Point struct{ X, Y float64 }

// Box is where a step is drawn: its upper left corner and its size. Rank is
// its row, from 0.
type Box struct {
	ID         string
	X, Y, W, H float64
	Rank       int
}

// Path is how a connection is drawn, from its source to its target. The first
// and the last point lie on the borders of the two boxes; every piece between
// is horizontal or vertical. LabelAt is the middle of the room for the label.
// Back says that the connection leads back to an earlier row or to its own
// step; it leaves and enters its boxes at the side.
type Path struct {
	ID      string
	Points  []Point
	LabelAt Point
	Back    bool
}

// Drawing is a graph with coordinates, the margin around it included. Boxes
// and paths are in the order of the input.
type Drawing struct {
	Width, Height float64
	Nodes         []Box
	Edges         []Path
}

// Room between things, in pixels.
const (
	margin    = 24 // around the drawing
	nodeGap   = 40 // between two boxes of a row
	lineGap   = 18 // between a line and a box, a label or another line
	laneGap   = 26 // between a box and a line that turns into its side
	portInset = 20 // from the corner of a box to the first line
	portGap   = 18 // between two lines at a box
	trackGap  = 12 // between two lines that cross over between rows
	rowGap    = 44 // between two rows of boxes
	labelGap  = 20 // between a row of boxes and a row of labels
	turnGap   = 16 // between a row and the first line that crosses over
	pieceGap  = 56 // between pieces that no connection joins
)

// Draw lays out the graph. It takes any graph: loops, connections of a step to
// itself, several connections between two steps, pieces that do not hang
// together, and no steps at all.
func Draw(nodes []Node, edges []Edge) Drawing {
	in := read(nodes, edges)
	pieces := in.pieces()
	drawn := make([]pieceDrawing, len(pieces))
	for i, p := range pieces {
		drawn[i] = p.draw()
	}
	return assemble(in, drawn)
}

// input is the graph by index: ends[i] are the nodes of edge i, -1 for an edge
// that cannot be drawn.
type input struct {
	nodes []Node
	edges []Edge
	ends  [][2]int
}

func read(nodes []Node, edges []Edge) input {
	index := make(map[string]int, len(nodes))
	for i, n := range nodes {
		if _, twice := index[n.ID]; !twice {
			index[n.ID] = i
		}
	}
	in := input{nodes: nodes, edges: edges, ends: make([][2]int, len(edges))}
	for i, e := range edges {
		from, hasFrom := index[e.From]
		to, hasTo := index[e.To]
		in.ends[i] = [2]int{-1, -1}
		if hasFrom && hasTo {
			in.ends[i] = [2]int{from, to}
		}
	}
	return in
}
