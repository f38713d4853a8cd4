-- Carries into a cluster those members of another of the same realm that whoever merges the two may not see: what others keep PRIVATE
-- there. Nothing of them is told.
create function gate.merge_hidden_members(p_into uuid, p_from uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  execute format('
    insert into %1$I.clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, confidence, reason, added_by)
    select m.realm_id, i.id, m.signal_id, m.visibility, m.signal_author, m.confidence, m.reason, m.added_by
    from %1$I.clusters_signals m
    join %1$I.clusters i on i.id = $1 and i.realm_id = m.realm_id
    where m.cluster_id = $2 and m.visibility = ''PRIVATE'' and m.signal_author <> $3 and m.realm_id = any ($4)
    on conflict do nothing', current_setting('role'))
    using p_into, p_from, current_setting('app.user_id')::uuid, current_setting('app.realms_write')::uuid[];
end $$;

grant execute on function gate.merge_hidden_members(uuid, uuid) to surrealm_tenant;
