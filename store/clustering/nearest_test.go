package clustering

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"
)

func TestNearestIsExact(t *testing.T) {
	t.Parallel()
	items := topics(3, 300, 7, 40, 1) // more than one tile, not a whole number of them
	const k = 8
	g, err := Nearest(t.Context(), items, k, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range items {
		var all []neighbour
		for j := range items {
			if i != j {
				all = append(all, neighbour{j, float32(dot(g.row(j), widen(g.row(i))))})
			}
		}
		slices.SortFunc(all, func(a, b neighbour) int {
			if closer(a, b) {
				return -1
			}
			return 1
		})
		for n, got := range g.near[i] {
			if len(g.near[i]) != k || math.Abs(float64(got.Similarity-all[n].Similarity)) > 1e-5 {
				t.Fatalf("item %d: neighbour %d is %v, want %v", i, n, got, all[n])
			}
		}
	}
}

func TestPaddingAndLengthOfVectorsDoNotMatter(t *testing.T) {
	t.Parallel()
	items := topics(3, 100, 5, 24, 1)
	padded := slices.Clone(items)
	for i := range padded {
		wide := make([]float32, 96)
		for d, x := range items[i].Vector {
			wide[d] = 4 * x // a power of two, so that not a bit differs
		}
		padded[i].Vector = wide
	}
	short, long := nearest(t, items), nearest(t, padded)
	if long.width != 24 || !reflect.DeepEqual(short.near, long.near) {
		t.Errorf("width %d; the neighbours of padded vectors differ", long.width)
	}
}

func TestItemsWithoutAUsableVectorAreNotInTheGraph(t *testing.T) {
	t.Parallel()
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	items := []Item{{ID: id(1)}, {ID: id(2), Vector: []float32{0, 0}}, {ID: id(3), Vector: []float32{nan, 1}},
		{ID: id(4), Vector: []float32{inf, 1}}, {ID: id(5), Vector: []float32{1, 1}}}
	g := nearest(t, items)
	if len(g.ids) != 1 || g.ids[0] != id(5) || len(g.near[0]) != 0 {
		t.Errorf("the graph has %v", g.ids)
	}
}

func TestAnItemGivenTwiceIsAnError(t *testing.T) {
	t.Parallel()
	twice := []Item{{ID: id(1)}, {ID: id(1)}}
	if _, err := Nearest(t.Context(), twice, 3, nil); err == nil {
		t.Error("Nearest took it")
	}
	if _, err := Temporal(t.Context(), twice, nil, Constraints{}, Options{}, nil); err == nil {
		t.Error("Temporal took it")
	}
}

func TestCancellingStopsEveryStep(t *testing.T) {
	t.Parallel()
	items := topics(3, 200, 5, 24, 1)
	g := nearest(t, items)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, nearestErr := Nearest(ctx, items, 5, nil)
	_, thematicErr := Thematic(ctx, items, g, nil, Constraints{}, Options{}, nil)
	_, temporalErr := Temporal(ctx, items, nil, Constraints{}, Options{}, nil)
	_, spatialErr := Spatial(ctx, items, nil, Constraints{}, Options{}, nil)
	_, projectErr := Project(ctx, g, nil, 1, nil)
	for _, err := range []error{nearestErr, thematicErr, temporalErr, spatialErr, projectErr} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

func TestProgressRisesToItsEnd(t *testing.T) {
	t.Parallel()
	items := topics(3, 300, 5, 24, 1)
	for i := range items {
		items[i].At, items[i].Place = morning, &Place{48, 16}
	}
	rising := func() (Progress, func()) {
		last, end := 0, 1
		return func(done, of int) {
				if done < last || done > of {
					t.Errorf("%d of %d after %d", done, of, last)
				}
				last, end = done, of
			}, func() {
				t.Helper()
				if last != end {
					t.Errorf("ended at %d of %d", last, end)
				}
			}
	}
	ctx := t.Context()
	progress, ended := rising()
	g, _ := Nearest(ctx, items, 5, progress)
	ended()
	progress, ended = rising()
	_, _ = Thematic(ctx, items, g, nil, Constraints{}, Options{}, progress)
	ended()
	progress, ended = rising()
	_, _ = Temporal(ctx, items, nil, Constraints{}, Options{}, progress)
	ended()
	progress, ended = rising()
	_, _ = Spatial(ctx, items, nil, Constraints{}, Options{}, progress)
	ended()
	progress, ended = rising()
	_, _ = Project(ctx, g, nil, 1, progress)
	ended()
}
