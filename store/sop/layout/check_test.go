package layout

import (
	"fmt"
	"math"
)

// problems finds everything that makes a drawing wrong.
func problems(g graph, d Drawing) []string {
	c := check{graph: g, drawing: d, boxes: map[string]Box{}}
	for _, b := range d.Nodes {
		if _, twice := c.boxes[b.ID]; !twice {
			c.boxes[b.ID] = b
		}
	}
	c.checkBoxes()
	c.checkLines()
	c.checkLabels()
	return c.bad
}

type check struct {
	graph   graph
	drawing Drawing
	boxes   map[string]Box
	bad     []string
}

func (c *check) report(format string, args ...any) {
	c.bad = append(c.bad, fmt.Sprintf(format, args...))
}

func (c *check) checkBoxes() {
	for i, b := range c.drawing.Nodes {
		if b.X < margin-0.5 || b.Y < margin-0.5 || b.X+b.W > c.drawing.Width-margin+0.5 || b.Y+b.H > c.drawing.Height-margin+0.5 {
			c.report("%s lies outside", b.ID)
		}
		for _, other := range c.drawing.Nodes[:i] {
			if overlap(b, other) {
				c.report("%s lies on %s", b.ID, other.ID)
			}
		}
	}
}

func (c *check) edge(id string) Edge {
	for _, e := range c.graph.edges {
		if e.ID == id {
			return e
		}
	}
	return Edge{}
}

func (c *check) checkLines() {
	for _, p := range c.drawing.Edges {
		e := c.edge(p.ID)
		if len(p.Points) < 2 {
			c.report("%s has no line", p.ID)
			continue
		}
		if !touches(c.boxes[e.From], p.Points[0]) || !touches(c.boxes[e.To], p.Points[len(p.Points)-1]) {
			c.report("%s does not touch its boxes: %v", p.ID, p.Points)
		}
		for k := 1; k < len(p.Points); k++ {
			a, b := p.Points[k-1], p.Points[k]
			if a.X != b.X && a.Y != b.Y {
				c.report("%s has a slanted piece", p.ID)
			}
			for _, box := range c.drawing.Nodes {
				if through(a, b, box) {
					c.report("%s runs through %s", p.ID, box.ID)
				}
			}
		}
	}
}

func (c *check) checkLabels() {
	var labels []Box
	for _, p := range c.drawing.Edges {
		e := c.edge(p.ID)
		if e.LabelWidth == 0 {
			continue
		}
		l := Box{ID: p.ID, X: p.LabelAt.X - e.LabelWidth/2, Y: p.LabelAt.Y - e.LabelHeight/2, W: e.LabelWidth, H: e.LabelHeight}
		for _, box := range c.drawing.Nodes {
			if overlap(l, box) {
				c.report("the label of %s lies on %s", l.ID, box.ID)
			}
		}
		for _, other := range labels {
			if overlap(l, other) {
				c.report("the label of %s lies on that of %s", l.ID, other.ID)
			}
		}
		for _, line := range c.drawing.Edges {
			if own := c.edge(line.ID); line.ID == p.ID || e.From == e.To && own.From == e.From && own.To == e.From {
				continue // several loops at one small box may come close
			}
			for k := 1; k < len(line.Points); k++ {
				if through(line.Points[k-1], line.Points[k], l) {
					c.report("%s runs through the label of %s", line.ID, l.ID)
				}
			}
		}
		labels = append(labels, l)
	}
}

func overlap(a, b Box) bool {
	const room = 0.5
	return a.X+room < b.X+b.W && b.X+room < a.X+a.W && a.Y+room < b.Y+b.H && b.Y+room < a.Y+a.H
}

func touches(b Box, p Point) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.01 }
	within := func(v, low, high float64) bool { return v > low-0.01 && v < high+0.01 }
	return (near(p.Y, b.Y) || near(p.Y, b.Y+b.H)) && within(p.X, b.X, b.X+b.W) ||
		(near(p.X, b.X) || near(p.X, b.X+b.W)) && within(p.Y, b.Y, b.Y+b.H)
}

// through reports whether the piece from a to b enters the inside of the box.
func through(a, b Point, box Box) bool {
	const room = 0.5
	return max(a.X, b.X) > box.X+room && min(a.X, b.X) < box.X+box.W-room &&
		max(a.Y, b.Y) > box.Y+room && min(a.Y, b.Y) < box.Y+box.H-room
}

// turn is one straight piece of a path.
type turn struct {
	edge string
	a, b Point
}

func turns(d Drawing) []turn {
	var list []turn
	for _, p := range d.Edges {
		for k := 1; k < len(p.Points); k++ {
			list = append(list, turn{p.ID, p.Points[k-1], p.Points[k]})
		}
	}
	return list
}

func (t turn) vertical() bool { return t.a.X == t.b.X }

// crosses reports whether an upright and a level piece cross.
func (t turn) crosses(u turn) bool {
	if t.vertical() == u.vertical() {
		return false
	}
	if !t.vertical() {
		t, u = u, t
	}
	return t.a.X > min(u.a.X, u.b.X) && t.a.X < max(u.a.X, u.b.X) &&
		u.a.Y > min(t.a.Y, t.b.Y) && u.a.Y < max(t.a.Y, t.b.Y)
}

// covers reports whether two pieces of different paths run along each other.
func (t turn) covers(u turn) bool {
	if t.edge == u.edge || t.vertical() != u.vertical() {
		return false
	}
	if t.vertical() {
		return math.Abs(t.a.X-u.a.X) < 3 && min(max(t.a.Y, t.b.Y), max(u.a.Y, u.b.Y)) > max(min(t.a.Y, t.b.Y), min(u.a.Y, u.b.Y))+1
	}
	return math.Abs(t.a.Y-u.a.Y) < 3 && min(max(t.a.X, t.b.X), max(u.a.X, u.b.X)) > max(min(t.a.X, t.b.X), min(u.a.X, u.b.X))+1
}
