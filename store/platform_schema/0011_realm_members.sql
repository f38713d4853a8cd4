-- What a person may do to realms and their members, called from inside the tenant. Each function knows its organisation and its
-- actor from settings that the caller cannot change, locks the realm, and checks the actor's role in it again.
-- To people without a role in a realm it does not exist: SR404. SR403 not allowed, SR409 in the way.

-- The realm that the actor wants to change, locked, with the actor's role in it, which has to be one of p_roles. The role is read
-- after the lock, in a statement of its own: who waited for the lock may have lost the role meanwhile.
create function gate.lock_realm(p_realm uuid, variadic p_roles text[])
  returns table (owner_id uuid, type text, status text, is_default boolean, role text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record; v_role text;
begin
  execute format('select owner_id, type, status, is_default from %I.realms where id = $1 for update', current_setting('role'))
    into r using p_realm;
  execute format('select role from %I.realms_users where realm_id = $1 and user_id = $2 and state = ''ACTIVE''', current_setting('role'))
    into v_role using p_realm, current_setting('app.user_id')::uuid;
  if r.status is null or v_role is null or (r.status = 'DELETING' and v_role <> 'OWNER') then
    raise exception 'no such realm' using errcode = 'SR404';
  end if;
  if v_role <> all (p_roles) then
    raise exception 'needs the role % in the realm', array_to_string(p_roles, ' or ') using errcode = 'SR403';
  end if;
  return query select r.owner_id::uuid, r.type::text, r.status::text, r.is_default::boolean, v_role;
end $$;

-- Refreshes what is open to each of some members of this organisation, in the order of their ids: two changes at once then
-- never wait for each other in a circle.
create function gate.refresh_realms(p_users uuid[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_user uuid;
begin
  for v_user in select distinct u from unnest(p_users) u order by u loop
    perform gate.refresh_realms(current_setting('role'), current_setting('app.org_id')::uuid, v_user);
  end loop;
end $$;

create function gate.create_realm(p_id uuid, p_slug text, p_name text, p_description text, p_type text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN', 'REVIEWER', 'MEMBER');
  perform gate.add_realm(current_setting('role'), current_setting('app.org_id')::uuid, p_id, current_setting('app.user_id')::uuid,
    p_slug, p_name, p_description, p_type, false);
end $$;

-- Changes who may see a realm. It turns PRIVATE only when nobody else is in it or invited: they would be put out unasked.
create function gate.change_realm_type(p_realm uuid, p_revision int, p_type text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record; v_others boolean; v_changed int;
begin
  select * into r from gate.lock_realm(p_realm, 'OWNER');
  if r.status <> 'ACTIVE' then
    raise exception 'an archived realm is not changed: open it again first' using errcode = 'SR409';
  end if;
  execute format('select exists (select from %I.realms_users where realm_id = $1 and user_id <> $2 and state in (''INVITED'', ''ACTIVE''))',
    current_setting('role')) into v_others using p_realm, r.owner_id;
  if p_type = 'PRIVATE' and v_others then
    raise exception 'a private realm has no members: remove them first' using errcode = 'SR409';
  end if;
  execute format('update %I.realms set type = $3, revision = revision + 1, updated_at = now() where id = $1 and revision = $2',
    current_setting('role')) using p_realm, p_revision, p_type;
  get diagnostics v_changed = row_count;
  if v_changed = 0 then
    raise exception 'the realm was changed meanwhile' using errcode = 'SR409';
  end if;
  -- A cluster's name may tell what is in signals that stay its author's alone; while nobody else read the realm, that hurt nobody.
  if r.type = 'PRIVATE' and p_type <> 'PRIVATE' then
    execute format('delete from %1$I.clusters c where realm_id = $1 and exists (
      select from %1$I.clusters_signals m where m.realm_id = c.realm_id and m.cluster_id = c.id and m.visibility = ''PRIVATE'')',
      current_setting('role')) using p_realm;
  end if;
end $$;

-- Archives a realm, opens it again, plans its deletion in seven days, or calls that off. The default realm stays: captures go there.
create function gate.move_realm(p_realm uuid, p_from text, p_to text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record; v_when timestamptz := now() + interval '7 days'; v_members uuid[];
begin
  select * into r from gate.lock_realm(p_realm, 'OWNER');
  if r.status <> p_from then
    raise exception 'the realm was changed meanwhile' using errcode = 'SR409';
  end if;
  if r.is_default and p_to <> 'ACTIVE' then
    raise exception 'this is where your captures go: choose another realm for them first' using errcode = 'SR409';
  end if;
  execute format('update %I.realms set status = $2, archived_at = case when $2 = ''ARCHIVED'' then now() end,
    delete_at = case when $2 = ''DELETING'' then $3 end, revision = revision + 1, updated_at = now() where id = $1',
    current_setting('role')) using p_realm, p_to, v_when;
  execute format('select array_agg(user_id) from %I.realms_users where realm_id = $1', current_setting('role')) into v_members using p_realm;
  perform gate.refresh_realms(v_members);
  if p_to = 'DELETING' then
    perform public.enqueue('delete_realm', jsonb_build_object('org', current_setting('app.org_id'), 'realm', p_realm), v_when);
  end if;
end $$;

-- Chooses the realm into which the actor's captures go: one that they own and that is open.
create function gate.choose_default_realm(p_realm uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record;
begin
  select * into r from gate.lock_realm(p_realm, 'OWNER');
  if r.status <> 'ACTIVE' then
    raise exception 'only an open realm takes captures' using errcode = 'SR409';
  end if;
  execute format('update %I.realms set is_default = false where owner_id = $1 and is_default', current_setting('role')) using r.owner_id;
  execute format('update %I.realms set is_default = true, updated_at = now() where id = $1', current_setting('role')) using p_realm;
end $$;

-- Invites a member of the organisation; asking again after a refusal or a departure is a new invitation.
create function gate.invite_to_realm(p_realm uuid, p_user uuid, p_role text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record; v_changed int; v_org_role text;
begin
  select * into r from gate.lock_realm(p_realm, 'OWNER');
  if r.type = 'PRIVATE' or r.status <> 'ACTIVE' then
    raise exception 'a private or closed realm takes no members: share it first' using errcode = 'SR409';
  end if;
  if p_role not in ('CONTRIBUTOR', 'OBSERVER') then
    raise exception 'a realm has one owner: transfer it instead' using errcode = 'SR409';
  end if;
  execute format('select org_role from %I.people where user_id = $1 and state = ''ACTIVE''', current_setting('role')) into v_org_role using p_user;
  if v_org_role is null then
    raise exception 'not an active member of the organisation' using errcode = 'SR404';
  end if;
  if v_org_role = 'AUDITOR' and p_role <> 'OBSERVER' then
    raise exception 'an auditor changes nothing: invite them as an observer' using errcode = 'SR409';
  end if;
  execute format('insert into %I.realms_users as u (realm_id, user_id, role, state, invited_by) values ($1, $2, $3, ''INVITED'', $4)
    on conflict (realm_id, user_id) do update set role = $3, state = ''INVITED'', invited_by = $4, joined_at = null, ended_at = null, updated_at = now()
      where u.state in (''DECLINED'', ''LEFT'', ''REMOVED'')', current_setting('role'))
    using p_realm, p_user, p_role, current_setting('app.user_id')::uuid;
  get diagnostics v_changed = row_count;
  if v_changed = 0 then
    raise exception 'this person is a member or invited already' using errcode = 'SR409';
  end if;
end $$;

-- The actor's own open invitations, with what they need to decide: the realm itself is not yet theirs to see.
create function gate.realm_invitations()
  returns table (slug text, name text, description text, type text, role text, invited_by text, invited_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('select r.slug, r.name, r.description, r.type, u.role, p.display_name, u.updated_at
    from %1$I.realms_users u join %1$I.realms r on r.id = u.realm_id join %1$I.people p on p.user_id = u.invited_by
    where u.user_id = $1 and u.state = ''INVITED'' and r.status = ''ACTIVE'' order by u.updated_at desc', current_setting('role'))
    using current_setting('app.user_id')::uuid;
end $$;

-- Accepts or declines the actor's invitation, and returns the realm's id.
create function gate.answer_realm_invitation(p_slug text, p_accept boolean) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_realm uuid; v_user uuid := current_setting('app.user_id')::uuid; v_answered int := 0;
begin
  -- The realm first, as every other function locks; the invitation is looked at after that.
  execute format('select id from %I.realms where slug = $1 and status = ''ACTIVE'' for update', current_setting('role')) into v_realm using p_slug;
  execute format('update %I.realms_users set state = case when $3 then ''ACTIVE'' else ''DECLINED'' end, joined_at = case when $3 then now() end,
    ended_at = case when not $3 then now() end, updated_at = now()
    where realm_id = $1 and user_id = $2 and state = ''INVITED''', current_setting('role')) using v_realm, v_user, p_accept;
  get diagnostics v_answered = row_count;
  if v_answered = 0 then
    raise exception 'no such open invitation' using errcode = 'SR404';
  end if;
  perform gate.refresh_realms(array[v_user]);
  return v_realm;
end $$;

-- The role of another member of a locked realm; SR404 when there is none, SR409 for the owner, whose role changes by transfer only.
create function gate.realm_member_role(p_realm uuid, p_user uuid) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text;
begin
  execute format('select role from %I.realms_users where realm_id = $1 and user_id = $2 and state in (''INVITED'', ''ACTIVE'')',
    current_setting('role')) into v_role using p_realm, p_user;
  if v_role is null then
    raise exception 'not a member of the realm' using errcode = 'SR404';
  end if;
  if v_role = 'OWNER' then
    raise exception 'a realm needs an owner: transfer it first' using errcode = 'SR409';
  end if;
  return v_role;
end $$;

create function gate.change_realm_role(p_realm uuid, p_user uuid, p_from text, p_to text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.lock_realm(p_realm, 'OWNER');
  if gate.realm_member_role(p_realm, p_user) <> p_from then
    raise exception 'the role was changed meanwhile' using errcode = 'SR409';
  end if;
  if p_to not in ('CONTRIBUTOR', 'OBSERVER') then
    raise exception 'a realm has one owner: transfer it instead' using errcode = 'SR409';
  end if;
  execute format('update %I.realms_users set role = $3, updated_at = now() where realm_id = $1 and user_id = $2', current_setting('role'))
    using p_realm, p_user, p_to;
  perform gate.refresh_realms(array[p_user]);
end $$;

-- Moves a person's signals from one realm to another: those that only they see, or all of them. They leave their clusters, and
-- what was shared of them is so no longer. Returns how many.
create function gate.move_signals(p_from uuid, p_to uuid, p_author uuid, p_all boolean) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_moved int;
begin
  execute format('delete from %I.clusters_signals where realm_id = $1 and signal_author = $2 and (visibility = ''PRIVATE'' or $3)', v_schema)
    using p_from, p_author, p_all;
  execute format('delete from %1$I.signal_shares s using %1$I.signals x
    where x.id = s.signal_id and x.realm_id = $1 and x.created_by = $2 and (x.visibility = ''PRIVATE'' or $3)', v_schema)
    using p_from, p_author, p_all;
  execute format('update %1$I.signals s set realm_id = $2, realm_listed = r.listed, shared_realm_ids = ''{}'', revision = s.revision + 1, updated_at = now(),
      external_id = case when exists (select from %1$I.signals o where o.realm_id = $2 and o.external_id = s.external_id) then null else s.external_id end
    from %1$I.realms r where r.id = $2 and s.realm_id = $1 and s.created_by = $3 and (s.visibility = ''PRIVATE'' or $4)', v_schema)
    using p_from, p_to, p_author, p_all;
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;

-- Takes a member out: the owner removes one, or a member leaves. What they captured stays, but signals that only they can see go
-- to their default realm with them, and when they leave with p_withdraw all of theirs do. Returns how many signals went.
create function gate.end_realm_membership(p_realm uuid, p_user uuid, p_withdraw boolean) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_leaves boolean := p_user = current_setting('app.user_id')::uuid; v_home uuid; v_moved int;
begin
  if v_leaves then
    perform gate.lock_realm(p_realm, 'OWNER', 'CONTRIBUTOR', 'OBSERVER');
  else
    perform gate.lock_realm(p_realm, 'OWNER');
  end if;
  perform gate.realm_member_role(p_realm, p_user);
  execute format('update %I.realms_users set state = $3, ended_at = now(), updated_at = now() where realm_id = $1 and user_id = $2', current_setting('role'))
    using p_realm, p_user, case when v_leaves then 'LEFT' else 'REMOVED' end;
  execute format('select id from %I.realms where owner_id = $1 and is_default', current_setting('role')) into v_home using p_user;
  v_moved := gate.move_signals(p_realm, v_home, p_user, p_withdraw and v_leaves);
  perform gate.refresh_realms(array[p_user]);
  return v_moved;
end $$;

-- Writes a change of owner. The one before stays as a contributor, or is gone.
create function gate.write_realm_owner(p_realm uuid, p_from uuid, p_to uuid, p_stays boolean) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role');
begin
  execute format('update %I.realms_users set role = ''CONTRIBUTOR'', updated_at = now(), state = case when $3 then ''ACTIVE'' else ''LEFT'' end,
    ended_at = case when $3 then null else now() end where realm_id = $1 and user_id = $2', v_schema) using p_realm, p_from, p_stays;
  execute format('insert into %I.realms_users as u (realm_id, user_id, role, state, invited_by, joined_at) values ($1, $2, ''OWNER'', ''ACTIVE'', $3, now())
    on conflict (realm_id, user_id) do update set role = ''OWNER'', state = ''ACTIVE'', joined_at = coalesce(u.joined_at, now()),
      ended_at = null, updated_at = now()', v_schema) using p_realm, p_to, current_setting('app.user_id')::uuid;
  execute format('update %I.realms set owner_id = $2, is_default = false, revision = revision + 1, updated_at = now() where id = $1', v_schema)
    using p_realm, p_to;
  perform gate.refresh_realms(array[p_from, p_to]);
end $$;

-- Makes another member the realm's owner.
create function gate.transfer_realm(p_realm uuid, p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare r record; v_org_role text;
begin
  select * into r from gate.lock_realm(p_realm, 'OWNER');
  perform gate.realm_member_role(p_realm, p_user);
  if r.status = 'DELETING' then
    raise exception 'this realm is about to be deleted: keep it first' using errcode = 'SR409';
  end if;
  if r.is_default then
    raise exception 'this is where your captures go: choose another realm for them first' using errcode = 'SR409';
  end if;
  execute format('select p.org_role from %1$I.realms_users u join %1$I.people p using (user_id)
    where u.realm_id = $1 and u.user_id = $2 and u.state = ''ACTIVE'' and p.state = ''ACTIVE''', current_setting('role')) into v_org_role using p_realm, p_user;
  if v_org_role is null then
    raise exception 'only a member who has accepted can take the realm' using errcode = 'SR409';
  end if;
  if v_org_role = 'AUDITOR' then
    raise exception 'an auditor changes nothing: choose somebody else' using errcode = 'SR409';
  end if;
  perform gate.write_realm_owner(p_realm, r.owner_id, p_user, true);
end $$;

-- How many signals of a realm only their authors see: told to the realm's owner, nobody else, so that they know that there are some.
create function gate.hidden_signals(p_realm uuid) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare v_user uuid := current_setting('app.user_id')::uuid; v_count bigint;
begin
  execute format('select count(*) from %1$I.signals s
    where s.realm_id = $1 and s.visibility = ''PRIVATE'' and s.created_by <> $2 and s.deleted_at is null
      and exists (select from %1$I.realms r where r.id = $1 and r.owner_id = $2)', current_setting('role')) into v_count using p_realm, v_user;
  return v_count;
end $$;

-- All realms of the organisation for those who run it: that they exist, whose they are and how big, not what is in them.
-- Name and slug only of those that are listed for everyone anyway.
create function gate.realm_census()
  returns table (id uuid, name text, slug text, type text, status text, owner_id uuid, owner text, owner_state text, members bigint, signals bigint,
    delete_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query execute format('select r.id, case when r.listed then r.name end, case when r.listed then r.slug end, r.type, r.status,
      r.owner_id, p.display_name, p.state,
      (select count(*) from %1$I.realms_users u where u.realm_id = r.id and u.state = ''ACTIVE''),
      (select count(*) from %1$I.signals s where s.realm_id = r.id), r.delete_at
    from %1$I.realms r join %1$I.people p on p.user_id = r.owner_id order by p.display_name, r.created_at', current_setting('role'));
end $$;

-- Gives the realm of somebody who has left the organisation to a member. What only that person could see becomes visible to the
-- realm's members, else nobody could ever read or remove it. Returns how many signals that opened.
create function gate.hand_over_realm(p_realm uuid, p_user uuid) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_owner uuid; v_state text; v_org_role text; v_opened int;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  execute format('select owner_id from %I.realms where id = $1 for update', current_setting('role')) into v_owner using p_realm;
  if v_owner is null then
    raise exception 'no such realm' using errcode = 'SR404';
  end if;
  -- Locked, so that they do not come back meanwhile.
  execute format('select state from %I.people where user_id = $1 for share', current_setting('role')) into v_state using v_owner;
  if v_state <> 'LEFT' then
    raise exception 'its owner is a member of the organisation: only they can give it away' using errcode = 'SR409';
  end if;
  execute format('select org_role from %I.people where user_id = $1 and state = ''ACTIVE''', current_setting('role')) into v_org_role using p_user;
  if v_org_role is null then
    raise exception 'not an active member of the organisation' using errcode = 'SR404';
  end if;
  if v_org_role = 'AUDITOR' then
    raise exception 'an auditor changes nothing: choose somebody else' using errcode = 'SR409';
  end if;
  execute format('update %I.signals set visibility = ''SANCTUM'', revision = revision + 1, updated_at = now()
    where realm_id = $1 and created_by = $2 and visibility = ''PRIVATE''', current_setting('role')) using p_realm, v_owner;
  get diagnostics v_opened = row_count;
  perform gate.write_realm_owner(p_realm, v_owner, p_user, false);
  return v_opened;
end $$;

-- Drops a realm whose seven days are over, and answers whether it did: its owner may have called that off since.
create function public.drop_due_realm(p_org uuid, p_realm uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text; v_owner record; v_user uuid; v_members uuid[];
begin
  select o.schema_name into v_schema from public.orgs o where o.id = p_org;
  if v_schema is null then
    return false;
  end if;
  execute format('select r.owner_id, p.display_name from %1$I.realms r join %1$I.people p on p.user_id = r.owner_id
    where r.id = $1 and r.status = ''DELETING'' and r.delete_at <= now() for update of r', v_schema) into v_owner using p_realm;
  if v_owner.owner_id is null then
    return false;
  end if;
  execute format('select array_agg(user_id order by user_id) from %I.realms_users where realm_id = $1', v_schema) into v_members using p_realm;
  execute format('delete from %I.realms where id = $1', v_schema) using p_realm;
  foreach v_user in array v_members loop
    perform gate.refresh_realms(v_schema, p_org, v_user);
  end loop;
  perform gate.append_entry(v_schema, p_org, v_owner.owner_id, v_owner.display_name, 'realm.deleted', 'realm', p_realm, '', '{}');
  return true;
end $$;

grant execute on function gate.create_realm(uuid, text, text, text, text), gate.change_realm_type(uuid, int, text), gate.move_realm(uuid, text, text),
  gate.choose_default_realm(uuid), gate.invite_to_realm(uuid, uuid, text), gate.realm_invitations(), gate.answer_realm_invitation(text, boolean),
  gate.change_realm_role(uuid, uuid, text, text), gate.end_realm_membership(uuid, uuid, boolean), gate.transfer_realm(uuid, uuid),
  gate.hidden_signals(uuid), gate.realm_census(), gate.hand_over_realm(uuid, uuid) to surrealm_tenant;
grant execute on function public.drop_due_realm(uuid, uuid) to surrealm_ctl;
