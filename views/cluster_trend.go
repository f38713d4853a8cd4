package views

import (
	"strconv"
	"time"

	"surrealm/store"
)

// The bar chart of a cluster's trend, in units of its drawing.
const (
	trendWidth  = 640
	trendHeight = 150
	trendFoot   = 20 // for the labels below the bars
)

// trendBar is a month or a year of the chart.
type trendBar struct {
	Label         string // such as "January 2026"
	Short         string // below the bar; "" for most
	Signals       int
	X, Y, W, H, M string // M is the middle
}

// trendBars lays the trend out: month by month without gaps, or year by year when that would be more than three years.
func trendBars(points []store.TrendPoint) []trendBar {
	if len(points) == 0 {
		return nil
	}
	first, last := points[0].Month.UTC(), points[len(points)-1].Month.UTC()
	yearly := last.Sub(first) > 3*366*24*time.Hour
	label, step := "January 2006", 1
	if yearly {
		label, step = "2006", 12
		first = time.Date(first.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	counts, most := map[string]int{}, 1
	for _, point := range points {
		key := point.Month.UTC().Format(label)
		counts[key] += point.Signals
		most = max(most, counts[key])
	}
	var bars []trendBar
	for at := first; !at.After(last) && len(bars) < 400; at = at.AddDate(0, step, 0) {
		bars = append(bars, trendBar{Label: at.Format(label), Signals: counts[at.Format(label)]})
	}
	each := min(float64(trendWidth)/float64(len(bars)), 56)
	every := max(1, (len(bars)*60+trendWidth-1)/trendWidth) // one label for each 60 units
	for i := range bars {
		b, tall := &bars[i], float64(trendHeight-trendFoot-4)*float64(bars[i].Signals)/float64(most)
		x := float64(i) * each
		b.X, b.W, b.Y, b.H, b.M = num(x+each*0.1), num(each*0.8), num(float64(trendHeight-trendFoot)-tall), num(tall), num(x+each/2)
		if i%every == 0 {
			b.Short = b.Label
			if at, err := time.Parse(label, b.Label); err == nil && !yearly {
				b.Short = at.Format("Jan 06")
			}
		}
	}
	return bars
}

// trendSummary is the chart in a sentence.
func trendSummary(bars []trendBar) string {
	best, total := bars[0], 0
	for _, bar := range bars {
		if total += bar.Signals; bar.Signals > best.Signals {
			best = bar
		}
	}
	if len(bars) == 1 {
		return "All were captured in " + best.Label + "."
	}
	return signalsText(total) + " from " + bars[0].Label + " to " + bars[len(bars)-1].Label + "; most in " + best.Label + ": " + strconv.Itoa(best.Signals) + "."
}
