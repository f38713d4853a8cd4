-- Realms: who may see and change what inside an organisation, and the functions that decide it.
-- realms_users in the tenant is the truth; each membership carries what follows from it, so that entering costs no join.

alter table memberships add column realms_own uuid[] not null default '{}';   -- the realms that this person answers for

-- An id that sorts by time (UUID version 7), for the rows that functions make themselves.
create function public.new_id() returns uuid
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

create or replace function public.enter_tenant(p_org uuid, p_user uuid)
  returns table (tenant_role text, tenant_path text, org_role text, schema_version int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  select o.schema_name, o.schema_version, x.role, x.realms_read, x.realms_write, x.realms_own, u.name into m
    from public.memberships x
    join public.orgs o on o.id = x.org_id
    join public.users u on u.id = x.user_id
    where x.org_id = p_org and x.user_id = p_user and x.state = 'ACTIVE' and u.disabled_at is null;
  if not found then
    raise exception 'not a member' using errcode = 'SR404';
  end if;
  perform set_config('app.org_id', p_org::text, true), set_config('app.user_id', p_user::text, true),
    set_config('app.user_name', m.name, true), set_config('app.org_role', m.role, true),
    set_config('app.realms_read', m.realms_read::text, true), set_config('app.realms_write', m.realms_write::text, true),
    set_config('app.realms_own', m.realms_own::text, true);
  return query select m.schema_name::text, m.schema_name || ', ext, pg_temp', m.role::text, m.schema_version::int;
end $$;

-- What a person may do with something in a realm: 0 nothing, 1 read, 2 read and change. This one function is the table of
-- roles and visibilities: the policies of every realm table call it, the queries rely on those, and the realm's page prints it.
--   p_own          the person made it
--   p_contributor  the person is CONTRIBUTOR or OWNER of its realm, and the realm is open
--   p_owner        the person is OWNER of its realm, and the realm is open
--   p_reader       the person is a member of its realm, whatever the role
--   p_elsewhere    it reaches the person another way: opted into a realm of theirs, or PUBLIC in a realm listed for everyone
-- In an archived realm all members are readers, so everybody still reads what they made there.
-- Each argument but the visibility stands once: only then does the planner put the expression in place of the call. For the same
-- reason it has no path of its own; its operators were looked up when it was made.
create function gate.access(p_visibility text, p_own boolean, p_contributor boolean, p_owner boolean, p_reader boolean, p_elsewhere boolean)
  returns int language sql immutable parallel safe
  return case
    -- The inner one is the most that they may do, by author and visibility: 2 change it, 1 read it if they are let in, 0 nothing.
    case when p_own then case when p_contributor then 2 else 1 end
      when p_visibility = 'PRIVATE' then 0
      when p_owner then 2
      else 1 end
    when 2 then 2
    when 1 then case when p_reader then 1 when p_visibility in ('PUBLIC', 'SHARED') and p_elsewhere then 1 else 0 end
    else 0 end;

-- Brings one person's open realms up to date with realms_users: in the membership, and in this transaction when it is the
-- actor's own. An archived realm is read, not changed; one that waits for its deletion is seen by its owner alone. An auditor of the
-- organisation reads what they are a member of, and changes nothing.
create function gate.refresh_realms(p_schema text, p_org uuid, p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record;
begin
  execute format('select
      coalesce(array_agg(r.id order by r.id) filter (where r.status <> ''DELETING'' or u.role = ''OWNER''), ''{}'') as read,
      coalesce(array_agg(r.id order by r.id) filter (where r.status = ''ACTIVE'' and u.role in (''OWNER'', ''CONTRIBUTOR'')), ''{}'') as write,
      coalesce(array_agg(r.id order by r.id) filter (where r.status = ''ACTIVE'' and u.role = ''OWNER''), ''{}'') as own
    from %I.realms_users u join %I.realms r on r.id = u.realm_id
    where u.user_id = $1 and u.state = ''ACTIVE''', p_schema, p_schema) using p_user into v;
  if exists (select from public.memberships where org_id = p_org and user_id = p_user and role = 'AUDITOR') then
    v.write := '{}';
    v.own := '{}';
  end if;
  update public.memberships set realms_read = v.read, realms_write = v.write, realms_own = v.own
    where org_id = p_org and user_id = p_user;
  if current_setting('app.user_id', true) = p_user::text and current_setting('app.org_id', true) = p_org::text then
    perform set_config('app.realms_read', v.read::text, true), set_config('app.realms_write', v.write::text, true),
      set_config('app.realms_own', v.own::text, true);
  end if;
end $$;

-- Adds a realm with its owner. SQL of other functions; never called by a tenant.
create function gate.add_realm(p_schema text, p_org uuid, p_id uuid, p_owner uuid, p_slug text, p_name text, p_description text,
    p_type text, p_default boolean) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('insert into %I.realms (id, owner_id, slug, name, description, type, is_default) values ($1, $2, $3, $4, $5, $6, $7)', p_schema)
    using p_id, p_owner, p_slug, p_name, p_description, p_type, p_default;
  execute format('insert into %I.realms_users (realm_id, user_id, role, state, invited_by, joined_at) values ($1, $2, ''OWNER'', ''ACTIVE'', $2, now())', p_schema)
    using p_id, p_owner;
  perform gate.refresh_realms(p_schema, p_org, p_owner);
end $$;

-- Gives a person the PRIVATE realm into which their captures go, unless they have one. Nobody else sees it, so its name need not
-- tell whose it is.
create function gate.add_default_realm(p_schema text, p_org uuid, p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_id uuid := public.new_id(); v_has boolean;
begin
  execute format('select exists (select from %I.realms where owner_id = $1 and is_default)', p_schema) using p_user into v_has;
  if v_has then
    perform gate.refresh_realms(p_schema, p_org, p_user);
  else
    perform gate.add_realm(p_schema, p_org, v_id, p_user, 'personal-' || right(replace(v_id::text, '-', ''), 8), 'Personal', '', 'PRIVATE', true);
  end if;
end $$;

-- The same for all members of an organisation that was there before realms had functions.
create function gate.add_default_realms(p_schema text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_user uuid; v_org uuid;
begin
  select o.id into v_org from public.orgs o where o.schema_name = p_schema;
  for v_user in execute format('select user_id from %I.people where state <> ''LEFT''', p_schema) loop
    perform gate.add_default_realm(p_schema, v_org, v_user);
  end loop;
end $$;

-- Where people join, they find their realm.
create or replace function public.create_org(p_org uuid, p_slug text, p_name text, p_owner uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := 'tenant_' || replace(p_slug, '-', '_'); v_owner record;
begin
  insert into public.orgs (id, slug, name, schema_name, schema_version) values (p_org, p_slug, p_name, v_schema, 0);
  insert into public.memberships (org_id, user_id, role) values (p_org, p_owner, 'OWNER');
  update public.orgs set schema_version = public.provision_tenant(v_schema) where id = p_org;
  select u.name, u.email into strict v_owner from public.users u where u.id = p_owner;
  execute format('insert into %I.people (user_id, display_name, email, org_role, state) values ($1, $2, $3, ''OWNER'', ''ACTIVE'')', v_schema)
    using p_owner, v_owner.name, v_owner.email;
  perform gate.add_default_realm(v_schema, p_org, p_owner);
  perform gate.append_entry(v_schema, p_org, p_owner, v_owner.name, 'org.created', 'org', p_org, p_name,
    format('{"slug":%s}', to_json(p_slug)));
end $$;

create or replace function public.accept_invitation(p_token_hash bytea, p_user uuid) returns table (org_id uuid, org_slug text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare i record; u record; o record;
begin
  update public.invitations x set accepted_at = now()
    where x.token_hash = p_token_hash and x.accepted_at is null and x.revoked_at is null and x.expires_at > now()
    returning x.* into i;
  if not found then
    raise exception 'no such open invitation' using errcode = 'SR404';
  end if;
  select x.name, x.email into strict u from public.users x where x.id = p_user and x.disabled_at is null;
  if u.email <> i.email then
    raise exception 'the invitation is for another address' using errcode = 'SR403';
  end if;
  select x.id, x.slug, x.name, x.schema_name into strict o from public.orgs x where x.id = i.org_id;
  insert into public.memberships (org_id, user_id, role) values (o.id, p_user, i.role)
    on conflict on constraint memberships_pkey do nothing;
  if not found then
    raise exception 'already a member' using errcode = 'SR409', constraint = 'invitations_not_member';
  end if;
  execute format('insert into %I.people (user_id, display_name, email, org_role, state) values ($1, $2, $3, $4, ''ACTIVE'')
    on conflict (user_id) do update set display_name = excluded.display_name, email = excluded.email,
      org_role = excluded.org_role, state = ''ACTIVE'', left_at = null', o.schema_name)
    using p_user, u.name, u.email, i.role;
  perform gate.add_default_realm(o.schema_name, o.id, p_user);
  perform gate.append_entry(o.schema_name, o.id, p_user, u.name, 'member.joined', 'member', p_user, u.name,
    format('{"role":%s}', to_json(i.role)));
  return query select o.id, o.slug;
end $$;

-- Ends a membership. The person's name stays in people, because history needs it, and so do the realms they own: an owner or
-- admin of the organisation may hand those over. In the realms of others they are no longer a member, and as with everybody who
-- leaves a realm, signals that only they see go to their own: else nobody could ever read or remove them.
create or replace function gate.end_membership(p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_realm uuid; v_home uuid;
begin
  delete from public.memberships where org_id = current_setting('app.org_id')::uuid and user_id = p_user;
  execute format('update %I.people set state = ''LEFT'', left_at = now() where user_id = $1', v_schema) using p_user;
  execute format('select id from %I.realms where owner_id = $1 and is_default', v_schema) into v_home using p_user;
  for v_realm in execute format('update %I.realms_users set state = ''LEFT'', ended_at = now(), updated_at = now()
      where user_id = $1 and role <> ''OWNER'' and state in (''INVITED'', ''ACTIVE'') returning realm_id', v_schema) using p_user loop
    perform gate.move_signals(v_realm, v_home, p_user, false);
  end loop;
end $$;

-- Writes a membership and its mirror, and what follows from the role for realms.
create or replace function gate.write_member(p_user uuid, p_role text, p_state text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.memberships set role = p_role, state = p_state
    where org_id = current_setting('app.org_id')::uuid and user_id = p_user;
  execute format('update %I.people set org_role = $1, state = $2 where user_id = $3', current_setting('role'))
    using p_role, p_state, p_user;
  perform gate.refresh_realms(current_setting('role'), current_setting('app.org_id')::uuid, p_user);
end $$;

grant execute on function gate.access(text, boolean, boolean, boolean, boolean, boolean) to surrealm_tenant;
