package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// TagCount is a tag with the number of signals that have it.
type TagCount struct {
	Tag      string `db:"tag"`
	Signals  int    `db:"signals"`  // in the member's realms
	Editable int    `db:"editable"` // of these, what the member may change
}

// Tags lists the tags in the member's realms that contain some letters, the most used first, at most 200.
func (t *Tenant) Tags(ctx context.Context, letters string) ([]TagCount, error) {
	return readAll[TagCount](ctx, t, `
			select tag, count(*) as signals, count(*) filter (where `+mayEdit+`) as editable
			from signals s cross join unnest(s.tags) tag
			where s.realm_id = any (current_setting('app.realms_read')::uuid[]) and s.deleted_at is null
				and ($1 = '' or tag ilike '%' || $1 || '%')
			group by tag order by count(*) desc, tag limit 200`, likePattern(letters))
}

// RenameTag gives a tag another name on every signal that the member may change, and returns how many those are. Where the
// other tag stands already the two become one. Invalid: "to".
func (t *Tenant) RenameTag(ctx context.Context, from, to string) (int, error) {
	names := signal.NormaliseTags([]string{to})
	if len(names) == 0 || len([]rune(names[0])) > signal.TagLimit {
		return 0, Invalid{"to": fmt.Sprintf("Use 1 to %d characters.", signal.TagLimit)}
	}
	var changed int
	err := t.tx(ctx, func(tx pgx.Tx) error {
		ids, err := value[[]uuid.UUID](ctx, tx, `
			select array(
				select s.id from signals s
				where s.realm_id = any (current_setting('app.realms_write')::uuid[]) and s.deleted_at is null and `+mayEdit+` and $1 = any (s.tags)
				order by s.id for update)`, from)
		if err != nil || len(ids) == 0 {
			return err
		}
		changed = len(ids)
		// The old name becomes the new one where it stands; of two that are now the same, the first stays.
		set := `tags = array(select x from (
			select distinct on (lower(y)) y as x, n
			from (select case when v = ($2::text[])[1] then ($2::text[])[2] else v end as y, n from unnest(tags) with ordinality as u (v, n)) z
			order by lower(y), n) d order by n)`
		if err := changeMany(ctx, tx, ids, set, []string{from, names[0]}, "EDITED"); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalsChanged, Object{"signal", uuid.Nil, ""}, Details{"signals": changed, "change": "tag"})
	})
	return changed, err
}
