package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"

	"surrealm/store"
	"surrealm/store/storetest"
	"surrealm/tenant_schema"
)

func openMigrator(t *testing.T, dsn func(string) string, conns int) *store.Migrator {
	t.Helper()
	m, err := store.OpenMigrator(t.Context(), dsn(store.RoleMigrator), conns)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

func TestCommittedSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	const path = "../tenant_schema/schema.sql"
	text, err := openMigrator(t, storetest.DSN, 1).TenantSchema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_SCHEMA") != "" { // make schema
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(committed) != text {
		t.Errorf("%s is out of date; run make schema\n%s", path, udiff.Unified("committed", "now", string(committed), text))
	}
}

// TestAnUpgradedSchemaIsAFreshOne makes an organisation at every older version, with rows in it, and upgrades them all.
func TestAnUpgradedSchemaIsAFreshOne(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	conn, migrator := behindTheWalls(t, dsn), openMigrator(t, dsn, 4)
	latest, err := tenantschema.Latest()
	if err != nil {
		t.Fatal(err)
	}
	run(t, conn, `create temporary table kept as select * from public.tenant_migrations`)
	withRealm := scan[string](t, conn, `select pg_get_functiondef('gate.add_default_realm'::regproc)`)[0]
	for version := latest; version >= 2; version-- { // an organisation begins with people and an audit entry: two files
		run(t, conn, `delete from public.tenant_migrations where version > $1`, version)
		if version < 21 { // before that file people found no realm when they came; it makes up for that
			run(t, conn, `create or replace function gate.add_default_realm(p_schema text, p_org uuid, p_user uuid) returns void language sql as ''`)
		}
		storetest.OwnerIn(t, s)
	}
	run(t, conn, `insert into public.tenant_migrations select * from kept on conflict do nothing`)
	run(t, conn, withRealm)

	report, err := migrator.Tenants(t.Context(), store.FleetOptions{})
	if err != nil || report.Migrated != latest-2 || len(report.Failed) > 0 {
		t.Fatalf("migrated: %+v, %v", report, err)
	}
	checked, drift, err := migrator.CheckTenants(t.Context(), nil)
	if err != nil || checked != latest-1 {
		t.Fatalf("checked %d: %v", checked, err)
	}
	for _, d := range drift {
		t.Errorf("%s: %s", d.Slug, strings.Join(d.Lines, "\n"))
	}
}

func TestDriftIsNamed(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner, sound := storetest.OwnerIn(t, s), storetest.OwnerIn(t, s)
	conn, migrator := behindTheWalls(t, dsn), openMigrator(t, dsn, 4)
	schema := schemaOf(owner)
	run(t, conn, `set search_path = `+schema)
	for _, change := range []string{
		`drop index surrogates_status_updated_at_idx`,
		`alter table surrogates add column notes text`,
		`alter table surrogates alter column status set default 'ACTIVE'`,
		`alter table surrogates alter column domain drop not null`,
		`alter table surrogates drop constraint surrogates_status`,
		`alter table surrogates owner to surrealm_migrator`,
		`grant select on audit_entries to public`,
		`grant update on audit_entries to ` + schema,
		`alter table audit_entries disable trigger audit_entries_append_only`,
		`alter table signals no force row level security`,
		`create table extra (id int)`,
		`create function sly() returns int language sql as 'select 1'`,
		`alter role ` + schema + ` bypassrls`,
		`grant usage on schema ` + schema + ` to surrealm_ctl`,
		`create schema tenant_nobody`,
	} {
		run(t, conn, change)
	}

	checked, drift, err := migrator.CheckTenants(t.Context(), nil)
	if err != nil || checked != 2 || len(drift) != 2 || drift[0].Slug != owner.Org.Slug || drift[1].Slug != "tenant_nobody" {
		t.Fatalf("checked %d, drift %v, %v", checked, drift, err)
	}
	for _, want := range []string{
		"surrogates: index surrogates_status_updated_at_idx is missing",
		"surrogates: column notes is not part of the template",
		"surrogates: column status differs",
		"surrogates: column domain differs",
		"surrogates: constraint surrogates_status is missing",
		"surrogates: table differs: it is owned by surrealm_migrator",
		"audit_entries: grant to public is not part of the template",
		"audit_entries: grant to @tenant differs",
		"audit_entries: trigger audit_entries_append_only differs",
		"signals: table differs",
		"extra: table is not part of the template",
		"function @tenant.sly() is not part of the template",
		"role differs: it is -- role @tenant: nologin, bypassrls",
		"schema grant to surrealm_ctl is not part of the template",
	} {
		if !slices.ContainsFunc(drift[0].Lines, func(line string) bool { return strings.HasPrefix(line, want) }) {
			t.Errorf("not named: %s", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(drift[0].Lines, "\n"))
	}
	if _, drift, err := migrator.CheckTenants(t.Context(), []string{sound.Org.Slug}); err != nil || len(drift) != 0 {
		t.Errorf("the other organisation: %v, %v", drift, err)
	}
	if _, _, err := migrator.CheckTenants(t.Context(), []string{"no-such-org"}); err == nil {
		t.Error("an unknown organisation was checked")
	}
}
