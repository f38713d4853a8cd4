package clustering

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// FloorFor is a good Options.Floor for vectors of the embedding model: similarities of one model say
// nothing about those of another. Measured for the built-in ones on 588 descriptions of programs with 24
// sentences about nothing in common among them.
func FloorFor(model string) float64 {
	switch {
	case strings.HasPrefix(model, "use-lite"):
		return 0.45
	case strings.HasPrefix(model, "hashing"):
		return 0.25
	}
	return 0.35
}

// mostFloor is how far the texts themselves can raise the floor.
const mostFloor = 0.6

// floor is the similarity from which two items are related: the least one asked for, or what half of all
// pairs reach. Long texts, and texts of one trade, are all somewhat alike; that says nothing about theme.
func (g *Graph) floor(least float64, seed uint64) float32 {
	const most = 10_000 // pairs
	n := len(g.ids)
	var pairs []float64
	random := rand.New(rand.NewPCG(seed, 0x666c6f6f72))
	for i := range n {
		vector := widen(g.row(i))
		for range min(n, most/n+1) {
			if j := random.IntN(n); j != i {
				pairs = append(pairs, dot(g.row(j), vector))
			}
		}
	}
	if len(pairs) == 0 {
		return float32(least)
	}
	slices.Sort(pairs)
	return float32(max(least, min(pairs[len(pairs)/2], mostFloor)))
}
