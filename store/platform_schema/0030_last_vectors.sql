-- A job that still writes vectors of the old model while another one turns the searches would leave them for good. Each job settles at
-- its end, so the last one removes them: with two looks into the index for each realm, when there are none.
create or replace function gate.settle_model(p_model text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_schema text := current_setting('role'); v_now text;
begin
  execute format('select model from %I.search_model', v_schema) into v_now;
  if v_now is distinct from p_model then
    if exists (select from gate.people_behind(v_schema, current_setting('app.org_id')::uuid, p_model)) then
      return false;
    end if;
    execute format('delete from %I.search_model', v_schema);
    execute format('insert into %I.search_model values ($1) on conflict do nothing', v_schema) using p_model;
  end if;
  execute format('delete from %1$I.signal_embeddings e using %1$I.realms r where e.realm_id = r.id and e.model < $1', v_schema) using p_model;
  execute format('delete from %1$I.signal_embeddings e using %1$I.realms r where e.realm_id = r.id and e.model > $1', v_schema) using p_model;
  return true;
end $$;
