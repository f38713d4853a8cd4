-- Taking one organisation out as a whole, and putting it back: what the operator's export and restore need.

-- Row security hides rows from the owner of the tables as well. An export reads all of them: in a transaction that says so, by a
-- setting that no tenant can make. Every table with row security gets the policy, those of later migrations too.
create function gate.open_to_exports(p_schema text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t record;
begin
  for t in
    select c.relname from pg_class c
    where c.relnamespace = p_schema::regnamespace and c.relrowsecurity and not exists (
      select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_export')
    order by c.relname
  loop
    execute format('create policy %I on %I.%I for select to surrealm_owner using (current_setting(''app.export'', true) = ''on'')',
      t.relname || '_export', p_schema, t.relname);
  end loop;
end $$;

-- The stored migrations after p_from, up to p_to.
create function public.apply_tenant_migrations(p_schema text, p_from int, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record; v_last int := p_from;
begin
  execute format('grant create on schema %I to audit_owner', p_schema);
  for m in
    select t.version, t.sql, t.as_audit_owner from public.tenant_migrations t
    where t.version > p_from and t.version <= p_to order by t.version
  loop
    if m.as_audit_owner then
      perform gate.apply_audit_migration(p_schema, m.version);
    else
      perform set_config('search_path', format('%I, ext, pg_temp', p_schema), true);
      execute replace(m.sql, '@tenant', quote_ident(p_schema));
    end if;
    v_last := m.version;
  end loop;
  perform gate.open_to_exports(p_schema);
  execute format('revoke create on schema %I from audit_owner', p_schema);
  return v_last;
end $$;

create or replace function public.apply_tenant_migrations(p_schema text, p_from int) returns int
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  select public.apply_tenant_migrations(p_schema, p_from, 2147483647)
$$;

-- Makes the role, the schema and every table as they were at version p_to, for rows of that time.
create function public.provision_tenant(p_schema text, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if p_schema !~ '^tenant_[a-z0-9]+(_[a-z0-9]+)*$' or length(p_schema) > 55 then
    raise exception 'not a tenant schema: %', p_schema using errcode = '22023';
  end if;
  -- Roles are the whole server's: another database may have taken the name. What is there is never taken over.
  begin
    execute format('create role %I nologin in role surrealm_tenant', p_schema);
    execute format('create schema %I', p_schema);
  exception when duplicate_object or duplicate_schema or unique_violation then
    raise exception 'the name % is in use', p_schema using errcode = '23505', constraint = 'orgs_schema_name_unique';
  end;
  execute format('grant %I to surrealm_web', p_schema);
  execute format('grant usage on schema %I to %I, audit_owner', p_schema, p_schema);
  return public.apply_tenant_migrations(p_schema, 0, p_to);
end $$;

create or replace function public.provision_tenant(p_schema text) returns int
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  select public.provision_tenant(p_schema, 2147483647)
$$;
