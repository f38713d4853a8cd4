-- What a person saw is compared with what is there: a change of settings, roles and states that somebody else was faster
-- with is refused, instead of being undone unseen. What the audit log calls the state before is read under the row's lock.

alter table orgs add column revision int not null default 1; -- grows with every change of the settings

drop function gate.org();
create function gate.org() returns table (name text, approvals_needed int, state text, delete_after timestamptz, created_at timestamptz, revision int)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.name, o.approvals_needed, o.state, o.delete_after, o.created_at, o.revision
  from public.orgs o where o.id = current_setting('app.org_id')::uuid
$$;

-- Changes the settings that are at the given revision, and answers with what they were. SR409 when they have moved on.
drop function gate.update_org(text, int);
create function gate.update_org(p_revision int, p_name text, p_approvals_needed int) returns table (name text, approvals_needed int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_org uuid := current_setting('app.org_id')::uuid; former record;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  select o.name, o.approvals_needed into former from public.orgs o where o.id = v_org and o.revision = p_revision for update;
  if not found then
    raise exception 'somebody else changed the settings meanwhile' using errcode = 'SR409';
  end if;
  update public.orgs o set name = p_name, approvals_needed = p_approvals_needed, revision = o.revision + 1, updated_at = now()
    where o.id = v_org;
  return query select former.name, former.approvals_needed;
end $$;

-- Gives a member another role, if theirs still is the one that was seen. SR409 otherwise.
drop function gate.change_member_role(uuid, text);
create function gate.change_member_role(p_user uuid, p_seen text, p_role text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text := gate.lock_member(p_user);
begin
  if p_role = 'OWNER' then
    perform gate.require_role('OWNER');
  end if;
  if v_role is distinct from p_seen then
    raise exception 'this member has another role by now' using errcode = 'SR409';
  end if;
  perform gate.write_member(p_user, p_role, m.state) from public.memberships m
    where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user;
end $$;

-- Disables or enables a member. SR409 when somebody has done so already.
create or replace function gate.set_member_state(p_user uuid, p_state text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text := gate.lock_member(p_user);
begin
  if exists (select from public.memberships m
      where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user and m.state = p_state) then
    raise exception '%', case p_state when 'ACTIVE' then 'this member is enabled already' else 'this member is disabled already' end
      using errcode = 'SR409';
  end if;
  perform gate.write_member(p_user, v_role, p_state);
end $$;

-- Makes another active member the owner and answers with the role they had; who gives it away becomes an admin.
drop function gate.transfer_ownership(uuid);
create function gate.transfer_ownership(p_user uuid) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_role text;
begin
  perform gate.require_role('OWNER');
  v_role := gate.lock_member(p_user);
  if not exists (select from public.memberships m
      where m.org_id = current_setting('app.org_id')::uuid and m.user_id = p_user and m.state = 'ACTIVE') then
    raise exception 'this member is disabled; enable them first' using errcode = 'SR409';
  end if;
  perform gate.write_member(p_user, 'OWNER', 'ACTIVE');
  perform gate.write_member(current_setting('app.user_id')::uuid, 'ADMIN', 'ACTIVE');
  return v_role;
end $$;

grant execute on function gate.org(), gate.update_org(int, text, int), gate.change_member_role(uuid, text, text),
  gate.transfer_ownership(uuid) to surrealm_tenant;
