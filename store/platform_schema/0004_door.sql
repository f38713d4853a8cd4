-- The one-way door into a tenant, and how a tenant comes to be.

-- Lets a member in: finds the active membership or raises, sets who acts and which realms are open for this
-- transaction, and answers with the role and path that the caller must now take. Both come from the organisation's
-- own row, so no mistake in the program can combine one organisation's membership with another's schema.
create function public.enter_tenant(p_org uuid, p_user uuid)
  returns table (tenant_role text, tenant_path text, org_role text, schema_version int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  select o.schema_name, o.schema_version, x.role, x.realms_read, x.realms_write, u.name into m
    from public.memberships x
    join public.orgs o on o.id = x.org_id
    join public.users u on u.id = x.user_id
    where x.org_id = p_org and x.user_id = p_user and x.state = 'ACTIVE' and u.disabled_at is null;
  if not found then
    raise exception 'not a member' using errcode = 'SR404';
  end if;
  perform set_config('app.org_id', p_org::text, true), set_config('app.user_id', p_user::text, true),
    set_config('app.user_name', m.name, true), set_config('app.org_role', m.role, true),
    set_config('app.realms_read', m.realms_read::text, true), set_config('app.realms_write', m.realms_write::text, true);
  return query select m.schema_name::text, m.schema_name || ', ext, pg_temp', m.role::text, m.schema_version::int;
end $$;

-- Applies the stored tenant migrations after p_from to one schema and returns the last version.
create function public.apply_tenant_migrations(p_schema text, p_from int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record; v_last int := p_from;
begin
  execute format('grant create on schema %I to audit_owner', p_schema);
  for m in select t.version, t.sql, t.as_audit_owner from public.tenant_migrations t where t.version > p_from order by t.version loop
    if m.as_audit_owner then
      perform gate.apply_audit_migration(p_schema, m.version);
    else
      perform set_config('search_path', format('%I, ext, pg_temp', p_schema), true);
      execute replace(m.sql, '@tenant', quote_ident(p_schema));
    end if;
    v_last := m.version;
  end loop;
  execute format('revoke create on schema %I from audit_owner', p_schema);
  return v_last;
end $$;

-- Makes the role, the schema and every table of a tenant. All or nothing: it is part of the caller's transaction.
-- p_schema is checked here as well: it is the only value that becomes an identifier.
create function public.provision_tenant(p_schema text) returns int
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
  return public.apply_tenant_migrations(p_schema, 0);
end $$;

-- Once a version of a procedure has left DRAFT its content is final. Only the moves REVIEW to DRAFT, REVIEW to CERTIFIED
-- and CERTIFIED to DEPRECATED remain, and only a draft may be deleted. A trigger of each tenant's sops calls this.
create function gate.refuse_certified_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'version % is not a draft: it cannot be deleted', old.version using errcode = '55000';
  end if;
  if not (new.status = old.status
      or (old.status = 'REVIEW' and new.status in ('DRAFT', 'CERTIFIED'))
      or (old.status = 'CERTIFIED' and new.status = 'DEPRECATED')) then
    raise exception 'version % cannot move from % to %', old.version, old.status, new.status using errcode = '55000';
  end if;
  if (new.id, new.line_id, new.surrogate_id, new.version, new.title, new.description, new.source, new.graph::text,
        new.graph_hash, new.created_by, new.created_at)
      is distinct from (old.id, old.line_id, old.surrogate_id, old.version, old.title, old.description, old.source,
        old.graph::text, old.graph_hash, old.created_by, old.created_at)
    or (new.status <> 'DRAFT' and (new.hash, new.previous_hash, new.previous_version_id)
      is distinct from (old.hash, old.previous_hash, old.previous_version_id))
    or (old.certified_at is not null and new.certified_at is distinct from old.certified_at)
  then
    raise exception 'version % is no longer a draft: its content is final', old.version using errcode = '55000';
  end if;
  return new;
end $$;

-- Registers an organisation: its row, its first owner, its schema with all tables, and the first entry of its chain.
create function public.create_org(p_org uuid, p_slug text, p_name text, p_owner uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := 'tenant_' || replace(p_slug, '-', '_'); v_owner record;
begin
  insert into public.orgs (id, slug, name, schema_name, schema_version) values (p_org, p_slug, p_name, v_schema, 0);
  insert into public.memberships (org_id, user_id, role) values (p_org, p_owner, 'OWNER');
  update public.orgs set schema_version = public.provision_tenant(v_schema) where id = p_org;
  select u.name, u.email into strict v_owner from public.users u where u.id = p_owner;
  execute format('insert into %I.people (user_id, display_name, email, org_role, state) values ($1, $2, $3, ''OWNER'', ''ACTIVE'')', v_schema)
    using p_owner, v_owner.name, v_owner.email;
  perform gate.append_entry(v_schema, p_org, p_owner, v_owner.name, 'org.created', 'org', p_org, p_name,
    format('{"slug":%s}', to_json(p_slug)));
end $$;

-- Drops an organisation and everything that it owns. What remains is one row that says where its chain ended.
create function public.drop_org(p_org uuid, p_reason text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare o record; head record;
begin
  select id, slug, name, schema_name into o from public.orgs where id = p_org for update;
  if not found then
    raise exception 'no such organisation' using errcode = 'SR404';
  end if;
  select * into strict head from gate.audit_head_of(o.schema_name);
  insert into public.dropped_orgs (org_id, slug, name, entries, last_hash, reason)
    values (o.id, o.slug, o.name, head.seq, head.hash, p_reason);
  execute format('drop schema %I cascade', o.schema_name);
  delete from public.orgs where id = p_org;
  execute format('drop role %I', o.schema_name);
end $$;

grant execute on function public.enter_tenant(uuid, uuid) to surrealm_web;
grant execute on function public.create_org(uuid, text, text, uuid), public.drop_org(uuid, text) to surrealm_ctl;
