-- The queue as an organisation's owners and admins see it: what works in the background for them, and nothing of what it works on. What
-- went wrong is not among it either: an error may hold words of a realm.

-- The organisation's jobs. State is for people: a job that was given up counts as failed, and one that somebody stopped as stopped.
create view public.org_jobs as
  select j.id, j.kind, j.args, case
      when j.state = 'running' then 'RUNNING'
      when j.state = 'retryable' then 'RETRYING'
      when j.state = 'completed' then 'DONE'
      when j.state = 'discarded' or j.state = 'cancelled' and coalesce(cardinality(j.errors), 0) > 0 then 'FAILED'
      when j.state = 'cancelled' then 'STOPPED'
      else 'WAITING' end as state,
    j.attempt::int as attempt, j.max_attempts::int as max_attempts, (j.args ->> 'user')::uuid as asked_by,
    j.created_at, j.scheduled_at, j.finalized_at,
    j.state in ('retryable', 'discarded') as may_retry,
    j.kind in ('embed_signals', 'find_clusters', 'write_synthesis', 'import_signals')
      and (j.state in ('available', 'pending', 'retryable', 'scheduled') or j.state = 'running' and j.kind <> 'embed_signals') as may_stop
  from river.river_job j
  where j.args @> jsonb_build_object('org', current_setting('app.org_id'));

comment on view public.org_jobs is 'The jobs of the organisation that was entered, for the functions of the gate.';

-- The jobs in a state and of a kind, '' being all, before the one with the id p_before, the newest first.
create function gate.jobs(p_state text, p_kind text, p_before bigint, p_limit int) returns table (id bigint, kind text, state text,
    attempt int, max_attempts int, asked_by uuid, created_at timestamptz, scheduled_at timestamptz, finalized_at timestamptz, may_retry boolean, may_stop boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query select j.id, j.kind, j.state, j.attempt, j.max_attempts, j.asked_by, j.created_at, j.scheduled_at, j.finalized_at, j.may_retry, j.may_stop
    from public.org_jobs j
    where p_state in ('', j.state) and p_kind in ('', j.kind) and (p_before is null or j.id < p_before)
    order by j.id desc limit least(p_limit, 100);
end $$;

-- How many there are of each kind in each state.
create function gate.job_counts() returns table (kind text, state text, jobs bigint)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query select j.kind, j.state, count(*) from public.org_jobs j group by 1, 2;
end $$;

-- Has a job that failed tried again now, and answers with its kind.
create function gate.retry_job(p_job bigint) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  perform from river.river_job j where j.id = p_job for update;
  select * into v from public.org_jobs j where j.id = p_job;
  if not found then
    raise exception 'no such job' using errcode = 'SR404';
  end if;
  if not v.may_retry then
    raise exception 'it does not wait for another try' using errcode = 'SR409';
  end if;
  update river.river_job j set state = 'available', scheduled_at = now(), finalized_at = null,
    max_attempts = greatest(j.max_attempts, j.attempt + 1) where j.id = p_job;
  return v.kind;
end $$;

-- Stops a job, and marks what waits for it as stopped: a job under way sees that within seconds. Answers with its kind.
create function gate.stop_job(p_job bigint) returns text
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
  end if;
  return v.kind;
end $$;

grant execute on function gate.jobs(text, text, bigint, int), gate.job_counts(), gate.retry_job(bigint), gate.stop_job(bigint) to surrealm_tenant;
