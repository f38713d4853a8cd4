package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Every table of a tenant, against another tenant's member, against the login roles before they enter, and by every way
// of naming it. The tables come from the catalogue: a new one is tested without being registered anywhere, and fails
// here until testdata/canaries.sql has a row for it.

func TestForeignTablesAreOutOfReach(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	theirs, theirMark := canaried(t)
	super := storetest.Connect(t, "postgres")
	p := enter(t, ours)

	for _, table := range tenantTables(t, theirs) {
		foreign := pgx.Identifier{schemaOf(theirs), table}.Sanitize()
		if rows := scan[int](t, super, "select count(*) from "+foreign)[0]; rows == 0 {
			t.Errorf("%s has no row to protect: add one to testdata/canaries.sql", table)
		}
		column := pgx.Identifier{firstColumn(t, theirs, table)}.Sanitize()
		for _, sql := range []string{
			"select * from " + foreign,
			"select count(*) from " + foreign,
			fmt.Sprintf("select 1 from %s for update", foreign),
			fmt.Sprintf("insert into %s default values", foreign),
			fmt.Sprintf("update %s set %[2]s = %[2]s", foreign, column),
			"delete from " + foreign,
			"truncate " + foreign,
			fmt.Sprintf("lock table %s in access share mode", foreign),
			fmt.Sprintf("copy %s to stdout", foreign),
			fmt.Sprintf("select %s::regclass", quote(schemaOf(theirs)+"."+table)),
		} {
			p.refused(t, sql, denied)
		}
		own := scan[string](t, super, fmt.Sprintf("select r::text from %s.%s as r", schemaOf(ours), pgx.Identifier{table}.Sanitize()))
		seen := scan[string](t, p.tx, fmt.Sprintf("select r::text from %s as r", pgx.Identifier{table}.Sanitize()))
		if len(seen) == 0 {
			t.Errorf("%s: a member does not see the own row, so the probe proves nothing", table)
		}
		for _, row := range seen {
			if !slices.Contains(own, row) || strings.Contains(row, theirMark) {
				t.Errorf("%s shows a row of another tenant: %s", table, row)
			}
		}
	}
}

// The ids of all canaries are the same: asking for one brings the own row, whatever the neighbour has under that id.
func TestTheSameIdIsTwoRowsInTwoTenants(t *testing.T) {
	t.Parallel()
	ours, ourMark := canaried(t)
	theirs, theirMark := canaried(t)
	for tenant, mark := range map[*store.Tenant]string{ours: ourMark, theirs: theirMark} {
		p := enter(t, tenant)
		got := scan[string](t, p.tx, `select role_title from surrogates where id = '10000000-0000-4000-8000-000000000001'`)
		if !slices.Equal(got, []string{mark}) {
			t.Errorf("%s sees %q", tenant.Org.Slug, got)
		}
		p.changes(t, 1, `update surrogates set domain = 'x' where id = '10000000-0000-4000-8000-000000000001'`)
	}
}

func TestNoTableIsInReachBeforeEntering(t *testing.T) {
	t.Parallel()
	tenant, _ := canaried(t)
	for _, role := range []string{store.RoleWeb, store.RoleControl, store.RoleMigrator} {
		p := newProbe(t, role)
		for _, table := range tenantTables(t, tenant) {
			name := pgx.Identifier{table}.Sanitize()
			p.refused(t, "select * from "+name, unknownTable)
			p.refused(t, fmt.Sprintf("select * from %s.%s", schemaOf(tenant), name), denied)
			p.refused(t, fmt.Sprintf("delete from %s.%s", schemaOf(tenant), name), denied)
		}
	}
}

// A request that took the path but not the role: what a forgotten half of the door would be.
func TestThePathAloneOpensNothing(t *testing.T) {
	t.Parallel()
	tenant, _ := canaried(t)
	p := newProbe(t, store.RoleWeb)
	p.run(t, `select set_config('search_path', $1, true)`, schemaOf(tenant)+", ext, pg_temp")
	p.allowed(t, "select 1")
	for _, table := range tenantTables(t, tenant) {
		// A schema without USAGE is passed over in the path.
		p.refused(t, "select * from "+pgx.Identifier{table}.Sanitize(), unknownTable, denied)
	}
}

