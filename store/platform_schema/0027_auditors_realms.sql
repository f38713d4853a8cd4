-- An auditor changes nothing, so one who owns a realm cannot give it away either: those who run the organisation do that for them.

drop function gate.realm_census();

-- All realms of the organisation for those who run it: that they exist, whose they are and how big, not what is in them.
-- Name and slug only of those that are listed for everyone anyway. takeable says that gate.hand_over_realm gives it to another.
create function gate.realm_census()
  returns table (id uuid, name text, slug text, type text, status text, owner_id uuid, owner text, owner_state text, owner_role text, takeable boolean,
    members bigint, signals bigint, delete_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query execute format('select r.id, case when r.listed then r.name end, case when r.listed then r.slug end, r.type, r.status,
      r.owner_id, p.display_name, p.state, p.org_role, p.state = ''LEFT'' or p.org_role = ''AUDITOR'' and r.type <> ''PRIVATE'',
      (select count(*) from %1$I.realms_users u where u.realm_id = r.id and u.state = ''ACTIVE''),
      (select count(*) from %1$I.signals s where s.realm_id = r.id), r.delete_at
    from %1$I.realms r join %1$I.people p on p.user_id = r.owner_id order by p.display_name, r.created_at', current_setting('role'));
end $$;

-- Gives the realm of somebody who has left the organisation to a member. What only that person could see becomes visible to the
-- realm's members, else nobody could ever read or remove it. Returns how many signals that opened.
--
-- Also gives away the realm of an auditor, which is not theirs alone: they are still here, so they stay in it as a member, what only they
-- see stays theirs, and nobody takes it for themselves who is not among its members.
create or replace function gate.hand_over_realm(p_realm uuid, p_user uuid) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_actor uuid := current_setting('app.user_id')::uuid; r record; o record; v_org_role text;
  v_member boolean; v_opened int := 0;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  execute format('select owner_id, type from %I.realms where id = $1 for update', v_schema) into r using p_realm;
  if r.owner_id is null then
    raise exception 'no such realm' using errcode = 'SR404';
  end if;
  -- Locked, so that they do not come back meanwhile, or get another role.
  execute format('select state, org_role from %I.people where user_id = $1 for share', v_schema) into o using r.owner_id;
  if o.state <> 'LEFT' and (o.org_role <> 'AUDITOR' or r.type = 'PRIVATE') then
    raise exception 'its owner is a member of the organisation: only they can give it away' using errcode = 'SR409';
  end if;
  execute format('select org_role from %I.people where user_id = $1 and state = ''ACTIVE''', v_schema) into v_org_role using p_user;
  if v_org_role is null then
    raise exception 'not an active member of the organisation' using errcode = 'SR404';
  end if;
  if v_org_role = 'AUDITOR' then
    raise exception 'an auditor changes nothing: choose somebody else' using errcode = 'SR409';
  end if;
  if o.state <> 'LEFT' then
    execute format('select exists (select from %I.realms_users where realm_id = $1 and user_id = $2 and state = ''ACTIVE'')', v_schema)
      into v_member using p_realm, p_user;
    if p_user = v_actor and not v_member then
      raise exception 'its owner is still here, and you are no member of it: choose somebody else' using errcode = 'SR409';
    end if;
    perform gate.write_realm_owner(p_realm, r.owner_id, p_user, true);
    perform gate.add_default_realm(v_schema, current_setting('app.org_id')::uuid, r.owner_id);
    return 0;
  end if;
  execute format('update %I.signals set visibility = ''SANCTUM'', revision = revision + 1, updated_at = now()
    where realm_id = $1 and created_by = $2 and visibility = ''PRIVATE''', v_schema) using p_realm, r.owner_id;
  get diagnostics v_opened = row_count;
  perform gate.write_realm_owner(p_realm, r.owner_id, p_user, false);
  return v_opened;
end $$;

grant execute on function gate.realm_census() to surrealm_tenant;
