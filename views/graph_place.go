package views

import (
	"fmt"
	"math"
	"strings"

	"surrealm/store/sop"
	"surrealm/store/sop/layout"
)

const (
	bend       = 8.0  // radius of a turn of a connection
	headLength = 9.0  // of an arrow
	headWidth  = 4.5  // half of it
	tuck       = 14.0 // how far a connection starts inside its step
)

// arrange gives every step and every connection its place.
func (v *GraphView) arrange(g sop.Graph) {
	nodes := make([]layout.Node, len(v.Nodes))
	first := make(map[string]int, len(v.Nodes))
	for i, n := range v.Nodes {
		nodes[i] = layout.Node{ID: n.ID, Width: n.W, Height: n.H}
		if _, twice := first[n.ID]; !twice {
			first[n.ID] = i
		}
	}
	edges := make([]layout.Edge, len(v.Edges))
	for i, e := range g.Edges {
		edges[i] = layout.Edge{
			ID: e.ID, From: e.From, To: e.To, Loop: v.Edges[i].Loop,
			LabelWidth: v.Edges[i].LabelW, LabelHeight: v.Edges[i].LabelH,
		}
	}
	drawing := layout.Draw(nodes, edges)
	v.Width, v.Height = drawing.Width, drawing.Height
	for i, box := range drawing.Nodes {
		v.Nodes[i].X, v.Nodes[i].Y = box.X, box.Y
	}
	paths := drawing.Edges
	for i, e := range g.Edges {
		from, hasFrom := first[e.From]
		to, hasTo := first[e.To]
		if !hasFrom || !hasTo || len(paths) == 0 {
			continue // a connection that leads nowhere has no path
		}
		v.Edges[i].route(paths[0], v.Nodes[from], v.Nodes[to])
		paths = paths[1:]
	}
}

// route turns corner points into what is drawn. The line starts a little
// inside its step, which is painted over it, and ends on the shape's outline,
// which may lie inside the step's box.
func (e *EdgeView) route(p layout.Path, from, to NodeView) {
	points := append([]layout.Point(nil), p.Points...)
	last := len(points) - 1
	if last < 1 {
		return
	}
	points[0] = towards(points[0], points[1], -tuck)
	inward := to.gap(points[last])
	points[last] = towards(points[last], points[last-1], -inward)
	e.Arrow = head(points[last-1], points[last])
	points[last] = towards(points[last], points[last-1], headLength-2)
	e.Path = rounded(points)
	e.LabelX, e.LabelY = p.LabelAt.X, p.LabelAt.Y-e.LabelH/2
}

// gap is how far the outline of the step lies inside its box at a point of the
// box's border.
func (n NodeView) gap(p layout.Point) float64 {
	x, y := p.X-n.X, p.Y-n.Y
	aslant := math.Abs(y-n.H/2) / (n.H / 2) // 0 in the middle of a side, 1 at a corner
	left, right := x < 1, x > n.W-1
	switch n.Type {
	case sop.Escalation:
		if y < 1 {
			return 14 * math.Abs(x-n.W/2) / (n.W / 2)
		}
	case sop.Decision:
		if left || right {
			return 22 * aslant
		}
	case sop.InformationGather:
		if left {
			return 14 * (1 - y/n.H)
		} else if right {
			return 14 * y / n.H
		}
	case sop.Handover:
		if left {
			return 12 * (1 - aslant)
		} else if right {
			return 18 * aslant
		}
	}
	return 0
}

// towards moves a along the line to b; a negative distance moves away from b.
func towards(a, b layout.Point, distance float64) layout.Point {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length == 0 {
		return a
	}
	return layout.Point{X: a.X + (b.X-a.X)/length*distance, Y: a.Y + (b.Y-a.Y)/length*distance}
}

// head is the outline of an arrow's head with its tip at "at".
func head(from, at layout.Point) string {
	base := towards(at, from, headLength)
	dx, dy := (at.X-base.X)/headLength*headWidth, (at.Y-base.Y)/headLength*headWidth
	return fmt.Sprintf("M%s %sL%s %sL%s %sZ", num(at.X), num(at.Y), num(base.X-dy), num(base.Y+dx), num(base.X+dy), num(base.Y-dx))
}

// rounded is the path through the points with rounded turns.
func rounded(points []layout.Point) string {
	var out strings.Builder
	fmt.Fprintf(&out, "M%s %s", num(points[0].X), num(points[0].Y))
	for i := 1; i < len(points)-1; i++ {
		before, at, after := points[i-1], points[i], points[i+1]
		r := min(bend, distance(before, at)/2, distance(at, after)/2)
		in, exit := towards(at, before, r), towards(at, after, r)
		fmt.Fprintf(&out, "L%s %sQ%s %s %s %s", num(in.X), num(in.Y), num(at.X), num(at.Y), num(exit.X), num(exit.Y))
	}
	end := points[len(points)-1]
	fmt.Fprintf(&out, "L%s %s", num(end.X), num(end.Y))
	return out.String()
}

func distance(a, b layout.Point) float64 { return math.Hypot(b.X-a.X, b.Y-a.Y) }
