package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// SignalFilter narrows and sorts the list of signals. Zero values ask for everything that is not in the bin, the last
// captured first.
type SignalFilter struct {
	Query      string // words and meaning; the best comes first, whatever the sort
	Realm      string // slug
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

// SignalSummary is a signal in a list.
type SignalSummary struct {
	ID          uuid.UUID         `db:"id"`
	Type        signal.Type       `db:"type"`
	Context     signal.Context    `db:"context"`
	Title       string            `db:"title"`
	Excerpt     string            `db:"excerpt"`
	Tags        []string          `db:"tags"`
	Status      signal.Status     `db:"status"`
	Visibility  signal.Visibility `db:"visibility"`
	RealmSlug   string            `db:"realm_slug"`
	RealmName   string            `db:"realm_name"`
	Author      string            `db:"author"`
	Temperature *float64          `db:"temperature"`
	Latitude    *float64          `db:"latitude"`
	Longitude   *float64          `db:"longitude"`
	Revision    int               `db:"revision"`
	Editable    bool              `db:"editable"`
	CapturedAt  time.Time         `db:"captured_at"`
	UpdatedAt   time.Time         `db:"updated_at"`
	Thumbnail   *uuid.UUID        `db:"thumbnail"` // file that has a small picture
}

const summaryColumns = `
	s.id, s.type, s.context, s.title, coalesce(nullif(s.summary, ''), left(s.body, 240)) as excerpt, s.tags, s.status, s.visibility,
	coalesce(r.slug, '') as realm_slug, coalesce(r.name, '') as realm_name, p.display_name as author, s.temperature,
	s.latitude, s.longitude, s.revision, ` + mayEdit + ` as editable, s.captured_at, s.updated_at,
	(select x.id from signal_files x where x.realm_id = s.realm_id and x.signal_id = s.id and x.visibility = s.visibility
		and x.signal_author = s.created_by and x.thumbnail is not null limit 1) as thumbnail`

// signalMatches is the filter of a list as an expression on the row s of signals, with its parameters $1 to $17.
const signalMatches = `
	` + inReach + `
	and ($1 = '' or s.realm_id = (select id from realms where slug = $1))
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
		f.Realm, list(f.Types), list(f.Contexts), list(f.Statuses), f.Visibility, list(f.Tags), likePattern(f.Author), likePattern(f.Source),
		f.From, f.To, f.Warmest, f.Coldest, latitude, longitude, f.Radius, f.Bin, f.Placed,
	}
}

// list is values without nil, which would be null in SQL.
func list(values []string) []string {
	if values == nil {
		return []string{}
	}
	return values
}

type signalRow struct {
	SignalSummary
	Key string `db:"key"`
}

func (r signalRow) place() cursor { return cursor{Key: r.Key, ID: r.ID} }

// SignalList is a page of signals, with the realms and tags to choose from.
type SignalList struct {
	Page[SignalSummary]
	Why     map[uuid.UUID]Match // of a search: why each was found
	Meaning string              // of a search: the model that compared meanings; "" when none could
	Realms  []RealmChoice
	Tags    []string // the most used
	Views   []SavedView
}

// RealmChoice is a realm to choose in a filter or a form.
type RealmChoice struct {
	Slug    string `db:"slug"`
	Name    string `db:"name"`
	Type    string `db:"type"`
	Default bool   `db:"is_default"` // where the member's captures go
	Writes  bool   `db:"writes"`     // the member may add to it
}

// Signals lists signals that the member may see, a page at a time: four statements.
func (t *Tenant) Signals(ctx context.Context, f SignalFilter) (SignalList, error) {
	var found SignalList
	query, err := t.store.understand(ctx, f.Query)
	if err != nil {
		return found, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		if f.Query != "" {
			err = searchSignals(ctx, tx, f, query, &found)
		} else {
			found.Page, err = listSignals(ctx, tx, f)
		}
		if err != nil {
			return err
		}
		if found.Realms, err = realmChoices(ctx, tx); err != nil {
			return err
		}
		if found.Tags, err = commonTags(ctx, tx); err != nil {
			return err
		}
		found.Views, err = savedViews(ctx, tx)
		return err
	})
	return found, err
}

func listSignals(ctx context.Context, tx pgx.Tx, f SignalFilter) (Page[SignalSummary], error) {
	sort, ascending := sortOrder(f.Sort, "-captured")
	from, started := parseCursor(f.Cursor)
	forward := ascending != from.Back
	direction, comparison := "desc", "<"
	if forward {
		direction, comparison = "asc", ">"
	}
	key := map[string]string{
		"created": instantKey("s.created_at"), "updated": instantKey("s.updated_at"), "title": `lower(s.title) collate "C"`,
		"temperature": `to_char(coalesce(s.temperature, -2) + 2, 'FM0.000000')`,
	}[sort]
	order := key
	if key == "" {
		key, order = instantKey("s.captured_at"), "s.captured_at" // in the order of the index
	}
	args := append(f.args(), started, from.Key, from.ID, PageSize+1)
	rows, err := many[signalRow](ctx, tx, `
		select `+summaryColumns+`, `+key+` as key
		from signals s
		join people p on p.user_id = s.created_by
		left join realms r on r.id = s.realm_id
		where `+signalMatches+`
			and (not $18 or (`+key+`, s.id) `+comparison+` ($19, $20))
		order by `+order+` `+direction+`, s.id `+direction+`
		limit $21`, args...)
	if err != nil {
		return Page[SignalSummary]{}, err
	}
	paged := page(rows, from, started, signalRow.place)
	result := Page[SignalSummary]{Next: paged.Next, Previous: paged.Previous}
	for _, row := range paged.Items {
		result.Items = append(result.Items, row.SignalSummary)
	}
	return result, nil
}

// instantKey is a time as a text that sorts as the time does.
func instantKey(column string) string {
	return `to_char(` + column + ` at time zone 'UTC', 'YYYYMMDDHH24MISSUS') collate "C"`
}

func realmChoices(ctx context.Context, tx pgx.Tx) ([]RealmChoice, error) {
	return many[RealmChoice](ctx, tx, `
		select slug, name, type, is_default and owner_id = current_setting('app.user_id')::uuid as is_default,
			id = any (current_setting('app.realms_write')::uuid[]) as writes
		from realms
		where id = any (current_setting('app.realms_read')::uuid[]) or listed
		order by is_default and owner_id = current_setting('app.user_id')::uuid desc, lower(name)`)
}

// commonTags returns the tags that stand on most of the signals in the member's realms.
func commonTags(ctx context.Context, tx pgx.Tx) ([]string, error) {
	return texts(ctx, tx, `
		select tag from signals s cross join unnest(s.tags) tag
		where s.realm_id = any (current_setting('app.realms_read')::uuid[]) and s.deleted_at is null
		group by tag order by count(*) desc, tag limit 50`)
}
