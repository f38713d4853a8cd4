package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// ClusterFilter narrows the list of clusters.
type ClusterFilter struct {
	Realm  string // slug
	Type   string
	State  string // "" is all but ARCHIVED
	Query  string // words of title, description or terms
	Cursor string
}

// ClusterList is a page of clusters, suggestions first, then the last changed.
type ClusterList struct {
	Page[Cluster]
	Realms []RealmChoice
	Runs   []ClusterRun // of the realm in the filter, the last first, at most five
}

type clusterRow struct {
	Cluster
	Key string `db:"key"`
}

func (r clusterRow) place() cursor { return cursor{Key: r.Key, ID: r.ID} }

// Clusters lists the clusters of the member's realms.
func (t *Tenant) Clusters(ctx context.Context, f ClusterFilter) (ClusterList, error) {
	var found ClusterList
	var rows []clusterRow
	var choices SignalChoices
	from, started := parseCursor(f.Cursor)
	err := t.read(ctx, func(b *pgx.Batch) {
		queueClusters(b, &rows, f, from, started)
		queueOne(b, &choices, selectChoices)
		if f.Realm != "" {
			queueMany(b, &found.Runs, `
				select `+runColumns+`
				from `+runTables+`
				where r.slug = $1
				order by x.requested_at desc limit 5`, f.Realm)
		}
	})
	if err != nil {
		return found, err
	}
	found.Realms = choices.Realms
	paged := page(rows, from, started, clusterRow.place)
	found.Next, found.Previous = paged.Next, paged.Previous
	for _, row := range paged.Items {
		found.Items = append(found.Items, row.Cluster)
	}
	return found, nil
}

// ClusterChoices are the realms that the member may make clusters in, and what a new cluster of one of them may lie under.
type ClusterChoices struct {
	Realms  []RealmChoice
	Parents []ClusterLink
}

// ClusterChoices returns what the form of a new cluster offers; realm is a slug, or "" for none yet.
func (t *Tenant) ClusterChoices(ctx context.Context, realm string) (ClusterChoices, error) {
	var found ClusterChoices
	var choices SignalChoices
	err := t.read(ctx, func(b *pgx.Batch) {
		queueOne(b, &choices, selectChoices)
		queueMany(b, &found.Parents, `
			select c.id, c.title, c.colour, 0 as shared
			from clusters c join realms r on r.id = c.realm_id
			where r.slug = $1 and c.state <> 'ARCHIVED' order by c.title, c.id limit 200`, realm)
	})
	for _, choice := range choices.Realms {
		if choice.Writes {
			found.Realms = append(found.Realms, choice)
		}
	}
	return found, err
}

func queueClusters(b *pgx.Batch, into *[]clusterRow, f ClusterFilter, from cursor, started bool) {
	direction, comparison := "desc", "<"
	if from.Back {
		direction, comparison = "asc", ">"
	}
	queueMany(b, into, `
		select * from (
			select `+clusterColumns+`, (c.origin = 'MACHINE' and c.state = 'DRAFT')::int || to_char(c.updated_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') collate "C" as key
			from `+clusterTables+`
			where c.realm_id = any (current_setting('app.realms_read')::uuid[])
				and ($1 = '' or r.slug = $1)
				and ($2 = '' or c.type = $2)
				and case when $3 = '' then c.state <> 'ARCHIVED' else c.state = $3 end
				and ($4 = '' or concat_ws(' ', c.title, c.description, array_to_string(c.terms, ' ')) ilike '%' || $4 || '%')
		) c
		where not $5 or (c.key, c.id) `+comparison+` ($6, $7)
		order by c.key `+direction+`, c.id `+direction+`
		limit $8`, f.Realm, f.Type, f.State, likePattern(f.Query), started, from.Key, from.ID, PageSize+1)
}

// ClusterMember is a signal in a cluster.
type ClusterMember struct {
	ID         uuid.UUID   `db:"id"`
	Type       signal.Type `db:"type"`
	Title      string      `db:"title"`
	Excerpt    string      `db:"excerpt"`
	Author     string      `db:"author"`
	CapturedAt time.Time   `db:"captured_at"`
	Confidence *float64    `db:"confidence"` // nil when a person chose
	Reason     string      `db:"reason"`
	Central    bool        `db:"central"` // stands for the cluster best
	Pinned     bool        `db:"pinned"`
}

// ClusterLink is another cluster, in a few words.
type ClusterLink struct {
	ID     uuid.UUID `db:"id"`
	Title  string    `db:"title"`
	Colour int       `db:"colour"`
	Shared int       `db:"shared"` // of a neighbour: signals that both have
}

