package clustering

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// drawItems draws items of which some lack a vector, a time or a place.
func drawItems(t *rapid.T) []Item {
	items := topics(rapid.Uint64Range(0, 5).Draw(t, "seed"), rapid.IntRange(0, 40).Draw(t, "items"), 4, 16, 0.7)
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for i := range items {
		if rapid.IntRange(0, 9).Draw(t, "bare") == 0 {
			items[i].Vector = nil
			continue
		}
		items[i].At = start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "day"))*24*time.Hour + time.Duration(i)*time.Minute)
		items[i].Place = &Place{48 + float64(rapid.IntRange(0, 3).Draw(t, "lat"))/10, 16}
	}
	return items
}

// drawConstraints draws what people may have decided, contradictions and deleted items included. Clusters
// 500 to 505 are known or not.
func drawConstraints(t *rapid.T) Constraints {
	item := rapid.Custom(func(t *rapid.T) uuid.UUID { return id(rapid.IntRange(0, 42).Draw(t, "item")) })
	cluster := rapid.Custom(func(t *rapid.T) uuid.UUID { return id(rapid.IntRange(500, 505).Draw(t, "cluster")) })
	pair := rapid.Custom(func(t *rapid.T) [2]uuid.UUID { return [2]uuid.UUID{item.Draw(t, "a"), item.Draw(t, "b")} })
	return Constraints{
		Together: rapid.SliceOfN(pair, 0, 8).Draw(t, "together"),
		Apart:    rapid.SliceOfN(pair, 0, 8).Draw(t, "apart"),
		Pinned:   rapid.MapOfN(item, cluster, 0, 6).Draw(t, "pinned"),
		Outside:  rapid.MapOfN(item, rapid.SliceOfN(cluster, 0, 3), 0, 4).Draw(t, "outside"),
	}
}

func drawKnown(t *rapid.T) []Known {
	var known []Known
	for cluster := range rapid.IntRange(0, 4).Draw(t, "known") {
		k := Known{ID: id(500 + cluster)}
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 42), 0, 15).Draw(t, "members") {
			k.Members = append(k.Members, id(n))
		}
		known = append(known, k)
	}
	return known
}

func TestEveryMethodObeysWhatPeopleDecided(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		items, c, known := drawItems(t), drawConstraints(t), drawKnown(t)
		g, err := Nearest(ctx, items, 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		thematic, err := Thematic(ctx, items, g, known, c, counted(known), nil)
		obeys(t, items, c, thematic, err)
		temporal, err := Temporal(ctx, items, known, c, counted(known), nil)
		obeys(t, items, c, temporal, err)
		spatial, err := Spatial(ctx, items, known, c, counted(known), nil)
		obeys(t, items, c, spatial, err)
	})
}

func obeys(t *rapid.T, items []Item, c Constraints, r Result, err error) {
	if err != nil {
		t.Fatal(err)
	}
	home := homes(r)
	everyItemOnce(t, items, r)
	exists := func(pair [2]uuid.UUID) bool {
		has := func(x uuid.UUID) bool { return slices.ContainsFunc(items, func(i Item) bool { return i.ID == x }) }
		return has(pair[0]) && has(pair[1]) && !slices.Contains(r.Refused, pair)
	}
	for _, pair := range c.Together {
		if exists(pair) && pair[0] != pair[1] && (home[pair[0]] != home[pair[1]] || home[pair[0]] == uuid.Nil) {
			t.Fatalf("%s and %s are not together", pair[0], pair[1])
		}
	}
	for _, pair := range c.Apart {
		if exists(pair) && home[pair[0]] == home[pair[1]] && home[pair[0]] != uuid.Nil {
			t.Fatalf("%s and %s are not apart", pair[0], pair[1])
		}
	}
	for _, item := range items {
		pin, pinned := c.Pinned[item.ID]
		if pinned && home[item.ID] != pin {
			t.Fatalf("%s is not where it is pinned", item.ID)
		}
		if at, in := home[item.ID]; in && at != pin && slices.Contains(c.Outside[item.ID], at) && !tiedToPin(c, r, item.ID) {
			t.Fatalf("%s is back in a cluster it was taken out of", item.ID)
		}
	}
}

func everyItemOnce(t *rapid.T, items []Item, r Result) {
	var all, groups []uuid.UUID
	all = append(all, r.Unclustered...)
	for _, g := range r.Groups {
		groups = append(groups, g.ID)
		if !slices.ContainsFunc(g.Members, func(m Member) bool { return m.ID == g.Central }) {
			t.Fatalf("central %s is no member", g.Central)
		}
		for _, m := range g.Members {
			all = append(all, m.ID)
			if !(m.Confidence >= 0 && m.Confidence <= 1) {
				t.Fatalf("confidence %v", m.Confidence)
			}
		}
	}
	slices.SortFunc(all, compareIDs)
	slices.SortFunc(groups, compareIDs)
	if len(all) != len(items) || len(slices.Compact(all)) != len(items) {
		t.Fatalf("%d items came out as %v", len(items), all)
	}
	if count := len(groups); len(slices.Compact(groups)) != count {
		t.Fatalf("two groups share an id: %v", groups)
	}
}

