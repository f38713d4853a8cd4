-- Evidence: which signals, clusters and syntheses a proposal or a version of a procedure rests on.
--
-- Everybody in an organisation reads proposals, few read a realm. So the rows of sop_evidence lie behind the realm's walls like all
-- that hangs on a signal, and these functions are the only way across: they tell everybody that there is evidence and under which
-- number it is cited, and what it is only to who may read it. They hold back ids too.
drop function gate.evidence_count(uuid, uuid);

-- The evidence of a proposal, or of a version: its own, and that of the proposal that it was made by. kind is SIGNAL, CLUSTER or
-- SYNTHESIS; id and all that follows is null where the actor may not read the source. Nothing tells of what is in the bin.
create function gate.evidence(p_proposal uuid, p_sop uuid)
  returns table (kind text, number int, id uuid, signal_id uuid, cluster_id uuid, synthesis_id uuid, passage_from int, passage_length int,
    signal_revision int)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare v_schema text := current_setting('role'); v_proposals uuid[];
begin
  execute format('select array(select id from %I.sop_proposals where id = $1 or applied_sop_id = $2)', v_schema)
    into v_proposals using p_proposal, p_sop;
  return query execute format('
    select x.kind, x.number, e.id, e.signal_id, e.cluster_id, e.synthesis_id, e.passage_from, e.passage_length, e.signal_revision
    from (
      select e.id, e.number, case when e.signal_id is not null then ''SIGNAL'' when e.cluster_id is not null then ''CLUSTER'' else ''SYNTHESIS'' end as kind,
        gate.access(e.visibility, e.source_author = $3, e.realm_id = any ($4), e.realm_id = any ($5), e.realm_id = any ($6),
          e.reaches && $6 or e.reaches_all) >= 1 as seen
      from %1$I.sop_evidence e
      left join %1$I.syntheses y on y.realm_id = e.realm_id and y.id = e.synthesis_id
      left join %1$I.signals s on s.realm_id = e.realm_id and s.id = coalesce(e.signal_id, y.signal_id)
      where (e.proposal_id = any ($1) or e.sop_id = $2) and s.deleted_at is null
    ) x
    left join %1$I.sop_evidence e on e.id = x.id and x.seen
    order by x.number nulls first, x.id', v_schema)
    using v_proposals, p_sop, current_setting('app.user_id')::uuid, current_setting('app.realms_write')::uuid[],
      current_setting('app.realms_own')::uuid[], current_setting('app.realms_read')::uuid[];
end $$;

-- Whether the actor may choose the evidence of a proposal (the first) or of a draft version: its author, until it is submitted.
-- SR404, SR403 or SR409 when not. The row stays locked, so that numbers follow each other.
create function gate.lock_evidence(p_proposal uuid, p_sop uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v record;
begin
  if p_proposal is not null then
    execute format('select proposed_by as author, status in (''DRAFT'', ''CHANGES_REQUESTED'') as open from %I.sop_proposals where id = $1 for update', v_schema)
      into v using p_proposal;
  else
    execute format('select created_by as author, status = ''DRAFT'' as open from %I.sops where id = $1 for update', v_schema) into v using p_sop;
  end if;
  if v.author is null then
    raise exception 'no such proposal or version' using errcode = 'SR404';
  end if;
  if v.author <> current_setting('app.user_id')::uuid then
    raise exception 'its author chooses the evidence' using errcode = 'SR403';
  end if;
  if not v.open then
    raise exception 'Its evidence is under review or settled, so it stays as it is.' using errcode = 'SR409';
  end if;
end $$;

-- Adds one signal, cluster or synthesis that the actor may read, and returns the number under which a signal is cited: p_number, or
-- the next one of the proposal when it is null. p_from and p_length, in characters of the signal's text, name the passage; null is the whole.
create function gate.add_evidence(p_id uuid, p_proposal uuid, p_sop uuid, p_signal uuid, p_cluster uuid, p_synthesis uuid,
    p_number int, p_from int, p_length int) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_user uuid := current_setting('app.user_id')::uuid; s record; v_number int;
begin
  perform gate.lock_evidence(p_proposal, p_sop);
  execute format('
    select x.* from (
      select s.realm_id, s.visibility, s.created_by as author, s.reaches, s.reaches_all, s.revision from %1$I.signals s
        where s.id = $1 and s.deleted_at is null
      union all
      select c.realm_id, ''SHARED'', $7, ''{}'', false, null from %1$I.clusters c where c.id = $2
      union all
      select y.realm_id, y.visibility, y.subject_author, ''{}'', false, null from %1$I.syntheses y
        left join %1$I.signals s on s.realm_id = y.realm_id and s.id = y.signal_id
        where y.id = $3 and s.deleted_at is null
    ) x
    where gate.access(x.visibility, x.author = $7, x.realm_id = any ($4), x.realm_id = any ($5), x.realm_id = any ($6),
      x.reaches && $6 or x.reaches_all) >= 1', v_schema)
    into s using p_signal, p_cluster, p_synthesis, current_setting('app.realms_write')::uuid[], current_setting('app.realms_own')::uuid[],
      current_setting('app.realms_read')::uuid[], v_user;
  if s.realm_id is null then
    raise exception 'no such source' using errcode = 'SR404';
  end if;
  if p_signal is not null and p_proposal is not null then -- no number is given twice: the text may still name what was removed
    execute format('update %I.sop_proposals set citations = greatest(citations, coalesce($2, citations + 1)) where id = $1
      returning coalesce($2, citations)', v_schema) into v_number using p_proposal, p_number;
  elsif p_signal is not null then
    v_number := p_number;
  end if;
  execute format('insert into %I.sop_evidence (id, realm_id, proposal_id, sop_id, signal_id, cluster_id, synthesis_id, visibility, source_author,
      reaches, reaches_all, number, passage_from, passage_length, signal_revision, added_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)', v_schema)
    using p_id, s.realm_id, p_proposal, p_sop, p_signal, p_cluster, p_synthesis, s.visibility, s.author,
      s.reaches, s.reaches_all, v_number, p_from, p_length, s.revision, v_user;
  return v_number;
end $$;

-- Takes one link off again, and returns the number that it was cited under. SR404 when the actor may not read its source.
create function gate.remove_evidence(p_proposal uuid, p_id uuid) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_number int;
begin
  perform gate.lock_evidence(p_proposal, null);
  if not exists (select from gate.evidence(p_proposal, null) e where e.id = p_id) then
    raise exception 'no such evidence' using errcode = 'SR404';
  end if;
  execute format('delete from %I.sop_evidence where id = $1 and proposal_id = $2 returning number', current_setting('role')) into v_number using p_id, p_proposal;
  return v_number;
end $$;

grant execute on function gate.evidence(uuid, uuid), gate.add_evidence(uuid, uuid, uuid, uuid, uuid, uuid, int, int, int),
  gate.remove_evidence(uuid, uuid) to surrealm_tenant;
