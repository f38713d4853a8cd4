package clustering

import (
	"context"
	"math"
	"slices"
	"time"
)

// Temporal groups items by when they happened: a gap that is far longer than the usual ones around it
// parts two groups. The rule is that of PhotoTOC (Platt, Czerwinski and Field 2003): a gap parts when it
// is more than 17 times the geometric mean of the gaps near it, ten to each side, itself included. Gaps
// below Pause count as Pause, so that a burst of signals does not make every later gap look long.
func Temporal(ctx context.Context, items []Item, known []Known, c Constraints, o Options, progress Progress) (Result, error) {
	o = o.withDefaults()
	b, err := newBlocks(items, c)
	if err != nil {
		return Result{}, err
	}
	order := b.inTime()
	gaps := make([]float64, max(len(order)-1, 0)) // seconds, after each item
	for i := range gaps {
		gaps[i] = b.items[order[i+1]].At.Sub(b.items[order[i]].At).Seconds()
	}
	limits := gapLimits(gaps, o.Pause.Seconds())
	var links []link
	for i, gap := range gaps {
		if gap <= limits[i] {
			links = append(links, link{order[i], order[i+1], gap})
		}
	}
	progress.report(1, 2)
	limitAt := make([]float64, len(b.items)) // longest gap that would keep the item in its group
	for i, item := range order {
		for _, side := range []int{i - 1, i} {
			if side >= 0 && side < len(gaps) {
				limitAt[item] = max(limitAt[item], limits[side])
			}
		}
	}
	result := finish(b, linked(b, links), known, o, func(members []int) ([]explanation, int) {
		return b.explainTime(members, limitAt)
	})
	progress.report(2, 2)
	return result, ctx.Err()
}

// inTime lists the items whose time is known, earliest first, then by id.
func (b *blocks) inTime() []int {
	var order []int
	for i, item := range b.items {
		if !item.At.IsZero() {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(x, y int) int { return b.items[x].At.Compare(b.items[y].At) })
	return order
}

// gapLimits says for each gap how long it may be without parting what is before and after it.
func gapLimits(gaps []float64, pause float64) []float64 {
	const side, factor = 10, 17
	sums := make([]float64, len(gaps)+1) // of the logarithms before each gap
	for i, gap := range gaps {
		sums[i+1] = sums[i] + math.Log(max(gap, pause))
	}
	limits := make([]float64, len(gaps))
	for i := range gaps {
		from, to := max(i-side, 0), min(i+side+1, len(gaps))
		limits[i] = factor * math.Exp((sums[to]-sums[from])/float64(to-from))
	}
	return limits
}

// explainTime: the confidence is how far the gap to the nearest member is from parting the two; central
// is the member in the middle.
func (b *blocks) explainTime(members []int, limitAt []float64) ([]explanation, int) {
	var order []int // positions in members, those with a time first
	for m := range members {
		order = append(order, m)
	}
	at := func(m int) time.Time { return b.items[members[m]].At }
	order = slices.DeleteFunc(order, func(m int) bool { return at(m).IsZero() })
	slices.SortStableFunc(order, func(x, y int) int { return at(x).Compare(at(y)) })
	facts := make([]explanation, len(members))
	for m := range facts {
		facts[m].nearest = -1
	}
	for i, m := range order {
		for _, other := range []int{i - 1, i + 1} {
			if other < 0 || other >= len(order) {
				continue
			}
			gap := at(m).Sub(at(order[other])).Abs().Seconds()
			if facts[m].nearest < 0 || gap < facts[m].gap {
				facts[m].nearest, facts[m].gap = members[order[other]], gap
				facts[m].confidence = 1 - gap/max(limitAt[members[m]], 1)
			}
		}
	}
	if len(order) == 0 {
		return facts, members[0]
	}
	return facts, members[order[len(order)/2]]
}

// seconds turns a number of seconds into a duration, at most the longest there is.
func seconds(s float64) time.Duration {
	return time.Duration(min(s*float64(time.Second), float64(math.MaxInt64-1024)))
}