// A request that took the role but was never let in: no person acts, so nothing can be recorded or decided, and no row of
// a realm or a conversation shows.
func TestTheRoleAloneIsNobody(t *testing.T) {
	t.Parallel()
	tenant, _ := canaried(t)
	p := newProbe(t, store.RoleWeb)
	p.run(t, `select set_config('search_path', $1, true), set_config('role', $2, true)`, schemaOf(tenant)+", ext, pg_temp", schemaOf(tenant))
	p.allowed(t, "select count(*) from surrogates")
	for _, table := range guardedTables(t, tenant) {
		p.changes(t, 0, "select * from "+pgx.Identifier{table}.Sanitize())
	}
	for _, call := range []string{
		`select gate.append_audit('org.updated', 'org', null, 'x', '{}')`,
		`select gate.leave_org()`,
		`select gate.update_org(1, 'x', 1)`,
		`select gate.schedule_deletion()`,
		`select * from gate.invitations()`,
	} {
		if err := p.try(t, call); err == nil {
			t.Errorf("%s: allowed to nobody", call)
		}
	}
}

func TestOnlyActiveMembersAreLetIn(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	stranger := storetest.Owner(t)
	disabled := storetest.Join(t, owner, store.Member, "Dana Disabled")
	removed := storetest.Join(t, owner, store.Member, "Remo Removed")
	locked := storetest.Join(t, owner, store.Member, "Lola Locked")
	if err := owner.DisableMember(t.Context(), disabled.User.ID); err != nil {
		t.Fatal(err)
	}
	if err := owner.RemoveMember(t.Context(), removed.User.ID); err != nil {
		t.Fatal(err)
	}
	super := storetest.Connect(t, "postgres")
	if _, err := super.Exec(t.Context(), `update users set disabled_at = now() where id = $1`, locked.User.ID); err != nil {
		t.Fatal(err)
	}
	p := newProbe(t, store.RoleWeb)
	for name, user := range map[string]*store.Tenant{
		"a stranger": stranger, "a disabled member": disabled, "a removed member": removed, "a member whose account is switched off": locked,
	} {
		if code := codeOf(p.try(t, store.EnterTenant, owner.Org.ID, user.User.ID, 1)); code != "SR404" {
			t.Errorf("%s: SQLSTATE %q, want SR404", name, code)
		}
	}
	if code := codeOf(p.try(t, store.EnterTenant, stranger.User.ID, owner.User.ID, 1)); code != "SR404" {
		t.Errorf("an organisation that does not exist: SQLSTATE %q, want SR404", code)
	}
	p.allowed(t, store.EnterTenant, owner.Org.ID, owner.User.ID, 1)
}

// What the catalogue tells everybody must not contain rows.
func TestStatisticsShowNoForeignValues(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	theirs, _ := canaried(t)
	super := storetest.Connect(t, "postgres")
	for _, tenant := range []*store.Tenant{ours, theirs} {
		if _, err := super.Exec(t.Context(), "analyze "+schemaOf(tenant)+".surrogates"); err != nil {
			t.Fatal(err)
		}
	}
	p := enter(t, ours)
	p.refused(t, "select * from pg_statistic", denied)
	p.refused(t, "select * from pg_authid", denied)
	p.changes(t, 0, "select * from pg_stats where schemaname = "+quote(schemaOf(theirs)))
	if err := p.try(t, "select 1 / count(*) from pg_stats where schemaname = "+quote(schemaOf(ours))); err != nil {
		t.Errorf("the own statistics do not show, so the probe proves nothing: %v", err)
	}
	p.changes(t, 0, `select * from pg_stat_activity where query not in ('', '<insufficient privilege>')`)
}

// guardedTables lists the tables of a tenant that have row security.
func guardedTables(t *testing.T, tenant *store.Tenant) []string {
	t.Helper()
	tables := scan[string](t, storetest.Connect(t, "postgres"), `
		select relname::text from pg_class
		where relnamespace = $1::regnamespace and relkind = 'r' and relrowsecurity order by 1`, schemaOf(tenant))
	if len(tables) < 9 {
		t.Fatalf("only %q have row security", tables)
	}
	return tables
}

func firstColumn(t *testing.T, tenant *store.Tenant, table string) string {
	t.Helper()
	return scan[string](t, storetest.Connect(t, "postgres"), `
		select attname::text from pg_attribute where attrelid = ($1 || '.' || quote_ident($2))::regclass and attnum = 1`, schemaOf(tenant), table)[0]
}

func quote(text string) string { return "'" + text + "'" }
