package store_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// A rule of the catalogue is a query whose rows are what breaks it, each as one line of text. breaks are statements that
// break the rule: they are run and undone each time, so that no rule can be one that never fails. @s stands for a tenant's
// schema, which is also the name of its role.
type rule struct {
	name   string
	query  string
	breaks []string
}

// check asks one rule of a tenant's catalogue, then breaks it and asks again.
func (r rule) check(t *testing.T, super *pgx.Conn, tenant *store.Tenant) {
	t.Helper()
	schema := schemaOf(tenant)
	query := strings.ReplaceAll(r.query, "@s", schema)
	if found := scan[string](t, super, query); len(found) > 0 {
		t.Errorf("%s:\n%s", r.name, strings.Join(found, "\n"))
	}
	if len(r.breaks) == 0 {
		t.Errorf("%s: nothing shows that this rule can fail", r.name)
	}
	for _, harm := range r.breaks {
		tx, err := super.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "set local search_path = "+schema+", ext;"+strings.ReplaceAll(harm, "@s", schema)); err != nil {
			t.Errorf("%s: %s: %v", r.name, harm, err)
		} else if found := scan[string](t, tx, query); len(found) == 0 {
			t.Errorf("%s: it does not notice %s", r.name, harm)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// The catalogue tests are not parallel: what they break and undo is locked meanwhile.
func checkRules(t *testing.T, rules []rule) {
	super, tenant := storetest.Connect(t, "postgres"), storetest.Owner(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) { r.check(t, super, tenant) })
	}
}

func TestCatalogueOfKeys(t *testing.T) {
	checkRules(t, []rule{{
		name: "every foreign key's columns are, as a set, the first columns of a full index",
		query: `
			select conrelid::regclass || ' ' || conname from pg_constraint c
			where contype = 'f' and connamespace = '@s'::regnamespace and not exists (
				select from pg_index i
				where i.indrelid = c.conrelid and i.indpred is null and i.indisvalid
					and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
					and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] <@ c.conkey)`,
		breaks: []string{
			`drop index surrogates_created_by_idx`,
			`drop index surrogates_created_by_idx; create index on surrogates (created_by) where status = 'DRAFT'`,
		},
	}, {
		name: "no foreign key leaves the schema",
		query: `
			select conrelid::regclass || ' ' || conname from pg_constraint c join pg_class target on target.oid = c.confrelid
			where contype = 'f' and connamespace = '@s'::regnamespace and target.relnamespace <> '@s'::regnamespace`,
		breaks: []string{`alter table people add constraint x foreign key (user_id) references public.users not valid`},
	}, {
		name: "every foreign key was checked against all rows",
		query: `
			select conrelid::regclass || ' ' || conname from pg_constraint
			where connamespace = '@s'::regnamespace and not convalidated`,
		breaks: []string{`alter table people add constraint x check (true) not valid`},
	}, {
		name: "every index is valid",
		query: `
			select indexrelid::regclass::text from pg_index i join pg_class c on c.oid = i.indrelid
			where c.relnamespace = '@s'::regnamespace and not (indisvalid and indisready and indislive)`,
		breaks: []string{`update pg_index set indisvalid = false where indexrelid = '@s.surrogates_created_by_idx'::regclass`},
	}, {
		name: "every table has a primary key",
		query: `
			select c.oid::regclass::text from pg_class c
			where relnamespace = '@s'::regnamespace and relkind = 'r' and not exists (
				select from pg_constraint where conrelid = c.oid and contype = 'p')`,
		breaks: []string{`create table x (id int)`},
	}, {
		name: "constraints and indexes are named for their table",
		query: `
			select c.oid::regclass || ' ' || con.conname from pg_constraint con join pg_class c on c.oid = con.conrelid
			where con.connamespace = '@s'::regnamespace and con.conname not like replace(c.relname, '_', '\_') || '\_%'
			union all
			select i.indrelid::regclass || ' ' || x.relname
			from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
			where c.relnamespace = '@s'::regnamespace and x.relname not like replace(c.relname, '_', '\_') || '\_%'`,
		breaks: []string{`alter table people add constraint x check (true)`, `create index x on people (email)`},
	}, {
		name: "a column that names a state or a kind has a check that lists its values",
		query: `
			select a.attrelid::regclass || '.' || a.attname
			from pg_attribute a join pg_class c on c.oid = a.attrelid
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and a.atttypid = 'text'::regtype
				and a.attname in ('status', 'state', 'type', 'visibility', 'verdict', 'decision', 'target', 'role', 'org_role', 'scope', 'origin',
					'modality', 'stop_level', 'context')
				and (c.relname, a.attname) not in (('decision_outcomes', 'decision'))
				and not exists (
					select from pg_constraint k
					where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] and pg_get_constraintdef(k.oid) like '%ARRAY[%')`,
		breaks: []string{`alter table sops drop constraint sops_status`, `alter table surrogates add column scope text`},
	}, {
		name: "no index is the beginning of another one",
		query: `
			select i.indexrelid::regclass || ' of ' || j.indexrelid::regclass
			from pg_index i join pg_index j on j.indrelid = i.indrelid and j.indexrelid <> i.indexrelid join pg_class c on c.oid = i.indrelid
			where c.relnamespace = '@s'::regnamespace and not i.indisunique and i.indpred is null and j.indpred is null
				and i.indnatts <= j.indnatts
				and (j.indkey::int2[])[0:i.indnatts - 1] = (i.indkey::int2[])[0:i.indnatts - 1]
				and (j.indoption::int2[])[0:i.indnatts - 1] = (i.indoption::int2[])[0:i.indnatts - 1]`,
		breaks: []string{`create index on surrogates (status)`, `create index on sops (id)`},
	}})
}

