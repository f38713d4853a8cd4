package clustering

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// layout moves points by stochastic gradient descent as UMAP does (McInnes, Healy and Melville 2018):
// each edge of the neighbour graph pulls its ends together, the more often the closer they are, and
// pushes its ends from points picked at random. One goroutine, so that the same seed gives the same map.
type layout struct {
	points []Point
	rate   []float64 // how much each point may move, 0..1
	pulls  []pull
	random *rand.Rand
}

type pull struct {
	a, b   int
	weight float64 // 0..1, how often it pulls
}

const (
	epochs = 200
	// pushes is how many random points push for each pull.
	pushes = 5
	// curve sets how densely points may lie: closeness falls off as 1/(1+curve*distance²).
	curve = 1.5
	// leap is how far one pull or push can move a point.
	leap = 4
	// gravity is how far everything falls towards the middle in each epoch, as a share of its distance:
	// themes that share no edge have nothing else that holds them on one map.
	gravity = 0.015
)

// newLayout starts from the principal components, laid evenly.
func newLayout(g *Graph, random *rand.Rand) *layout {
	l := &layout{points: g.principal(random), pulls: g.pulls(), random: random}
	even(l.points)
	spread(l.points, l.extent())
	for i := range l.points {
		l.shake(i) // items with the same vector must be able to part
	}
	l.rate = slices.Repeat([]float64{1}, len(l.points))
	return l
}

// resume puts the points of an old map back to where they were, new ones by their neighbours, and lets
// the old ones move by rate.
func (l *layout) resume(old []Point, has []bool, rate float64) {
	toward(l.points, old, has)
	scale := l.extent()
	for i, p := range l.points {
		if has[i] {
			p, l.rate[i] = old[i], rate
		}
		l.points[i] = Point{(p.X - 0.5) * scale, (p.Y - 0.5) * scale}
	}
	l.settleNew(has)
}

// pulls weighs the edges: a neighbour counts by how its distance compares with that of the nearest
// and the average neighbour, so that dense and thin regions hold together alike.
func (g *Graph) pulls() []pull {
	weights := map[[2]int]float64{}
	for i, near := range g.near {
		if len(near) == 0 {
			continue
		}
		nearest, average := 1-float64(near[0].Similarity), 0.0
		for _, other := range near {
			average += (1 - float64(other.Similarity)) / float64(len(near))
		}
		for _, other := range near {
			weight := math.Exp(-(1 - float64(other.Similarity) - nearest) / max(average-nearest, 1e-6))
			key := [2]int{min(i, other.Index), max(i, other.Index)}
			weights[key] = weights[key] + weight - weights[key]*weight
		}
	}
	var pulls []pull
	for key, weight := range weights {
		pulls = append(pulls, pull{key[0], key[1], weight})
	}
	slices.SortFunc(pulls, func(x, y pull) int { return cmp.Or(x.a-y.a, x.b-y.b) })
	return pulls
}

// extent is the width that a layout of this many points takes by itself.
func (l *layout) extent() float64 { return 5 + 0.4*math.Sqrt(float64(len(l.points))) }

// run moves the points until they have cooled down.
func (l *layout) run(ctx context.Context, progress Progress) error {
	due := make([]float64, len(l.pulls)) // saved-up weight: an edge pulls each time it reaches one
	for epoch := range epochs {
		if err := ctx.Err(); err != nil {
			return err
		}
		heat := 1 - float64(epoch)/epochs
		for e, p := range l.pulls {
			if due[e] += p.weight; due[e] < 1 {
				continue
			}
			due[e]--
			l.attract(p.a, p.b, heat)
			for range pushes {
				l.repel(p.a, l.random.IntN(len(l.points)), heat)
				l.repel(p.b, l.random.IntN(len(l.points)), heat)
			}
		}
		for i, p := range l.points {
			l.nudge(i, -gravity*p.X, -gravity*p.Y, heat)
		}
		progress.report(epoch+1, epochs)
	}
	return nil
}

func (l *layout) attract(a, b int, heat float64) {
	dx, dy := l.points[a].X-l.points[b].X, l.points[a].Y-l.points[b].Y
	force := -2 * curve / (1 + curve*(dx*dx+dy*dy))
	l.nudge(a, force*dx, force*dy, heat)
	l.nudge(b, -force*dx, -force*dy, heat)
}

// repel pushes a away from b, which stays.
func (l *layout) repel(a, b int, heat float64) {
	dx, dy := l.points[a].X-l.points[b].X, l.points[a].Y-l.points[b].Y
	square := dx*dx + dy*dy
	force := 2 / ((0.001 + square) * (1 + curve*square))
	l.nudge(a, force*dx, force*dy, heat)
}

func (l *layout) nudge(i int, x, y, heat float64) {
	heat *= l.rate[i]
	l.points[i].X += heat * min(max(x, -leap), leap)
	l.points[i].Y += heat * min(max(y, -leap), leap)
}

// settleNew puts each point that is not placed yet in the middle of its placed neighbours, those with
// placed neighbours first. What has none keeps its start.
func (l *layout) settleNew(placed []bool) {
	placed = slices.Clone(placed)
	for {
		sum := make([]Point, len(placed))
		weight := make([]float64, len(placed))
		for _, p := range l.pulls {
			for _, end := range [][2]int{{p.a, p.b}, {p.b, p.a}} {
				if from, to := end[0], end[1]; placed[from] && !placed[to] {
					sum[to].X += p.weight * l.points[from].X
					sum[to].Y += p.weight * l.points[from].Y
					weight[to] += p.weight
				}
			}
		}
		found := false
		for i, w := range weight {
			if w > 0 {
				l.points[i] = Point{sum[i].X / w, sum[i].Y / w}
				l.shake(i)
				placed[i], found = true, true
			}
		}
		if !found {
			return
		}
	}
}

// shake moves a point by next to nothing.
func (l *layout) shake(i int) {
	l.points[i].X += l.random.Float64() * 1e-3
	l.points[i].Y += l.random.Float64() * 1e-3
}
