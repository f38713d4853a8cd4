-- What people decided about the groups of a signal holds in its realm: it ends when the signal goes home with its author, as it does
-- when a signal is moved by itself. Until now such a decision kept people from leaving.
create or replace function gate.move_signals(p_from uuid, p_to uuid, p_author uuid, p_all boolean) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_moved int; v_signals uuid[];
begin
  execute format('select array(select id from %I.signals where realm_id = $1 and created_by = $2 and (visibility = ''PRIVATE'' or $3))', v_schema)
    into v_signals using p_from, p_author, p_all;
  execute format('delete from %I.clusters_signals where realm_id = $1 and signal_author = $2 and (visibility = ''PRIVATE'' or $3)', v_schema)
    using p_from, p_author, p_all;
  execute format('delete from %I.cluster_constraints where realm_id = $1 and (signal_id = any ($2) or other_id = any ($2))', v_schema)
    using p_from, v_signals;
  perform gate.leave_shared_clusters(v_schema, v_signals, null);
  execute format('delete from %1$I.signal_shares where signal_id = any ($1)', v_schema) using v_signals;
  execute format('update %1$I.signals s set realm_id = $2, realm_listed = r.listed, shared_realm_ids = ''{}'', revision = s.revision + 1, updated_at = now(),
      external_id = case when exists (select from %1$I.signals o where o.realm_id = $2 and o.external_id = s.external_id) then null else s.external_id end
    from %1$I.realms r where r.id = $2 and s.realm_id = $1 and s.created_by = $3 and (s.visibility = ''PRIVATE'' or $4)', v_schema)
    using p_from, p_to, p_author, p_all;
  get diagnostics v_moved = row_count;
  return v_moved;
end $$;
