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

// consentTo is the consent by which the author of the row s of signals allows a purpose ($2) in the realm: a live one of an active
// member whose scope covers the signal. There is at most one.
const consentTo = `(
	select c.id from consents c join realms_users u on u.realm_id = c.realm_id and u.user_id = c.user_id and u.state = 'ACTIVE'
	where c.realm_id = s.realm_id and c.user_id = s.created_by and c.purpose = $2 and ` + inForce + ` and ` + covers + `)`

const consented = `exists ` + consentTo

type itemRow struct {
	ID        uuid.UUID `db:"id"`
	Author    uuid.UUID `db:"created_by"`
	Consented bool      `db:"consented"`
	Shared    bool      `db:"shared"` // opted into the realm from another, as far as clusters
	Given     bool      `db:"given"`  // by its author, which is a consent for this one signal
	At        time.Time `db:"captured_at"`
	Latitude  *float64  `db:"latitude"`
	Longitude *float64  `db:"longitude"`
	Text      string    `db:"text"`
	Vector    []float32 `db:"vector"`
	X         *float64  `db:"x"`
	Y         *float64  `db:"y"`
}

// gather starts a run and reads what it works on: what the member may see, and of others' signals what they consent to. Where several
// people read the realm PRIVATE signals stay out, because a cluster's name is everyone's to read.
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
		m.realm, m.kind, m.options = begun.Realm, begun.Kind, begun.Options
		rows, err := many[itemRow](ctx, tx, `
			select s.id, s.created_by, not here.shared and `+consented+` as consented, here.shared, here.given, s.captured_at, s.latitude, s.longitude,
				s.title || E'\n' || s.summary || E'\n' || left(s.body, 4000) as text, e.embedding::real[] as vector, p.x, p.y
			from (
				select id, false as shared, false as given from signals where realm_id = $1
				union all
				select x.signal_id, true, x.granted_by = o.created_by
				from signal_shares x join signals o on o.realm_id = x.realm_id and o.id = x.signal_id
				where x.target_realm_id = $1 and x.scope <> 'READ') here
			join signals s on s.id = here.id
			left join signal_embeddings e on e.realm_id = s.realm_id and e.model = $3 and e.signal_id = s.id
			left join signal_points p on p.realm_id = $1 and p.signal_id = s.id
			where s.deleted_at is null and s.status not in ('ARCHIVED', 'REJECTED', 'FAILED')
				and ($4 or s.visibility <> 'PRIVATE')
			order by s.captured_at desc, s.id
			limit $5`, m.realm, "CLUSTER", m.model, begun.Private, mostItems)
		if err != nil {
			return err
		}
		m.take(rows, t.User.ID)
		if m.known, err = knownClusters(ctx, tx, m.realm, m.kind); err != nil {
			return err
		}
		if m.rules, err = clusterRules(ctx, tx, m.realm); err != nil {
			return err
		}
		m.rests, err = liveConsents(ctx, tx, m.realm, "CLUSTER")
		return err
	})
	return m, err
}

// take chooses among the signals of a realm. With two consenting people or more it is a run over what those consent to; else it is the
// member's own work on their own signals, which needs nobody's consent. What its author opted into the realm that far is always in it.
func (m *material) take(rows []itemRow, member uuid.UUID) {
	contributors := map[uuid.UUID]bool{}
	for _, row := range rows {
		if row.Consented {
			contributors[row.Author] = true
		}
	}
	together := len(contributors) > 1
	for _, row := range rows {
		if row.Shared && !row.Given || !row.Shared && (together && !row.Consented || !together && row.Author != member) {
			m.leftOut++
			continue
		}
		item := clustering.Item{ID: row.ID, Vector: row.Vector, At: row.At, Text: row.Text}
		if row.Latitude != nil {
			item.Place = &clustering.Place{Lat: *row.Latitude, Lon: *row.Longitude}
		}
		m.items = append(m.items, item)
		if row.X != nil {
			m.points[row.ID] = clustering.Point{X: *row.X, Y: *row.Y}
		}
	}
	if !together {
		m.rests = nil
	}
}

// taken are the signals of a run that rests on consents, for its record.
func (m material) taken() []uuid.UUID {
	ids := []uuid.UUID{}
	if len(m.rests) > 0 {
		for _, item := range m.items {
			ids = append(ids, item.ID)
		}
	}
	return ids
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

func liveConsents(ctx context.Context, tx pgx.Tx, realm uuid.UUID, purpose string) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, `
		select id from consents
		where realm_id = $1 and purpose = $2 and revoked_at is null and (expires_at is null or expires_at > now()) order by id`, realm, purpose)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}