func TestCatalogueOfRealms(t *testing.T) {
	checkRules(t, []rule{{
		name: "realm_id is a uuid and never null",
		query: `
			select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'realm_id'
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and not (a.attnotnull and a.atttypid = 'uuid'::regtype)`,
		breaks: []string{`alter table clusters alter realm_id drop not null`, `alter table people add column realm_id text not null default ''`},
	}, {
		name: "a realm's table has a unique key of realm and id, for others to point at",
		query: `
			select c.oid::regclass::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'realm_id'
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and not exists (
				select from pg_index i
				where i.indrelid = c.oid and i.indisunique and i.indpred is null and (i.indkey::int2[])[0] = a.attnum
					and (exists (select from pg_attribute x where x.attrelid = c.oid and x.attname = 'id' and x.attnum = (i.indkey::int2[])[1])
						or not exists (select from pg_attribute x where x.attrelid = c.oid and x.attname = 'id')))`,
		breaks: []string{`alter table clusters drop constraint clusters_in_realm cascade`},
	}, {
		name: "a foreign key from a realm's table to a realm's table carries the realm on both sides",
		query: `
			with realm_column as (
				select attrelid, attnum, attnotnull from pg_attribute a join pg_class c on c.oid = a.attrelid
				where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and a.attname = 'realm_id' and not a.attisdropped)
			select c.conrelid::regclass || ' ' || c.conname
			from pg_constraint c join realm_column s on s.attrelid = c.conrelid join realm_column t on t.attrelid = c.confrelid
			-- A share is of two realms: what hangs on it may be in the one that it leads to.
			left join pg_attribute into_realm on into_realm.attrelid = c.confrelid and c.confrelid = '@s.signal_shares'::regclass and into_realm.attname = 'target_realm_id'
			where c.contype = 'f' and not (s.attnotnull and t.attnotnull and exists (
				select from unnest(c.conkey, c.confkey) as pair (k, fk) where pair.k = s.attnum and pair.fk in (t.attnum, into_realm.attnum)))`,
		breaks: []string{
			`alter table syntheses add constraint x foreign key (signal_id) references signals (id)`,
			`alter table clusters_signals add constraint x foreign key (cluster_id) references clusters (id)`,
		},
	}, {
		name: "what refers to a realm's row is itself in a realm",
		query: `
			select c.conrelid::regclass || ' ' || c.conname from pg_constraint c
			where c.contype = 'f' and c.connamespace = '@s'::regnamespace and c.conrelid <> '@s.realms'::regclass
				and exists (select from pg_attribute where attrelid = c.confrelid and attname = 'realm_id')
				and not exists (select from pg_attribute where attrelid = c.conrelid and attname = 'realm_id')`,
		breaks: []string{`alter table messages add column signal_id uuid references signals (id)`},
	}, {
		name: "row security is enabled and forced where rows are not for all members, with a policy at least",
		query: `
			select c.oid::regclass::text from pg_class c
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r'
				and (c.relname in ('realms', 'conversations', 'messages')
					or exists (select from pg_attribute where attrelid = c.oid and attname = 'realm_id'))
				and not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid and '@s'::regrole::oid = any (polroles)))`,
		breaks: []string{
			`alter table signals disable row level security`,
			`alter table messages no force row level security`,
			`alter table people add column realm_id uuid`,
			`drop policy conversations_own on conversations`,
		},
	}, {
		name: "no table has row security that is not forced",
		query: `
			select c.oid::regclass::text from pg_class c
			where c.relnamespace = '@s'::regnamespace and relrowsecurity <> relforcerowsecurity`,
		breaks: []string{`alter table sessions enable row level security`},
	}, {
		name: "policies are for the tenant, or for the owner on the tables that its functions change, and read no table",
		query: `
			select polrelid::regclass || ' ' || polname from pg_policy p join pg_class c on c.oid = p.polrelid
			where c.relnamespace = '@s'::regnamespace and (not p.polpermissive
				or not p.polroles <@ array['@s'::regrole::oid, 'surrealm_owner'::regrole::oid]
				or coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(pg_get_expr(polwithcheck, polrelid), '') ~* '\mfrom\M'
				or ('surrealm_owner'::regrole::oid = any (polroles) and c.relname not in ('realms', 'realms_users', 'signals', 'signal_shares', 'clusters_signals', 'clusters', 'sop_evidence',
						'cluster_runs', 'syntheses', 'signal_imports', 'signal_embeddings', 'llm_accounts', 'llm_calls', 'signal_import_parts', 'cluster_constraints')
					and (polname <> c.relname || '_export' or polcmd <> 'r' or polroles <> array['surrealm_owner'::regrole::oid]
						or pg_get_expr(polqual, polrelid) <> '(current_setting(''app.export''::text, true) = ''on''::text)')))`,
		breaks: []string{
			`create policy x on signals using (true)`,
			`create policy x on consents to surrealm_owner using (true)`,
			`drop policy consents_export on consents; create policy consents_export on consents for select to surrealm_owner using (true)`,
			`create policy x on clusters to @s using (exists (select from realms))`,
		},
	}, {
		name: "an export reads every table: without its policy rows would be missing without a word",
		query: `
			select c.oid::regclass::text from pg_class c
			where c.relnamespace = '@s'::regnamespace and relrowsecurity
				and not exists (select from pg_policy p where p.polrelid = c.oid and polname = c.relname || '_export')`,
		breaks: []string{`drop policy signals_export on signals`, `alter table sessions enable row level security`},
	}, {
		name: "every policy of the tenant asks who acts, in which role, or which realms are open",
		query: `
			select polrelid::regclass || ' ' || polname from pg_policy p join pg_class c on c.oid = p.polrelid
			where c.relnamespace = '@s'::regnamespace and '@s'::regrole::oid = any (polroles)
				and coalesce(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) !~ 'app\.(user_id|org_role|realms_read|realms_write|realms_own)'`,
		breaks: []string{`create policy x on signals to @s using (true)`, `create policy x on clusters for insert to @s with check (title <> '')`},
	}, {
		name: "a command that is granted on such a table has a policy: without one it would never find a row",
		query: `
			select c.oid::regclass || ' ' || need.privilege
			from pg_class c cross join (values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) as need (privilege, cmd)
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and c.relrowsecurity
				and (has_table_privilege('@s', c.oid, need.privilege)
					or (need.privilege <> 'DELETE' and has_any_column_privilege('@s', c.oid, need.privilege)))
				and not exists (
					select from pg_policy where polrelid = c.oid and polcmd in (need.cmd, '*') and '@s'::regrole::oid = any (polroles))`,
		breaks: []string{`drop policy signals_delete on signals`},
	}})
}
