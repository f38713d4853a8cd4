-- run as: audit_owner
-- The audit chain: the only code that writes it. Tables are in each tenant's schema and belong to audit_owner,
-- of which nobody is a member while the product runs.

-- Refuses a statement outright; for append-only tables.
create function gate.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception '% on % is not allowed: it is append-only', lower(tg_op), tg_table_name using errcode = '42501';
end $$;

-- Appends one entry to the chain of one organisation and returns its number.
-- The head row's lock is held to the end of the transaction: call it last.
-- The body is RFC 8785 JSON: keys in order, to_json escapes strings as that standard says, p_details is already canonical.
create function gate.append_entry(p_schema text, p_org uuid, p_actor uuid, p_actor_name text, p_action text,
    p_object_type text, p_object_id uuid, p_object_label text, p_details text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare head record; v_seq bigint; v_at timestamptz; v_body bytea; v_hash bytea;
begin
  if p_action !~ '^[a-z_]+\.[a-z_]+$' then
    raise exception 'not an action: %', p_action using errcode = '22023';
  end if;
  -- The text goes into the body as it is: what is not an object would make an entry that nobody can read, for good.
  if jsonb_typeof(p_details::jsonb) is distinct from 'object' then
    raise exception 'details are not an object' using errcode = '22023';
  end if;
  execute format('select seq, hash, at from %I.audit_head for update', p_schema) into strict head;
  v_seq := head.seq + 1;
  v_at := greatest(head.at, clock_timestamp());
  v_body := convert_to(format('{"action":%s,"actor":%s,"actor_name":%s,"at":%s,"details":%s,"object":{"id":%s,"label":%s,"type":%s},"org":%s,"prev":%s,"seq":%s,"v":1}',
    to_json(p_action), to_json(coalesce(p_actor::text, '')), to_json(p_actor_name),
    to_json(to_char(v_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), p_details,
    to_json(coalesce(p_object_id::text, '')), to_json(p_object_label), to_json(p_object_type),
    to_json(p_org::text), to_json(encode(head.hash, 'hex')), v_seq), 'UTF8');
  v_hash := sha256('\x00'::bytea || v_body);
  execute format('insert into %I.audit_entries (seq, body, hash, prev_hash, at, actor, actor_name, action, object_type, object_id, object_label)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', p_schema)
    using v_seq, v_body, v_hash, head.hash, v_at, p_actor, p_actor_name, p_action, p_object_type, p_object_id, p_object_label;
  execute format('update %I.audit_head set seq = $1, hash = $2, at = $3', p_schema) using v_seq, v_hash, v_at;
  return v_seq;
end $$;

-- What a tenant calls. Organisation and actor come from settings that the caller cannot change.
create function gate.append_audit(p_action text, p_object_type text, p_object_id uuid, p_object_label text, p_details text) returns bigint
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  select gate.append_entry(current_setting('role'), current_setting('app.org_id')::uuid, current_setting('app.user_id')::uuid,
    current_setting('app.user_name'), p_action, p_object_type, p_object_id, p_object_label, p_details)
$$;

-- One page of a chain, for verification and export by the platform, which has no other right in a tenant.
create function gate.audit_rows(p_schema text, p_after bigint, p_limit int)
  returns table (seq bigint, body bytea, hash bytea, prev_hash bytea, at timestamptz, actor uuid, actor_name text, action text,
    object_type text, object_id uuid, object_label text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('select seq, body, hash, prev_hash, at, actor, actor_name, action, object_type, object_id, object_label
    from %I.audit_entries where seq > $1 order by seq limit $2', p_schema)
    using p_after, p_limit;
end $$;

create function gate.audit_head_of(p_schema text) returns table (seq bigint, hash bytea, at timestamptz)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query execute format('select seq, hash, at from %I.audit_head', p_schema);
end $$;

-- Runs a stored migration that makes tables of audit_owner. It takes a number, not SQL: the text is the stored one.
create function gate.apply_audit_migration(p_schema text, p_version int) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_sql text;
begin
  select m.sql into strict v_sql from public.tenant_migrations m where m.version = p_version and m.as_audit_owner;
  perform set_config('search_path', format('%I, ext, pg_temp', p_schema), true);
  execute replace(v_sql, '@tenant', quote_ident(p_schema));
end $$;

grant execute on all functions in schema gate to surrealm_owner;
grant execute on function gate.append_audit(text, text, uuid, text, text) to surrealm_tenant;
grant execute on function gate.audit_rows(text, bigint, int), gate.audit_head_of(text) to surrealm_ctl;