func TestOnlyContradictionsAreRefused(t *testing.T) {
	t.Parallel()
	items := topics(1, 12, 2, 16, 0.3)
	var c Constraints
	c.Split([]uuid.UUID{id(0), id(2)}, []uuid.UUID{id(4), id(6)})
	c.Merge(id(1), id(3), id(99))
	if r := themes(t, items, nil, c); len(r.Refused) != 0 {
		t.Fatalf("refused %v", r.Refused)
	}
	late := [2]uuid.UUID{id(2), id(4)}
	c.Together = append(c.Together, late)
	if r := themes(t, items, nil, c); !slices.Equal(r.Refused, [][2]uuid.UUID{late}) {
		t.Fatalf("refused %v, want only %v", r.Refused, late)
	}
}

func TestTheLaterDecisionUndoesTheEarlier(t *testing.T) {
	t.Parallel()
	items := topics(1, 12, 1, 16, 0.3)
	var all []uuid.UUID
	for _, item := range items {
		all = append(all, item.ID)
	}
	var c Constraints
	for range 2 {
		c.Split(all[:6], all[6:])
		if r := themes(t, items, nil, c); len(r.Groups) != 2 || len(r.Refused) != 0 {
			t.Fatalf("%d groups after a split, refused %v", len(r.Groups), r.Refused)
		}
		c.Merge(all...)
		if r := themes(t, items, nil, c); len(r.Groups) != 1 || len(r.Refused) != 0 {
			t.Fatalf("%d groups after a merge, refused %v", len(r.Groups), r.Refused)
		}
	}
}

func TestSplitAndMergeHoldInLaterRuns(t *testing.T) {
	t.Parallel()
	items := topics(1, 40, 2, 32, 0.4)
	first := themes(t, items, nil, Constraints{})
	if len(first.Groups) != 2 {
		t.Fatalf("%d groups, want 2", len(first.Groups))
	}
	var split Constraints
	known := remember(first)
	split.Split(known[0].Members[:10], known[0].Members[10:])
	if r := themes(t, items, known, split); len(r.Groups) != 3 {
		t.Fatalf("%d groups after a split, want 3", len(r.Groups))
	}
	var merge Constraints
	merge.Merge(append(slices.Clone(known[0].Members), known[1].Members...)...)
	if r := themes(t, items, known, merge); len(r.Groups) != 1 || len(r.Unclustered) != 0 {
		t.Fatalf("%d groups after a merge, want 1", len(r.Groups))
	}
}

func TestAPinnedItemJoinsItsClusterAndNotTheOtherWayRound(t *testing.T) {
	t.Parallel()
	items := topics(2, 40, 2, 32, 0.4)
	first := themes(t, items, nil, Constraints{})
	home := homes(first)
	var c Constraints
	c.Pin(id(0), home[id(1)]) // item 0 is about the other topic
	again := homes(themes(t, items, remember(first), c))
	home[id(0)] = home[id(1)]
	for item, cluster := range home {
		if again[item] != cluster {
			t.Errorf("%s moved to %s", item, again[item])
		}
	}
}

func TestAHandMadeClusterDrawsWhatIsAlike(t *testing.T) {
	t.Parallel()
	items := topics(2, 40, 2, 32, 0.4)
	var c Constraints
	for i := 0; i < 10; i += 2 {
		c.Pin(id(i), id(700))
	}
	r := themes(t, items, nil, c)
	if g := group(t, r, id(700)); len(g.Members) != 20 || !g.Known {
		t.Fatalf("%d members, known %v, want the whole topic of 20", len(g.Members), g.Known)
	}
}

// tiedToPin reports whether the item's ties lead to one that is pinned: then the pin decides.
func tiedToPin(c Constraints, r Result, item uuid.UUID) bool {
	reached := []uuid.UUID{item}
	for at := 0; at < len(reached); at++ {
		if _, pinned := c.Pinned[reached[at]]; pinned {
			return true
		}
		for _, pair := range c.Together {
			for side, end := range pair {
				if other := pair[1-side]; end == reached[at] && !slices.Contains(r.Refused, pair) && !slices.Contains(reached, other) {
					reached = append(reached, other)
				}
			}
		}
	}
	return false
}

func TestAPinSendsAwayWhatMustNotMeetIt(t *testing.T) {
	t.Parallel()
	items := topics(2, 40, 2, 32, 0.4)
	first := themes(t, items, nil, Constraints{})
	home := homes(first)
	c := Constraints{Apart: [][2]uuid.UUID{{id(0), id(1)}}}
	c.Pin(id(0), home[id(1)]) // to where item 1 is
	again := homes(themes(t, items, remember(first), c))
	if again[id(0)] != home[id(1)] || again[id(1)] == home[id(1)] || again[id(3)] != home[id(1)] {
		t.Errorf("item 0 is in %s, item 1 in %s, item 3 in %s", again[id(0)], again[id(1)], again[id(3)])
	}
}

func TestSeparatedItemsOfOneTopicDivideIt(t *testing.T) {
	t.Parallel()
	items := topics(2, 40, 1, 32, 0.4)
	c := Constraints{Apart: [][2]uuid.UUID{{id(0), id(1)}, {id(0), id(2)}, {id(1), id(2)}}}
	everyone := Known{ID: id(900)}
	for _, item := range items {
		everyone.Members = append(everyone.Members, item.ID)
	}
	r := themes(t, items, []Known{everyone}, c)
	home := homes(r)
	if home[id(0)] == home[id(1)] || home[id(1)] == home[id(2)] || home[id(0)] == home[id(2)] {
		t.Errorf("they are in %s, %s and %s", home[id(0)], home[id(1)], home[id(2)])
	}
}
