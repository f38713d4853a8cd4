package layout

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// graph is what Draw takes.
type graph struct {
	nodes []Node
	edges []Edge
}

// sized makes a graph of boxes of the usual size. An edge is written as its
// source, its target and the length of its label.
func sized(count int, edges ...[3]int) graph {
	var g graph
	for i := range count {
		g.nodes = append(g.nodes, Node{ID: fmt.Sprint("n", i), Width: 200, Height: 64})
	}
	for i, e := range edges {
		edge := Edge{ID: fmt.Sprint("e", i), From: fmt.Sprint("n", e[0]), To: fmt.Sprint("n", e[1])}
		if e[2] > 0 {
			edge.LabelWidth, edge.LabelHeight = float64(7*e[2]), 18
		}
		g.edges = append(g.edges, edge)
	}
	return g
}

func (g graph) draw() Drawing { return Draw(g.nodes, g.edges) }

// treatment is a graph of the size and kind that people draw: decisions whose
// ways meet again, loops within loops, ends on the way.
func treatment() graph {
	return sized(20,
		[3]int{0, 1}, [3]int{1, 2, 8}, [3]int{1, 3, 12}, [3]int{2, 4}, [3]int{3, 4}, [3]int{4, 5}, [3]int{5, 6, 9},
		[3]int{5, 8, 14}, [3]int{5, 16, 5}, [3]int{6, 7}, [3]int{7, 8}, [3]int{8, 9}, [3]int{9, 5, 10}, [3]int{9, 10, 4},
		[3]int{10, 11}, [3]int{11, 4, 11}, [3]int{11, 12, 6}, [3]int{11, 13, 24}, [3]int{12, 14}, [3]int{13, 14},
		[3]int{14, 15}, [3]int{16, 17}, [3]int{17, 16, 5}, [3]int{17, 18, 3}, [3]int{18, 15}, [3]int{8, 19, 7}, [3]int{14, 14, 6},
	)
}

func TestAnEmptyDrawing(t *testing.T) {
	t.Parallel()
	d := Draw(nil, nil)
	if d.Width != 2*margin || d.Height != 2*margin || len(d.Nodes)+len(d.Edges) > 0 {
		t.Errorf("got %+v", d)
	}
}

func TestAChainStandsInOneColumn(t *testing.T) {
	t.Parallel()
	d := sized(4, [3]int{0, 1}, [3]int{1, 2}, [3]int{2, 3}).draw()
	for i, b := range d.Nodes {
		if b.X != margin || b.Rank != i {
			t.Errorf("got %+v", b)
		}
	}
	for _, p := range d.Edges {
		if len(p.Points) != 2 || p.Back {
			t.Errorf("got %+v", p)
		}
	}
}

func TestAWayThatSplitsInThreeCarriesOnInTheMiddle(t *testing.T) {
	t.Parallel()
	d := sized(5, [3]int{0, 1, 5}, [3]int{0, 2, 5}, [3]int{0, 3, 5}, [3]int{1, 4}, [3]int{2, 4}, [3]int{3, 4}).draw()
	x := func(i int) float64 { return d.Nodes[i].X }
	if x(0) != x(2) || x(4) != x(2) || x(1) >= x(2) || x(2) >= x(3) || x(2)-x(1) != x(3)-x(2) {
		t.Errorf("got %+v", d.Nodes)
	}
}

func TestAConnectionThatLeadsBackRunsAtTheSide(t *testing.T) {
	t.Parallel()
	g := sized(4, [3]int{0, 1}, [3]int{1, 2}, [3]int{2, 3}, [3]int{2, 0, 6})
	d := g.draw()
	back := d.Edges[3]
	if !back.Back || back.Points[0].Y < back.Points[len(back.Points)-1].Y {
		t.Errorf("got %+v", back)
	}
	for _, p := range back.Points[1 : len(back.Points)-1] {
		if p.X > d.Nodes[0].X && p.X < d.Nodes[0].X+200 {
			t.Errorf("runs over the column: %+v", back.Points)
		}
	}
	if d.Edges[0].Back || d.Nodes[0].Rank != 0 || d.Nodes[3].Rank != 3 {
		t.Error("the wrong connection was set aside")
	}
}

