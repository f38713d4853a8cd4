package clustering

import "testing"

func TestTheSampleIsGroupedInEveryWay(t *testing.T) {
	t.Parallel()
	items := Sample(1500, 1) // 18 topics, 12 sites
	byTheme := themes(t, items, nil, Constraints{})
	if groups := len(byTheme.Groups); groups < 16 || groups > 22 {
		t.Errorf("%d groups by theme, want about 18", groups)
	}
	if alone := len(byTheme.Unclustered); alone < 40 || alone > 110 {
		t.Errorf("%d unclustered by theme, want about 75", alone)
	}
	byPlace, err := Spatial(t.Context(), items, nil, Constraints{}, Options{}, nil)
	if err != nil || len(byPlace.Groups) != 12 {
		t.Errorf("%d groups by place, want 12; error %v", len(byPlace.Groups), err)
	}
	byTime, err := Temporal(t.Context(), items, nil, Constraints{}, Options{}, nil)
	days := map[string]bool{}
	for _, item := range items {
		days[item.At.Format("2006-01-02")] = true
	}
	if err != nil || len(byTime.Groups) < len(days)*8/10 || len(byTime.Groups) > len(days) {
		t.Errorf("%d groups by time, want about %d days; error %v", len(byTime.Groups), len(days), err)
	}
}
