package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// ClusterTypes are the values of Cluster.Type: the three that the machine finds, then those that only people make.
var ClusterTypes = []string{"THEMATIC", "TEMPORAL", "SPATIAL", "PROJECT", "JOURNEY", "EXPLORATION", "COLLECTION"}

// ClusterTypeLabel is a type in plain words.
func ClusterTypeLabel(kind string) string {
	return map[string]string{"THEMATIC": "Theme", "TEMPORAL": "Time", "SPATIAL": "Place", "PROJECT": "Project", "JOURNEY": "Journey",
		"EXPLORATION": "Exploration", "COLLECTION": "Collection"}[kind]
}

// Cluster is a group of signals that belong together. State is DRAFT (a suggestion, or not yet finished), ACTIVE, PUBLISHED
// (settled: what belongs to it stays as it is) or ARCHIVED (dismissed).
type Cluster struct {
	ID          uuid.UUID  `db:"id"`
	RealmSlug   string     `db:"realm_slug"`
	RealmName   string     `db:"realm_name"`
	ParentID    *uuid.UUID `db:"parent_id"`
	Type        string     `db:"type"`
	Title       string     `db:"title"`
	Description string     `db:"description"`
	Tags        []string   `db:"tags"`
	Terms       []string   `db:"terms"`   // that set its texts apart; found by the machine
	Machine     bool       `db:"machine"` // found by the machine
	State       string     `db:"state"`
	Colour      int        `db:"colour"` // 0 to 11
	Depth       int        `db:"depth"`
	Signals     int        `db:"signals"` // that the reader may see
	Revision    int        `db:"revision"`
	Editable    bool       `db:"editable"`
	CreatedBy   string     `db:"created_by"`
	StartsAt    *time.Time `db:"starts_at"`
	EndsAt      *time.Time `db:"ends_at"`
	CreatedAt   time.Time  `db:"created_at"`
	UpdatedAt   time.Time  `db:"updated_at"`
}

// Suggested says that the machine found it and nobody has decided about it.
func (c Cluster) Suggested() bool { return c.Machine && c.State == "DRAFT" }

const clusterColumns = `
	c.id, r.slug as realm_slug, r.name as realm_name, c.parent_id, c.type, c.title, c.description, c.tags, c.terms,
	c.origin = 'MACHINE' as machine, c.state, c.colour, c.depth,
	(select count(*) from clusters_signals m where m.realm_id = c.realm_id and m.cluster_id = c.id) as signals,
	c.revision, ` + clusterEditable + ` as editable,
	p.display_name as created_by, c.starts_at, c.ends_at, c.created_at, c.updated_at`

// clusterEditable says whether the member may change the cluster c.
const clusterEditable = `gate.access('SHARED', c.origin = 'MACHINE' or c.created_by = current_setting('app.user_id')::uuid,
		c.realm_id = any (current_setting('app.realms_write')::uuid[]), c.realm_id = any (current_setting('app.realms_own')::uuid[]),
		false, false) = 2`

const clusterTables = `
	clusters c
	join realms r on r.id = c.realm_id
	join people p on p.user_id = c.created_by`

// ClusterInput is what a person gives.
type ClusterInput struct {
	Type        string
	Title       string
	Description string
	Tags        []string
	Parent      uuid.UUID // uuid.Nil for none; of the same realm
	StartsAt    *time.Time
	EndsAt      *time.Time
}

func (n *ClusterInput) validate() Invalid {
	n.Title, n.Tags = oneLine(n.Title), signal.NormaliseTags(n.Tags)
	bad := Invalid{}
	if !slices.Contains(ClusterTypes, n.Type) {
		bad["type"] = "Choose a type from the list."
	}
	if length := len([]rune(n.Title)); length < 1 || length > 200 {
		bad["title"] = "Use 1 to 200 characters."
	}
	if len([]rune(n.Description)) > 10000 {
		bad["description"] = "Use at most 10,000 characters."
	}
	if len(n.Tags) > 100 {
		bad["tags"] = "Use at most 100 tags."
	}
	if n.StartsAt != nil && n.EndsAt != nil && n.EndsAt.Before(*n.StartsAt) {
		bad["ends_at"] = "The end is before the beginning."
	}
	return bad
}

