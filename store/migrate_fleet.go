package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/tenant_schema"
)

// FleetOptions say which organisations to migrate, and how.
type FleetOptions struct {
	Workers int      // how many organisations at once; 0 means 4
	Only    []string // slugs; empty means all
	DryRun  bool     // report what would be applied, change nothing
	// Report is called after each organisation, by one worker at a time. It may be nil.
	Report func(FleetStep)
}

// FleetStep is one organisation's migration, done or failed.
type FleetStep struct {
	Slug        string
	From, To    int   // versions of tenant_schema; To is what was to be reached
	Err         error // nil when it is done
	Done, Total int   // how many organisations are through, failed ones included
}

// FleetReport is the outcome of a run.
type FleetReport struct {
	Latest   int         // the version that was to be reached
	Migrated int         // how many organisations were brought to it
	Pending  []FleetStep // with DryRun: those that are behind
	Failed   []FleetStep // by slug
}

// ErrUnknownOrg says that no organisation has that address.
var ErrUnknownOrg = errors.New("no such organisation")

// Tenants brings every organisation's tables to the stored version: each in one transaction that also records the
// version, several at once. An organisation that fails stays as it was, keeps the reason in orgs.migrate_error, and is
// left alone for the rest of the run; the others go on. A run may be killed and started again, and two may run side by
// side. The error is about the run as a whole; failures of organisations are in the report.
func (m *Migrator) Tenants(ctx context.Context, o FleetOptions) (FleetReport, error) {
	f := &fleet{pool: m.pool, options: o}
	if err := f.plan(ctx); err != nil {
		return f.report, err
	}
	if o.DryRun || f.total == 0 {
		return f.report, nil
	}
	var workers sync.WaitGroup
	for range min(max(cmp.Or(o.Workers, 4), 1), f.total) {
		workers.Go(func() {
			if err := f.work(ctx); err != nil {
				f.stop(err)
			}
		})
	}
	workers.Wait()
	slices.SortFunc(f.report.Failed, func(a, b FleetStep) int { return strings.Compare(a.Slug, b.Slug) })
	return f.report, f.err
}

// fleet is one run.
type fleet struct {
	pool    *pgxpool.Pool
	options FleetOptions
	total   int

	mu     sync.Mutex
	report FleetReport
	taken  []uuid.UUID // in the hands of a worker, or failed: not to be claimed
	err    error       // ends the run
}

// plan reads where everybody is.
func (f *fleet) plan(ctx context.Context) error {
	latest, err := value[int](ctx, f.pool, `select coalesce(max(version), 0) from public.tenant_migrations`)
	if err != nil {
		return fmt.Errorf("migrate organisations: %w", err)
	}
	if f.options.DryRun { // what Platform would store counts as well
		known, err := tenantschema.Latest()
		if err != nil {
			return err
		}
		latest = max(latest, known)
	}
	f.report.Latest = latest
	if err := knowAll(ctx, f.pool, f.options.Only); err != nil {
		return err
	}
	type behind struct {
		Slug          string `db:"slug"`
		SchemaVersion int    `db:"schema_version"`
	}
	list, err := many[behind](ctx, f.pool, `
		select slug, schema_version
		from public.orgs
		where schema_version < $1 and (cardinality($2::text[]) = 0 or slug = any ($2))
		order by slug`, latest, f.only())
	if err != nil {
		return fmt.Errorf("migrate organisations: %w", err)
	}
	f.total = len(list)
	if f.options.DryRun {
		for i, org := range list {
			f.report.Pending = append(f.report.Pending, FleetStep{Slug: org.Slug, From: org.SchemaVersion, To: latest, Done: i + 1, Total: f.total})
		}
	}
	return nil
}

// knowAll refuses a run that names an organisation which does not exist: it is a slip of the pen.
func knowAll(ctx context.Context, q queryer, slugs []string) error {
	unknown, err := texts(ctx, q, `
		select given.slug from unnest($1::text[]) as given (slug)
		where not exists (select from public.orgs o where o.slug = given.slug)
		order by given.slug`, append([]string{}, slugs...))
	if err == nil && len(unknown) > 0 {
		err = fmt.Errorf("%w: %s", ErrUnknownOrg, strings.Join(unknown, ", "))
	}
	return err
}

func (f *fleet) only() []string { return append([]string{}, f.options.Only...) }
