-- Live events: a hint that something of an organisation changed, which every server hears. It says what kind of thing and its id, and
-- no more; who may know of it reads it again through the door.

-- The channel's name is a secret. Nobody can be kept from NOTIFY and LISTEN by a grant: a role that knew the name could send hints for
-- other organisations, and listen to theirs.
create table live_channel (
  name text not null
);

insert into live_channel (name) values ('live_' || replace(gen_random_uuid()::text, '-', ''));

grant select on live_channel to surrealm_ctl;

comment on table live_channel is 'One row: on which channel the servers hear of changes.';

-- Says that a row changed, once the transaction is committed. Whose it is follows from the schema that the row is in. What kind of thing
-- it is, is the trigger's argument.
create function gate.tell_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_notify(l.name, o.id || ' ' || tg_argv[0] || ' ' || new.id)
    from public.live_channel l, public.orgs o where o.schema_name = tg_table_schema;
  return null;
end $$;
