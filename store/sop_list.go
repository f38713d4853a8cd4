package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SOPSummary is one procedure in a list: the newest of its versions that the filter lets through.
type SOPSummary struct {
	ID          uuid.UUID `db:"id"`
	SurrogateID uuid.UUID `db:"surrogate_id"`
	RoleTitle   string    `db:"role_title"`
	Version     int       `db:"version"`
	Title       string    `db:"title"`
	Status      SOPStatus `db:"status"`
	Steps       int       `db:"steps"`
	Author      string    `db:"author"`
	UpdatedAt   time.Time `db:"updated_at"`

	// The version in force, when there is one: surrogates follow it, whatever newer drafts say.
	CertifiedID      *uuid.UUID `db:"certified_id"`
	CertifiedVersion *int       `db:"certified_version"`
}

// SOPFilter narrows the list of procedures. Empty fields let everything through.
type SOPFilter struct {
	Surrogate uuid.UUID
	Status    SOPStatus // procedures that have a version in this state; that version is listed
	Query     string    // words of title, description, source or the surrogate's role
	Sort      string    // title or updated, with a leading "-" for descending; "" is "-updated"
	Cursor    string    // of a page, from Page.Next or Page.Previous
}

// SurrogateName is a surrogate to choose from.
type SurrogateName struct {
	ID        uuid.UUID `db:"id"`
	RoleTitle string    `db:"role_title"`
	Domain    string    `db:"domain"`
	Archived  bool      `db:"archived"`
}

// SOPs lists procedures.
func (t *Tenant) SOPs(ctx context.Context, f SOPFilter) (Page[SOPSummary], error) {
	list := newSOPRows(f)
	err := t.read(ctx, list.queue)
	return list.page(), err
}

// SOPsAndSurrogates lists procedures, and the surrogates to filter by.
func (t *Tenant) SOPsAndSurrogates(ctx context.Context, f SOPFilter) (list Page[SOPSummary], surrogates []SurrogateName, err error) {
	rows := newSOPRows(f)
	err = t.read(ctx, func(b *pgx.Batch) {
		rows.queue(b)
		queueMany(b, &surrogates, surrogateNames)
	})
	return rows.page(), surrogates, err
}

// SOPChoice is a version to copy.
type SOPChoice struct {
	ID        uuid.UUID `db:"id"`
	Title     string    `db:"title"`
	Version   int       `db:"version"`
	RoleTitle string    `db:"role_title"`
}

// SOPChoices are what a new procedure can be made for and from: the surrogates that are not archived, and the newest
// version of each procedure, beside one version that was asked for.
func (t *Tenant) SOPChoices(ctx context.Context, also uuid.UUID) (surrogates []SurrogateName, versions []SOPChoice, err error) {
	err = t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &surrogates, surrogateNames)
		queueMany(b, &versions, `
			select s.id, s.title, s.version, g.role_title
			from sops s
			join surrogates g on g.id = s.surrogate_id
			where s.id = $1 or s.version = (select max(o.version) from sops o where o.line_id = s.line_id)
			order by lower(s.title), s.version desc, s.id
			limit 1000`, also)
	})
	surrogates = slices.DeleteFunc(surrogates, func(s SurrogateName) bool { return s.Archived })
	return surrogates, versions, err
}

// sopRow is a row of the list with the key that it is sorted by.
type sopRow struct {
	SOPSummary
	Key string `db:"key"`
}

func (r sopRow) place() cursor { return cursor{Key: r.Key, ID: r.ID} }

// sopRows are the rows of a page of the list, on their way.
type sopRows struct {
	filter  SOPFilter
	from    cursor
	started bool
	rows    []sopRow
}

func newSOPRows(f SOPFilter) *sopRows {
	from, started := parseCursor(f.Cursor)
	return &sopRows{filter: f, from: from, started: started}
}

// queue picks one version per line before it sorts and searches, so that a procedure is listed once. Steps are
// counted for the rows of the page alone, because that reads their graphs.
func (r *sopRows) queue(b *pgx.Batch) {
	f := r.filter
	sort, ascending := sortOrder(f.Sort, "-updated")
	forward := ascending != r.from.Back
	queueMany(b, &r.rows, `
		with newest as (
			select distinct on (line_id) id, line_id, surrogate_id, version, title, description, source, status, created_by, updated_at
			from sops
			where ($1::uuid is null or surrogate_id = $1)
				and ($2 = '' or status = $2)
			order by line_id, version desc
		), found as (
			select n.*, g.role_title, case $4::text
				when 'title' then lower(n.title)
				else to_char(n.updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end collate "C" as key
			from newest n
			join surrogates g on g.id = n.surrogate_id
			where $3 = '' or strpos(lower(concat_ws(' ', n.title, n.description, n.source, g.role_title)), lower($3)) > 0
		), listed as (
			select * from found
			where not $6 or case when $5 then (key, id) > ($7, $8) else (key, id) < ($7, $8) end
			order by case when $5 then key end, case when not $5 then key end desc,
				case when $5 then id end, case when not $5 then id end desc
			limit $9
		)
		select l.id, l.surrogate_id, l.role_title, l.version, l.title, l.status, l.key,
			json_array_length(s.graph -> 'nodes') as steps, a.display_name as author, l.updated_at,
			c.id as certified_id, c.version as certified_version
		from listed l
		join sops s on s.id = l.id
		join people a on a.user_id = l.created_by
		left join sops c on c.line_id = l.line_id and c.status = 'CERTIFIED'
		order by case when $5 then l.key end, case when not $5 then l.key end desc,
			case when $5 then l.id end, case when not $5 then l.id end desc`,
		orNull(f.Surrogate), f.Status, trimmed(f.Query), sort, forward, r.started, r.from.Key, r.from.ID, PageSize+1)
}

func (r *sopRows) page() Page[SOPSummary] {
	paged := page(r.rows, r.from, r.started, sopRow.place)
	list := Page[SOPSummary]{Next: paged.Next, Previous: paged.Previous}
	for _, row := range paged.Items {
		list.Items = append(list.Items, row.SOPSummary)
	}
	return list
}

// surrogateNames lists the surrogates that have procedures or may get some.
const surrogateNames = `
	select id, role_title, domain, status = 'ARCHIVED' as archived
	from surrogates
	order by lower(role_title), id
	limit 1000`

// orNull is the id, or null in place of no id.
func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
