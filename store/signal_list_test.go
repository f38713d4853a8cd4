package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// Walking a list forward and back, in either direction of every sort, meets each signal of several realms once.
func TestEverySortIsWalkedWhole(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	for i := range 2*store.PageSize + 3 {
		warmth := float64(i%5)/10 - 0.2
		note(t, ada, []string{"", realm}[i%2], fmt.Sprintf("Rope %d", i%9), "x", func(d *signal.Draft) {
			d.CapturedAt = time.Date(2026, 1, 1+i%4, 0, 0, 0, 0, time.UTC)
			if i%3 > 0 {
				d.Temperature = &warmth
			}
		})
	}
	for _, sort := range []string{"", "captured", "-created", "updated", "title", "-title", "temperature", "-temperature"} {
		var forward, back []string
		f, pages := store.SignalFilter{Sort: sort}, 0
		for ; ; pages++ {
			list, err := ada.Signals(t.Context(), f)
			if err != nil {
				t.Fatal(sort, err)
			}
			for _, s := range list.Items {
				forward = append(forward, s.ID.String())
			}
			if f.Cursor = list.Next; f.Cursor == "" {
				f.Cursor = list.Previous
				break
			}
		}
		for ; f.Cursor != ""; pages-- {
			list, err := ada.Signals(t.Context(), f)
			if err != nil {
				t.Fatal(sort, err)
			}
			ids := []string{}
			for _, s := range list.Items {
				ids = append(ids, s.ID.String())
			}
			back, f.Cursor = append(ids, back...), list.Previous
		}
		if len(forward) != 2*store.PageSize+3 || !slices.Equal(back, forward[:2*store.PageSize]) || pages != 0 {
			t.Errorf("%q: %d forward, %d back, %d pages apart", sort, len(forward), len(back), pages)
		}
		slices.Sort(forward)
		if len(slices.Compact(forward)) != 2*store.PageSize+3 {
			t.Errorf("%q meets some twice", sort)
		}
	}
}

func TestMapAndMonthAnswerTheSameQuery(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	at := func(day int, place *signal.Place) func(*signal.Draft) {
		return func(d *signal.Draft) {
			d.CapturedAt, d.Place = time.Date(2024, 2, day, 23, 30, 0, 0, time.UTC), place
		}
	}
	note(t, ada, "", "Pump", "It leaks oil.", at(29, &signal.Place{Latitude: 53.55, Longitude: 9.99}))
	note(t, ada, "", "Valve", "It leaks water.", at(29, nil))
	note(t, ada, "", "Anchor", "Nothing to see.", at(3, &signal.Place{Latitude: -33.87, Longitude: 151.21}))
	for query, want := range map[string][3]int{"": {2, 2, 3}, "leaks": {1, 1, 2}, "zither": {0, 0, 0}} {
		f := store.SignalFilter{Query: query}
		found, err := ada.SignalMap(t.Context(), f)
		if err != nil || len(found.Points) != want[0] || found.More {
			t.Errorf("%q: the map has %v, %v", query, found.Points, err)
		}
		month, err := ada.SignalMonth(t.Context(), f, time.Time{})
		total := 0
		for _, day := range month.Days {
			total += day.Signals
		}
		if err != nil || len(month.Days) != want[1] || total != want[2] {
			t.Errorf("%q: the month has %+v, %v", query, month.Days, err)
		}
		if query == "" && (month.Month != time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC) || month.Days[1].Day.Day() != 29 || month.Days[1].Signals != 2 || len(month.Days[1].First) != 2) {
			t.Errorf("the month is %v with %+v", month.Month, month.Days)
		}
	}
	empty, err := ada.SignalMonth(t.Context(), store.SignalFilter{}, time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(empty.Days) != 0 || len(empty.Realms) != 1 || !empty.Any {
		t.Errorf("March has %+v, %v", empty, err)
	}
}