func findCluster(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Cluster, error) {
	return one[Cluster](ctx, tx, `select `+clusterColumns+` from `+clusterTables+` where c.id = $1`, id)
}

// CreateCluster makes a cluster by hand, of signals of the same realm or of none yet. Invalid: realm, type, title, description, tags,
// parent, ends_at, ids.
func (t *Tenant) CreateCluster(ctx context.Context, realm string, n ClusterInput, signals ...uuid.UUID) (uuid.UUID, error) {
	bad := n.validate()
	if len(signals) > maxBulk {
		bad["ids"] = fmt.Sprintf("Choose at most %d signals.", maxBulk)
	}
	if err := bad.orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		home, err := writableRealm(ctx, tx, realm)
		if err != nil {
			return err
		}
		depth, err := depthUnder(ctx, tx, uuid.Nil, n.Parent)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into clusters (id, realm_id, parent_id, depth, type, title, description, tags, named, state, starts_at, ends_at, created_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8, true, 'ACTIVE', $9, $10, $11)`,
			id, home, orNull(n.Parent), depth, n.Type, n.Title, n.Description, nonNil(n.Tags), n.StartsAt, n.EndsAt, t.User.ID)
		if err != nil {
			return err
		}
		if err := t.putIntoCluster(ctx, tx, id, signals); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterCreated, Object{"cluster", id, ""}, Details{"type": n.Type})
	})
	return id, err
}

// UpdateCluster replaces what a person gives. A title that a person gave stays in later runs.
func (t *Tenant) UpdateCluster(ctx context.Context, id uuid.UUID, revision int, n ClusterInput) error {
	if err := n.validate().orNil(); err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		before, err := editableCluster(ctx, tx, id)
		if err != nil {
			return err
		}
		if before.Machine && n.Type != before.Type {
			return Invalid{"type": "The machine keeps this one by its type. Make one by hand for another."}
		}
		depth, err := depthUnder(ctx, tx, id, n.Parent)
		if err != nil {
			return err
		}
		err = move(ctx, tx, `
			update clusters
			set parent_id = $3, depth = $4, type = $5, title = $6, description = $7, tags = $8, named = named or title <> $6, starts_at = $9,
				ends_at = $10, revision = revision + 1, updated_at = now()
			where id = $1 and revision = $2`,
			id, revision, orNull(n.Parent), depth, n.Type, n.Title, n.Description, nonNil(n.Tags), n.StartsAt, n.EndsAt)
		if err != nil {
			return err
		}
		if err := deepen(ctx, tx, id); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterUpdated, Object{"cluster", id, ""}, nil)
	})
}

func editableCluster(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Cluster, error) {
	found, err := findCluster(ctx, tx, id)
	if err == nil && !found.Editable {
		err = ErrForbidden
	}
	return found, err
}

// maxDepth is how deep clusters lie in one another.
const maxDepth = 10

// depthUnder returns how deep a cluster lies under its parent. Invalid when it would lie in itself, or too deep.
func depthUnder(ctx context.Context, tx pgx.Tx, id, parent uuid.UUID) (int, error) {
	if parent == uuid.Nil {
		return 0, nil
	}
	type above struct {
		ID uuid.UUID `db:"id"`
	}
	chain, err := many[above](ctx, tx, `
		with recursive up as (
			select id, parent_id, 0 as n from clusters where id = $1
			union all
			select c.id, c.parent_id, n + 1 from up join clusters c on c.id = up.parent_id where n < 20)
		select id from up`, parent)
	if err != nil {
		return 0, err
	}
	if len(chain) == 0 {
		return 0, Invalid{"parent": "Choose a cluster of the same realm."}
	}
	for _, c := range chain {
		if c.ID == id {
			return 0, Invalid{"parent": "A cluster cannot lie in itself."}
		}
	}
	if len(chain) > maxDepth {
		return 0, Invalid{"parent": "Clusters lie at most ten deep in one another."}
	}
	return len(chain), nil
}

// deepen corrects the depth of all below a cluster that was moved.
func deepen(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	_, err := exec(ctx, tx, `
		with recursive down as (
			select id, depth from clusters where id = $1
			union all
			select c.id, down.depth + 1 from down join clusters c on c.parent_id = down.id where down.depth < 20)
		update clusters c set depth = down.depth from down where c.id = down.id and c.depth <> down.depth`, id)
	return err
}
