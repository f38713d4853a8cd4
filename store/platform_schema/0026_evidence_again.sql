-- The evidence of a draft procedure is chosen as that of a proposal is, and an author takes off what they may not read any more.

-- As before, and id is also told to who added the link: they may take it off, whatever became of its source.
create or replace function gate.evidence(p_proposal uuid, p_sop uuid)
  returns table (kind text, number int, id uuid, signal_id uuid, cluster_id uuid, synthesis_id uuid, passage_from int, passage_length int,
    signal_revision int)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare v_schema text := current_setting('role'); v_proposals uuid[];
begin
  execute format('select array(select id from %I.sop_proposals where id = $1 or applied_sop_id = $2)', v_schema)
    into v_proposals using p_proposal, p_sop;
  return query execute format('
    select x.kind, x.number, case when x.seen or x.own then x.id end, e.signal_id, e.cluster_id, e.synthesis_id, e.passage_from, e.passage_length,
      e.signal_revision
    from (
      select e.id, e.number, case when e.signal_id is not null then ''SIGNAL'' when e.cluster_id is not null then ''CLUSTER'' else ''SYNTHESIS'' end as kind,
        e.added_by = $3 as own,
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

-- As before, and the next number is also counted for a version.
create or replace function gate.add_evidence(p_id uuid, p_proposal uuid, p_sop uuid, p_signal uuid, p_cluster uuid, p_synthesis uuid,
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
  if p_signal is not null then -- no number is given twice: the text may still name what was removed
    if p_proposal is not null then
      execute format('update %I.sop_proposals set citations = greatest(citations, coalesce($2, citations + 1)) where id = $1
        returning coalesce($2, citations)', v_schema) into v_number using p_proposal, p_number;
    else
      execute format('update %1$I.sops v set citations = greatest(n.given, coalesce($2, n.given + 1))
        from (select greatest(v.citations, (select max(e.number) from %1$I.sop_evidence e where e.sop_id = v.id)) as given from %1$I.sops v where v.id = $1) n
        where v.id = $1 returning coalesce($2, v.citations)', v_schema) into v_number using p_sop, p_number;
    end if;
  end if;
  execute format('insert into %I.sop_evidence (id, realm_id, proposal_id, sop_id, signal_id, cluster_id, synthesis_id, visibility, source_author,
      reaches, reaches_all, number, passage_from, passage_length, signal_revision, added_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)', v_schema)
    using p_id, s.realm_id, p_proposal, p_sop, p_signal, p_cluster, p_synthesis, s.visibility, s.author,
      s.reaches, s.reaches_all, v_number, p_from, p_length, s.revision, v_user;
  return v_number;
end $$;

-- Takes one link off a proposal (the first) or a draft version, and returns the number that it was cited under. SR404 when there is
-- none of the actor's. Its source need not be the actor's to read any more: they know no more of it afterwards.
create function gate.remove_evidence(p_proposal uuid, p_sop uuid, p_id uuid) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record;
begin
  perform gate.lock_evidence(p_proposal, p_sop);
  execute format('delete from %I.sop_evidence where id = $1 and case when $2 is null then sop_id = $3 else proposal_id = $2 end and added_by = $4 returning id, number',
    current_setting('role')) into v using p_id, p_proposal, p_sop, current_setting('app.user_id')::uuid;
  if v.id is null then
    raise exception 'no such evidence' using errcode = 'SR404';
  end if;
  return v.number;
end $$;

drop function gate.remove_evidence(uuid, uuid);
grant execute on function gate.remove_evidence(uuid, uuid, uuid) to surrealm_tenant;
