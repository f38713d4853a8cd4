package store_test

import "testing"

// platformSchemas are those whose functions and tables the product makes, beside the tenants'.
const platformSchemas = `('public', 'gate', 'river')`

func TestCatalogueOfRoles(t *testing.T) {
	checkRules(t, []rule{{
		name: "every role has exactly the attributes that it needs",
		query: `
			select r.rolname::text
			from pg_roles r left join (values
				('surrealm_web', true, false, false), ('surrealm_ctl', true, false, false), ('surrealm_migrator', true, false, false),
				('surrealm_owner', false, false, true), ('audit_owner', false, false, false), ('surrealm_tenant', false, true, false)
			) as want (name, login, inherit, createrole) on want.name = r.rolname
			where (r.rolname ~ '^(surrealm_|audit_owner|tenant_)')
				and ((r.rolcanlogin, r.rolinherit, r.rolcreaterole) is distinct from
						(coalesce(want.login, false), coalesce(want.inherit, true), coalesce(want.createrole, false))
					or r.rolsuper or r.rolcreatedb or r.rolreplication or r.rolbypassrls or r.rolconnlimit <> -1 or r.rolvaliduntil is not null)`,
		breaks: []string{
			`alter role surrealm_web superuser`, `alter role surrealm_web inherit`, `alter role surrealm_web createrole`,
			`alter role surrealm_web createdb`, `alter role surrealm_web bypassrls`, `alter role surrealm_web replication`,
			`alter role surrealm_ctl bypassrls`, `alter role surrealm_migrator superuser`, `alter role surrealm_owner login`,
			`alter role audit_owner createrole`, `alter role @s login`, `alter role @s bypassrls`, `alter role @s createrole`,
		},
	}, {
		name: "the seven roles are there, and no other of ours",
		query: `
			select 'missing ' || name from (values ('surrealm_web'), ('surrealm_ctl'), ('surrealm_migrator'), ('surrealm_owner'), ('audit_owner'),
				('surrealm_tenant'), ('@s')) as need (name) where not exists (select from pg_roles where rolname = name)
			union all
			select 'unknown ' || rolname from pg_roles where rolname !~ '^(pg_|tenant_)' and not rolsuper
				and rolname not in ('surrealm_web', 'surrealm_ctl', 'surrealm_migrator', 'surrealm_owner', 'audit_owner', 'surrealm_tenant')`,
		breaks: []string{`create role somebody`, `alter role surrealm_ctl rename to x`},
	}, {
		name: "who may become whom",
		query: `
			select m.roleid::regrole || ' is granted to ' || m.member::regrole from pg_auth_members m
			where not (
				(m.roleid::regrole::text, m.member::regrole::text) in (('surrealm_owner', 'surrealm_migrator'), ('audit_owner', 'surrealm_migrator'))
				or (m.roleid::regrole::text = 'surrealm_tenant' and m.member::regrole::text = 'surrealm_owner' and m.admin_option)
				or (m.roleid::regrole::text = 'surrealm_tenant' and m.member::regrole::text ~ '^tenant_' and not m.admin_option)
				or (m.roleid::regrole::text ~ '^tenant_' and m.member::regrole::text = 'surrealm_web' and not m.admin_option)
				-- From PostgreSQL 16 on, whoever makes a role administers it.
				or (current_setting('server_version_num')::int >= 160000 and m.roleid::regrole::text ~ '^tenant_'
					and m.member::regrole::text = 'surrealm_owner' and m.admin_option)
				or m.roleid::regrole::text ~ '^pg_' and m.member::regrole::text ~ '^pg_')`,
		breaks: []string{
			`grant @s to surrealm_ctl`, `grant surrealm_owner to surrealm_web`, `grant surrealm_tenant to surrealm_web`,
			`grant surrealm_ctl to @s`, `grant audit_owner to surrealm_owner`, `grant pg_read_all_data to surrealm_web`,
			`grant pg_execute_server_program to surrealm_owner`, `grant @s to surrealm_web with admin option`,
		},
	}, {
		name: "no login role has a tenant's rights without entering",
		query: `
			select l.rolname || ' has ' || r.rolname from pg_roles l, pg_roles r
			where l.rolname in ('surrealm_web', 'surrealm_ctl', 'surrealm_migrator')
				and (r.rolname ~ '^tenant_' or r.rolname in ('surrealm_tenant', 'surrealm_owner', 'audit_owner')) and pg_has_role(l.oid, r.oid, 'USAGE')`,
		breaks: []string{`alter role surrealm_web inherit`, `alter role surrealm_migrator inherit`, `alter role surrealm_ctl inherit; grant @s to surrealm_ctl`},
	}, {
		name: "what is set for a role when it logs in",
		query: `
			select s.setrole::regrole || ' ' || c from pg_db_role_setting s cross join unnest(s.setconfig) as c
			where (s.setrole::regrole::text || ' ' || c) not in (
				'surrealm_web search_path=""', 'surrealm_web statement_timeout=10s', 'surrealm_web lock_timeout=8s',
				'surrealm_web idle_in_transaction_session_timeout=15s', 'surrealm_web client_connection_check_interval=2s',
				'surrealm_ctl search_path=public, pg_temp', 'surrealm_ctl statement_timeout=30s', 'surrealm_ctl lock_timeout=8s',
				'surrealm_ctl idle_in_transaction_session_timeout=30s')
			union all
			select 'surrealm_web has a path' where not exists (
				select from pg_db_role_setting where setrole = 'surrealm_web'::regrole and 'search_path=""' = any (setconfig))`,
		breaks: []string{`alter role surrealm_web set search_path = public`, `alter role surrealm_web reset search_path`, `alter role @s set work_mem = '1GB'`},
	}})
}

