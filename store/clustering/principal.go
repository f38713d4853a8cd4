package clustering

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// principal returns each row's position on the two directions in which the rows vary most, by subspace
// iteration. Some more directions than two are iterated, so that the first two settle quickly.
func (g *Graph) principal(random *rand.Rand) []Point {
	const directions, rounds = 6, 12
	n := len(g.ids)
	mean := make([]float64, g.width)
	for i := range n {
		for d, x := range g.row(i) {
			mean[d] += float64(x) / float64(n)
		}
	}
	basis := make([][]float64, directions)
	for b := range basis {
		basis[b] = make([]float64, g.width)
		for d := range basis[b] {
			basis[b][d] = random.NormFloat64()
		}
	}
	orthogonalise(basis)
	for range rounds {
		basis = g.vary(basis, mean)
		orthogonalise(basis)
	}
	points := make([]Point, n)
	for i := range points {
		points[i] = Point{dot(g.row(i), basis[0]), dot(g.row(i), basis[1])}
	}
	return points
}

// even moves the points so that each way they keep their order but lie evenly, -0.5..0.5: a theme that is
// unlike all others would otherwise leave the rest of the map a small heap. Ties keep their order.
func even(points []Point) {
	order := identity(len(points))
	rank := func(along func(i int) *float64) {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(*along(a), *along(b)) })
		for r, i := range order {
			*along(i) = (float64(r)+0.5)/float64(len(points)) - 0.5
		}
	}
	rank(func(i int) *float64 { return &points[i].X })
	rank(func(i int) *float64 { return &points[i].Y })
}

// vary multiplies the basis with the covariance of the rows, up to a factor.
func (g *Graph) vary(basis [][]float64, mean []float64) [][]float64 {
	out := make([][]float64, len(basis))
	for b, direction := range basis {
		out[b] = make([]float64, g.width)
		shift := inner(mean, direction)
		for i := range g.ids {
			row := g.row(i)
			along := dot(row, direction) - shift
			for d, x := range row {
				out[b][d] += along * float64(x)
			}
		}
	}
	return out
}

// orthogonalise makes the vectors perpendicular and of length one, first to last (Gram and Schmidt). What
// is left of a vector that depends on those before it is noise and becomes zero.
func orthogonalise(vectors [][]float64) {
	for b, vector := range vectors {
		before := normalise(vector)
		for _, earlier := range vectors[:b] {
			along := inner(vector, earlier)
			for d := range vector {
				vector[d] -= along * earlier[d]
			}
		}
		if before == 0 || normalise(vector) < 1e-9 {
			clear(vector)
		}
	}
}

func inner(a, b []float64) float64 {
	sum := 0.0
	for d := range a {
		sum += a[d] * b[d]
	}
	return sum
}
