package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// mostPoints is how many signals a map shows.
const mostPoints = 2000

// SignalPoint is a signal on a map.
type SignalPoint struct {
	ID         uuid.UUID `db:"id"`
	Title      string    `db:"title"`
	Latitude   float64   `db:"latitude"`
	Longitude  float64   `db:"longitude"`
	CapturedAt time.Time `db:"captured_at"`
}

// SignalMap is what a query finds that has a place, the last captured first.
type SignalMap struct {
	Points []SignalPoint
	More   bool // only the first mostPoints are here
	SignalChoices
}

// SignalMap places the signals of a query, in two statements. Order and cursor of the filter do not count.
func (t *Tenant) SignalMap(ctx context.Context, f SignalFilter) (SignalMap, error) {
	var found SignalMap
	query, err := t.store.understand(ctx, f.Query)
	if err != nil {
		return found, err
	}
	f.Placed = true
	with, from, args := f.source(query)
	args = append(args, mostPoints+1)
	limit := `limit $18`
	if f.Query != "" {
		limit = `limit $23`
	}
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		found.Points, err = many[SignalPoint](ctx, tx, `
			with `+with+`
			select s.id, s.title, s.latitude, s.longitude, s.captured_at
			from `+from+`
			where `+signalMatches+`
			order by s.captured_at desc, s.id desc
			`+limit, args...)
		if err != nil {
			return err
		}
		found.SignalChoices, err = signalChoices(ctx, tx)
		return err
	})
	if len(found.Points) > mostPoints {
		found.Points, found.More = found.Points[:mostPoints], true
	}
	return found, err
}

// source is where the signals s of a query come from: a search's hits, or all in reach; with its common tables and its arguments.
func (f SignalFilter) source(query meaning) (with, from string, args []any) {
	if f.Query == "" {
		return reach, withinReach, f.args()
	}
	return searchHits(f), `hits join signals s on s.id = hits.signal_id`, f.searchArgs(query)
}
