package clustering

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func drawn(t *testing.T, g *Graph, previous map[uuid.UUID]Point) map[uuid.UUID]Point {
	t.Helper()
	points, err := Project(t.Context(), g, previous, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for item, p := range points {
		if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) {
			t.Fatalf("%s is at %v", item, p)
		}
	}
	return points
}

func distance(a, b Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }

func TestWhatIsAlikeIsNearOnTheMap(t *testing.T) {
	t.Parallel()
	const count = 6
	items := topics(1, 240, count, 64, 0.8)
	points := drawn(t, nearest(t, items), nil)
	same := 0
	for i := range items {
		order := slices.Clone(items)
		slices.SortFunc(order, func(a, b Item) int {
			return int(math.Copysign(1, distance(points[a.ID], points[id(i)])-distance(points[b.ID], points[id(i)])))
		})
		for _, near := range order[1:6] {
			if int(near.ID[15])%count == i%count {
				same++
			}
		}
	}
	if same < 240*5*95/100 {
		t.Errorf("%d of %d neighbours on the map share the topic", same, 240*5)
	}
}

func TestTheMapStandsStillWithoutNewItems(t *testing.T) {
	t.Parallel()
	items := topics(1, 120, 4, 32, 0.8)
	first := drawn(t, nearest(t, items), nil)
	if again := drawn(t, nearest(t, items), first); !maps.Equal(first, again) {
		t.Error("the map changed")
	}
	fewer := drawn(t, nearest(t, items[20:]), first)
	for item, p := range fewer {
		if first[item] != p {
			t.Fatalf("%s moved when others went", item)
		}
	}
}

func TestNewItemsAppearByTheirNeighbours(t *testing.T) {
	t.Parallel()
	items := topics(1, 420, 6, 32, 0.7)
	before := drawn(t, nearest(t, items[:400]), nil)
	after := drawn(t, nearest(t, items), before)
	moved := 0.0
	for item, p := range before {
		moved += distance(p, after[item]) / float64(len(before))
	}
	if moved > 0.05 {
		t.Errorf("old items moved by %.3f on average", moved)
	}
	for n := 400; n < 420; n++ {
		var own, other float64
		for i := range 400 {
			if i%6 == n%6 {
				own += distance(after[id(n)], after[id(i)]) / (400.0 / 6)
			} else {
				other += distance(after[id(n)], after[id(i)]) / (400.0 * 5 / 6)
			}
		}
		if own > other/2 {
			t.Errorf("new item %d is %.3f from its topic and %.3f from others", n, own, other)
		}
	}
}

func TestProcrustesUndoesTurnsMirrorsAndScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-5, 5)
		n := rapid.IntRange(3, 20).Draw(t, "points")
		old, points, has := make([]Point, n), make([]Point, n), make([]bool, n)
		turn, scale := number.Draw(t, "turn"), rapid.Float64Range(0.1, 10).Draw(t, "scale")
		mirror := rapid.SampledFrom([]float64{1, -1}).Draw(t, "mirror")
		for i := range old {
			old[i], has[i] = Point{number.Draw(t, "x"), number.Draw(t, "y")}, true
			sin, cos := math.Sincos(turn)
			points[i] = Point{scale*(cos*old[i].X-sin*old[i].Y) + 3, mirror*scale*(sin*old[i].X+cos*old[i].Y) - 2}
		}
		has[0] = false // moves along with the others
		flat := true
		for i := 2; i < n; i++ {
			flat = flat && distance(old[1], old[i]) < 1e-3
		}
		toward(points, old, has)
		for i := range points {
			if distance(points[i], old[i]) > 1e-6 && !flat && i > 0 {
				t.Fatalf("point %d came to %v, not %v", i, points[i], old[i])
			}
		}
	})
}

func TestMapsOfNextToNothing(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		items := topics(1, n, 2, 8, 0.5)
		if points := drawn(t, nearest(t, items), nil); len(points) != n {
			t.Errorf("%d items gave %d points", n, len(points))
		}
	}
	twins := topics(1, 5, 1, 8, 0)
	seen := map[Point]bool{}
	for _, p := range drawn(t, nearest(t, twins), nil) {
		seen[p] = true
	}
	if len(seen) != 5 {
		t.Errorf("five equal items lie on %d points", len(seen))
	}
}

func TestAMapOfTwoGrowsToFillTheSpace(t *testing.T) {
	t.Parallel()
	items := topics(1, 100, 4, 32, 0.7)
	previous := map[uuid.UUID]Point{id(0): {0.9, 0.9}, id(1): {0.9001, 0.9}}
	points := drawn(t, nearest(t, items), previous)
	low, high := bounds(slices.Collect(maps.Values(points)))
	if high.X-low.X < 0.5-1e-9 && high.Y-low.Y < 0.5-1e-9 {
		t.Errorf("the map lies between %v and %v", low, high)
	}
}
