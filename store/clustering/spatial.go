package clustering

import (
	"context"
	"math"
)

// Spatial groups items by where they happened: each member is within Reach of another one, as the crow
// flies (single linkage). It compares every pair, 20,000 items take a few seconds.
func Spatial(ctx context.Context, items []Item, known []Known, c Constraints, o Options, progress Progress) (Result, error) {
	o = o.withDefaults()
	b, err := newBlocks(items, c)
	if err != nil {
		return Result{}, err
	}
	points, placed := b.onSphere()
	links, err := spanningTree(ctx, points, placed, o.Reach, progress)
	if err != nil {
		return Result{}, err
	}
	return finish(b, linked(b, links), known, o, func(members []int) ([]explanation, int) {
		return explainPlaces(points, members, o.Reach)
	}), ctx.Err()
}

// point is a place on the unit sphere; the zero point stands for no place.
type point [3]float64

// onSphere turns places into points, so that comparing distances needs no trigonometry, and lists the
// items that have one.
func (b *blocks) onSphere() (points []point, placed []int) {
	points = make([]point, len(b.items))
	for i, item := range b.items {
		if item.Place == nil {
			continue
		}
		lat, lon := item.Place.Lat*math.Pi/180, item.Place.Lon*math.Pi/180
		p := point{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
		if !math.IsNaN(p[0] + p[1] + p[2]) {
			points[i] = p
			placed = append(placed, i)
		}
	}
	return points, placed
}

// chord is the squared distance of two points through the sphere.
func chord(a, b point) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// metres is the distance over ground of points with that chord: the haversine formula, on a sphere with
// the earth's mean radius.
func metres(chord float64) float64 {
	const radius = 6_371_008.8
	return 2 * radius * math.Asin(min(math.Sqrt(chord)/2, 1))
}

// spanningTree links the places by their minimum spanning tree (Prim), leaving out links beyond reach.
func spanningTree(ctx context.Context, points []point, placed []int, reach float64, progress Progress) ([]link, error) {
	n := len(placed)
	best := make([]float64, n) // squared chord from the tree to each place
	from := make([]int, n)
	left := identity(n) // places not in the tree yet
	for i := range best {
		best[i] = math.Inf(1)
	}
	var links []link
	current := 0
	for len(left) > 0 {
		if err := every(ctx, len(left), 64); err != nil {
			return nil, err
		}
		if len(left)%1000 == 0 || len(left) == 1 {
			progress.report(n-len(left)+1, n)
		}
		at := 0 // of the next place, in left
		for l, place := range left {
			if place == current {
				left[l] = left[len(left)-1]
				left = left[:len(left)-1]
				break
			}
		}
		for l, place := range left {
			if d := chord(points[placed[current]], points[placed[place]]); d < best[place] {
				best[place], from[place] = d, current
			}
			if other := left[at]; best[place] < best[other] || best[place] == best[other] && place < other {
				at = l
			}
		}
		if len(left) == 0 {
			break
		}
		current = left[at]
		if d := metres(best[current]); d <= reach {
			a, b := placed[from[current]], placed[current]
			links = append(links, link{min(a, b), max(a, b), d})
		}
	}
	return links, nil
}

// explainPlaces: the confidence is how far within reach the nearest member is; central is the member
// nearest to the middle of all.
func explainPlaces(points []point, members []int, reach float64) ([]explanation, int) {
	facts := make([]explanation, len(members))
	var middle point
	for m, i := range members {
		facts[m].nearest = -1
		nearest := math.Inf(1)
		for d := range middle {
			middle[d] += points[i][d] / float64(len(members))
		}
		for _, j := range members {
			if j == i || points[i] == (point{}) || points[j] == (point{}) {
				continue
			}
			if d := chord(points[i], points[j]); d < nearest {
				nearest, facts[m].nearest = d, j
			}
		}
		if facts[m].nearest >= 0 {
			facts[m].metres = metres(nearest)
			facts[m].confidence = 1 - facts[m].metres/reach
		}
	}
	central, least := members[0], math.Inf(1)
	for _, i := range members {
		if d := chord(points[i], middle); points[i] != (point{}) && d < least {
			central, least = i, d
		}
	}
	return facts, central
}
