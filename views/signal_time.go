package views

import (
	"strconv"
	"time"

	"surrealm/store"
)

// timelineMonth is a month of the timeline, with its days in the order of the list.
type timelineMonth struct {
	Title string
	Days  []timelineDay
}

type timelineDay struct {
	Number, Title string
	Signals       []store.SignalSummary
}

// timelineOf groups signals by the day of their capture, in UTC, in the order in which they come.
func timelineOf(signals []store.SignalSummary) []timelineMonth {
	var months []timelineMonth
	for _, s := range signals {
		at := s.CapturedAt.UTC()
		if title := at.Format("January 2006"); len(months) == 0 || months[len(months)-1].Title != title {
			months = append(months, timelineMonth{Title: title})
		}
		month := &months[len(months)-1]
		if title := at.Format("Monday, 2 January"); len(month.Days) == 0 || month.Days[len(month.Days)-1].Title != title {
			month.Days = append(month.Days, timelineDay{Number: at.Format("2"), Title: title})
		}
		day := &month.Days[len(month.Days)-1]
		day.Signals = append(day.Signals, s)
	}
	return months
}

var weekDays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

// calendarDay is a field of the calendar; one before or after the month has no number.
type calendarDay struct {
	Number string
	store.SignalDay
}

// calendarOf lays a month out in weeks, from Monday to Sunday.
func calendarOf(m store.SignalMonth) [][]calendarDay {
	found := map[int]store.SignalDay{}
	for _, day := range m.Days {
		found[day.Day.Day()] = day
	}
	offset := (int(m.Month.Weekday()) + 6) % 7
	days := m.Month.AddDate(0, 1, -1).Day()
	var weeks [][]calendarDay
	for at := -offset; at < days; at += 7 {
		week := make([]calendarDay, 7)
		for i := range week {
			if n := at + i + 1; n >= 1 && n <= days {
				week[i] = calendarDay{strconv.Itoa(n), found[n]}
			}
		}
		weeks = append(weeks, week)
	}
	return weeks
}

func (v SignalListView) monthURL(step int) string {
	return v.Filter.changed(v.Org, func(f *SignalFilterForm) { f.Month = v.Month.Month.AddDate(0, step, 0).Format("2006-01") })
}

// dayURL is the list of one day.
func (v SignalListView) dayURL(day time.Time) string {
	return v.Filter.changed(v.Org, func(f *SignalFilterForm) {
		f.From, f.To, f.View, f.Month = day.Format(time.DateOnly), day.Format(time.DateOnly), "", ""
	})
}

func (v SignalListView) monthSummary() string {
	total := 0
	for _, day := range v.Month.Days {
		total += day.Signals
	}
	if total == 0 {
		return "Nothing was captured in this month."
	}
	return signalsText(total) + " in this month. Days are those of UTC."
}
