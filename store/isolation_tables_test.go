package store_test

import "testing"

func TestCatalogueOfTables(t *testing.T) {
	checkRules(t, []rule{{
		name: "every table says what it is for, and the tenant may read it",
		query: `
			select c.oid::regclass::text from pg_class c
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r'
				and (obj_description(c.oid, 'pg_class') is null or not has_table_privilege('@s', c.oid, 'select'))`,
		breaks: []string{`comment on table sops is null`, `revoke select on sops from @s`},
	}, {
		name: "privileges are the tenant's alone, never to pass on, and none to truncate, refer or trigger",
		query: `
			select c.oid::regclass || ' ' || coalesce(nullif(g.grantee, 0)::regrole::text, 'PUBLIC') || ' ' || g.privilege_type
			from pg_class c cross join lateral aclexplode(c.relacl) as g
			where c.relnamespace = '@s'::regnamespace and g.grantee <> c.relowner
				and (g.grantee <> '@s'::regrole::oid or g.is_grantable or g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
			union all
			select a.attrelid::regclass || '.' || a.attname || ' ' || g.privilege_type
			from pg_attribute a join pg_class c on c.oid = a.attrelid cross join lateral aclexplode(a.attacl) as g
			where c.relnamespace = '@s'::regnamespace and (g.grantee <> '@s'::regrole::oid or g.is_grantable or g.privilege_type <> 'UPDATE')`,
		breaks: []string{
			`grant select on people to public`, `grant select on people to surrealm_web`, `grant truncate on sops to @s`,
			`grant select on sops to @s with grant option`, `grant select (title) on sops to surrealm_ctl`, `grant references on people to @s`,
		},
	}, {
		name: "what is history or a mirror is not written",
		query: `
			select c.oid::regclass || ' ' || g.privilege_type from pg_class c cross join lateral aclexplode(c.relacl) as g
			where c.relnamespace = '@s'::regnamespace and g.grantee = '@s'::regrole::oid
				and ((c.relname in ('people', 'realms_users', 'audit_entries', 'audit_head') and g.privilege_type <> 'SELECT')
					or (c.relname in ('proposal_revisions', 'reviews', 'sop_signatures', 'persona_versions', 'compliance_checks')
						and g.privilege_type in ('UPDATE', 'DELETE')))
			union all
			select a.attrelid::regclass || '.' || a.attname
			from pg_attribute a join pg_class c on c.oid = a.attrelid
			where c.relnamespace = '@s'::regnamespace and a.attacl is not null
				and (c.relname in ('people', 'realms_users', 'audit_entries', 'audit_head', 'proposal_revisions', 'sop_signatures')
					or (c.relname = 'reviews' and a.attname <> 'voided_at')
					or a.attname in ('id', 'created_by', 'created_at', 'proposed_by'))`,
		breaks: []string{
			`grant update on people to @s`, `grant insert on audit_entries to @s`, `grant delete on reviews to @s`,
			`grant update (verdict) on reviews to @s`, `grant update (created_by) on sops to @s`,
		},
	}, {
		name: "tables belong to the owner, those of the audit to its own role",
		query: `
			select c.oid::regclass || ' ' || c.relowner::regrole from pg_class c
			where c.relnamespace = '@s'::regnamespace
				and c.relowner::regrole::text <> case when c.relname like 'audit\_%' then 'audit_owner' else 'surrealm_owner' end
			union all
			select nspname || ' ' || nspowner::regrole from pg_namespace where oid = '@s'::regnamespace and nspowner <> 'surrealm_owner'::regrole`,
		breaks: []string{
			`alter table audit_entries owner to surrealm_owner`, `alter table sops owner to @s`, `alter schema @s owner to @s`,
		},
	}, {
		name: "a tenant's schema has tables and indexes, and nothing else",
		query: `
			select 'relation ' || oid::regclass::text from pg_class where relnamespace = '@s'::regnamespace and relkind not in ('r', 'i')
			union all
			select 'function ' || proname from pg_proc where pronamespace = '@s'::regnamespace
			union all
			select 'type ' || typname from pg_type where typnamespace = '@s'::regnamespace and typtype <> 'c' and typelem = 0
			union all
			select 'operator ' || oprname from pg_operator where oprnamespace = '@s'::regnamespace
			union all
			select 'rule ' || rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class where c.relnamespace = '@s'::regnamespace`,
		breaks: []string{
			`create view x as select 1 as one`, `create sequence x`, `create type x as enum ('a')`, `create domain x as text`,
			`create function x() returns int language sql as 'select 1'`, `create table x (id serial primary key)`,
			`create rule x as on delete to sops do instead nothing`,
		},
	}, {
		name: "columns are of public types, so that statements prepared for one tenant fit the next",
		query: `
			select attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
			from pg_attribute a join pg_class c on c.oid = a.attrelid
			where c.relnamespace = '@s'::regnamespace and c.relkind = 'r' and attnum > 0 and not attisdropped
				and format_type(atttypid, atttypmod) not in (
					'uuid', 'text', 'integer', 'bigint', 'double precision', 'boolean', 'timestamp with time zone', 'jsonb', 'json', 'bytea',
					'text[]', 'uuid[]', 'tsvector', 'halfvec(1536)', 'ext.halfvec(1536)', 'halfvec', 'ext.halfvec')`,
		breaks: []string{`alter table sops add column x varchar(9)`, `create type x as enum ('a'); alter table sops add column x x`},
	}, {
		name: "triggers call gate, and those of the audit fire always",
		query: `
			select tgrelid::regclass || ' ' || tgname
			from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
			where c.relnamespace = '@s'::regnamespace and not tgisinternal
				and (p.pronamespace <> 'gate'::regnamespace or (c.relname like 'audit\_%' and tgenabled <> 'A') or tgenabled = 'D')
			union all
			select missing from (values ('audit_entries_append_only'), ('audit_head_stays'), ('sops_certified_is_final')) as need (missing)
			where not exists (select from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace = '@s'::regnamespace and tgname = missing)`,
		breaks: []string{
			`alter table audit_entries enable trigger audit_entries_append_only`, `alter table sops disable trigger sops_certified_is_final`,
			`drop trigger audit_head_stays on audit_head`,
		},
	}})
}
