package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// SignalsChange is one thing that is done to several signals at once. Exactly one field is given.
type SignalsChange struct {
	AddTag    string
	RemoveTag string
	Status    signal.Status
	Realm     string // slug of the realm to move to
	Delete    bool
	Restore   bool
}

// maxBulk is how many signals one change takes.
const maxBulk = 500

// ChangeSignals does one thing to several signals, all or none: ErrForbidden when the member may only read one of them,
// ErrNotFound when one is not there. It returns how many it changed. Invalid: "ids", "tag", "status", "realm".
func (t *Tenant) ChangeSignals(ctx context.Context, ids []uuid.UUID, change SignalsChange) (int, error) {
	if len(ids) == 0 || len(ids) > maxBulk {
		return 0, Invalid{"ids": fmt.Sprintf("Choose 1 to %d signals.", maxBulk)}
	}
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	set, arg, err := change.sql()
	if err != nil {
		return 0, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		if err := lockEditable(ctx, tx, ids); err != nil {
			return err
		}
		if change.Realm != "" {
			for _, id := range ids {
				if err := moveTo(ctx, tx, id, change.Realm); err != nil {
					return err
				}
			}
		} else if err := changeMany(ctx, tx, ids, set, arg, change.historyAction()); err != nil {
			return err
		}
		return t.audit(ctx, tx, SignalsChanged, Object{"signal", uuid.Nil, ""}, Details{"signals": len(ids), "change": change.name()})
	})
	return len(ids), err
}

// lockEditable locks signals in the order of their ids and checks that the member may change every one.
func lockEditable(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) error {
	type count struct {
		Seen     int `db:"seen"`
		Editable int `db:"editable"`
	}
	found, err := one[count](ctx, tx, `
		select count(*) as seen, count(*) filter (where `+mayEdit+`) as editable
		from signals s where s.id = any ($1) and `+inReach, ids)
	if err != nil {
		return err
	}
	if found.Seen < len(ids) {
		return ErrNotFound
	}
	if found.Editable < len(ids) {
		return fmt.Errorf("%w: %d of %d signals", ErrForbidden, found.Editable, len(ids))
	}
	_, err = exec(ctx, tx, `select from signals where id = any ($1) order by id for update`, ids)
	return err
}

func changeMany(ctx context.Context, tx pgx.Tx, ids []uuid.UUID, set string, arg any, action string) error {
	_, err := exec(ctx, tx, `
		with old as (select id, tags, status from signals where id = any ($1)),
		changed as (
			update signals s set `+set+`, revision = revision + 1, updated_at = now() where id = any ($1) returning s.*)
		insert into signal_history (id, realm_id, signal_id, visibility, signal_author, revision, action, before, after, changed_by)
		select gen_random_uuid(), c.realm_id, c.id, c.visibility, c.created_by, c.revision, $3,
			case when $3 = 'EDITED' then jsonb_strip_nulls(jsonb_build_object(
				'tags', case when o.tags <> c.tags then to_jsonb(o.tags) end, 'status', case when o.status <> c.status then to_jsonb(o.status) end)) else '{}' end,
			case when $3 = 'EDITED' then jsonb_strip_nulls(jsonb_build_object(
				'tags', case when o.tags <> c.tags then to_jsonb(c.tags) end, 'status', case when o.status <> c.status then to_jsonb(c.status) end)) else '{}' end,
			current_setting('app.user_id')::uuid
		from changed c join old o on o.id = c.id`, ids, arg, action)
	if err != nil {
		return err
	}
	if action == "DELETED" {
		_, err = exec(ctx, tx, `delete from signal_embeddings where signal_id = any ($1)`, ids)
		return err
	}
	return embedSoon(ctx, tx)
}

// sql is the change as the SET part of an update whose argument is $2.
func (c SignalsChange) sql() (set string, arg any, err error) {
	tag := func(text string) (string, error) {
		tags := signal.NormaliseTags([]string{text})
		if len(tags) == 0 || len([]rune(tags[0])) > signal.TagLimit {
			return "", Invalid{"tag": fmt.Sprintf("Use 1 to %d characters.", signal.TagLimit)}
		}
		return tags[0], nil
	}
	switch {
	case c.AddTag != "":
		arg, err = tag(c.AddTag)
		return `tags = case when lower($2) = any (select lower(x) from unnest(tags) x) then tags else array_append(tags, $2) end`, arg, err
	case c.RemoveTag != "":
		arg, err = tag(c.RemoveTag)
		return `tags = array(select x from unnest(tags) with ordinality as u (x, n) where lower(x) <> lower($2) order by n)`, arg, err
	case c.Status != "":
		if !c.Status.Valid() {
			return "", nil, Invalid{"status": "Choose a status from the list."}
		}
		return `status = $2`, string(c.Status), nil
	case c.Delete:
		return `deleted_at = coalesce(deleted_at, now() + $2::interval)`, "0", nil
	case c.Restore:
		return `deleted_at = nullif(deleted_at, deleted_at + $2::interval)`, "0", nil
	case c.Realm != "":
		return "", nil, nil
	}
	return "", nil, Invalid{"": "Choose what to do."}
}

func (c SignalsChange) historyAction() string {
	switch {
	case c.Delete:
		return "DELETED"
	case c.Restore:
		return "RESTORED"
	}
	return "EDITED"
}

func (c SignalsChange) name() string {
	switch {
	case c.AddTag != "", c.RemoveTag != "":
		return "tag"
	case c.Status != "":
		return "status"
	case c.Realm != "":
		return "realm"
	case c.Delete:
		return "delete"
	}
	return "restore"
}