func TestCatalogueOfOwnership(t *testing.T) {
	checkRules(t, []rule{{
		name: "no login role and no tenant owns anything",
		query: `
			with holder as (select oid, rolname from pg_roles
				where rolname in ('surrealm_web', 'surrealm_ctl', 'surrealm_migrator', 'surrealm_tenant') or rolname ~ '^tenant_')
			select h.rolname || ' owns ' || pg_describe_object(d.classid, d.objid, d.objsubid)
			from pg_shdepend d join holder h on h.oid = d.refobjid
			where d.deptype = 'o' and d.dbid in (0, (select oid from pg_database where datname = current_database()))`,
		breaks: []string{
			`alter table sops owner to surrealm_web`, `alter schema @s owner to @s`, `alter table public.users owner to surrealm_ctl`,
			`alter function gate.org() owner to surrealm_ctl`,
		},
	}, {
		name: "the platform's tables belong to the owner",
		query: `
			select c.oid::regclass || ' ' || c.relowner::regrole from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname in ` + platformSchemas + ` and c.relowner <> 'surrealm_owner'::regrole`,
		breaks: []string{`create table public.x (id int)`, `alter table public.orgs owner to audit_owner`},
	}, {
		name: "surrealm_web has no privilege on any table, column or sequence of ours",
		query: `
			select c.oid::regclass || ' ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace
				cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as p
			where (n.nspname in ` + platformSchemas + ` or n.nspname ~ '^tenant_') and c.relkind in ('r', 'v', 'm', 'p', 'f')
				and (has_table_privilege('surrealm_web', c.oid, p) or has_any_column_privilege('surrealm_web', c.oid, p)
					or has_table_privilege('surrealm_web', c.oid, 'DELETE, TRUNCATE, TRIGGER'))
			union all
			select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where n.nspname in ` + platformSchemas + ` and case when c.relkind = 'S' then has_sequence_privilege('surrealm_web', c.oid, 'USAGE, SELECT, UPDATE') end`,
		breaks: []string{
			`grant select on public.users to surrealm_web`, `grant select (id) on public.orgs to surrealm_web`, `grant delete on sops to surrealm_web`,
			`grant select on public.memberships to public`, `grant usage on sequence river.river_job_id_seq to surrealm_web`,
		},
	}, {
		name: "surrealm_ctl has no privilege inside a tenant",
		query: `
			select c.oid::regclass || ' ' || p from pg_class c join pg_namespace n on n.oid = c.relnamespace
				cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) as p
			where n.nspname ~ '^tenant_' and c.relkind = 'r'
				and (has_any_column_privilege('surrealm_ctl', c.oid, p) or has_table_privilege('surrealm_ctl', c.oid, 'DELETE, TRUNCATE, TRIGGER'))`,
		breaks: []string{`grant select on people to surrealm_ctl`, `grant insert (title) on sops to surrealm_ctl`, `grant delete on sops to public`},
	}, {
		name: "surrealm_ctl changes no membership and no organisation but by function",
		query: `
			select t || ' ' || p from unnest(array['public.orgs', 'public.memberships', 'public.invitations', 'public.dropped_orgs',
				'public.tenant_migrations', 'public.platform_migrations']) as t cross join unnest(array['INSERT', 'UPDATE', 'REFERENCES']) as p
			where has_any_column_privilege('surrealm_ctl', t, p) or has_table_privilege('surrealm_ctl', t, 'DELETE, TRUNCATE, TRIGGER')`,
		breaks: []string{`grant update (role) on public.memberships to surrealm_ctl`, `grant insert on public.tenant_migrations to surrealm_ctl`},
	}, {
		name: "who may use which schema, and nobody creates in one",
		query: `
			select r.rolname || ' ' || p || ' ' || n.nspname
			from pg_namespace n cross join (
				select rolname from pg_roles where rolname in ('surrealm_web', 'surrealm_ctl', 'surrealm_migrator', 'surrealm_tenant', '@s')
				union all select 'public') as r cross join unnest(array['USAGE', 'CREATE']) as p
			where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and has_schema_privilege(r.rolname, n.oid, p)
				and (r.rolname, p, n.nspname) not in (
					('surrealm_web', 'USAGE', 'public'), ('surrealm_web', 'USAGE', 'ext'),
					('surrealm_ctl', 'USAGE', 'public'), ('surrealm_ctl', 'USAGE', 'gate'), ('surrealm_ctl', 'USAGE', 'river'),
					('surrealm_tenant', 'USAGE', 'ext'), ('surrealm_tenant', 'USAGE', 'gate'),
					('@s', 'USAGE', 'ext'), ('@s', 'USAGE', 'gate'), ('@s', 'USAGE', '@s'))`,
		breaks: []string{
			`grant usage on schema public to public`, `grant usage on schema @s to surrealm_ctl`, `grant usage on schema public to surrealm_tenant`,
			`grant create on schema @s to @s`, `grant create on schema public to surrealm_ctl`, `create schema x; grant usage on schema x to surrealm_tenant`,
		},
	}, {
		name: "nobody makes schemas or temporary tables in the database, and PUBLIC may not connect",
		query: `
			select r || ' ' || p from unnest(array['public', 'surrealm_web', 'surrealm_ctl', 'surrealm_migrator', 'surrealm_tenant', '@s']) as r
				cross join unnest(array['CREATE', 'TEMP', 'CONNECT']) as p
			where has_database_privilege(r, current_database(), p)
				and (r, p) not in (('surrealm_web', 'CONNECT'), ('surrealm_ctl', 'CONNECT'), ('surrealm_migrator', 'CONNECT'))`,
		breaks: []string{
			`do $$ begin execute format('grant temp on database %I to public', current_database()); end $$`,
			`do $$ begin execute format('grant connect on database %I to @s', current_database()); end $$`,
		},
	}, {
		name: "extensions are in a schema of their own",
		query: `
			select extname || ' in ' || extnamespace::regnamespace from pg_extension
			where (extname, extnamespace::regnamespace::text) not in (('plpgsql', 'pg_catalog'), ('vector', 'ext'))`,
		breaks: []string{`alter extension vector set schema public`},
	}})
}

