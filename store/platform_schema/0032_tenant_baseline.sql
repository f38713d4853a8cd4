-- A new organisation is made by one text that says what all migrations come to, and not by what each of them changed: adding a
-- column that is not null reads the whole catalogue of indexes, which has a million rows where there are thousands of organisations.

create table public.tenant_baseline (
  only_row boolean primary key default true constraint tenant_baseline_only_row check (only_row),
  version  int  not null,   -- of the migrations that it stands for
  sql      text not null    -- with @tenant in it; without the audit's own tables, which their owner makes
);

-- The stored migrations after p_from, up to p_to.
create or replace function public.apply_tenant_migrations(p_schema text, p_from int, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record; v_last int := p_from;
begin
  execute format('grant create on schema %I to audit_owner', p_schema);
  if p_from = 0 then
    v_last := gate.apply_baseline(p_schema, p_to);
  end if;
  for m in
    select t.version, t.sql, t.as_audit_owner from public.tenant_migrations t
    where t.version > v_last and t.version <= p_to order by t.version
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

-- Makes everything as it is at the version of the baseline, and returns that; 0 where the baseline stands for a later version than
-- p_to, or for migrations that are not there.
create function gate.apply_baseline(p_schema text, p_to int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_version int; v_sql text;
begin
  select b.version, b.sql into v_version, v_sql
    from public.tenant_baseline b join public.tenant_migrations m on m.version = b.version
    where b.version <= p_to;
  if not found then
    return 0;
  end if;
  perform gate.apply_audit_migration(p_schema, m.version)
    from public.tenant_migrations m where m.as_audit_owner and m.version <= v_version;
  perform set_config('search_path', format('%I, ext, pg_temp', p_schema), true);
  execute replace(v_sql, '@tenant', quote_ident(p_schema));
  return v_version;
end $$;

-- As before, found by what depends on the schema: no index finds the tables of a schema otherwise.
create or replace function gate.open_to_exports(p_schema text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare t record;
begin
  for t in
    select c.relname
    from pg_depend d join pg_class c on c.oid = d.objid
    where d.refclassid = 'pg_namespace'::regclass and d.refobjid = p_schema::regnamespace and d.classid = 'pg_class'::regclass
      and c.relrowsecurity and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = c.relname || '_export')
    order by c.relname
  loop
    execute format('create policy %I on %I.%I for select to surrealm_owner using (current_setting(''app.export'', true) = ''on'')',
      t.relname || '_export', p_schema, t.relname);
  end loop;
end $$;
