package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Hit is something that a search by name found.
type Hit struct {
	Kind  string    `db:"kind"` // surrogate, sop, proposal, realm or member
	ID    uuid.UUID `db:"id"`
	Label string    `db:"label"`
	Note  string    `db:"note"` // tells hits of one name apart; a realm's is its slug
}

// hitsPerKind bounds each part of the answer, so that one kind does not crowd out the others.
const hitsPerKind = 6

// Search finds surrogates, procedures, proposals, realms and people by a part of their name. Of a procedure's versions it
// finds the newest that fits; of realms those that the member is in, and the listed ones.
func (t *Tenant) Search(ctx context.Context, query string) ([]Hit, error) {
	var hits []Hit
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		hits, err = many[Hit](ctx, tx, `
			(select 'surrogate' as kind, id, role_title as label, domain as note
			from surrogates
			where role_title ilike '%' || $1 || '%' and status <> 'ARCHIVED'
			order by updated_at desc limit $2)
			union all
			(select 'sop', id, title, 'version ' || version
			from (select distinct on (line_id) id, title, version, updated_at
				from sops where title ilike '%' || $1 || '%' order by line_id, version desc) newest
			order by updated_at desc limit $2)
			union all
			(select 'proposal', id, '#' || number || ' ' || title, lower(replace(status, '_', ' '))
			from sop_proposals
			where title ilike '%' || $1 || '%' or '#' || number = $1
			order by updated_at desc limit $2)
			union all
			(select 'realm', id, name, slug
			from realms
			where name ilike '%' || $1 || '%' and status <> 'DELETING'
				and (listed or id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]))
			order by lower(name), slug limit $2)
			union all
			(select 'member', user_id, display_name, email
			from people
			where concat_ws(' ', display_name, email) ilike '%' || $1 || '%' and state <> 'LEFT'
			order by lower(display_name) limit $2)`, likePattern(query), hitsPerKind)
		return err
	})
	return hits, err
}
