package clustering

import (
	"testing"
	"time"
)

var morning = time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)

// moments makes an item for each offset from a morning in May.
func moments(offsets ...time.Duration) []Item {
	var items []Item
	for i, offset := range offsets {
		items = append(items, Item{ID: id(i), At: morning.Add(offset)})
	}
	return items
}

// sequence is count offsets from start on, one each step.
func sequence(start, step time.Duration, count int) []time.Duration {
	var list []time.Duration
	for i := range count {
		list = append(list, start+time.Duration(i)*step)
	}
	return list
}

func episodes(t *testing.T, items []Item) Result {
	t.Helper()
	r, err := Temporal(t.Context(), items, nil, Constraints{}, Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestNightsPartTheDays(t *testing.T) {
	t.Parallel()
	var offsets []time.Duration
	for day := range 4 {
		offsets = append(offsets, sequence(time.Duration(day)*24*time.Hour, 12*time.Minute, 8)...)
	}
	r := episodes(t, moments(offsets...))
	if len(r.Groups) != 4 || len(r.Unclustered) != 0 {
		t.Fatalf("%d groups, %d unclustered, want 4 days", len(r.Groups), len(r.Unclustered))
	}
	home := homes(r)
	if home[id(0)] != home[id(7)] || home[id(7)] == home[id(8)] {
		t.Error("the groups are not the days")
	}
}

func TestAnEvenPaceIsOneGroup(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{0, time.Second, time.Hour, 30 * 24 * time.Hour} {
		if r := episodes(t, moments(sequence(0, step, 30)...)); len(r.Groups) != 1 {
			t.Errorf("every %s: %d groups, want 1", step, len(r.Groups))
		}
	}
}

func TestABurstDoesNotShatterWhatFollows(t *testing.T) {
	t.Parallel()
	imported := sequence(0, 0, 200) // all at the same moment
	r := episodes(t, moments(append(imported, sequence(30*24*time.Hour, time.Hour, 30)...)...))
	if len(r.Groups) != 2 || len(r.Groups[0].Members) != 200 || len(r.Groups[1].Members) != 30 {
		t.Fatalf("%d groups, want the import and what followed", len(r.Groups))
	}
}

func TestTimeOfAMemberIsExplained(t *testing.T) {
	t.Parallel()
	items := moments(0, 10*time.Minute, 12*time.Minute, 30*time.Minute)
	items = append(items, Item{ID: id(9)}) // no time
	r := episodes(t, items)
	if len(r.Groups) != 1 || len(r.Unclustered) != 1 || r.Unclustered[0] != id(9) {
		t.Fatalf("got %+v", r)
	}
	for _, m := range r.Groups[0].Members {
		if m.ID == id(0) && (m.Nearest != id(1) || m.Gap != 10*time.Minute || m.Confidence <= 0 || m.Confidence >= 1) {
			t.Errorf("the first is explained by %+v", m)
		}
	}
	if r.Groups[0].Central != id(2) {
		t.Errorf("central is %s", r.Groups[0].Central)
	}
}

func TestTimeGapsOfCenturies(t *testing.T) {
	t.Parallel()
	items := moments(0, time.Minute, 2*time.Minute)
	for i, item := range moments(0, time.Minute, 2*time.Minute) {
		item.ID, item.At = id(10+i), item.At.AddDate(2000, 0, 0)
		items = append(items, item)
	}
	if r := episodes(t, items); len(r.Groups) != 2 {
		t.Errorf("%d groups, want 2", len(r.Groups))
	}
	if r := episodes(t, nil); len(r.Groups) != 0 || r.Unclustered != nil {
		t.Errorf("nothing gave %+v", r)
	}
}
