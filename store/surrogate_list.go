package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SurrogateFilter narrows and sorts the list of surrogates. Zero values ask for all that are not archived, the last
// changed first.
type SurrogateFilter struct {
	Query        string // words of role, domain or jurisdiction
	Status       string // "" all but archived
	Domain       string
	Jurisdiction string
	Sort         string // updated, name or created; with a leading "-" for descending; "" is "-updated"
	Cursor       string
}

// SurrogateSummary is a surrogate in the list.
type SurrogateSummary struct {
	ID           uuid.UUID       `db:"id"`
	RoleTitle    string          `db:"role_title"`
	Domain       string          `db:"domain"`
	Jurisdiction string          `db:"jurisdiction"`
	Status       SurrogateStatus `db:"status"`
	Procedures   int             `db:"procedures"`
	UpdatedAt    time.Time       `db:"updated_at"`
}

// SurrogateList is a page of surrogates with the values that the filters can take, also when nothing matches. Without
// any surrogate, not even an archived one, there are none.
type SurrogateList struct {
	Page[SurrogateSummary]
	Domains       []string
	Jurisdictions []string
}

// surrogateRow is a row of the list with what it is sorted by.
type surrogateRow struct {
	SurrogateSummary
	Key string `db:"key"`
}

func (r surrogateRow) place() cursor { return cursor{Key: r.Key, ID: r.ID} }

// surrogateChoices are the values that the filters can take.
type surrogateChoices struct {
	Domains       []string `db:"domains"`
	Jurisdictions []string `db:"jurisdictions"`
}

// Surrogates lists the organisation's surrogates, a page at a time.
func (t *Tenant) Surrogates(ctx context.Context, f SurrogateFilter) (SurrogateList, error) {
	sort, ascending := sortOrder(f.Sort, "-updated")
	from, started := parseCursor(f.Cursor)
	forward := ascending != from.Back
	var rows []surrogateRow
	var choices surrogateChoices
	err := t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &rows, `
			select id, role_title, domain, jurisdiction, status, updated_at, key,
				(select count(*) from sop_lines l where l.surrogate_id = s.id) as procedures
			from (
				select *, case $5::text
					when 'name' then lower(role_title)
					when 'created' then to_char(created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
					else to_char(updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end collate "C" as key
				from surrogates
				where ($1 = '' or concat_ws(' ', role_title, domain, jurisdiction) ilike '%' || $1 || '%')
					and (case when $2 = '' then status <> 'ARCHIVED' else status = $2 end)
					and ($3 = '' or domain = $3)
					and ($4 = '' or jurisdiction = $4)
			) s
			where not $7 or case when $6 then (key, id) > ($8, $9) else (key, id) < ($8, $9) end
			order by case when $6 then key end, case when not $6 then key end desc,
				case when $6 then id end, case when not $6 then id end desc
			limit $10`,
			likePattern(f.Query), f.Status, f.Domain, f.Jurisdiction, sort, forward, started, from.Key, from.ID, PageSize+1)
		queueOne(b, &choices, `
			select array_agg(distinct domain) as domains, array_agg(distinct jurisdiction) as jurisdictions
			from surrogates`)
	})
	if err != nil {
		return SurrogateList{}, err
	}
	list := SurrogateList{Domains: choices.Domains, Jurisdictions: choices.Jurisdictions}
	paged := page(rows, from, started, surrogateRow.place)
	list.Next, list.Previous = paged.Next, paged.Previous
	for _, row := range paged.Items {
		list.Items = append(list.Items, row.SurrogateSummary)
	}
	return list, nil
}
