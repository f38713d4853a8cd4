-- What ends with a share: the places in clusters of the realm that it led to, and the words that it lent them.

-- Takes signals out of the clusters where they stand by a share: in one realm, or in all when p_target is null. What the machine had called
-- those may be their words, so they lose their terms, and their title unless a person gave it.
create function gate.leave_shared_clusters(p_schema text, p_signals uuid[], p_target uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('with gone as (
      delete from %1$I.clusters_signals m where m.signal_id = any ($1) and m.share_id is not null and ($2 is null or m.realm_id = $2)
      returning m.realm_id, m.cluster_id, m.signal_id)
    update %1$I.clusters c set terms = ''{}'', title = case when c.named then c.title else ''Cluster'' end,
      central_id = case when c.central_id = any ($1) then null else c.central_id end, revision = c.revision + 1, updated_at = now()
    where c.origin = ''MACHINE'' and exists (select from gone where gone.realm_id = c.realm_id and gone.cluster_id = c.id)', p_schema)
    using p_signals, p_target;
end $$;

create or replace function gate.move_signal(p_signal uuid, p_to uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare s record; v_schema text := current_setting('role');
begin
  select * into s from gate.lock_signal(p_signal);
  if s.access < 2 or p_to <> all (current_setting('app.realms_write')::uuid[]) then
    raise exception 'needs the right to change the signal and to add to the other realm' using errcode = 'SR403';
  end if;
  execute format('delete from %I.clusters_signals where realm_id = $1 and signal_id = $2', v_schema) using s.realm_id, p_signal;
  perform gate.leave_shared_clusters(v_schema, array[p_signal], null);
  execute format('delete from %I.signal_shares where signal_id = $1', v_schema) using p_signal;
  execute format('update %1$I.signals x set realm_id = r.id, realm_listed = r.listed, shared_realm_ids = ''{}'', revision = x.revision + 1, updated_at = now()
    from %1$I.realms r where r.id = $2 and x.id = $1', v_schema) using p_signal, p_to;
end $$;

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
  end if;
  execute format('insert into %I.signal_shares (id, realm_id, signal_id, target_realm_id, scope, granted_by) values ($1, $2, $3, $4, $5, $6)
    on conflict (signal_id, target_realm_id) do update set scope = excluded.scope, granted_by = excluded.granted_by', v_schema)
    using p_id, s.realm_id, p_signal, p_to, p_scope, current_setting('app.user_id')::uuid;
  execute format('update %I.signals set shared_realm_ids = array_append(array_remove(shared_realm_ids, $2), $2), updated_at = now() where id = $1', v_schema)
    using p_signal, p_to;
end $$;

create or replace function gate.revoke_share(p_signal uuid, p_from uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare s record; v_schema text := current_setting('role'); v_by uuid;
begin
  select * into s from gate.lock_signal(p_signal);
  execute format('select granted_by from %I.signal_shares where signal_id = $1 and target_realm_id = $2', v_schema) into v_by using p_signal, p_from;
  if v_by is null then
    raise exception 'not shared there' using errcode = 'SR404';
  end if;
  if s.access < 2 and v_by <> current_setting('app.user_id')::uuid and p_from <> all (current_setting('app.realms_own')::uuid[]) then
    raise exception 'only who shared it and the owners of both realms end this' using errcode = 'SR403';
  end if;
  perform gate.leave_shared_clusters(v_schema, array[p_signal], p_from);
  execute format('delete from %I.signal_shares where signal_id = $1 and target_realm_id = $2', v_schema) using p_signal, p_from;
  execute format('update %I.signals set shared_realm_ids = array_remove(shared_realm_ids, $2), updated_at = now() where id = $1', v_schema)
    using p_signal, p_from;
end $$;

create or replace function gate.move_signals(p_from uuid, p_to uuid, p_author uuid, p_all boolean) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_moved int; v_signals uuid[];
begin
  execute format('select array(select id from %I.signals where realm_id = $1 and created_by = $2 and (visibility = ''PRIVATE'' or $3))', v_schema)
    into v_signals using p_from, p_author, p_all;
  execute format('delete from %I.clusters_signals where realm_id = $1 and signal_author = $2 and (visibility = ''PRIVATE'' or $3)', v_schema)
    using p_from, p_author, p_all;
  perform gate.leave_shared_clusters(v_schema, v_signals, null);
  execute format('delete from %1$I.signal_shares where signal_id = any ($1)', v_schema) using v_signals;
  execute format('update %1$I.signals s set realm_id = $2, realm_listed = r.listed, shared_realm_ids = ''{}'', revision = s.revision + 1, updated_at = now(),
      external_id = case when exists (select from %1$I.signals o where o.realm_id = $2 and o.external_id = s.external_id) then null else s.external_id end
    from %1$I.realms r where r.id = $2 and s.realm_id = $1 and s.created_by = $3 and (s.visibility = ''PRIVATE'' or $4)', v_schema)
    using p_from, p_to, p_author, p_all;
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;