func TestAHintSaysWhichConnectionLeadsBack(t *testing.T) {
	t.Parallel()
	g := sized(3, [3]int{2, 0}, [3]int{0, 1}, [3]int{1, 2})
	g.edges[1].Loop = true
	d := g.draw()
	if !d.Edges[1].Back || d.Nodes[1].Rank != 0 || d.Nodes[0].Rank != 2 {
		t.Errorf("got %+v", d)
	}
	g = sized(2, [3]int{0, 1})
	g.edges[0].Loop = true
	if d := g.draw(); d.Edges[0].Back {
		t.Error("a connection that closes no loop leads forward")
	}
}

func TestEveryKindOfGraphIsDrawn(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]graph{
		"one step":          sized(1),
		"two pieces":        sized(4, [3]int{0, 1}, [3]int{2, 3}),
		"many pieces":       sized(60),
		"own loops":         sized(2, [3]int{0, 0, 5}, [3]int{0, 0}, [3]int{0, 1}, [3]int{1, 1}),
		"parallel":          sized(2, [3]int{0, 1, 4}, [3]int{0, 1, 9}, [3]int{0, 1}, [3]int{1, 0}, [3]int{1, 0, 5}),
		"only a loop":       sized(3, [3]int{0, 1}, [3]int{1, 2}, [3]int{2, 0}),
		"a star":            sized(13, star(12)...),
		"loops in loops":    sized(6, [3]int{0, 1}, [3]int{1, 2}, [3]int{2, 3}, [3]int{3, 4}, [3]int{4, 5}, [3]int{4, 1, 4}, [3]int{3, 2, 4}, [3]int{5, 0, 4}, [3]int{4, 3}),
		"people's own kind": treatment(),
	} {
		if bad := problems(g, g.draw()); len(bad) > 0 {
			t.Errorf("%s: %v", name, bad)
		}
	}
}

func star(rays int) [][3]int {
	var edges [][3]int
	for i := range rays {
		edges = append(edges, [3]int{0, i + 1, i})
	}
	return edges
}

func TestWhatCannotBeDrawnIsLeftOut(t *testing.T) {
	t.Parallel()
	g := sized(2, [3]int{0, 1}, [3]int{0, 7}, [3]int{8, 1})
	g.nodes = append(g.nodes, g.nodes[0])
	d := g.draw()
	if len(d.Edges) != 1 || d.Edges[0].ID != "e0" || len(d.Nodes) != 3 {
		t.Errorf("got %+v", d)
	}
	if bad := problems(g, d); len(bad) > 0 {
		t.Error(bad)
	}
}

// drawGraph draws any small graph, boxes of different sizes among it.
func drawGraph(t *rapid.T) graph {
	n := rapid.IntRange(1, 14).Draw(t, "steps")
	var edges [][3]int
	for range rapid.IntRange(0, 24).Draw(t, "connections") {
		edges = append(edges, [3]int{
			rapid.IntRange(0, n-1).Draw(t, "from"), rapid.IntRange(0, n-1).Draw(t, "to"),
			rapid.SampledFrom([]int{0, 0, 3, 24}).Draw(t, "label"),
		})
	}
	g := sized(n, edges...)
	for i := range g.nodes {
		g.nodes[i].Width = float64(rapid.SampledFrom([]int{200, 200, 40, 333}).Draw(t, "width"))
		g.nodes[i].Height = float64(rapid.SampledFrom([]int{64, 64, 30, 120}).Draw(t, "height"))
	}
	for i := range g.edges {
		g.edges[i].Loop = rapid.IntRange(0, 4).Draw(t, "loop") == 0
	}
	return g
}

func TestNoDrawingIsWrong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		d := g.draw()
		if bad := problems(g, d); len(bad) > 0 {
			t.Fatal(bad)
		}
		if len(d.Nodes) != len(g.nodes) || len(d.Edges) != len(g.edges) {
			t.Fatal("something is missing")
		}
		if again := g.draw(); !reflect.DeepEqual(d, again) {
			t.Fatal("another drawing of the same graph")
		}
	})
}