func TestCatalogueOfFunctions(t *testing.T) {
	checkRules(t, []rule{{
		name: "no function of ours can be executed by everybody",
		query: `
			select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname in ` + platformSchemas + ` and has_function_privilege('public', p.oid, 'EXECUTE')`,
		breaks: []string{`grant execute on function gate.org() to public`, `create function gate.x() returns int language sql as 'select 1'`},
	}, {
		name: "every function of ours has a fixed path, with temporary objects last",
		query: `
			select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname in ('public', 'gate') and coalesce(p.proconfig, '{}') <> array['search_path=pg_catalog, pg_temp']
				and (p.oid <> 'gate.access'::regproc or p.prosqlbody is null)`, // that one was parsed when it was made
		breaks: []string{
			`alter function gate.org() reset search_path`, `alter function public.enter_tenant(uuid, uuid) set search_path = public`,
			`alter function gate.org() set work_mem = '1MB'`,
		},
	}, {
		name: "functions belong to the owner, those of the audit to its own role",
		query: `
			select p.oid::regprocedure || ' ' || p.proowner::regrole from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname in ` + platformSchemas + ` and p.proowner::regrole::text <> case
				when p.oid::regprocedure::text ~ '^gate\.(refuse_change|append_entry|append_audit|audit_rows|audit_head_of|apply_audit_migration)\('
				then 'audit_owner' else 'surrealm_owner' end`,
		breaks: []string{
			`alter function gate.append_entry(text, uuid, uuid, text, text, text, uuid, text, text) owner to surrealm_owner`,
			`alter function gate.org() owner to postgres`, `alter function public.enter_tenant(uuid, uuid) owner to audit_owner`,
		},
	}, {
		name: "functions are written in SQL or PL/pgSQL, and none is leakproof",
		query: `
			select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
			where n.nspname in ('public', 'gate') and (l.lanname not in ('sql', 'plpgsql') or p.proleakproof)`,
		breaks: []string{`alter function gate.org() leakproof`, `create function gate.x() returns text language internal as 'current_user'`},
	}, {
		name: "a tenant calls these functions and no other",
		query: `
			select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname not in ('pg_catalog', 'information_schema', 'ext') and has_function_privilege('@s', p.oid, 'EXECUTE')
				and p.oid::regprocedure::text <> all (array[` + tenantFunctions + `])
			union all
			select 'no more: ' || f from unnest(array[` + tenantFunctions + `]) as f
			where not coalesce(has_function_privilege('@s', to_regprocedure(f), 'EXECUTE'), false)`,
		breaks: []string{
			`grant execute on function public.enqueue(text, jsonb, timestamptz) to surrealm_tenant`,
			`grant execute on function gate.write_member(uuid, text, text) to surrealm_tenant`,
			`create function gate.x() returns int language sql as 'select 1'`,
			`revoke execute on function gate.org() from surrealm_tenant`,
		},
	}, {
		name: "surrealm_web calls the door and nothing else",
		query: `
			select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
			where n.nspname not in ('pg_catalog', 'information_schema', 'ext') and has_function_privilege('surrealm_web', p.oid, 'EXECUTE')
				and p.oid::regprocedure::text <> 'enter_tenant(uuid,uuid)' and p.oid::regprocedure::text <> 'public.enter_tenant(uuid,uuid)'
			union all
			select 'not even the door' where not has_function_privilege('surrealm_web', 'public.enter_tenant(uuid, uuid)', 'EXECUTE')`,
		breaks: []string{
			`grant execute on function public.drop_org(uuid, text) to surrealm_web`, `grant surrealm_tenant to surrealm_web; alter role surrealm_web inherit`,
			`revoke execute on function public.enter_tenant(uuid, uuid) from surrealm_web`,
		},
	}, {
		name: "surrealm_ctl cannot enter a tenant",
		query: `
			select f from unnest(array['public.enter_tenant(uuid, uuid)', 'public.provision_tenant(text)', 'public.apply_tenant_migrations(text, int)',
				'gate.append_entry(text, uuid, uuid, text, text, text, uuid, text, text)', 'gate.append_audit(text, text, uuid, text, text)',
				'gate.apply_audit_migration(text, int)', 'gate.make_tenant(text, int)', 'gate.take_spare(text)', 'gate.write_member(uuid, text, text)', 'gate.end_membership(uuid)']) as f
			where has_function_privilege('surrealm_ctl', f, 'EXECUTE')`,
		breaks: []string{
			`grant execute on function public.enter_tenant(uuid, uuid) to surrealm_ctl`,
			`grant execute on function gate.append_entry(text, uuid, uuid, text, text, text, uuid, text, text) to surrealm_ctl`,
		},
	}, {
		name: "set_config is for those who have not entered",
		query: `
			select coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC') from pg_proc p cross join aclexplode(p.proacl) a
			where p.oid = 'pg_catalog.set_config(text, text, boolean)'::regprocedure and coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')
				not in ('surrealm_web', 'surrealm_ctl', 'surrealm_migrator', 'surrealm_owner', 'audit_owner', 'postgres')
			union all
			select 'PUBLIC by default' from pg_proc where oid = 'pg_catalog.set_config(text, text, boolean)'::regprocedure and proacl is null`,
		breaks: []string{
			`grant execute on function pg_catalog.set_config(text, text, boolean) to public`,
			`grant execute on function pg_catalog.set_config(text, text, boolean) to @s`,
			`grant execute on function pg_catalog.set_config(text, text, boolean) to surrealm_tenant`,
		},
	}, {
		name: "a tenant executes nothing that runs text, reaches files, waits, or outlives the transaction",
		query: `
			select p.oid::regprocedure::text from pg_proc p
			where p.pronamespace = 'pg_catalog'::regnamespace and has_function_privilege('@s', p.oid, 'EXECUTE')
				and p.proname ~ ('^(lo_.*|lo(read|write)|(query|cursor|table|schema|database)_to_xml.*|ts_stat|ts_rewrite|set_config|pg_sleep.*|pg_notify'
					|| '|pg_(try_)?advisory_(un)?lock.*|pg_read_(binary_)?file|pg_ls_.*|pg_stat_file|pg_reload_conf|pg_rotate_logfile|pg_promote'
					|| '|pg_switch_wal|pg_create_restore_point|pg_stat_reset.*|pg_backup_.*)$')`,
		breaks: []string{
			`grant execute on function pg_catalog.ts_stat(text) to public`, `grant execute on function pg_catalog.pg_sleep(double precision) to public`,
			`grant execute on function pg_catalog.pg_read_file(text) to @s`, `grant execute on function pg_catalog.lo_creat(int) to surrealm_tenant`,
		},
	}})
}

