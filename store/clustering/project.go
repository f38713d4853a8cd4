package clustering

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/google/uuid"
)

// Point is a position on the map, 0..1 each way. The axes mean nothing; what is near is alike.
type Point struct{ X, Y float64 }

// Project draws the map: every item of the graph gets a point. It starts from the principal components
// and pulls neighbours together while pushing others apart.
//
// The map is stable between visits: items of the previous map stay about where they are, the steadier
// the fewer items are new, and exactly there if none is. New items appear by their neighbours. Hand in
// no previous map when the embedding model changed.
func Project(ctx context.Context, g *Graph, previous map[uuid.UUID]Point, seed uint64, progress Progress) (map[uuid.UUID]Point, error) {
	n := len(g.ids)
	old := make([]Point, n)
	has := make([]bool, n)
	kept := 0
	for i, id := range g.ids {
		if old[i], has[i] = previous[id]; has[i] {
			kept++
		}
	}
	if kept == n {
		progress.report(1, 1)
		return g.points(old), ctx.Err()
	}
	random := rand.New(rand.NewPCG(seed, 0x70726f6a656374))
	plan := newLayout(g, random)
	if kept > 0 {
		plan.resume(old, has, float64(n-kept)/float64(n))
	}
	if err := plan.run(ctx, progress); err != nil {
		return nil, err
	}
	spread(plan.points, 0.9) // leaves room at the edge for what comes later
	toward(plan.points, old, has)
	fit(plan.points)
	return g.points(plan.points), nil
}

func (g *Graph) points(list []Point) map[uuid.UUID]Point {
	points := make(map[uuid.UUID]Point, len(list))
	for i, p := range list {
		points[g.ids[i]] = p
	}
	return points
}

// spread centres the points and scales them so that the wider side is extent.
func spread(points []Point, extent float64) {
	low, high := bounds(points)
	scale := extent / max(high.X-low.X, high.Y-low.Y, 1e-12)
	for i, p := range points {
		points[i] = Point{(p.X - (low.X+high.X)/2) * scale, (p.Y - (low.Y+high.Y)/2) * scale}
	}
}

func bounds(points []Point) (low, high Point) {
	low, high = Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		low = Point{min(low.X, p.X), min(low.Y, p.Y)}
		high = Point{max(high.X, p.X), max(high.Y, p.Y)}
	}
	return low, high
}
