package clustering

import (
	"math"
	"testing"

	"github.com/google/uuid"
)

func places(list ...Place) []Item {
	var items []Item
	for i := range list {
		items = append(items, Item{ID: id(i), Place: &list[i]})
	}
	return items
}

func sites(t *testing.T, items []Item, o Options, c Constraints) Result {
	t.Helper()
	r, err := Spatial(t.Context(), items, nil, c, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDistanceIsThatOnTheGround(t *testing.T) {
	t.Parallel()
	b := &blocks{items: places(Place{48.8566, 2.3522}, Place{51.5074, -0.1278}, Place{0, 0}, Place{0, 180},
		Place{52, 13}, Place{52.00001, 13})}
	points, _ := b.onSphere()
	for _, want := range []struct {
		a, b   int
		metres float64
	}{{0, 1, 343_556}, {2, 3, math.Pi * 6_371_008.8}, {4, 5, 1.112}} {
		got := metres(chord(points[want.a], points[want.b]))
		if math.Abs(got-want.metres) > want.metres*1e-3 {
			t.Errorf("%d to %d: %.3f m, want %.3f m", want.a, want.b, got, want.metres)
		}
	}
}

func TestPlacesWithinReachAreOneGroup(t *testing.T) {
	t.Parallel()
	items := places( // a degree of latitude is 111 km
		Place{48.000, 16}, Place{48.003, 16}, Place{48.006, 16}, Place{48.009, 16}, // a street
		Place{48.100, 16}, Place{48.101, 16}, Place{48.102, 16}, // a square
		Place{10, 179.9999}, Place{10, -179.9999}, Place{10.001, 180}, // an island on the date line
		Place{49, 16}) // a farm
	items = append(items, Item{ID: id(50)}, Item{ID: id(51), Place: &Place{math.NaN(), 0}})
	r := sites(t, items, Options{}, Constraints{})
	if len(r.Groups) != 3 || len(r.Groups[0].Members) != 4 || len(r.Unclustered) != 3 {
		t.Fatalf("%d groups, %d unclustered", len(r.Groups), len(r.Unclustered))
	}
	for _, m := range r.Groups[0].Members {
		if math.Abs(m.Metres-333.6) > 1 || math.Abs(m.Confidence-(1-m.Metres/500)) > 1e-9 {
			t.Errorf("explained by %+v", m)
		}
	}
	if r := sites(t, items, Options{Reach: 200}, Constraints{}); len(r.Groups) != 2 {
		t.Errorf("%d groups within 200 m, want 2", len(r.Groups))
	}
}

func TestAChainBreaksAtItsLongestLink(t *testing.T) {
	t.Parallel()
	items := places(Place{48.000, 16}, Place{48.001, 16}, Place{48.002, 16}, Place{48.005, 16}, Place{48.006, 16}, Place{48.007, 16})
	r := sites(t, items, Options{}, Constraints{Apart: [][2]uuid.UUID{{id(0), id(5)}}})
	home := homes(r)
	if len(r.Groups) != 2 || home[id(0)] != home[id(2)] || home[id(3)] != home[id(5)] {
		t.Errorf("got %v", home)
	}
}
