package layout

import (
	"math"
)

// straightened leaves out points at which a path does not turn.
func straightened(points []Point) []Point {
	var kept []Point
	for _, p := range points {
		n := len(kept)
		if n > 0 && kept[n-1] == p {
			continue
		}
		if n > 1 && (kept[n-1].X == p.X && kept[n-2].X == p.X || kept[n-1].Y == p.Y && kept[n-2].Y == p.Y) {
			kept[n-1] = p
			continue
		}
		kept = append(kept, p)
	}
	return kept
}

// middle is the point half way along a path.
func middle(points []Point) Point {
	total := 0.0
	for k := 1; k < len(points); k++ {
		total += distance(points[k-1], points[k])
	}
	rest := total / 2
	for k := 1; k < len(points); k++ {
		d := distance(points[k-1], points[k])
		if d >= rest && d > 0 {
			return toward(points[k-1], points[k], rest)
		}
		rest -= d
	}
	if len(points) == 0 {
		return Point{}
	}
	return points[0]
}

func distance(a, b Point) float64 { return math.Abs(a.X-b.X) + math.Abs(a.Y-b.Y) }

// toward is the point at a distance from a on the way to b.
func toward(a, b Point, d float64) Point {
	whole := distance(a, b)
	if whole == 0 {
		return a
	}
	return Point{a.X + (b.X-a.X)*d/whole, a.Y + (b.Y-a.Y)*d/whole}
}

// bounds is the rectangle around everything that was added to it.
type bounds struct{ left, top, right, bottom float64 }

func newBounds() bounds {
	return bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

func (b *bounds) add(x, y float64) {
	b.left, b.right = min(b.left, x), max(b.right, x)
	b.top, b.bottom = min(b.top, y), max(b.bottom, y)
}
