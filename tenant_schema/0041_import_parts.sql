-- The file of an import beyond its first part: an own export with its pictures is read part by part, and never held as a whole.
-- (How the walls between realms stand: see the realms.)
--
-- signal_imports.bytes is the first 4 MB; a file that was sent before there were parts is in there as a whole.

create table signal_import_parts (
    realm_id      uuid  not null,
    import_id     uuid  not null,
    requested_by  uuid  not null,
    position      int   not null,               -- from 1; the first part is in signal_imports
    bytes         bytea not null,               -- 4 MB, the last one what is left

    primary key (realm_id, import_id, position),
    constraint signal_import_parts_import   foreign key (realm_id, import_id, requested_by)
                                            references signal_imports (realm_id, id, requested_by) on delete cascade,
    constraint signal_import_parts_position check (position between 1 and 255),
    constraint signal_import_parts_size     check (length(bytes) between 1 and 4194304)
);

create index signal_import_parts_import_idx on signal_import_parts (realm_id, import_id, requested_by);

-- A file does not become smaller by trying: many are packed already.
alter table signal_import_parts alter column bytes set storage external;

comment on table signal_import_parts is 'The files of imports after their first 4 MB, until the import ends.';

do $$
declare
    v_mine text := 'requested_by = (select nullif(current_setting(''app.user_id'', true), '''')::uuid)';
    v_in   text := 'realm_id = any ((select nullif(current_setting(''app.realms_%s'', true), '''')::uuid[])::uuid[])';
begin
    alter table signal_import_parts enable row level security, force row level security;
    execute format('create policy signal_import_parts_select on signal_import_parts for select to @tenant using (%s and %s)', v_mine, format(v_in, 'read'));
    execute format('create policy signal_import_parts_insert on signal_import_parts for insert to @tenant with check (%s and %s)', v_mine, format(v_in, 'write'));
    execute format('create policy signal_import_parts_delete on signal_import_parts for delete to @tenant using (%s and %s)', v_mine, format(v_in, 'read'));
end $$;

create policy signal_import_parts_functions on signal_import_parts to surrealm_owner using (true) with check (true);

grant select, insert, delete on signal_import_parts to @tenant;
