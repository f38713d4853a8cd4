package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// RunKind is the way in which the machine looks for clusters.
type RunKind string

// The kinds, which are types of clusters too.
const (
	Thematic RunKind = "THEMATIC"
	Temporal RunKind = "TEMPORAL"
	Spatial  RunKind = "SPATIAL"
)

// RunKinds are all of them.
var RunKinds = []RunKind{Thematic, Temporal, Spatial}

// Label is the kind in plain words.
func (k RunKind) Label() string {
	return map[RunKind]string{Thematic: "By theme", Temporal: "By time", Spatial: "By place"}[k]
}

// RunOptions tune a run. Zero values take the defaults of package clustering.
type RunOptions struct {
	Resolution float64 `json:"resolution,omitempty"`    // thematic: above 1 finds more and smaller groups; 0.2 to 5
	Reach      float64 `json:"reach,omitempty"`         // spatial: metres between neighbours; 1 to 100,000
	Pause      float64 `json:"pause_minutes,omitempty"` // temporal: the shortest gap that parts two groups; 1 to 100,000
}

func (o RunOptions) validate() Invalid {
	bad := Invalid{}
	for field, r := range map[string]struct{ value, least, most float64 }{
		"resolution": {o.Resolution, 0.2, 5}, "reach": {o.Reach, 1, 100_000}, "pause_minutes": {o.Pause, 1, 100_000},
	} {
		if r.value != 0 && !(r.value >= r.least && r.value <= r.most) {
			bad[field] = fmt.Sprintf("Choose %v to %v, or nothing.", r.least, r.most)
		}
	}
	return bad
}

// ClusterRun is one search of the machine for clusters in a realm.
type ClusterRun struct {
	ID          uuid.UUID  `db:"id"`
	RealmSlug   string     `db:"realm_slug"`
	RealmName   string     `db:"realm_name"`
	Kind        RunKind    `db:"kind"`
	State       string     `db:"state"` // WAITING, RUNNING, DONE, FAILED or CANCELLED
	Done        int        `db:"done"`  // of 100
	Signals     int        `db:"signals"`
	Clustered   int        `db:"clustered"`
	Clusters    int        `db:"clusters"` // that it shaped and no later run of the kind did
	Editable    bool       `db:"editable"` // the member may stop it
	LeftOut     int        `db:"left_out"` // of people who do not consent
	Error       string     `db:"error"`
	RequestedBy string     `db:"requested_by"`
	RequestedAt time.Time  `db:"requested_at"`
	FinishedAt  *time.Time `db:"finished_at"`
	TaintedAt   *time.Time `db:"tainted_at"` // since when a consent that it rests on is revoked, or a signal taken out of one
}

// Open says that the run is still to end.
func (r ClusterRun) Open() bool { return r.State == "WAITING" || r.State == "RUNNING" }

const runColumns = `
	x.id, r.slug as realm_slug, r.name as realm_name, x.realm_id = any (current_setting('app.realms_write')::uuid[]) as editable,
	(select count(*) from clusters c where c.realm_id = x.realm_id and c.run_id = x.id) as clusters,
	x.kind, x.state, x.done, x.signals, x.clustered, x.left_out, x.error, p.display_name as requested_by, x.requested_at, x.finished_at, ` + runTainted + ` as tainted_at`

// runTainted is since when something that the run x took is not allowed any more.
const runTainted = `(
	select coalesce(least(min(k.revoked_at), min(k.unchosen_at) filter (where k.unchosen_ids && x.signal_ids)),
		case when count(*) < cardinality(x.consents) then x.requested_at end)
	from consents k where k.realm_id = x.realm_id and k.id = any (x.consents))`

const runTables = `
	cluster_runs x
	join realms r on r.id = x.realm_id
	join people p on p.user_id = x.requested_by`

// SeekClusters asks for a run in a realm that the member may add to. Invalid names the options; ErrConflict when one of the
// kind is under way.
func (t *Tenant) SeekClusters(ctx context.Context, realm string, kind RunKind, o RunOptions) (uuid.UUID, error) {
	bad := o.validate()
	if kind.Label() == "" {
		bad["kind"] = "Choose by theme, by time or by place."
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
		_, err = tx.Exec(ctx, `
			insert into cluster_runs (id, realm_id, kind, options, requested_by) values ($1, $2, $3, $4, $5)`, id, home, kind, o, t.User.ID)
		if err != nil {
			return err
		}
		if err := realmJob(ctx, tx, "find_clusters", map[string]uuid.UUID{"run": id}); err != nil {
			return err
		}
		return t.audit(ctx, tx, ClustersSought, Object{"cluster_run", id, ""}, Details{"kind": string(kind)})
	})
	return id, err
}

// ClusterRun returns one run that the member may know of.
func (t *Tenant) ClusterRun(ctx context.Context, id uuid.UUID) (ClusterRun, error) {
	var run ClusterRun
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		run, err = one[ClusterRun](ctx, tx, `
			select `+runColumns+` from `+runTables+` where x.id = $1`, id)
		return err
	})
	return run, err
}

// CancelRun ends a run that has not ended yet. What it had found is not kept.
func (t *Tenant) CancelRun(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		err := move(ctx, tx, `
			update cluster_runs set state = 'CANCELLED', finished_at = now()
			where id = $1 and state in ('WAITING', 'RUNNING') and realm_id = any (current_setting('app.realms_write')::uuid[])`, id)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, ClusterRunCancelled, Object{"cluster_run", id, ""}, nil)
	})
}
