package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AcceptCluster turns a suggestion into a cluster of the realm.
func (t *Tenant) AcceptCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.moveCluster(ctx, id, revision, "DRAFT", "ACTIVE", ClusterAccepted)
}

// DismissCluster puts a cluster away. Of one that the machine found, later runs keep it away: what is found again is recognised.
func (t *Tenant) DismissCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.moveCluster(ctx, id, revision, "", "ARCHIVED", ClusterDismissed)
}

// PublishCluster settles a cluster: neither people nor later runs of the machine change what belongs to it, so that others can rest on it.
func (t *Tenant) PublishCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.moveCluster(ctx, id, revision, "ACTIVE", "PUBLISHED", ClusterPublished)
}

// ReopenCluster takes a published cluster back into use, where it can change.
func (t *Tenant) ReopenCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.moveCluster(ctx, id, revision, "PUBLISHED", "ACTIVE", ClusterReopened)
}

// RestoreCluster brings a dismissed cluster back.
func (t *Tenant) RestoreCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.moveCluster(ctx, id, revision, "ARCHIVED", "ACTIVE", ClusterRestored)
}

func (t *Tenant) moveCluster(ctx context.Context, id uuid.UUID, revision int, from, to string, action Action) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := editableCluster(ctx, tx, id); err != nil {
			return err
		}
		err := move(ctx, tx, `
			update clusters set state = $4, revision = revision + 1, updated_at = now()
			where id = $1 and revision = $2 and ($3 = '' or state = $3) and state <> $4`, id, revision, from, to)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, action, Object{"cluster", id, ""}, nil)
	})
}

// DeleteCluster removes a cluster for good; its signals stay. What lies below it moves up to its parent.
func (t *Tenant) DeleteCluster(ctx context.Context, id uuid.UUID, revision int) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		cluster, err := editableCluster(ctx, tx, id)
		if err != nil {
			return err
		}
		below, err := many[ClusterLink](ctx, tx, `select id, title, colour, 0 as shared from clusters where parent_id = $1`, id)
		if err != nil {
			return err
		}
		for _, child := range below {
			if _, err := exec(ctx, tx, `update clusters set parent_id = $2, depth = $3 where id = $1`, child.ID, cluster.ParentID, cluster.Depth); err != nil {
				return err
			}
			if err := deepen(ctx, tx, child.ID); err != nil {
				return err
			}
		}
		if err := move(ctx, tx, `delete from clusters where id = $1 and revision = $2`, id, revision); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterDeleted, Object{"cluster", id, ""}, nil)
	})
}

// MergeClusters puts everything of another cluster of the same realm into this one, and removes the other. Later runs keep the two together.
func (t *Tenant) MergeClusters(ctx context.Context, into, other uuid.UUID) error {
	if into == other {
		return Invalid{"other": "Choose another cluster."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		kept, err := changeableCluster(ctx, tx, into)
		if err != nil {
			return err
		}
		if _, err := changeableCluster(ctx, tx, other); err != nil {
			return err
		}
		// One tie between the two is enough: what is tied to either is tied to both.
		for _, sql := range []string{`
			insert into cluster_constraints (id, realm_id, own_id, kind, signal_id, other_id, created_by)
			select gen_random_uuid(), a.realm_id, a.signal_id, 'TOGETHER', a.signal_id, b.signal_id, $3
			from (select realm_id, signal_id from clusters_signals where cluster_id = $1 and share_id is null order by confidence desc nulls first, signal_id limit 1) a
			cross join clusters_signals b where b.cluster_id = $2 and b.share_id is null and b.realm_id = a.realm_id and b.signal_id <> a.signal_id`, `
			insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, share_id, share_scope, confidence, reason, added_by)
			select realm_id, $1, signal_id, visibility, signal_author, share_id, share_scope, confidence, reason, $3 from clusters_signals where cluster_id = $2
			on conflict (realm_id, cluster_id, signal_id) do nothing`} {
			if _, err := exec(ctx, tx, sql, into, other, t.User.ID); err != nil {
				return err
			}
		}
		if _, err := exec(ctx, tx, `select gate.merge_hidden_members($1, $2)`, into, other); err != nil {
			return err
		}
		if err := t.pinShared(ctx, tx, kept); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `update clusters set parent_id = $1 where parent_id = $2 and id <> $1`, into, other); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `delete from clusters where id = $1`, other); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `update clusters set revision = revision + 1, updated_at = now() where id = $1`, into); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClustersMerged, Object{"cluster", into, ""}, Details{"other": other.String()})
	})
}

// pinShared pins what is in a cluster by a share: ties are between signals of the realm, and these stay by a rule that ends with the share.
func (t *Tenant) pinShared(ctx context.Context, tx pgx.Tx, c Cluster) error {
	shared, err := value[[]uuid.UUID](ctx, tx, `select array(select signal_id from clusters_signals where cluster_id = $1 and share_id is not null)`, c.ID)
	if err != nil || len(shared) == 0 {
		return err
	}
	return t.rule(ctx, tx, c, "PINNED", shared)
}

// SplitCluster takes some members into a new cluster of the same realm, and returns its id. Later runs keep the two parts apart.
func (t *Tenant) SplitCluster(ctx context.Context, id uuid.UUID, signals []uuid.UUID, title string) (uuid.UUID, error) {
	n := ClusterInput{Type: "COLLECTION", Title: title}
	if err := n.validate().orNil(); err != nil {
		return uuid.Nil, err
	}
	part := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		cluster, err := changeableCluster(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(signals) == 0 || len(signals) >= cluster.Signals {
			return Invalid{"ids": "Choose some of the signals, and not all."}
		}
		for _, sql := range []string{`
			insert into clusters (id, realm_id, parent_id, depth, type, title, origin, named, state, colour, created_by)
			select $2, realm_id, parent_id, depth, type, $4, origin, true, state, (colour + 5) % 12, $5 from clusters where id = $1 and $3::uuid[] is not null`, `
			insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, share_id, share_scope, confidence, reason, added_by)
			select realm_id, $2, signal_id, visibility, signal_author, share_id, share_scope, confidence, reason, $5 from clusters_signals
			where cluster_id = $1 and signal_id = any ($3) and $4::text is not null`, `
			insert into cluster_constraints (id, realm_id, own_id, kind, signal_id, other_id, created_by)
			select gen_random_uuid(), a.realm_id, a.signal_id, 'APART', a.signal_id, b.signal_id, $5
			from clusters_signals a
			cross join lateral (select signal_id from clusters_signals b where b.cluster_id = $1 and b.share_id is null and b.signal_id <> all ($3)
				order by confidence desc nulls first, signal_id limit 1) b
			where a.cluster_id = $2 and a.share_id is null and $4::text is not null`} {
			if _, err := tx.Exec(ctx, sql, id, part, signals, n.Title, t.User.ID); err != nil {
				return err
			}
		}
		if err := t.pinShared(ctx, tx, Cluster{ID: part, Machine: cluster.Machine}); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `delete from clusters_signals where cluster_id = $1 and signal_id = any ($2)`, id, signals); err != nil {
			return err
		}
		if _, err := exec(ctx, tx, `update clusters set revision = revision + 1, updated_at = now() where id = $1`, id); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterSplit, Object{"cluster", id, ""}, Details{"part": part.String(), "signals": len(signals)})
	})
	return part, err
}
