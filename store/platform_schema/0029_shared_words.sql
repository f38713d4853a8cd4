-- What ends with a share, now also the place on the map and the decisions of people, and however the share ends.

-- Opts a signal into another realm. One that may only be read from now on begins anew: what was built on its share goes with it.
create or replace function gate.share_signal(p_id uuid, p_signal uuid, p_to uuid, p_scope text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare s record; v_schema text := current_setting('role'); v_type text;
begin
  select * into s from gate.lock_signal(p_signal);
  if s.access < 2 or p_to <> all (current_setting('app.realms_write')::uuid[]) then
    raise exception 'needs the right to change the signal and to add to the other realm' using errcode = 'SR403';
  end if;
  execute format('select type from %I.realms where id = $1', v_schema) into v_type using p_to;
  if s.visibility not in ('PUBLIC', 'SHARED') or v_type = 'PRIVATE' then
    raise exception 'only a signal that may be shared goes into another realm, and only into one with members' using errcode = 'SR409';
  end if;
  if p_scope = 'READ' then
    perform gate.leave_shared_clusters(v_schema, array[p_signal], p_to);
    execute format('delete from %I.signal_shares where signal_id = $1 and target_realm_id = $2', v_schema) using p_signal, p_to;
  end if;
  execute format('insert into %I.signal_shares (id, realm_id, signal_id, target_realm_id, scope, granted_by) values ($1, $2, $3, $4, $5, $6)
    on conflict (signal_id, target_realm_id) do update set scope = excluded.scope, granted_by = excluded.granted_by', v_schema)
    using p_id, s.realm_id, p_signal, p_to, p_scope, current_setting('app.user_id')::uuid;
  execute format('update %I.signals set shared_realm_ids = array_append(array_remove(shared_realm_ids, $2), $2), updated_at = now() where id = $1', v_schema)
    using p_signal, p_to;
end $$;

-- Drops a realm whose seven days are over, and answers whether it did: its owner may have called that off since. Of what was opted into
-- other realms from it no word stays in what the machine called something there.
create or replace function public.drop_due_realm(p_org uuid, p_realm uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text; v_owner record; v_user uuid; v_members uuid[]; v_shared uuid[];
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
  execute format('select array(select signal_id from %I.signal_shares where realm_id = $1)', v_schema) into v_shared using p_realm;
  perform gate.leave_shared_clusters(v_schema, v_shared, null);
  execute format('delete from %I.realms where id = $1', v_schema) using p_realm;
  foreach v_user in array v_members loop
    perform gate.refresh_realms(v_schema, p_org, v_user);
  end loop;
  perform gate.append_entry(v_schema, p_org, v_owner.owner_id, v_owner.display_name, 'realm.deleted', 'realm', p_realm, '', '{}');
  return true;
end $$;
