-- An import that is stopped drops all parts of its file.

-- Stops a job, and marks what waits for it as stopped: a job under way sees that within seconds. Answers with its kind.
create or replace function gate.stop_job(p_job bigint) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record; v_schema text := current_setting('role');
begin
  perform gate.require_role('OWNER', 'ADMIN');
  perform from river.river_job j where j.id = p_job for update;
  select * into v from public.org_jobs j where j.id = p_job;
  if not found then
    raise exception 'no such job' using errcode = 'SR404';
  end if;
  if not v.may_stop then
    raise exception 'it cannot be stopped, or has ended' using errcode = 'SR409';
  end if;
  if v.state <> 'RUNNING' then
    update river.river_job j set state = 'cancelled', finalized_at = now() where j.id = p_job;
  end if;
  if v.kind = 'find_clusters' then
    execute format('update %I.cluster_runs set state = ''CANCELLED'', finished_at = now()
      where id = $1 and state in (''WAITING'', ''RUNNING'')', v_schema) using (v.args ->> 'run')::uuid;
  elsif v.kind = 'write_synthesis' then
    execute format('update %I.syntheses set work = ''CANCELLED'', finished_at = now()
      where id = $1 and work in (''WAITING'', ''RUNNING'')', v_schema) using (v.args ->> 'synthesis')::uuid;
  elsif v.kind = 'import_signals' then
    execute format('update %I.signal_imports set state = ''CANCELLED'', bytes = null, finished_at = now()
      where id = $1 and state in (''WAITING'', ''RUNNING'')', v_schema) using (v.args ->> 'import')::uuid;
    execute format('delete from %1$I.signal_import_parts p using %1$I.signal_imports i
      where i.id = $1 and i.state = ''CANCELLED'' and p.realm_id = i.realm_id and p.import_id = i.id', v_schema) using (v.args ->> 'import')::uuid;
  end if;
  return v.kind;
end $$;
