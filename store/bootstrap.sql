-- Roles, extensions and the one-way door: what only a superuser can make.
-- Run once in an empty database, by `surrealm migrate --bootstrap-url`, or by hand with psql; safe to run again.
-- Passwords of the login roles are not set here: they are the operator's.

do $$
declare r record;
begin
  for r in select * from (values
    ('surrealm_owner',    'nologin createrole noinherit'),  -- owns every schema and table, makes the tenants' roles
    ('audit_owner',       'nologin noinherit'),             -- owns the audit tables; nobody is a member at run time
    ('surrealm_tenant',   'nologin'),                       -- what every tenant's role inherits: types of ext, functions of gate
    ('surrealm_web',      'login noinherit'),               -- what a request runs as before it enters a tenant
    ('surrealm_ctl',      'login noinherit'),               -- platform tables only: accounts, sessions, jobs
    ('surrealm_migrator', 'login noinherit')                -- DDL; used by `surrealm migrate` alone
  ) as role(name, attributes)
  loop
    if not exists (select from pg_roles where rolname = r.name) then
      execute format('create role %I %s', r.name, r.attributes);
    end if;
  end loop;
end $$;

-- Who is no superuser, as on a managed database, sets up for a role only as its member.
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant surrealm_owner, audit_owner to %I', current_user);
  end if;
end $$;

grant surrealm_owner, audit_owner to surrealm_migrator;
grant surrealm_tenant to surrealm_owner with admin option;

-- A function is nobody's until it is granted.
alter default privileges for role surrealm_owner revoke execute on functions from public;
alter default privileges for role audit_owner revoke execute on functions from public;

alter role surrealm_web set search_path = '';
alter role surrealm_web set statement_timeout = '10s';
alter role surrealm_web set lock_timeout = '8s';
alter role surrealm_web set idle_in_transaction_session_timeout = '15s';
alter role surrealm_web set client_connection_check_interval = '2s';
alter role surrealm_ctl set search_path = public, pg_temp;
alter role surrealm_ctl set statement_timeout = '30s';
alter role surrealm_ctl set lock_timeout = '8s';
alter role surrealm_ctl set idle_in_transaction_session_timeout = '30s';

do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to surrealm_web, surrealm_ctl, surrealm_migrator', current_database());
  execute format('grant create on database %I to surrealm_owner', current_database());
end $$;

-- public: the platform. Only its owner creates in it; logins get what the migrations grant.
revoke all on schema public from public;
grant usage, create on schema public to surrealm_owner;
grant usage on schema public to surrealm_web, surrealm_ctl, audit_owner;

-- ext: types and operators of extensions, and nothing else.
create schema if not exists ext;
create extension if not exists vector schema ext;
grant usage on schema ext to surrealm_owner with grant option;
grant usage on schema ext to audit_owner, surrealm_web, surrealm_tenant;

-- gate: the functions that a tenant may call.
create schema if not exists gate authorization surrealm_owner;
grant usage, create on schema gate to audit_owner;
grant usage on schema gate to surrealm_ctl, surrealm_tenant;

-- river: jobs of the whole platform.
create schema if not exists river authorization surrealm_owner;
grant usage on schema river to surrealm_ctl;
alter default privileges for role surrealm_owner in schema river grant select, insert, update, delete on tables to surrealm_ctl;
alter default privileges for role surrealm_owner in schema river grant usage on sequences to surrealm_ctl;
alter default privileges for role surrealm_owner in schema river grant execute on functions to surrealm_ctl;

-- The door. A role that has entered a tenant can no longer change a setting, so it cannot leave.
revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
grant execute on function pg_catalog.set_config(text, text, boolean)
  to surrealm_web, surrealm_ctl, surrealm_migrator, surrealm_owner, audit_owner;

-- Functions that run SQL given as text, reach files, hold a connection, keep a lock when the transaction is over and the
-- connection serves somebody else, or talk to the job workers: nothing inside a tenant needs them.
do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace
      and p.proname ~ ('^((query|cursor|table|schema|database)_to_xml|ts_stat$|ts_rewrite$|lo_|loread$|lowrite$|pg_sleep'
        || '|pg_(try_)?advisory_(lock|unlock)|pg_notify$)')
      and has_function_privilege('public', p.oid, 'EXECUTE')
  loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$;

-- The migrator keeps a second one waiting; the jobs wake each other.
grant execute on function pg_catalog.pg_advisory_lock(bigint), pg_catalog.pg_advisory_unlock(bigint) to surrealm_owner, surrealm_migrator;
grant execute on function pg_catalog.pg_notify(text, text) to surrealm_owner, surrealm_ctl;
