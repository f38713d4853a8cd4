package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// busyTries is how often an organisation is tried whose tables are in use.
const busyTries = 3

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
	org, err := one[claim](ctx, tx, `select id, slug, schema_version`+pendingOrgs+`
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
