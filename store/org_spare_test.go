package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

const spares = `select schema_name from spare_tenants order by made_at`

// A spare is made once, cannot be entered, becomes an organisation like any other, and is made anew.
func TestARegistrationTakesASpare(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	super := behindTheWalls(t, dsn)
	keepSpares(t, s, 1)
	keepSpares(t, s, 1)
	stock := scan[string](t, super, spares)
	if len(stock) != 1 {
		t.Fatalf("spares: %v, want one", stock)
	}
	web := storetest.ConnectTo(t, dsn("surrealm_web"))
	if _, err := web.Exec(t.Context(), "set role "+pgx.Identifier{stock[0]}.Sanitize()); codeOf(err) != "42501" {
		t.Errorf("surrealm_web enters a spare: %v", orAllowed(err))
	}
	made := scan[uint32](t, super, `select oid from pg_namespace where nspname = $1`, stock[0])[0]
	owner := storetest.OwnerIn(t, s)
	if oid := scan[uint32](t, super, `select oid from pg_namespace where nspname = $1`, schemaOf(owner))[0]; oid != made {
		t.Error("the registration made a schema of its own")
	}
	if left := scan[string](t, super, spares); len(left) != 0 {
		t.Errorf("still there: %v", left)
	}
	keepSpares(t, s, 2)
	migrator, err := store.OpenMigrator(t.Context(), dsn("surrealm_migrator"), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer migrator.Close()
	if _, drift, err := migrator.CheckTenants(t.Context(), nil); err != nil || len(drift) > 0 {
		t.Errorf("the catalogue: %v, %v", drift, err)
	}
}

func keepSpares(t *testing.T, s *store.Store, n int) {
	t.Helper()
	if err := s.KeepSpares(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

// A spare of an older version waits for nobody: it is dropped with its role, and until then registrations make their own.
func TestAnOutdatedSpareIsReplaced(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	super := behindTheWalls(t, dsn)
	keepSpares(t, s, 1)
	old := scan[string](t, super, spares)
	run(t, super, `insert into tenant_migrations (version, name, sql, as_audit_owner, checksum)
		select max(version) + 1, 'next', 'create table next (n int)', false, 'none' from tenant_migrations`)
	owner := storetest.OwnerIn(t, s)
	if there := scan[bool](t, super, `select to_regclass($1) is not null`, schemaOf(owner)+".next")[0]; !there {
		t.Error("the organisation has an outdated schema")
	}
	keepSpares(t, s, 1)
	stock := scan[string](t, super, spares)
	if len(stock) != 1 || stock[0] == old[0] {
		t.Errorf("spares: %v, before: %v", stock, old)
	}
	if left := scan[string](t, super, `select rolname::text from pg_roles where rolname = $1 union all select nspname::text from pg_namespace where nspname = $1`,
		old[0]); len(left) > 0 {
		t.Errorf("left of the old one: %v", left)
	}
}

// A registration that takes a spare and is stopped leaves the spare as it was, under its name, closed.
func TestAStoppedRegistrationGivesTheSpareBack(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	super := behindTheWalls(t, dsn)
	run(t, super, saboteur)
	keepSpares(t, s, 1)
	stock, before := scan[string](t, super, spares), census(t, super)
	for i, place := range rowPlaces {
		slug, how := storetest.Slug("stop"), []string{"error", "kill"}[i%2]
		run(t, super, `insert into sabotage values ($1, 0, $2)`, place, how)
		if err := register(t.Context(), s, slug); err == nil {
			t.Errorf("%s, %s: the registration was not stopped", place, how)
		}
		run(t, super, `delete from sabotage`)
		if after := census(t, super); after != before || leftRole(t, super, slug) {
			t.Fatalf("%s, %s: something is left:\n%s\nbefore:\n%s", place, how, after, before)
		}
		if left := scan[string](t, super, spares); strings.Join(left, " ") != strings.Join(stock, " ") {
			t.Fatalf("%s, %s: spares: %v, want %v", place, how, left, stock)
		}
	}
	if err := register(t.Context(), s, storetest.Slug("whole")); err != nil {
		t.Fatal(err)
	}
}

// A role of that name that another database has is not taken over by way of a spare either.
func TestASpareTakesNoNameInUse(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	super := behindTheWalls(t, dsn)
	keepSpares(t, s, 1)
	slug := storetest.Slug("there")
	run(t, super, "create role tenant_"+strings.ReplaceAll(slug, "-", "_")+" nologin")
	err := register(t.Context(), s, slug)
	if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad["slug"] == "" {
		t.Errorf("a role of that name: %v, want that the address is taken", err)
	}
	if left := scan[string](t, super, spares); len(left) != 1 {
		t.Errorf("spares: %v", left)
	}
}

// Servers that keep spares at once make no more than are wanted.
func TestTwoServersKeepOneStock(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	errs := make(chan error)
	for range 4 {
		go func() { errs <- s.KeepSpares(t.Context(), 2) }()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if stock := scan[string](t, behindTheWalls(t, dsn), spares); len(stock) != 2 {
		t.Errorf("spares: %v, want two", stock)
	}
}
