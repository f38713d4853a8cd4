package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Figures are what the operator watches: numbers over all organisations, naming none.
type Figures struct {
	Orgs         int        `db:"orgs"`
	Behind       int        `db:"behind"`        // organisations that wait for a migration
	Failed       int        `db:"failed"`        // of those, how many tried in vain
	Damaged      int        `db:"damaged"`       // organisations whose audit log was found damaged the last time
	Unverified   int        `db:"unverified"`    // organisations whose audit log was never verified
	VerifiedLast *time.Time `db:"verified_last"` // when an audit log was last verified
	VerifiedFrom *time.Time `db:"verified_from"` // the same of the one that waits longest; both nil when none was
	Jobs         []JobCount `db:"-"`
}

// JobCount is how many jobs of a kind are in a state. Jobs that were done are not counted.
type JobCount struct {
	Kind   string        `db:"kind"`
	State  string        `db:"state"`
	Count  int           `db:"count"`
	Oldest time.Duration `db:"oldest"` // since when the oldest of them could have been worked
}

// Figures reads them. It costs two statements.
func (s *Store) Figures(ctx context.Context) (f Figures, err error) {
	err = s.platformTx(ctx, func(tx pgx.Tx) error {
		f, err = one[Figures](ctx, tx, `
			select count(*)::int as orgs,
				(count(*) filter (where o.schema_version < $1))::int as behind,
				count(o.migrate_error)::int as failed,
				count(v.fault_seq)::int as damaged,
				(count(*) filter (where v.org_id is null))::int as unverified,
				max(v.verified_at) as verified_last, min(v.verified_at) as verified_from
			from orgs o
			left join audit_verifications v on v.org_id = o.id`, s.schema)
		if err != nil {
			return err
		}
		f.Jobs, err = many[JobCount](ctx, tx, `
			select kind, state::text as state, count(*)::int as count,
				greatest(now() - min(scheduled_at), interval '0') as oldest
			from river.river_job
			where state in ('available', 'cancelled', 'discarded', 'pending', 'retryable', 'running', 'scheduled')
			group by kind, state
			order by kind, state`)
		return err
	})
	return f, err
}

// PoolUse is how one pool of connections is used.
type PoolUse struct {
	Name string // tenants, platform or jobs
	*pgxpool.Stat
}

// Pools tells how the store's pools are used.
func (s *Store) Pools() []PoolUse {
	return []PoolUse{{"tenants", s.web.Stat()}, {"platform", s.ctl.Stat()}}
}

// Pools tells how the pool of the jobs is used.
func (j *Jobs) Pools() []PoolUse { return []PoolUse{{"jobs", j.pool.Stat()}} }