// ClusterPage is a cluster with what its page shows beside it.
type ClusterPage struct {
	Cluster
	Members    []ClusterMember // in the order that people gave, then the surest first; at most 500
	Trend      []TrendPoint
	Neighbours []ClusterLink // that share signals with it
	Above      []ClusterLink // from the top to the parent
	Below      []ClusterLink
	Parents    []ClusterLink // to choose from
	Grown      []Outgrowth   // the proposals and procedures that rest on it
	TaintedAt  *time.Time    // since when something that the run which shaped it took is not allowed any more
}

// TrendPoint is how many of a cluster's signals were captured in one month.
type TrendPoint struct {
	Month   time.Time `db:"month"`
	Signals int       `db:"signals"`
}

// Cluster returns one cluster of the member's realms.
func (t *Tenant) Cluster(ctx context.Context, id uuid.UUID) (ClusterPage, error) {
	var found ClusterPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Cluster, err = findCluster(ctx, tx, id); err != nil {
			return err
		}
		if found.Members, err = clusterMembers(ctx, tx, id); err != nil {
			return err
		}
		if found.Trend, err = many[TrendPoint](ctx, tx, `
			select date_trunc('month', s.captured_at at time zone 'UTC') at time zone 'UTC' as month, count(*) as signals
			from clusters_signals m join signals s on s.id = m.signal_id
			where m.cluster_id = $1 and s.deleted_at is null group by 1 order by 1`, id); err != nil {
			return err
		}
		if found.Grown, err = outgrowths(ctx, tx, uuid.Nil, id); err != nil {
			return err
		}
		found.TaintedAt, err = value[*time.Time](ctx, tx, `
			select `+runTainted+` from clusters c left join cluster_runs x on x.realm_id = c.realm_id and x.id = c.run_id where c.id = $1`, id)
		if err != nil {
			return err
		}
		return found.link(ctx, tx)
	})
	return found, err
}

func clusterMembers(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]ClusterMember, error) {
	return many[ClusterMember](ctx, tx, `
		select s.id, s.type, s.title, `+excerpt+` as excerpt, p.display_name as author,
			s.captured_at, m.confidence, m.reason, coalesce(c.central_id = s.id, false) as central,
			exists (select from cluster_constraints k
				where k.realm_id = m.realm_id and k.cluster_id = m.cluster_id and k.signal_id = s.id and k.kind = 'PINNED') as pinned
		from clusters_signals m
		join clusters c on c.realm_id = m.realm_id and c.id = m.cluster_id
		join signals s on s.id = m.signal_id
		join people p on p.user_id = s.created_by
		where m.cluster_id = $1 and s.deleted_at is null
		order by m.position nulls last, m.confidence desc nulls first, s.captured_at desc, s.id
		limit 500`, id)
}

// link fills in the clusters beside, above and below.
func (c *ClusterPage) link(ctx context.Context, tx pgx.Tx) (err error) {
	c.Neighbours, err = many[ClusterLink](ctx, tx, `
		select c.id, c.title, c.colour, count(*) as shared
		from clusters_signals m
		join clusters_signals o on o.realm_id = m.realm_id and o.signal_id = m.signal_id and o.cluster_id <> m.cluster_id
		join clusters c on c.realm_id = o.realm_id and c.id = o.cluster_id
		where m.cluster_id = $1 and c.state <> 'ARCHIVED'
		group by c.id order by count(*) desc, c.title limit 8`, c.ID)
	if err != nil {
		return err
	}
	c.Above, err = many[ClusterLink](ctx, tx, `
		with recursive up as (
			select id, parent_id, title, colour, 0 as n from clusters where id = $1
			union all
			select c.id, c.parent_id, c.title, c.colour, n + 1 from up join clusters c on c.id = up.parent_id where n < 20)
		select id, title, colour, 0 as shared from up where n > 0 order by n desc`, c.ID)
	if err != nil {
		return err
	}
	c.Below, err = many[ClusterLink](ctx, tx, `
		select id, title, colour, 0 as shared from clusters where parent_id = $1 order by title, id limit 100`, c.ID)
	if err != nil || !c.Editable {
		return err
	}
	c.Parents, err = many[ClusterLink](ctx, tx, `
		select c.id, c.title, c.colour, 0 as shared
		from clusters c join clusters own on own.realm_id = c.realm_id
		where own.id = $1 and c.id <> $1 and c.state <> 'ARCHIVED' order by c.title, c.id limit 200`, c.ID)
	return err
}
