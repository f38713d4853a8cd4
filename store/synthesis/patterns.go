package synthesis

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

const mostThemes = 5

// patterns is what runs through the signals of a cluster: themes with the sentence that stands for each, the days and
// months on which they were captured, how far apart, and which are near each other.
func (m material) patterns() Result {
	c := m.lineage(uuid.Nil).Content
	c.Recurring = m.recurring()
	m.times(&c)
	var chosen []int
	for _, theme := range c.Recurring[:min(mostThemes, len(c.Recurring))] {
		var with []int
		for i, s := range m.sentences {
			if slices.Contains(s.words, theme.Text) {
				with = append(with, i)
			}
		}
		if i := m.stands(with); i >= 0 {
			chosen = append(chosen, i)
		}
	}
	return Result{m.cite(chosen), c}
}

// times counts when the signals were captured, in UTC.
func (m material) times(c *Content) {
	var weekdays, months tally
	var gaps []time.Duration
	for i, s := range m.signals {
		weekdays.add(s.At.UTC().Weekday().String(), "")
		months.add(s.At.UTC().Format("January 2006"), "")
		if i > 0 {
			gaps = append(gaps, s.At.Sub(m.signals[i-1].At))
		}
	}
	c.Weekdays, c.Months = weekdays.best(1), months.best(1)
	from, until := m.signals[0].At, m.signals[len(m.signals)-1].At
	c.From, c.Until = &from, &until
	if len(gaps) > 0 {
		slices.Sort(gaps)
		c.GapHours = gaps[len(gaps)/2].Hours()
	}
}
