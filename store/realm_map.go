package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// mostMapPoints is how many signals a realm's map shows: as many as a run takes.
const mostMapPoints = mostItems

// MapPoint is a signal on its realm's map. X and Y are 0 to 1, from left to right and from top to bottom.
type MapPoint struct {
	ID      uuid.UUID  `db:"id"`
	Title   string     `db:"title"`
	X       float64    `db:"x"`
	Y       float64    `db:"y"`
	Cluster *uuid.UUID `db:"cluster_id"` // nil when it is in none
}

// RealmMap is where the signals of a realm stand, and the clusters that colour them.
type RealmMap struct {
	Slug     string
	Name     string
	Writes   bool // the member may make clusters here
	Points   []MapPoint
	Clusters []MapCluster // without the dismissed ones
	SignalChoices
}

// MapCluster is a cluster on a map; Shared is not set.
type MapCluster struct {
	ClusterLink
	Open bool `db:"open"` // the member may put signals into it
}

// RealmMap returns what the member may see of a realm's map, the last captured signals first; what was opted into the realm to be
// grouped is among them. The points come by one statement. A
// signal of several clusters has the colour of the thematic one that is surest of it.
func (t *Tenant) RealmMap(ctx context.Context, slug string) (RealmMap, error) {
	var found RealmMap
	err := t.tx(ctx, func(tx pgx.Tx) error {
		type home struct {
			ID     uuid.UUID `db:"id"`
			Name   string    `db:"name"`
			Writes bool      `db:"writes"`
		}
		realm, err := one[home](ctx, tx, `
			select id, name, id = any (current_setting('app.realms_write')::uuid[]) as writes
			from realms where slug = $1 and id = any (current_setting('app.realms_read')::uuid[])`, slug)
		if err != nil {
			return err
		}
		found.Slug, found.Name, found.Writes = slug, realm.Name, realm.Writes
		found.Points, err = many[MapPoint](ctx, tx, `
			with chosen as (
				select distinct on (m.signal_id) m.signal_id, m.cluster_id
				from clusters_signals m join clusters c on c.realm_id = m.realm_id and c.id = m.cluster_id
				where m.realm_id = $1 and c.state <> 'ARCHIVED'
				order by m.signal_id, c.type <> 'THEMATIC', m.confidence desc nulls first, c.id)
			select s.id, s.title, p.x, p.y, chosen.cluster_id
			from signal_points p
			join signals s on s.id = p.signal_id and (s.realm_id = p.realm_id or p.share_id is not null)
			left join chosen on chosen.signal_id = s.id
			where p.realm_id = $1 and s.deleted_at is null
			order by s.captured_at desc, s.id
			limit $2`, realm.ID, mostMapPoints)
		if err != nil {
			return err
		}
		found.Clusters, err = many[MapCluster](ctx, tx, `
			select c.id, c.title, c.colour, 0 as shared, c.state <> 'PUBLISHED' and `+clusterEditable+` as open
			from clusters c where c.realm_id = $1 and c.state <> 'ARCHIVED' order by c.id limit 2000`, realm.ID)
		if err != nil {
			return err
		}
		found.SignalChoices, err = signalChoices(ctx, tx)
		return err
	})
	return found, err
}
