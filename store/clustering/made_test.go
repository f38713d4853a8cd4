package clustering

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
)

// id is the nth id of a test, in ascending order.
func id(n int) uuid.UUID {
	var made uuid.UUID
	binary.BigEndian.PutUint64(made[8:], uint64(n))
	return made
}

// counted makes new ids that only go up, so that results can be compared. They are above those of the
// known clusters, and of items.
func counted(known []Known) Options {
	last := id(1_000_000)
	for _, k := range known {
		if compareIDs(k.ID, last) > 0 {
			last = k.ID
		}
	}
	next := binary.BigEndian.Uint64(last[8:])
	return Options{NewID: func() uuid.UUID { next++; return id(int(next)) }}
}

// topics makes n items about so many topics, one after the other: item n is about topic n modulo topics.
// Two of the same topic have a cosine of about 1/(1+noise²), two of different topics about 0.
func topics(seed uint64, n, topics, width int, noise float64) []Item {
	random := rand.New(rand.NewPCG(seed, 1))
	centres := make([][]float64, topics)
	for c := range centres {
		for range width {
			centres[c] = append(centres[c], random.NormFloat64())
		}
	}
	items := make([]Item, n)
	for i := range items {
		items[i].ID = id(i)
		for d := range width {
			items[i].Vector = append(items[i].Vector, float32(centres[i%topics][d]+noise*random.NormFloat64()))
		}
	}
	return items
}

func nearest(t *testing.T, items []Item) *Graph {
	t.Helper()
	g, err := Nearest(t.Context(), items, Neighbours(len(items)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func themes(t *testing.T, items []Item, known []Known, c Constraints) Result {
	t.Helper()
	result, err := Thematic(t.Context(), items, nearest(t, items), known, c, counted(known), nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// homes is the group of each item, the zero id for unclustered ones.
func homes(r Result) map[uuid.UUID]uuid.UUID {
	home := map[uuid.UUID]uuid.UUID{}
	for _, g := range r.Groups {
		for _, m := range g.Members {
			home[m.ID] = g.ID
		}
	}
	return home
}

// remember is what a caller would hand to the next run.
func remember(r Result) []Known {
	var known []Known
	for _, g := range r.Groups {
		k := Known{ID: g.ID}
		for _, m := range g.Members {
			k.Members = append(k.Members, m.ID)
		}
		known = append(known, k)
	}
	return known
}

func group(t *testing.T, r Result, cluster uuid.UUID) Group {
	t.Helper()
	for _, g := range r.Groups {
		if g.ID == cluster {
			return g
		}
	}
	t.Fatalf("no group %s", cluster)
	return Group{}
}
