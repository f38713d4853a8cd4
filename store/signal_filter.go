package store

import (
	"time"

	"surrealm/store/signal"
)

// SignalFilter narrows and sorts the list of signals. Zero values ask for everything that is not in the bin, the last
// captured first.
type SignalFilter struct {
	Query      string // words and meaning; the best comes first, whatever the sort
	By         string // of a Query: "words" or "meaning" alone; "" is both
	Realm      string // slug; what was opted into it from elsewhere is in it too
	Types      []string
	Contexts   []string
	Statuses   []string // none is all but ARCHIVED and REJECTED
	Visibility string
	Tags       []string // all of them
	Author     string   // words of the name
	Source     string   // words
	From, To   *time.Time
	Warmest    *float64 // temperature at most
	Coldest    *float64 // temperature at least
	Near       *signal.Place
	Radius     float64 // kilometres around Near
	Placed     bool    // with a place only
	Bin        bool    // what is in the bin, and nothing else
	Sort       string  // captured, created, updated, title or temperature; with a leading "-" for descending; "" is "-captured"
	Cursor     string
}

// signalMatches is the filter of a list as an expression on the row s of signals, with its parameters $2 to $17. The realm, $1, is in reach.
const signalMatches = `
	` + inReach + `
	and ($2::text[] = '{}' or s.type = any ($2))
	and ($3::text[] = '{}' or s.context = any ($3))
	and case when $4::text[] = '{}' then $16 or s.status not in ('ARCHIVED', 'REJECTED') else s.status = any ($4) end
	and ($5 = '' or s.visibility = $5)
	and ($6::text[] = '{}' or s.tags @> $6)
	and ($7 = '' or s.created_by in (select user_id from people where display_name ilike '%' || $7 || '%'))
	and ($8 = '' or s.source ilike '%' || $8 || '%')
	and ($9::timestamptz is null or s.captured_at >= $9)
	and ($10::timestamptz is null or s.captured_at < $10)
	and ($11::float8 is null or s.temperature <= $11)
	and ($12::float8 is null or s.temperature >= $12)
	and ($13::float8 is null or s.latitude is not null and 2 * 6371.0088 * asin(least(1, sqrt(
		sin(radians(s.latitude - $13) / 2) ^ 2
		+ cos(radians($13)) * cos(radians(s.latitude)) * sin(radians(s.longitude - $14) / 2) ^ 2))) <= $15)
	and case when $16 then s.deleted_at is not null and ` + mayEdit + ` else s.deleted_at is null end
	and (not $17 or s.latitude is not null)`

func (f SignalFilter) args() []any {
	var latitude, longitude *float64
	if f.Near != nil {
		latitude, longitude = &f.Near.Latitude, &f.Near.Longitude
	}
	return []any{
		f.Realm, nonNil(f.Types), nonNil(f.Contexts), nonNil(f.Statuses), f.Visibility, nonNil(f.Tags), likePattern(f.Author), likePattern(f.Source),
		f.From, f.To, f.Warmest, f.Coldest, latitude, longitude, f.Radius, f.Bin, f.Placed,
	}
}
