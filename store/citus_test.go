package store_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// What schema-based sharding of Citus asks of a tenant's schema. deploy/citus.md says how to run on it.
func TestATenantsSchemaKeepsToWhatCitusAllows(t *testing.T) {
	checkRules(t, []rule{{
		name: "no foreign key crosses the border of the schema, either way",
		query: `
			select conrelid::regclass || ' ' || conname from pg_constraint f join pg_class c on c.oid = conrelid join pg_class d on d.oid = confrelid
			where contype = 'f' and c.relnamespace <> d.relnamespace and '@s'::regnamespace in (c.relnamespace, d.relnamespace)`,
		breaks: []string{
			`alter table people add constraint x foreign key (user_id) references public.users not valid`,
			`create table public.x (id uuid references people)`,
		},
	}, {
		name: "tables are plain: not inherited, partitioned, typed, foreign, temporary or unlogged",
		query: `
			select c.oid::regclass::text from pg_class c
			where c.relnamespace = '@s'::regnamespace and (c.relkind not in ('r', 'i', 't') or c.relpersistence <> 'p' or c.reloftype <> 0
				or exists (select from pg_inherits where c.oid in (inhrelid, inhparent)))`,
		breaks: []string{
			`create table x () inherits (people)`, `create table x (id int) partition by list (id)`, `create unlogged table x (id int)`,
			`create type x as (id int); create table y of x`, `create sequence x`,
		},
	}, {
		name: "nothing in it belongs to an extension",
		query: `
			select classid::regclass || ' ' || objid from pg_depend d
			where deptype = 'e' and (classid, objid) in (
				select 'pg_class'::regclass, oid from pg_class where relnamespace = '@s'::regnamespace
				union all select 'pg_proc'::regclass, oid from pg_proc where pronamespace = '@s'::regnamespace
				union all select 'pg_type'::regclass, oid from pg_type where typnamespace = '@s'::regnamespace)`,
		breaks: []string{`create function x() returns int language sql return 1; alter extension vector add function x()`},
	}, {
		name: "no function, no type and no rule of its own",
		query: `
			select proname::text from pg_proc where pronamespace = '@s'::regnamespace
			union all select typname::text from pg_type where typnamespace = '@s'::regnamespace and typrelid = 0 and typelem = 0
			union all select rulename::text from pg_rewrite join pg_class c on c.oid = ev_class where c.relnamespace = '@s'::regnamespace`,
		breaks: []string{`create domain x as int`, `create function x() returns int language sql return 1`, `create rule x as on delete to people do instead nothing`},
	}, {
		name: "a trigger's function has a search path of its own: it may run on another node",
		query: `
			select tgrelid::regclass || ' ' || tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_proc p on p.oid = g.tgfoid
			where c.relnamespace = '@s'::regnamespace and not tgisinternal and not coalesce(p.proconfig::text like '%search_path=%', false)`,
		breaks: []string{`create function public.x() returns trigger language plpgsql as 'begin return new; end';
			create trigger x before insert on people for each row execute function public.x()`},
	}})
}

// The script that Citus needs changes how often a policy reads a setting, and nothing about who sees what.
func TestPoliciesForCitusLetTheSameThrough(t *testing.T) {
	t.Parallel()
	tenant, _ := canaried(t)
	script, err := os.ReadFile("../deploy/citus.sql")
	if err != nil {
		t.Fatal(err)
	}
	super := storetest.Connect(t, "postgres")
	subselects := `select polname::text from pg_policy join pg_class c on c.oid = polrelid
		where c.relnamespace = '` + schemaOf(tenant) + `'::regnamespace and concat(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) ~* '\mselect\M'`
	if found := scan[string](t, super, subselects); len(found) < 20 {
		t.Errorf("only %d policies have a subselect: is the script of use?", len(found))
	}
	before := visible(t, super, tenant, "")
	after := visible(t, super, tenant, strings.ReplaceAll(string(script), "@tenant", schemaOf(tenant)))
	if !maps.Equal(before, after) || len(before) < 20 {
		t.Errorf("seen before: %v\nseen after: %v", before, after)
	}
	tx, err := super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }() // the test changes nothing
	if _, err := tx.Exec(t.Context(), strings.ReplaceAll(string(script), "@tenant", schemaOf(tenant))); err != nil {
		t.Fatal(err)
	}
	if found := scan[string](t, tx, subselects); len(found) > 0 {
		t.Errorf("with a subselect still: %q", found)
	}
}

// visible counts what the owner sees in each table with row security, after a script that is undone.
func visible(t *testing.T, super *pgx.Conn, tenant *store.Tenant, script string) map[string]int {
	t.Helper()
	walled := scan[string](t, super, `select relname::text from pg_class where relnamespace = $1::regnamespace and relrowsecurity`, schemaOf(tenant))
	tx, err := super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }() // the test changes nothing
	if _, err := tx.Exec(t.Context(), script); err != nil {
		t.Fatal(err)
	}
	_, err = tx.Exec(t.Context(), `select set_config('search_path', e.tenant_path, true), set_config('role', e.tenant_role, true)
		from public.enter_tenant($1, $2) as e`, tenant.Org.ID, tenant.User.ID)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, table := range walled {
		seen[table] = scan[int](t, tx, `select count(*)::int from `+pgx.Identifier{table}.Sanitize())[0]
	}
	return seen
}
