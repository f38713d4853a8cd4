package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// fleetOf makes organisations, and then one more tenant migration that none of them has.
func fleetOf(t *testing.T, count int, sql string) (orgs []*store.Tenant, conn *pgx.Conn, dsn func(string) string) {
	t.Helper()
	s, dsn := storetest.FreshStore(t)
	for range count {
		orgs = append(orgs, storetest.OwnerIn(t, s))
	}
	slices.SortFunc(orgs, func(a, b *store.Tenant) int { return strings.Compare(a.Org.Slug, b.Org.Slug) })
	conn = behindTheWalls(t, dsn)
	run(t, conn, `
		insert into tenant_migrations (version, name, sql, as_audit_owner, checksum)
		select max(version) + 1, 'extra', $1, false, 'none' from tenant_migrations`, sql)
	return orgs, conn, dsn
}

const extraTable = `create table extra (id uuid primary key); grant select on extra to @tenant;`

// migrated counts the organisations that have the extra table and the version that goes with it; it fails the test
// when one of them has only one of the two.
func migrated(t *testing.T, conn *pgx.Conn) (done int) {
	t.Helper()
	var halves int
	err := conn.QueryRow(t.Context(), `
		select count(*) filter (where there and latest), count(*) filter (where there <> latest)
		from (
			select to_regclass(schema_name || '.extra') is not null and not coalesce(migrate_error like '%extra%', false) as there,
				schema_version = (select max(version) from tenant_migrations) as latest
			from orgs
		) as o`).Scan(&done, &halves)
	if err != nil || halves > 0 {
		t.Fatalf("%d organisations are half migrated, %v", halves, err)
	}
	return done
}

func TestOneFailingOrganisationDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	orgs, conn, dsn := fleetOf(t, 4, extraTable)
	migrator := openMigrator(t, dsn, 4)
	run(t, conn, `create table `+schemaOf(orgs[1])+`.extra (in_the_way int)`)
	var steps []store.FleetStep
	report, err := migrator.Tenants(t.Context(), store.FleetOptions{Workers: 2, Report: func(s store.FleetStep) { steps = append(steps, s) }})
	if err != nil {
		t.Fatal(err)
	}
	if report.Migrated != 3 || len(report.Failed) != 1 || report.Failed[0].Slug != orgs[1].Org.Slug || len(steps) != 4 || steps[3].Done != 4 {
		t.Errorf("report %+v, steps %+v", report, steps)
	}
	var problem string
	if err := conn.QueryRow(t.Context(), `select migrate_error from orgs where slug = $1`, orgs[1].Org.Slug).Scan(&problem); err != nil || !strings.Contains(problem, "already exists") {
		t.Errorf("recorded: %q, %v", problem, err)
	}
	if done := migrated(t, conn); done != 3 {
		t.Errorf("%d are migrated", done)
	}

	run(t, conn, `drop table `+schemaOf(orgs[1])+`.extra`)
	report, err = migrator.Tenants(t.Context(), store.FleetOptions{})
	if err != nil || report.Migrated != 1 || len(report.Failed) != 0 {
		t.Errorf("second run: %+v, %v", report, err)
	}
	if done := migrated(t, conn); done != 4 {
		t.Errorf("%d are migrated in the end", done)
	}
	if report, err = migrator.Tenants(t.Context(), store.FleetOptions{}); err != nil || report.Migrated != 0 {
		t.Errorf("third run: %+v, %v", report, err)
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	t.Parallel()
	orgs, conn, dsn := fleetOf(t, 2, extraTable)
	migrator := openMigrator(t, dsn, 1)
	report, err := migrator.Tenants(t.Context(), store.FleetOptions{DryRun: true})
	if err != nil || len(report.Pending) != 2 || report.Pending[0].Slug != orgs[0].Org.Slug || report.Pending[0].To != report.Pending[0].From+1 {
		t.Errorf("report %+v, %v", report, err)
	}
	if migrated(t, conn) != 0 {
		t.Error("a dry run migrated")
	}
	if report, err := migrator.Tenants(t.Context(), store.FleetOptions{Only: []string{orgs[1].Org.Slug}}); err != nil || report.Migrated != 1 {
		t.Errorf("only one: %+v, %v", report, err)
	}
	if _, err := migrator.Tenants(t.Context(), store.FleetOptions{Only: []string{"no-such-org"}}); !errors.Is(err, store.ErrUnknownOrg) {
		t.Errorf("an unknown one: %v", err)
	}
}

func TestMigratorsWorkSideBySideAndAfterAnInterruption(t *testing.T) {
	t.Parallel()
	_, conn, dsn := fleetOf(t, 12, extraTable)
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := openMigrator(t, dsn, 2).Tenants(ctx, store.FleetOptions{Workers: 2, Report: func(s store.FleetStep) {
		if s.Done == 3 {
			interrupt()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	before := migrated(t, conn)
	if before < 3 || before > 6 {
		t.Fatalf("%d were migrated before the interruption", before)
	}

	var both sync.WaitGroup
	var reports [2]store.FleetReport
	for i, migrator := range []*store.Migrator{openMigrator(t, dsn, 2), openMigrator(t, dsn, 2)} {
		both.Go(func() {
			var err error
			if reports[i], err = migrator.Tenants(t.Context(), store.FleetOptions{Workers: 2}); err != nil {
				t.Errorf("migrator %d: %v", i, err)
			}
		})
	}
	both.Wait()
	if reports[0].Migrated+reports[1].Migrated != 12-before || migrated(t, conn) != 12 {
		t.Errorf("%d before, then %+v", before, reports)
	}
}
