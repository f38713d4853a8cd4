-- Another model for searches by meaning: who has vectors to make, and the moment when all are there.

-- The people whose jobs make the vectors of a model that signals lack: their authors, or else the owners of their realms. Nobody makes
-- those of realms that are archived; they are made when the realm opens again.
create function gate.people_behind(p_schema text, p_org uuid, p_model text) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('
    select distinct m.user_id
    from %1$I.signals s
    join %1$I.realms r on r.id = s.realm_id and r.status = ''ACTIVE''
    join %1$I.realms_users u on u.realm_id = r.id and u.state = ''ACTIVE'' and u.role in (''OWNER'', ''CONTRIBUTOR'')
      and (u.user_id = s.created_by or s.visibility <> ''PRIVATE'' and u.user_id = r.owner_id)
    join public.memberships m on m.org_id = $1 and m.user_id = u.user_id and m.state = ''ACTIVE'' and m.role <> ''AUDITOR''
    where s.deleted_at is null and not exists (
      select from %1$I.signal_embeddings e where e.realm_id = s.realm_id and e.model = $2 and e.signal_id = s.id)', p_schema)
    using p_org, p_model;
end $$;

-- Turns the organisation's searches to a model once nobody has vectors of it to make, and removes those of others. Answers whether it
-- is the one that is compared now.
create function gate.settle_model(p_model text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_now text;
begin
  execute format('select model from %I.search_model', v_schema) into v_now;
  if v_now = p_model then
    return true;
  end if;
  if exists (select from gate.people_behind(v_schema, current_setting('app.org_id')::uuid, p_model)) then
    return false;
  end if;
  execute format('delete from %I.search_model', v_schema);
  execute format('insert into %I.search_model values ($1) on conflict do nothing', v_schema) using p_model;
  execute format('delete from %I.signal_embeddings where model <> $1', v_schema) using p_model;
  return true;
end $$;

grant execute on function gate.settle_model(text) to surrealm_tenant;

-- Adds the jobs that make the vectors of a model, in every organisation that compares those of another. Answers with how many.
create function public.embed_with(p_model text) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare o record; v_same boolean; v_args jsonb; v_user uuid; v_jobs int := 0;
begin
  for o in select id, schema_name from public.orgs where to_regclass(schema_name || '.search_model') is not null order by slug loop
    execute format('select exists (select from %I.search_model where model = $1)', o.schema_name) into v_same using p_model;
    continue when v_same;
    for v_user in select * from gate.people_behind(o.schema_name, o.id, p_model) loop
      v_args := jsonb_build_object('org', o.id, 'user', v_user);
      continue when exists (select from river.river_job j
        where j.kind = 'embed_signals' and j.args = v_args and j.state in ('available', 'pending', 'retryable', 'scheduled'));
      perform public.enqueue('embed_signals', v_args);
      v_jobs := v_jobs + 1;
    end loop;
  end loop;
  return v_jobs;
end $$;

grant execute on function public.embed_with(text) to surrealm_ctl;
