package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SignalDay is what was captured on one day, in UTC.
type SignalDay struct {
	Day     time.Time     `db:"day"`
	Signals int           `db:"signals"`
	First   []SignalTitle `db:"first"` // the first three of the day
}

// SignalTitle names a signal.
type SignalTitle struct {
	ID    uuid.UUID
	Title string
}

// SignalMonth is a month of a calendar: the days on which a query finds something.
type SignalMonth struct {
	Month time.Time
	Days  []SignalDay
	SignalChoices
}

// SignalMonth counts the signals of a query by the day of their capture, in two statements. month is the first moment of it;
// the zero time asks for the last month in which there is anything. Order and cursor of the filter do not count.
func (t *Tenant) SignalMonth(ctx context.Context, f SignalFilter, month time.Time) (SignalMonth, error) {
	found := SignalMonth{Month: month}
	query, err := t.store.understand(ctx, f.Query)
	if err != nil {
		return found, err
	}
	if !month.IsZero() {
		f.within(month, month.AddDate(0, 1, 0))
	}
	with, from, args := f.source(query)
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		found.Days, err = many[SignalDay](ctx, tx, `
			with `+with+`, matching as materialized (
				select s.id, s.title, s.captured_at at time zone 'UTC' as at from `+from+` where `+signalMatches+`
			)
			select at::date as day, count(*) as signals,
				to_jsonb((array_agg(jsonb_build_object('ID', id, 'Title', title) order by at, id))[1:3]) as first
			from matching
			where at >= (select date_trunc('month', max(at)) from matching)
			group by at::date
			order by day`, args...)
		if err != nil {
			return err
		}
		found.SignalChoices, err = signalChoices(ctx, tx)
		return err
	})
	if found.Month.IsZero() {
		found.Month = time.Now().UTC()
		if len(found.Days) > 0 {
			found.Month = found.Days[0].Day
		}
		found.Month = time.Date(found.Month.Year(), found.Month.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	return found, err
}

// within narrows the filter to a span of time.
func (f *SignalFilter) within(from, to time.Time) {
	if f.From == nil || f.From.Before(from) {
		f.From = &from
	}
	if f.To == nil || f.To.After(to) {
		f.To = &to
	}
}
