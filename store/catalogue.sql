-- Everything that the catalogue says about the tenant whose schema and role is $1, one row for each thing, ordered as
-- schema.sql writes it. Read with the tenant's search path, so that names in it are printed without a schema.
--
-- With ten thousand tenants the catalogue has millions of rows, and no index finds what is in a schema, except that of
-- the dependencies: everything in a schema depends on it. All else is found from there by an index.

with tenant as (
  select n.oid as schema, n.nspname, n.nspowner, n.nspacl, r.oid as role
  from pg_catalog.pg_namespace n
  left join pg_catalog.pg_roles r on r.rolname = n.nspname
  where n.nspname = $1
),
content as (
  select d.classid, d.objid
  from tenant t
  join pg_catalog.pg_depend d on d.refclassid = 'pg_catalog.pg_namespace'::regclass and d.refobjid = t.schema
),
tables as (
  select c.* from content x join pg_catalog.pg_class c on c.oid = x.objid
  where x.classid = 'pg_catalog.pg_class'::regclass and c.relkind <> 'S'
),
items as (

  -- the role and the schema
  select 0 as place, '' as object, 'role' as kind, '' as name, 0 as number,
    format('-- role %s: %s', r.rolname, array_to_string(array_remove(array[
      case when r.rolsuper then 'superuser' end, case when r.rolcreaterole then 'createrole' end,
      case when r.rolcreatedb then 'createdb' end, case when r.rolcanlogin then 'login' else 'nologin' end,
      case when r.rolreplication then 'replication' end, case when r.rolbypassrls then 'bypassrls' end,
      case when not r.rolinherit then 'noinherit' end, array_to_string(r.rolconfig, ', ')], null), ', ')) as definition
  from tenant t join pg_catalog.pg_roles r on r.oid = t.role

  union all
  select 0, '', 'membership', pg_catalog.pg_get_userbyid(m.roleid) || ' to ' || pg_catalog.pg_get_userbyid(m.member), 1,
    format('grant %s to %s%s', pg_catalog.pg_get_userbyid(m.roleid), pg_catalog.pg_get_userbyid(m.member),
      case when m.admin_option then ' with admin option' else '' end)
  from (
    select a.roleid, a.member, a.admin_option from tenant t join pg_catalog.pg_auth_members a on a.roleid = t.role
    union all
    select a.roleid, a.member, a.admin_option from tenant t join pg_catalog.pg_auth_members a on a.member = t.role
  ) as m
  -- From PostgreSQL 16 on, whoever makes a role is its admin.
  where pg_catalog.pg_get_userbyid(m.member) <> 'surrealm_owner'

  union all
  select 0, '', 'schema', '', 2, format('create schema %s authorization %s', t.nspname, pg_catalog.pg_get_userbyid(t.nspowner))
  from tenant t

  union all
  select 0, '', 'schema grant to', g.name, 3,
    format('grant %s on schema %s to %s', lower(string_agg(a.privilege_type || case when a.is_grantable then ' with grant option' else '' end,
      ', ' order by a.privilege_type)), t.nspname, g.name)
  from tenant t, pg_catalog.aclexplode(coalesce(t.nspacl, pg_catalog.acldefault('n', t.nspowner))) a,
    lateral (select case a.grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee) end as name) g
  where a.grantee <> t.nspowner
  group by t.nspname, g.name

  union all
  select 0, '', 'default privileges of', pg_catalog.pg_get_userbyid(d.defaclrole) || ' ' || d.defaclobjtype::text, 4,
    format('-- default privileges for %s on %s: %s', pg_catalog.pg_get_userbyid(d.defaclrole), d.defaclobjtype, d.defaclacl)
  from tenant t join pg_catalog.pg_default_acl d on d.defaclnamespace = t.schema

  -- what does not belong into a tenant's schema: functions, types, sequences and whatever else is no table
  union all
  select 0, '', o.type, o.identity, 5, format('-- %s %s', o.type, o.identity)
  from content x, pg_catalog.pg_identify_object(x.classid, x.objid, 0) o
  where x.classid not in ('pg_catalog.pg_class'::regclass, 'pg_catalog.pg_default_acl'::regclass)
    or o.type = 'sequence'

  -- tables
  union all
  select 1, c.relname::text, 'table', '', 0,
    format('owned by %s%s%s', pg_catalog.pg_get_userbyid(c.relowner),
      case c.relkind when 'r' then '' else ', of the kind ' || c.relkind::text end
        || case c.relpersistence when 'p' then '' else ', not permanent' end
        || coalesce(', with ' || array_to_string(c.reloptions, ', '), ''),
      case when c.relrowsecurity and c.relforcerowsecurity then ', row security is enabled and forced'
        when c.relrowsecurity then ', row security is enabled, and not forced'
        when c.relforcerowsecurity then ', row security is forced, and not enabled' else '' end)
  from tables c

  union all
  select 1, c.relname::text, 'column', a.attname::text, a.attnum,
    format('%I %s%s%s%s%s', a.attname, replace(pg_catalog.format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz'),
      case when a.attcollation <> 0 and a.attcollation <> 100 then ' collate ' || a.attcollation::regcollation else '' end,
      case when a.attnotnull then ' not null' else '' end,
      case when a.attgenerated <> '' then ' generated always as (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') stored'
        else coalesce(' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') end,
      case a.attidentity when '' then '' when 'a' then ' generated always as identity' else ' generated by default as identity' end)
  from tables c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum

  union all
  select 1, c.relname::text, 'storage of', a.attname::text, 2500,
    format('alter table %I alter column %I set storage %s', c.relname, a.attname,
      case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end)
  from tables c
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type y on y.oid = a.atttypid
  where a.attstorage <> y.typstorage

  union all
  select 1, c.relname::text, 'constraint', k.conname::text, 2000,
    format('constraint %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid, true))
  from tables c join pg_catalog.pg_constraint k on k.conrelid = c.oid and k.contype <> 'n'

  union all
  select 1, c.relname::text, 'index', x.relname::text, 3000,
    replace(replace(pg_catalog.pg_get_indexdef(i.indexrelid), t.nspname || '.', ''), ' USING btree', '')
      || case when i.indisvalid and i.indisready then '' else ' -- not valid' end
  from tenant t, tables c
  join pg_catalog.pg_index i on i.indrelid = c.oid
  join pg_catalog.pg_class x on x.oid = i.indexrelid
  where not exists (select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))

  union all
  select 1, c.relname::text, 'trigger', g.tgname::text, 4000,
    pg_catalog.pg_get_triggerdef(g.oid, true) || case when g.tgenabled = 'O' then '' else format('; alter table %I %s trigger %I', c.relname,
      case g.tgenabled when 'A' then 'enable always' when 'D' then 'disable' else 'enable replica' end, g.tgname) end
  from tables c join pg_catalog.pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal

  union all
  select 1, c.relname::text, 'rule', w.rulename::text, 4500, pg_catalog.pg_get_ruledef(w.oid, true)
  from tables c join pg_catalog.pg_rewrite w on w.ev_class = c.oid

  union all
  select 1, c.relname::text, 'policy', p.polname::text, 5000,
    format('create policy %I on %I as %s for %s to %s%s%s', p.polname, c.relname,
      case when p.polpermissive then 'permissive' else 'restrictive' end,
      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
      (select string_agg(case role when 0 then 'public' else pg_catalog.pg_get_userbyid(role) end, ', ' order by pg_catalog.pg_get_userbyid(role)) from unnest(p.polroles) role),
      coalesce(' using (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid, true) || ')', ''),
      coalesce(' with check (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid, true) || ')', ''))
  from tables c join pg_catalog.pg_policy p on p.polrelid = c.oid

  union all
  select 1, c.relname::text, 'grant to', g.name, 6000,
    format('grant %s on %I to %s', lower(string_agg(a.privilege_type || case when a.is_grantable then ' with grant option' else '' end,
      ', ' order by a.privilege_type)), c.relname, g.name)
  from tables c, pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) a,
    lateral (select case a.grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee) end as name) g
  where a.grantee <> c.relowner
  group by c.relname, g.name

  union all
  select 1, c.relname::text, 'column grant to', g.name || ' of ' || lower(a.privilege_type), 6500,
    format('grant %s (%s) on %I to %s', lower(a.privilege_type) || case when bool_or(a.is_grantable) then ' with grant option' else '' end,
      string_agg(quote_ident(x.attname), ', ' order by x.attname), c.relname, g.name)
  from tables c
  join pg_catalog.pg_attribute x on x.attrelid = c.oid and x.attnum > 0 and not x.attisdropped, pg_catalog.aclexplode(x.attacl) a,
    lateral (select case a.grantee when 0 then 'public' else pg_catalog.pg_get_userbyid(a.grantee) end as name) g
  where a.grantee <> c.relowner
  group by c.relname, g.name, a.privilege_type

  union all
  select 1, c.relname::text, 'comment on', coalesce(x.attname::text, 'table'), 7000,
    format('comment on %s is %L', coalesce('column ' || quote_ident(c.relname) || '.' || quote_ident(x.attname), 'table ' || quote_ident(c.relname)), d.description)
  from tables c
  join pg_catalog.pg_description d on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass
  left join pg_catalog.pg_attribute x on x.attrelid = c.oid and x.attnum = d.objsubid and d.objsubid > 0
)
select object, kind, name, definition
from items
order by place, object, number, kind, name, definition
