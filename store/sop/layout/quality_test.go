package layout

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// TestPeoplesOwnKindOfGraphIsDrawnWell holds what a reader would notice: lines
// that cross or cover each other, lines that step aside by a hair, and a main
// line that does not run straight.
func TestPeoplesOwnKindOfGraphIsDrawnWell(t *testing.T) {
	t.Parallel()
	d := treatment().draw()
	pieces := turns(d)
	crossings := 0
	for i, p := range pieces {
		if !p.vertical() && math.Abs(p.a.X-p.b.X) < 10 {
			t.Errorf("%s steps aside by %.0f", p.edge, math.Abs(p.a.X-p.b.X))
		}
		for _, q := range pieces[:i] {
			if p.crosses(q) {
				crossings++
			}
			if p.covers(q) {
				t.Errorf("%s covers %s", p.edge, q.edge)
			}
		}
	}
	if crossings > 1 {
		t.Errorf("%d crossings", crossings)
	}
	for _, i := range []int{1, 2, 4, 5} {
		if d.Nodes[i].X != d.Nodes[0].X {
			t.Errorf("step %d stands beside the main line", i)
		}
	}
}

// TestALoopInALoopHasNoCrossing: two connections that lead back to one step
// nest at one side or take one side each.
func TestALoopInALoopHasNoCrossing(t *testing.T) {
	t.Parallel()
	d := sized(6, [3]int{0, 1}, [3]int{1, 2}, [3]int{2, 3}, [3]int{3, 4}, [3]int{4, 5}, [3]int{3, 1, 5}, [3]int{4, 1, 5}).draw()
	pieces := turns(d)
	for i, p := range pieces {
		for _, q := range pieces[:i] {
			if p.crosses(q) || p.covers(q) {
				t.Errorf("%s and %s", p.edge, q.edge)
			}
		}
	}
}

// working is a graph of any size of the kind that people draw: it mostly goes
// on, and at times skips ahead, splits or leads back.
func working(steps int) graph {
	var edges [][3]int
	for i := 1; i < steps; i++ {
		edges = append(edges, [3]int{max(0, i-1-(i%7)/6), i, 0})
		switch {
		case i%5 == 0 && i+4 < steps:
			edges = append(edges, [3]int{i, i + 2 + i%3, 10})
		case i%11 == 0 && i > 8:
			edges = append(edges, [3]int{i, i - 3 - i%5, 6})
		}
	}
	return sized(steps, edges...)
}

func TestLargeGraphsAreDrawnRightAndSoon(t *testing.T) {
	t.Parallel()
	for _, steps := range []int{40, 200, 500} {
		g := working(steps)
		start := time.Now()
		d := g.draw()
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("%d steps took %s", steps, took)
		}
		if bad := problems(g, d); len(bad) > 0 {
			t.Errorf("%d steps: %v", steps, bad)
		}
	}
}

// TestTheLargestGraphIsDrawn uses as many steps and connections as an SOP may
// have, and connections without any order in them.
func TestTheLargestGraphIsDrawn(t *testing.T) {
	t.Parallel()
	const steps, connections = 500, 2000
	var edges [][3]int
	for i := range connections {
		edges = append(edges, [3]int{(i * 7919) % steps, (i*104729 + i*i) % steps, 0})
	}
	g := sized(steps, edges...)
	d := g.draw()
	c := check{graph: g, drawing: d}
	c.checkBoxes()
	if len(c.bad) > 0 || len(d.Edges) != connections {
		t.Error(c.bad)
	}
}

func ExampleDraw() {
	d := Draw(
		[]Node{{ID: "ask", Width: 200, Height: 64}, {ID: "answer", Width: 200, Height: 64}},
		[]Edge{{ID: "e1", From: "ask", To: "answer"}},
	)
	fmt.Println(d.Width, d.Height)
	fmt.Println(d.Nodes[1].X, d.Nodes[1].Y)
	fmt.Println(d.Edges[0].Points)
	// Output:
	// 248 220
	// 24 132
	// [{124 88} {124 132}]
}
