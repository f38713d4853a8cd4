package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/clustering"
)

// mostItems bounds a run. A realm with more takes the last captured ones.
const mostItems = 20_000

type itemRow struct {
	ID        uuid.UUID `db:"id"`
	At        time.Time `db:"captured_at"`
	Latitude  *float64  `db:"latitude"`
	Longitude *float64  `db:"longitude"`
	Text      string    `db:"text"`
	Vector    []float32 `db:"vector"`
	X         *float64  `db:"x"`
	Y         *float64  `db:"y"`
}

// gather starts a run, also one that has to begin again, and reads what it works on.
func (t *Tenant) gather(ctx context.Context, run uuid.UUID) (material, error) {
	m := material{points: map[uuid.UUID]clustering.Point{}}
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if m.model, err = searchModel(ctx, tx, t.store.encoder.Model()); err != nil {
			return err
		}
		type started struct {
			Realm   uuid.UUID  `db:"realm_id"`
			Kind    RunKind    `db:"kind"`
			Options RunOptions `db:"options"`
			Private bool       `db:"private"`
		}
		// Running already means that another server died at it: River gives a job to one server at a time.
		begun, err := one[started](ctx, tx, `
			update cluster_runs x set state = 'RUNNING', started_at = now(), model = $2
			from realms r
			where x.id = $1 and x.state in ('WAITING', 'RUNNING') and r.id = x.realm_id and r.id = any (current_setting('app.realms_write')::uuid[])
			returning x.realm_id, x.kind, x.options, r.type = 'PRIVATE' as private`, run, m.model)
		if err != nil {
			return err
		}
		m.kind, m.options = begun.Kind, begun.Options
		m.use = use{realm: begun.Realm, alone: begun.Private, member: t.User.ID, purpose: ToCluster, most: mostItems}
		taken, leftOut, err := m.use.allowed(ctx, tx)
		if err != nil {
			return err
		}
		m.leftOut, m.rests = leftOut, consentsOf(taken)
		if err := m.read(ctx, tx, taken); err != nil {
			return err
		}
		if m.known, err = knownClusters(ctx, tx, m.use.realm, m.kind); err != nil {
			return err
		}
		m.rules, err = clusterRules(ctx, tx, m.use.realm)
		return err
	})
	return m, err
}

// read reads what is compared of the signals that a run may take.
func (m *material) read(ctx context.Context, tx pgx.Tx, taken []usable) error {
	ids := make([]uuid.UUID, 0, len(taken))
	for _, row := range taken {
		ids = append(ids, row.ID)
	}
	rows, err := many[itemRow](ctx, tx, `
		select s.id, s.captured_at, s.latitude, s.longitude, s.title || E'\n' || s.summary || E'\n' || left(s.body, 4000) as text,
			e.embedding::real[] as vector, p.x, p.y
		from unnest($1::uuid[]) with ordinality as x (id, n)
		join signals s on s.id = x.id
		left join signal_embeddings e on e.realm_id = s.realm_id and e.model = $2 and e.signal_id = s.id
		left join signal_points p on p.realm_id = $3 and p.signal_id = s.id
		order by x.n`, ids, m.model, m.use.realm)
	for _, row := range rows {
		item := clustering.Item{ID: row.ID, Vector: row.Vector, At: row.At, Text: row.Text}
		if row.Latitude != nil {
			item.Place = &clustering.Place{Lat: *row.Latitude, Lon: *row.Longitude}
		}
		m.items = append(m.items, item)
		if row.X != nil {
			m.points[row.ID] = clustering.Point{X: *row.X, Y: *row.Y}
		}
	}
	return err
}

// ids are the signals that a run took.
func (m material) ids() []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(m.items))
	for _, item := range m.items {
		ids = append(ids, item.ID)
	}
	return ids
}

// leaves adds those of some signals to what is left out that the run cannot take any more.
func (m *material) leaves(signals []uuid.UUID) {
	known := map[uuid.UUID]bool{}
	for _, id := range append(m.ids(), m.leftOut...) {
		known[id] = true
	}
	for _, id := range signals {
		if !known[id] {
			m.leftOut = append(m.leftOut, id)
		}
	}
}

// snapshot are those of a run that rests on consents, for its record.
func (m material) snapshot() []uuid.UUID {
	if len(m.rests) == 0 {
		return []uuid.UUID{}
	}
	return m.ids()
}

// knownClusters are those of earlier runs of the kind, also the dismissed ones: what was dismissed is recognised, and stays away.
func knownClusters(ctx context.Context, tx pgx.Tx, realm uuid.UUID, kind RunKind) ([]clustering.Known, error) {
	type knownRow struct {
		ID      uuid.UUID   `db:"id"`
		Members []uuid.UUID `db:"members"`
	}
	rows, err := many[knownRow](ctx, tx, `
		select c.id, coalesce(array_agg(m.signal_id order by m.signal_id) filter (where m.signal_id is not null), '{}') as members
		from clusters c left join clusters_signals m on m.realm_id = c.realm_id and m.cluster_id = c.id
		where c.realm_id = $1 and c.origin = 'MACHINE' and c.type = $2
		group by c.id order by c.id`, realm, kind)
	known := make([]clustering.Known, 0, len(rows))
	for _, row := range rows {
		known = append(known, clustering.Known{ID: row.ID, Members: row.Members})
	}
	return known, err
}

// clusterRules are people's decisions, the newest first.
func clusterRules(ctx context.Context, tx pgx.Tx, realm uuid.UUID) (clustering.Constraints, error) {
	type ruleRow struct {
		Kind    string     `db:"kind"`
		Signal  uuid.UUID  `db:"signal_id"`
		Other   *uuid.UUID `db:"other_id"`
		Cluster *uuid.UUID `db:"cluster_id"`
	}
	rules := clustering.Constraints{Pinned: map[uuid.UUID]uuid.UUID{}, Outside: map[uuid.UUID][]uuid.UUID{}}
	rows, err := many[ruleRow](ctx, tx, `
		select kind, signal_id, other_id, cluster_id from cluster_constraints where realm_id = $1 order by created_at desc, id desc`, realm)
	for _, row := range rows {
		switch row.Kind {
		case "TOGETHER":
			rules.Together = append(rules.Together, [2]uuid.UUID{row.Signal, *row.Other})
		case "APART":
			rules.Apart = append(rules.Apart, [2]uuid.UUID{row.Signal, *row.Other})
		case "PINNED":
			if _, later := rules.Pinned[row.Signal]; !later {
				rules.Pinned[row.Signal] = *row.Cluster
			}
		case "OUTSIDE":
			rules.Outside[row.Signal] = append(rules.Outside[row.Signal], *row.Cluster)
		}
	}
	return rules, err
}
