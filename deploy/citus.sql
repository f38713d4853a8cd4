-- Makes the policies of one organisation's tables such as Citus takes them on distributed tables: without a subselect. Each
-- subselect of ours stands around one setting of the transaction, so that it is read once for each query; without it, it is
-- read for each row, and says the same. Run as a superuser or surrealm_owner, before citus_schema_distribute:
--
--   sed s/@tenant/tenant_acme/ deploy/citus.sql | psql surrealm
do $$
declare
  p record;
  v_setting constant text := 'current_setting\(''app\.[a-z_]+''::text(, true)?\)';
  v_once constant text := '\( SELECT (NULLIF\(' || v_setting || ', ''''::text\)(::uuid(\[\])?)?|' || v_setting || ') AS ("nullif"|current_setting)\)';
begin
  for p in
    select c.oid::regclass as on_table, polname as name, pg_get_expr(polqual, polrelid, true) as visible, pg_get_expr(polwithcheck, polrelid, true) as allowed
    from pg_policy join pg_class c on c.oid = polrelid
    where c.relnamespace = '@tenant'::regnamespace
  loop
    execute format('alter policy %I on %s', p.name, p.on_table)
      || coalesce(' using (' || regexp_replace(p.visible, v_once, '(\1)', 'g') || ')', '')
      || coalesce(' with check (' || regexp_replace(p.allowed, v_once, '(\1)', 'g') || ')', '');
  end loop;
end $$;
