package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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

// busyTries is how often an organisation is tried whose tables are in use.
const busyTries = 3

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

// work claims one organisation after the other until none is left, or until the run ends.
func (f *fleet) work(ctx context.Context) error {
	conn, err := f.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("migrate organisations: %w", err)
	}
	defer conn.Release()
	for {
		if err := cmp.Or(ctx.Err(), f.failed()); err != nil {
			return err
		}
		claimed, err := f.next(ctx, conn.Conn())
		if err != nil {
			return err
		}
		if claimed {
			continue
		}
		if left, err := f.left(ctx, conn.Conn()); err != nil || !left {
			return err
		}
		select { // another migrator holds what is left, and may yet be killed
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func (f *fleet) failed() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *fleet) stop(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

// pendingOrgs selects what is still to be done in this run.
const pendingOrgs = `
	from public.orgs
	where schema_version < $1 and (cardinality($2::text[]) = 0 or slug = any ($2)) and not id = any ($3)`

func (f *fleet) pending() []any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []any{f.report.Latest, f.only(), append([]uuid.UUID{}, f.taken...)}
}

// left says whether anything is pending that no worker of this run has taken.
func (f *fleet) left(ctx context.Context, conn *pgx.Conn) (bool, error) {
	return value[bool](ctx, conn, `select exists (select`+pendingOrgs+`)`, f.pending()...)
}

// take notes that a worker has the organisation, and says whether no other had it before.
func (f *fleet) take(org uuid.UUID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Contains(f.taken, org) {
		return false
	}
	f.taken = append(f.taken, org)
	return true
}

type claim struct {
	ID            uuid.UUID `db:"id"`
	Slug          string    `db:"slug"`
	SchemaName    string    `db:"schema_name"`
	SchemaVersion int       `db:"schema_version"`
}

// next claims an organisation and migrates it. It returns false when there was none to claim.
func (f *fleet) next(ctx context.Context, conn *pgx.Conn) (bool, error) {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer rollback(ctx, tx)
	// The row's lock is the claim; it goes with the transaction, however that ends. It leaves the organisation's members
	// alone, who refer to the row.
	org, err := one[claim](ctx, tx, `select id, slug, schema_name, schema_version`+pendingOrgs+`
		order by slug
		for no key update skip locked
		limit 1`, f.pending()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("migrate organisations: %w", err)
	}
	if !f.take(org.ID) {
		return true, nil // it failed in another worker's hands since this one looked
	}
	problem := f.migrate(ctx, tx, org)
	if problem == nil {
		problem = tx.Commit(ctx)
	}
	if problem != nil {
		rollback(ctx, tx)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err := recordFailure(ctx, conn, org, problem); err != nil {
			return false, err
		}
	}
	f.done(org, problem)
	return true, nil
}

// migrate applies what is missing and records it. Tables that somebody uses are asked for again: a savepoint keeps the
// claim meanwhile.
func (f *fleet) migrate(ctx context.Context, tx pgx.Tx, org claim) error {
	if _, err := tx.Exec(ctx, `set local lock_timeout = '3s'; set local statement_timeout = 0`); err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `
				update public.orgs
				set schema_version = public.apply_tenant_migrations(schema_name, schema_version), migrate_error = null, updated_at = now()
				where id = $1`, org.ID)
			return err
		})
		if err == nil || !inUse(err) || try == busyTries {
			return err
		}
	}
}

func inUse(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "55P03" || pg.Code == "40P01")
}

func recordFailure(ctx context.Context, conn *pgx.Conn, org claim, problem error) error {
	_, err := conn.Exec(ctx, `update public.orgs set migrate_error = $2 where id = $1`, org.ID, problem.Error())
	if err != nil {
		return fmt.Errorf("migrate %s: %w; and it could not be recorded: %w", org.Slug, problem, err)
	}
	return nil
}

// done counts an organisation and reports it.
func (f *fleet) done(org claim, problem error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	step := FleetStep{Slug: org.Slug, From: org.SchemaVersion, To: f.report.Latest, Err: problem}
	if problem == nil {
		f.report.Migrated++
		f.taken = slices.DeleteFunc(f.taken, func(id uuid.UUID) bool { return id == org.ID }) // its version tells from now on
	} else {
		f.report.Failed = append(f.report.Failed, step)
	}
	step.Done, step.Total = f.report.Migrated+len(f.report.Failed), f.total
	if f.options.Report != nil {
		f.options.Report(step)
	}
}
