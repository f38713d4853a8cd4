-- Two changes of a person's realms at the same time each found the realms without the other's, and the later one wrote that down: a
-- realm just made was lost, or one just left stayed open. The membership is locked before the realms are counted, which then sees
-- what the other committed.
create or replace function gate.refresh_realms(p_schema text, p_org uuid, p_user uuid) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v record; v_role text;
begin
  select m.role into v_role from public.memberships m where m.org_id = p_org and m.user_id = p_user for update;
  execute format('select
      coalesce(array_agg(r.id order by r.id) filter (where r.status <> ''DELETING'' or u.role = ''OWNER''), ''{}'') as read,
      coalesce(array_agg(r.id order by r.id) filter (where r.status = ''ACTIVE'' and u.role in (''OWNER'', ''CONTRIBUTOR'')), ''{}'') as write,
      coalesce(array_agg(r.id order by r.id) filter (where r.status = ''ACTIVE'' and u.role = ''OWNER''), ''{}'') as own
    from %I.realms_users u join %I.realms r on r.id = u.realm_id
    where u.user_id = $1 and u.state = ''ACTIVE''', p_schema, p_schema) using p_user into v;
  if v_role = 'AUDITOR' then
    v.write := '{}';
    v.own := '{}';
  end if;
  update public.memberships set realms_read = v.read, realms_write = v.write, realms_own = v.own
    where org_id = p_org and user_id = p_user;
  if current_setting('app.user_id', true) = p_user::text and current_setting('app.org_id', true) = p_org::text then
    perform set_config('app.realms_read', v.read::text, true), set_config('app.realms_write', v.write::text, true),
      set_config('app.realms_own', v.own::text, true);
  end if;
end $$;

-- What was lost or left open comes right.
do $$
declare m record;
begin
  for m in
    select o.schema_name, x.org_id, x.user_id
    from public.memberships x join public.orgs o on o.id = x.org_id
    where to_regclass(format('%I.realms_users', o.schema_name)) is not null
    order by x.org_id, x.user_id
  loop
    perform gate.refresh_realms(m.schema_name, m.org_id, m.user_id);
  end loop;
end $$;
