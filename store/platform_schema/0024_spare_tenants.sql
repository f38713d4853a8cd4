-- Making a role and a schema with every table takes a third of a second. So a few are made in advance, and a registration takes
-- one: it renames the role and the schema, and only then lets surrealm_web into it.

-- The names have two underscores, which no organisation's address leads to.
create table public.spare_tenants (
  schema_name    text primary key constraint spare_tenants_name check (schema_name ~ '^tenant__[0-9a-f]{12}$'),
  schema_version int not null,
  made_at        timestamptz not null default now()
);
grant select on public.spare_tenants to surrealm_ctl;

-- Makes a role and a schema with every table as they were at version p_to. What is there of that name is never taken over: roles
-- are the whole server's, so another database may have it.
create function gate.make_tenant(p_schema text, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  begin
    execute format('create role %I nologin in role surrealm_tenant', p_schema);
    execute format('create schema %I', p_schema);
  exception when duplicate_object or duplicate_schema or unique_violation then
    raise exception 'the name % is in use', p_schema using errcode = '23505', constraint = 'orgs_schema_name_unique';
  end;
  execute format('grant usage on schema %I to %I, audit_owner', p_schema, p_schema);
  return public.apply_tenant_migrations(p_schema, 0, p_to);
end $$;

-- Gives a spare of the newest version a name, and returns that version; null when there is none.
create function gate.take_spare(p_schema text) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_spare record;
begin
  select s.schema_name, s.schema_version into v_spare from public.spare_tenants s
    where s.schema_version = (select max(version) from public.tenant_migrations)
    order by s.made_at limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  begin
    execute format('alter role %I rename to %I', v_spare.schema_name, p_schema);
    execute format('alter schema %I rename to %I', v_spare.schema_name, p_schema);
  exception when duplicate_object or duplicate_schema or unique_violation then
    raise exception 'the name % is in use', p_schema using errcode = '23505', constraint = 'orgs_schema_name_unique';
  end;
  delete from public.spare_tenants s where s.schema_name = v_spare.schema_name;
  return v_spare.schema_version;
end $$;

create function gate.check_tenant_name(p_schema text) returns void
  language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if p_schema !~ '^tenant_[a-z0-9]+(_[a-z0-9]+)*$' or length(p_schema) > 55 then
    raise exception 'not a tenant schema: %', p_schema using errcode = '22023';
  end if;
end $$;

create or replace function public.provision_tenant(p_schema text, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_version int;
begin
  perform gate.check_tenant_name(p_schema);
  v_version := gate.make_tenant(p_schema, p_to);
  execute format('grant %I to surrealm_web', p_schema);
  return v_version;
end $$;

-- The same at the newest version, out of the spares when there is one.
create or replace function public.provision_tenant(p_schema text) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_version int;
begin
  perform gate.check_tenant_name(p_schema);
  v_version := coalesce(gate.take_spare(p_schema), gate.make_tenant(p_schema, 2147483647));
  execute format('grant %I to surrealm_web', p_schema);
  return v_version;
end $$;

-- Takes one step towards a stock of p_wanted spares of the newest version: drops an outdated one, or makes one. False when there is
-- nothing to do, or another server is at it.
create function public.keep_spare_tenants(p_wanted int) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_newest int; v_name text;
begin
  if not pg_try_advisory_xact_lock(hashtext('surrealm spare tenants')) then
    return false;
  end if;
  select max(version) into v_newest from public.tenant_migrations;
  delete from public.spare_tenants s
    where s.schema_name = (select x.schema_name from public.spare_tenants x where x.schema_version <> v_newest limit 1 for update skip locked)
    returning s.schema_name into v_name;
  if found then
    execute format('drop schema %I cascade', v_name);
    execute format('drop role %I', v_name);
    return true;
  end if;
  if (select count(*) from public.spare_tenants) >= p_wanted then
    return false;
  end if;
  v_name := 'tenant__' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 12);
  insert into public.spare_tenants (schema_name, schema_version) values (v_name, gate.make_tenant(v_name, v_newest));
  return true;
end $$;
grant execute on function public.keep_spare_tenants(int) to surrealm_ctl;