// tenantFunctions is the whole list of what a member's transaction may call beside PostgreSQL's own functions and
// pgvector's. Whoever adds to it has thought about what an injected call of it could do: organisation and actor come from
// the door, and the function asks the actor's role.
const tenantFunctions = `
	'gate.append_audit(text,text,uuid,text,text)',
	'gate.org()', 'gate.update_org(integer,text,integer)', 'gate.schedule_deletion()', 'gate.cancel_deletion()',
	'gate.change_member_role(uuid,text,text)', 'gate.set_member_state(uuid,text)', 'gate.remove_member(uuid)', 'gate.leave_org()',
	'gate.transfer_ownership(uuid)',
	'gate.invitations()', 'gate.invite(uuid,text,text,bytea,text,text)', 'gate.renew_invitation(uuid,bytea)',
	'gate.mail_invitation(uuid,uuid,text,text)', 'gate.revoke_invitation(uuid)',
	'gate.audit_verification()', 'gate.request_verification()',
	'gate.jobs(text,text,bigint,integer)', 'gate.job_counts()', 'gate.retry_job(bigint)', 'gate.stop_job(bigint)',
	'gate.access(text,boolean,boolean,boolean,boolean,boolean)',
	'gate.create_realm(uuid,text,text,text,text)', 'gate.change_realm_type(uuid,integer,text)', 'gate.move_realm(uuid,text,text)',
	'gate.choose_default_realm(uuid)', 'gate.invite_to_realm(uuid,uuid,text)', 'gate.realm_invitations()',
	'gate.answer_realm_invitation(text,boolean)', 'gate.change_realm_role(uuid,uuid,text,text)',
	'gate.end_realm_membership(uuid,uuid,boolean)', 'gate.transfer_realm(uuid,uuid)', 'gate.realm_census()',
	'gate.hand_over_realm(uuid,uuid)', 'gate.hidden_signals(uuid)', 'gate.enqueue_realm_job(text,jsonb)', 'gate.settle_model(text)', 'gate.merge_hidden_members(uuid,uuid)', 'gate.match_words(text,uuid[],integer,uuid[])',
	'gate.move_signal(uuid,uuid)', 'gate.share_signal(uuid,uuid,uuid,text)', 'gate.revoke_share(uuid,uuid)', 'gate.evidence(uuid,uuid)',
	'gate.add_evidence(uuid,uuid,uuid,uuid,uuid,uuid,integer,integer,integer)', 'gate.remove_evidence(uuid,uuid,uuid)',
	'gate.enqueue_llm_test(uuid)', 'gate.book_llm_call(uuid,uuid,text,uuid,integer)',
	'gate.settle_llm_call(uuid,text,text,integer,integer,integer)'`
