-- What a member may do to the organisation's people and settings, called from inside the tenant.
-- Each function knows its organisation and its actor from settings that the caller cannot change, checks the actor's
-- role again, and keeps people, the tenant's mirror, equal to memberships.
-- Errors: SR403 not allowed, SR404 unknown, SR409 in the way; the message is plain English for a log.

create function gate.require_role(variadic p_roles text[]) returns void
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('app.org_role') <> all (p_roles) then
    raise exception 'needs %, is %', array_to_string(p_roles, ' or '), current_setting('app.org_role') using errcode = 'SR403';
  end if;
end $$;

-- The membership that is to be changed, locked. Only an owner changes an owner, and nobody changes themselves here.
create function gate.lock_member(p_user uuid) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  if p_user = current_setting('app.user_id')::uuid then
    raise exception 'members do not change themselves' using errcode = 'SR403';
  end if;
  select m.role into v_role from public.memberships m
    where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user for update;
  if not found then
    raise exception 'not a member' using errcode = 'SR404';
  end if;
  if v_role = 'OWNER' then
    perform gate.require_role('OWNER');
  end if;
  return v_role;
end $$;

-- Writes a membership and its mirror.
create function gate.write_member(p_user uuid, p_role text, p_state text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update public.memberships set role = p_role, state = p_state
    where org_id = current_setting('app.org_id')::uuid and user_id = p_user;
  execute format('update %I.people set org_role = $1, state = $2 where user_id = $3', current_setting('role'))
    using p_role, p_state, p_user;
end $$;

create function gate.change_member_role(p_user uuid, p_role text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.lock_member(p_user);
  if p_role = 'OWNER' then
    perform gate.require_role('OWNER');
  end if;
  perform gate.write_member(p_user, p_role, m.state) from public.memberships m
    where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user;
end $$;

create function gate.set_member_state(p_user uuid, p_state text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text := gate.lock_member(p_user);
begin
  perform gate.write_member(p_user, v_role, p_state);
end $$;

-- Ends a membership. The person's name stays in people, because history needs it.
create function gate.end_membership(p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from public.memberships where org_id = current_setting('app.org_id')::uuid and user_id = p_user;
  execute format('update %I.people set state = ''LEFT'', left_at = now() where user_id = $1', current_setting('role')) using p_user;
end $$;

create function gate.remove_member(p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.lock_member(p_user);
  perform gate.end_membership(p_user);
end $$;

-- Leaves the organisation. The last owner cannot.
create function gate.leave_org() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.end_membership(current_setting('app.user_id')::uuid);
end $$;

-- Makes another active member the owner; the owner who gives it away becomes an admin.
create function gate.transfer_ownership(p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER');
  perform gate.lock_member(p_user);
  if not exists (select from public.memberships m
      where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user and m.state = 'ACTIVE') then
    raise exception 'this member is disabled; enable them first' using errcode = 'SR409';
  end if;
  perform gate.write_member(p_user, 'OWNER', 'ACTIVE');
  perform gate.write_member(current_setting('app.user_id')::uuid, 'ADMIN', 'ACTIVE');
end $$;

-- Settings.
create function gate.org() returns table (name text, approvals_needed int, state text, delete_after timestamptz, created_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.name, o.approvals_needed, o.state, o.delete_after, o.created_at
  from public.orgs o where o.id = current_setting('app.org_id')::uuid
$$;

create function gate.update_org(p_name text, p_approvals_needed int) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  update public.orgs set name = p_name, approvals_needed = p_approvals_needed, updated_at = now()
    where id = current_setting('app.org_id')::uuid;
end $$;

-- Starts the seven days after which a job drops the organisation, or stops them.
create function gate.schedule_deletion() returns timestamptz
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_when timestamptz := now() + interval '7 days'; v_org uuid := current_setting('app.org_id')::uuid;
begin
  perform gate.require_role('OWNER');
  update public.orgs set state = 'DELETING', delete_after = v_when, updated_at = now() where id = v_org and state = 'ACTIVE';
  if not found then
    raise exception 'deletion is already planned' using errcode = 'SR409';
  end if;
  perform public.enqueue('delete_org', jsonb_build_object('org', v_org), v_when);
  return v_when;
end $$;

create function gate.cancel_deletion() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER');
  update public.orgs set state = 'ACTIVE', delete_after = null, updated_at = now()
    where id = current_setting('app.org_id')::uuid and state = 'DELETING';
  if not found then
    raise exception 'no deletion is planned' using errcode = 'SR409';
  end if;
end $$;

grant execute on function gate.change_member_role(uuid, text), gate.set_member_state(uuid, text), gate.remove_member(uuid),
  gate.leave_org(), gate.transfer_ownership(uuid), gate.org(), gate.update_org(text, int),
  gate.schedule_deletion(), gate.cancel_deletion() to surrealm_tenant;
