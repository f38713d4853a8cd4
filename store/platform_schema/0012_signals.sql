-- What a tenant asks of the platform for its signals: jobs, and the search by words.

-- Adds a job that works on a realm as the actor. Its arguments say who and where, never what: the job enters the organisation as that
-- person and finds what there is to do and what they may do then. A job that waits already is not added again.
create function gate.enqueue_realm_job(p_kind text, p_args jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_args jsonb := p_args || jsonb_build_object('org', current_setting('app.org_id'), 'user', current_setting('app.user_id'));
begin
  if p_kind not in ('embed_signals', 'find_clusters', 'write_synthesis', 'import_signals') then
    raise exception 'not a job that members add: %', p_kind using errcode = '22023';
  end if;
  if octet_length(v_args::text) > 1000 then
    raise exception 'a job carries ids only' using errcode = '22023';
  end if;
  if not exists (select from river.river_job j
      where j.kind = p_kind and j.args = v_args and j.state in ('available', 'pending', 'retryable', 'scheduled')) then
    perform public.enqueue(p_kind, v_args);
  end if;
end $$;

-- The signals that share words with a text, best first, among those that the actor may read in p_realms. The score is BM25 (Robertson
-- and Walker, 1994; k1 = 1.2, b = 0.75) over stemmed words, where the number of signals with a word is counted to 2,001 at most: a word
-- more frequent than that tells next to nothing, and is left out when the text has rarer ones. So is the size of the realms, to 20,001.
--
-- It runs as the owner because under row security the index on words is of no use: its operator could leak, so the planner puts the
-- policy first, on every row of the realm. The same table of rights is asked here instead, and the caller's policies still stand
-- between the ids that come back and anything that they name.
create function gate.match_words(p_text text, p_realms uuid[], p_limit int) returns table (signal_id uuid, score double precision, matched text[])
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_user uuid := current_setting('app.user_id')::uuid;
  v_write uuid[] := current_setting('app.realms_write'); v_own uuid[] := current_setting('app.realms_own'); v_read uuid[] := current_setting('app.realms_read');
  v_lexemes text[]; v_counts int[]; v_total bigint; v_rare text[];
begin
  v_lexemes := tsvector_to_array(to_tsvector('english', left(p_text, 20000)));
  if cardinality(v_lexemes) = 0 then
    return;
  end if;
  execute format('select array_agg(l order by n, l), array_agg(n order by n, l)
    from unnest($1) as l cross join lateral (
      select count(*)::int as n from (select from %I.signals where words @@ quote_literal(l)::tsquery and realm_id = any ($2) limit 2001) x) c
    where n > 0', current_setting('role')) into v_lexemes, v_counts using v_lexemes, p_realms;
  if v_lexemes is null then
    return;
  end if;
  execute format('select count(*) from (select from %I.signals where realm_id = any ($1) limit 20001) x', current_setting('role')) into v_total using p_realms;
  -- Rare words first, as many as make at most 2,000 candidates; the rarest in any case.
  select array_agg(l order by i) into v_rare
    from (select l, i, sum(v_counts[i]) over (order by i) as so_far from unnest(v_lexemes) with ordinality as u (l, i)) x
    where i = 1 or so_far <= 2000;
  return query execute format('
    with candidates as materialized (
      select s.id, s.words, length(s.words) as size
      from %I.signals s
      where s.words @@ $1::tsquery and s.realm_id = any ($2) and s.deleted_at is null
        and gate.access(s.visibility, s.created_by = $3, s.realm_id = any ($4), s.realm_id = any ($5), s.realm_id = any ($6),
          s.shared_realm_ids && $6 or s.realm_listed and s.visibility = ''PUBLIC'') >= 1
      limit 2000
    ), terms as (
      select l, ln(1 + ($9 - n + 0.5::float8) / (n + 0.5::float8)) as idf from unnest($7::text[], $8::int[]) as t (l, n)
    )
    select c.id, sum(t.idf * (w.tf * 2.2::float8) / (w.tf + 1.2::float8 * (0.25::float8 + 0.75::float8 * c.size / a.mean))) as score,
      array_agg(t.l order by t.idf desc)
    from candidates c
    cross join (select greatest(avg(size), 1)::float8 as mean from candidates) a
    cross join lateral (select lexeme, weights from unnest(c.words) where lexeme = any ($7)) u
    cross join lateral (select sum(case weight when ''A'' then 3 when ''B'' then 2 else 1 end)::float8 as tf from unnest(u.weights) weight) w
    join terms t on t.l = u.lexeme
    group by c.id
    order by score desc, c.id
    limit $10', current_setting('role'))
    using (select string_agg(quote_literal(l), ' | ') from unnest(v_rare) l), p_realms, v_user, v_write, v_own, v_read,
      v_lexemes, v_counts, greatest(v_total, 1), least(p_limit, 1000);
end $$;

-- The signal that the actor wants to change, locked; SR404 when they may not see it.
create function gate.lock_signal(p_signal uuid) returns table (realm_id uuid, visibility text, access int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record;
begin
  execute format('select s.realm_id, s.visibility, gate.access(s.visibility, s.created_by = $2, s.realm_id = any ($3), s.realm_id = any ($4),
      s.realm_id = any ($5), s.deleted_at is null and (s.shared_realm_ids && $5 or s.realm_listed and s.visibility = ''PUBLIC'')) as access
    from %I.signals s where s.id = $1 for update', current_setting('role')) into v
    using p_signal, current_setting('app.user_id')::uuid, current_setting('app.realms_write')::uuid[], current_setting('app.realms_own')::uuid[],
      current_setting('app.realms_read')::uuid[];
  if coalesce(v.access, 0) = 0 then
    raise exception 'no such signal' using errcode = 'SR404';
  end if;
  return query select v.realm_id::uuid, v.visibility::text, v.access::int;
end $$;

-- Moves one signal, which the actor may change, to another realm that they may add to. It leaves its clusters, and what was shared of it
-- is so no longer: what that means for others is shown before, because it cannot be taken back after.
create function gate.move_signal(p_signal uuid, p_to uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare s record; v_schema text := current_setting('role');
begin
  select * into s from gate.lock_signal(p_signal);
  if s.access < 2 or p_to <> all (current_setting('app.realms_write')::uuid[]) then
    raise exception 'needs the right to change the signal and to add to the other realm' using errcode = 'SR403';
  end if;
  execute format('delete from %I.clusters_signals where realm_id = $1 and signal_id = $2', v_schema) using s.realm_id, p_signal;
  execute format('delete from %I.signal_shares where signal_id = $1', v_schema) using p_signal;
  execute format('update %1$I.signals x set realm_id = r.id, realm_listed = r.listed, shared_realm_ids = ''{}'', revision = x.revision + 1, updated_at = now()
    from %1$I.realms r where r.id = $2 and x.id = $1', v_schema) using p_signal, p_to;
end $$;

-- Opts one signal into a realm that the actor may add to. A reference, never a copy; how far it goes is the scope.
create function gate.share_signal(p_id uuid, p_signal uuid, p_to uuid, p_scope text) returns void
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
  execute format('insert into %I.signal_shares (id, realm_id, signal_id, target_realm_id, scope, granted_by) values ($1, $2, $3, $4, $5, $6)
    on conflict (signal_id, target_realm_id) do update set scope = excluded.scope, granted_by = excluded.granted_by', v_schema)
    using p_id, s.realm_id, p_signal, p_to, p_scope, current_setting('app.user_id')::uuid;
  execute format('update %I.signals set shared_realm_ids = array_append(array_remove(shared_realm_ids, $2), $2), updated_at = now() where id = $1', v_schema)
    using p_signal, p_to;
end $$;

-- Ends a share: by who granted it, who may change the signal, or the owner of the realm that it was opted into.
create function gate.revoke_share(p_signal uuid, p_from uuid) returns void
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
  execute format('delete from %I.signal_shares where signal_id = $1 and target_realm_id = $2', v_schema) using p_signal, p_from;
  execute format('update %I.signals set shared_realm_ids = array_remove(shared_realm_ids, $2), updated_at = now() where id = $1', v_schema)
    using p_signal, p_from;
end $$;

-- How many observations a proposal or a version rests on, also those in realms that the actor knows nothing of. Only the number.
create function gate.evidence_count(p_proposal uuid, p_sop uuid) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare v bigint;
begin
  execute format('select count(*) from %I.sop_evidence where proposal_id = $1 or sop_id = $2', current_setting('role')) into v using p_proposal, p_sop;
  return v;
end $$;

grant execute on function gate.enqueue_realm_job(text, jsonb), gate.match_words(text, uuid[], int), gate.move_signal(uuid, uuid),
  gate.share_signal(uuid, uuid, uuid, text), gate.revoke_share(uuid, uuid),
  gate.evidence_count(uuid, uuid) to surrealm_tenant;
