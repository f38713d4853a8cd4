package store

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// SignalSummary is a signal in a list.
type SignalSummary struct {
	ID          uuid.UUID         `db:"id"`
	Type        signal.Type       `db:"type"`
	Title       string            `db:"title"`
	Excerpt     string            `db:"excerpt"`
	Tags        []string          `db:"tags"`
	Status      signal.Status     `db:"status"`
	Visibility  signal.Visibility `db:"visibility"`
	RealmSlug   string            `db:"realm_slug"`
	RealmName   string            `db:"realm_name"`
	Author      string            `db:"author"`
	Temperature *float64          `db:"temperature"`
	Editable    bool              `db:"editable"`
	CapturedAt  time.Time         `db:"captured_at"`
	UpdatedAt   time.Time         `db:"updated_at"`
	Thumbnail   *uuid.UUID        `db:"thumbnail"` // file that has a small picture
}

const summaryColumns = `
	s.id, s.type, s.title, ` + excerpt + ` as excerpt, s.tags, s.status, s.visibility,
	coalesce(r.slug, '') as realm_slug, coalesce(r.name, '') as realm_name, p.display_name as author,
	s.temperature, ` + mayEdit + ` as editable, s.captured_at, s.updated_at,
	(select x.id from signal_files x where x.realm_id = s.realm_id and x.signal_id = s.id and x.visibility = s.visibility
		and x.signal_author = s.created_by and x.thumbnail is not null limit 1) as thumbnail`

type signalRow struct {
	SignalSummary
	Key string `db:"key"`
}

func (r signalRow) place() cursor { return cursor{Key: r.Key, ID: r.ID} }

// SignalList is a page of signals, with what there is to choose from.
type SignalList struct {
	Page[SignalSummary]
	SignalChoices
	Why     map[uuid.UUID]Match // of a search: why each was found
	Meaning string              // of a search: the model that compared meanings; "" when none could
}

// Signals lists signals that the member may see, a page at a time: two statements.
func (t *Tenant) Signals(ctx context.Context, f SignalFilter) (SignalList, error) {
	var found SignalList
	query, err := t.store.understand(ctx, f.Query)
	if err != nil {
		return found, err
	}
	if f.Query != "" {
		err = t.tx(ctx, func(tx pgx.Tx) (err error) {
			if err = searchSignals(ctx, tx, f, query, &found); err != nil {
				return err
			}
			found.SignalChoices, err = signalChoices(ctx, tx)
			return err
		})
		return found, err
	}
	rows := newSignalRows(f)
	err = t.read(ctx, func(b *pgx.Batch) {
		rows.queue(b)
		queueOne(b, &found.SignalChoices, selectChoices)
	})
	found.Page = rows.page()
	return found, err
}

// reach are the common tables of where the member may see anything, or of what is in the realm at the slug $1: whole realms, and single
// signals that were opted into one from elsewhere. Each is read by its index.
const reach = `reach as materialized (
			select id, id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]) as mine from realms
			where ($1 = '' or slug = $1) and (listed or id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]))
		), opted as materialized (
			select distinct x.realm_id, x.signal_id from signal_shares x
			where x.target_realm_id = any ((select array(select id from reach where mine))::uuid[]) and x.realm_id not in (select id from reach)
		)`

// withinReach are the signals s of reach.
const withinReach = `(
			select s.* from reach join signals s on s.realm_id = reach.id
			union all
			select s.* from opted join signals s on s.realm_id = opted.realm_id and s.id = opted.signal_id) s`

// homeRealm joins the realm r of the signal s for those who may know it: its members, and everyone when the signal is read by all.
// What was opted into a realm does not tell where it comes from.
const homeRealm = `left join realms r on r.id = s.realm_id
			and (s.reaches_all or s.realm_id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]))`

// A signalSort is an order of the list: what it sorts by, and the same as a text for the cursor and as the database reads that text.
type signalSort struct{ by, key, parameter string }

var signalSorts = map[string]signalSort{
	"captured":    instantSort("s.captured_at"), // by the index
	"created":     instantSort("s.created_at"),
	"updated":     instantSort("s.updated_at"),
	"title":       {`lower(s.title) collate "C"`, `lower(s.title)`, `$19`},
	"temperature": {`coalesce(s.temperature, -2)`, `coalesce(s.temperature, -2)::text`, `$19::text::float8`},
}

// instantLayout is a time in a cursor.
const instantLayout = "2006-01-02T15:04:05.999999Z"

// instantKey makes the text of a time for a cursor, in to_char.
const instantKey = ` at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`

func instantSort(column string) signalSort {
	return signalSort{column, `to_char(` + column + instantKey + `)`, `$19::text::timestamptz`}
}

// reads says whether the key of a cursor is one of this order: a link may be cut, or of another order.
func (s signalSort) reads(key string) bool {
	switch s.parameter {
	case `$19::text::timestamptz`:
		_, err := time.Parse(instantLayout, key)
		return err == nil
	case `$19::text::float8`:
		_, err := strconv.ParseFloat(key, 64)
		return err == nil
	}
	return true
}

// signalRows are the rows of a page of the list, on their way.
type signalRows struct {
	filter    SignalFilter
	sort      signalSort
	ascending bool
	from      cursor
	started   bool
	rows      []signalRow
}

func newSignalRows(f SignalFilter) *signalRows {
	name, ascending := sortOrder(f.Sort, "-captured")
	sort, known := signalSorts[name]
	if !known {
		sort, ascending = signalSorts["captured"], false
	}
	from, started := parseCursor(f.Cursor)
	if started = started && sort.reads(from.Key); !started {
		from = cursor{}
	}
	return &signalRows{filter: f, sort: sort, ascending: ascending, from: from, started: started}
}

func (r *signalRows) queue(b *pgx.Batch) {
	f, sort, from := r.filter, r.sort, r.from
	direction, comparison, after := "desc", "<", ""
	if r.ascending != from.Back {
		direction, comparison = "asc", ">"
	}
	args := append(f.args(), PageSize+1)
	if r.started {
		after = ` and (` + sort.by + `, s.id) ` + comparison + ` (` + sort.parameter + `, $20)`
		args = append(args, from.Key, from.ID)
	}
	order := ` order by ` + sort.by + ` ` + direction + `, s.id ` + direction + ` limit $18`
	queueMany(b, &r.rows, `
		with `+reach+`
		select `+summaryColumns+`, `+sort.key+` as key
		from (
			select top.id from reach cross join lateral (
				select s.id from signals s where s.realm_id = reach.id and `+signalMatches+after+order+`) top
			union all
			(select s.id from opted join signals s on s.realm_id = opted.realm_id and s.id = opted.signal_id where `+signalMatches+after+order+`)
		) found
		join signals s on s.id = found.id
		join people p on p.user_id = s.created_by
		`+homeRealm+order, args...)
}

func (r *signalRows) page() Page[SignalSummary] {
	paged := page(r.rows, r.from, r.started, signalRow.place)
	result := Page[SignalSummary]{Next: paged.Next, Previous: paged.Previous}
	for _, row := range paged.Items {
		result.Items = append(result.Items, row.SignalSummary)
	}
	return result
}
