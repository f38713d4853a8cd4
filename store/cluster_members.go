package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AddToCluster puts signals of the same realm into a cluster. In one that the machine found they are pinned, also those that the machine
// had put there itself: later runs leave them there.
// ErrNotFound when one of them is not in the realm.
func (t *Tenant) AddToCluster(ctx context.Context, id uuid.UUID, signals []uuid.UUID) error {
	return t.changeMembers(ctx, id, signals, func(tx pgx.Tx, c Cluster) error {
		if err := t.putIntoCluster(ctx, tx, id, signals); err != nil {
			return err
		}
		return t.rule(ctx, tx, c, "PINNED", signals)
	})
}

// RealmOfSignals is the slug of the realm that signals lie in, which a cluster of them lies in too.
// Invalid: "" when they are none, too many, or of several realms. ErrNotFound when one is not there.
func (t *Tenant) RealmOfSignals(ctx context.Context, signals []uuid.UUID) (slug string, err error) {
	if len(signals) == 0 || len(signals) > maxBulk {
		return "", Invalid{"": fmt.Sprintf("Choose 1 to %d signals.", maxBulk)}
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		slugs, err := texts(ctx, tx, `
			select distinct coalesce(r.slug, '')
			from unnest($1::uuid[]) as x (id) left join (signals s join realms r on r.id = s.realm_id) on s.id = x.id and s.deleted_at is null and `+inReach, signals)
		switch {
		case err != nil:
			return err
		case slices.Contains(slugs, ""):
			return ErrNotFound
		case len(slugs) > 1:
			return Invalid{"": "Choose signals of one realm: a cluster lies in one."}
		}
		slug = slugs[0]
		return nil
	})
	return slug, err
}

// putIntoCluster adds members that a person chose. ErrNotFound when one of them is not in the cluster's realm.
func (t *Tenant) putIntoCluster(ctx context.Context, tx pgx.Tx, id uuid.UUID, signals []uuid.UUID) error {
	signals = slices.Clone(signals) // the same one twice is once
	slices.SortFunc(signals, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	signals = slices.Compact(signals)
	added, err := exec(ctx, tx, `
		insert into clusters_signals as m (realm_id, cluster_id, signal_id, visibility, signal_author, share_id, share_scope, reason, added_by)
		select c.realm_id, c.id, s.id, `+memberKey+`, 'put here by a person', $3
		from clusters c cross join signals s
		left join signal_shares h on h.signal_id = s.id and h.target_realm_id = c.realm_id and h.scope <> 'READ'
		where c.id = $1 and s.id = any ($2) and s.deleted_at is null and (s.realm_id = c.realm_id or h.id is not null)
		on conflict (realm_id, cluster_id, signal_id) do update set confidence = null, reason = excluded.reason`, id, nonNil(signals), t.User.ID)
	if err == nil && added < int64(len(signals)) {
		err = ErrNotFound
	}
	return err
}

// RemoveFromCluster takes signals out. Later runs do not put them back.
func (t *Tenant) RemoveFromCluster(ctx context.Context, id uuid.UUID, signals []uuid.UUID) error {
	return t.changeMembers(ctx, id, signals, func(tx pgx.Tx, c Cluster) error {
		gone, err := exec(ctx, tx, `delete from clusters_signals where cluster_id = $1 and signal_id = any ($2)`, id, signals)
		if err != nil {
			return err
		}
		if gone == 0 {
			return ErrNotFound
		}
		return t.rule(ctx, tx, c, "OUTSIDE", signals)
	})
}

// OrderCluster puts the members of a cluster in an order: those that are named first, the rest after as they were.
// ErrConflict when the cluster is not of this revision any more.
func (t *Tenant) OrderCluster(ctx context.Context, id uuid.UUID, revision int, signals []uuid.UUID) error {
	return t.changeMembers(ctx, id, signals, func(tx pgx.Tx, c Cluster) error {
		if c.Revision != revision {
			return ErrConflict
		}
		_, err := exec(ctx, tx, `
			update clusters_signals m set position = x.n - 1
			from unnest($2::uuid[]) with ordinality as x (id, n)
			where m.cluster_id = $1 and m.signal_id = x.id`, id, signals)
		return err
	})
}

func (t *Tenant) changeMembers(ctx context.Context, id uuid.UUID, signals []uuid.UUID, change func(tx pgx.Tx, c Cluster) error) error {
	if len(signals) == 0 || len(signals) > maxBulk {
		return Invalid{"ids": fmt.Sprintf("Choose 1 to %d signals.", maxBulk)}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		cluster, err := changeableCluster(ctx, tx, id)
		if err != nil {
			return err
		}
		// First the row of the cluster, which who comes second waits for.
		if err := move(ctx, tx, `update clusters set revision = revision + 1, updated_at = now() where id = $1 and revision = $2`, id, cluster.Revision); err != nil {
			return err
		}
		if err := change(tx, cluster); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterMembersChanged, Object{"cluster", id, ""}, Details{"signals": len(signals)})
	})
}

// changeableCluster is one whose members this member may change.
// Invalid when it is published: what rests on it has to find it as it was.
func changeableCluster(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Cluster, error) {
	found, err := editableCluster(ctx, tx, id)
	if err == nil && found.State == "PUBLISHED" {
		err = Invalid{"": "“" + found.Title + "” is published, so nothing goes in or out. Take it back into use first."}
	}
	return found, err
}

// rule writes a decision about signals and a cluster that the machine found; the opposite one is forgotten. What is
// decided about a signal that is there by a share ends with the share.
func (t *Tenant) rule(ctx context.Context, tx pgx.Tx, c Cluster, kind string, signals []uuid.UUID) error {
	if !c.Machine {
		return nil
	}
	if _, err := exec(ctx, tx, `
		delete from cluster_constraints where cluster_id = $1 and signal_id = any ($2) and kind in ('PINNED', 'OUTSIDE')`, c.ID, signals); err != nil {
		return err
	}
	_, err := exec(ctx, tx, `
		insert into cluster_constraints (id, realm_id, own_id, kind, signal_id, share_id, share_scope, cluster_id, created_by)
		select gen_random_uuid(), c.realm_id, case when h.id is null then s.id end, $3, s.id, h.id, h.scope, c.id, $4
		from clusters c join signals s on s.id = any ($2)
		left join signal_shares h on h.signal_id = s.id and h.target_realm_id = c.realm_id and h.scope <> 'READ'
		where c.id = $1 and (s.realm_id = c.realm_id or h.id is not null)`,
		c.ID, signals, kind, t.User.ID)
	return err
}
