-- Imports of signals: a file that waits to be imported, and what came of it.
-- (How the walls between realms stand: see the realms.)
--
-- A file is read by the person who sent it and by nobody else, not even the realm's owner: most of what is in it becomes PRIVATE.

create table signal_imports (
    id            uuid        primary key,
    realm_id      uuid        not null,                   -- where the signals go
    requested_by  uuid        not null,
    format        text        not null,
    file_name     text        not null,
    bytes         bytea,                                  -- the file, until the import ends
    mapping       jsonb       not null default '{}',      -- of a table: which field each column is
    visibility    text        not null default 'PRIVATE', -- of rows that name none
    skip_bad      boolean     not null default false,     -- rows with problems are left out instead of stopping the import
    state         text        not null default 'UPLOADED',
    total         int         not null default 0,         -- rows of the file
    failed        int         not null default 0,         -- of them with problems
    known         int         not null default 0,         -- of them there before it began
    done          int         not null default 0,         -- of total, while it runs
    created       int         not null default 0,
    unchanged     int         not null default 0,         -- were there already
    error         text        not null default '',        -- a sentence for people
    requested_at  timestamptz not null default now(),
    started_at    timestamptz,
    finished_at   timestamptz,

    constraint signal_imports_in_realm            unique (realm_id, id, requested_by),   -- target: its rows
    constraint signal_imports_realm               foreign key (realm_id) references realms (id) on delete cascade,
    constraint signal_imports_requested_by_person foreign key (requested_by) references people (user_id),
    constraint signal_imports_file_name_length    check (length(file_name) between 1 and 255),
    constraint signal_imports_size                check (length(bytes) <= 67108864),
    constraint signal_imports_mapping_object      check (jsonb_typeof(mapping) = 'object'),
    constraint signal_imports_visibility          check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED')),
    constraint signal_imports_state               check (state in ('UPLOADED', 'WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    constraint signal_imports_file_ends           check ((bytes is null) = (state in ('DONE', 'FAILED', 'CANCELLED')))
);

create index signal_imports_requested_by_idx on signal_imports (requested_by, requested_at desc);

-- A file does not become smaller by trying: many are packed already.
alter table signal_imports alter column bytes set storage external;

comment on table signal_imports is 'Files of signals that members import.';

-- The rows of a file that cannot be stored, each with what is wrong with one of its fields.
create table signal_import_rows (
    realm_id      uuid not null,
    import_id     uuid not null,
    requested_by  uuid not null,
    position      int  not null,               -- of the problem in the file, from 1
    name          text not null,               -- where the row is, such as "line 12"
    field         text not null default '',    -- '' is the whole row
    problem       text not null,               -- a sentence

    primary key (realm_id, import_id, position),
    constraint signal_import_rows_import foreign key (realm_id, import_id, requested_by)
                                         references signal_imports (realm_id, id, requested_by) on delete cascade
);

create index signal_import_rows_import_idx on signal_import_rows (realm_id, import_id, requested_by);

comment on table signal_import_rows is 'What is wrong with rows of imported files.';

do $$
declare
    v_table text;
    v_mine  text := 'requested_by = (select nullif(current_setting(''app.user_id'', true), '''')::uuid)';
    v_in    text := 'realm_id = any ((select nullif(current_setting(''app.realms_%s'', true), '''')::uuid[])::uuid[])';
begin
    foreach v_table in array array['signal_imports', 'signal_import_rows'] loop
        execute format('alter table %I enable row level security, force row level security', v_table);
        execute format('create policy %I on %I for select to @tenant using (%s and %s)', v_table || '_select', v_table, v_mine, format(v_in, 'read'));
        execute format('create policy %I on %I for insert to @tenant with check (%s and %s)', v_table || '_insert', v_table, v_mine, format(v_in, 'write'));
    end loop;
    execute format('create policy signal_imports_update on signal_imports for update to @tenant using (%s and %s)', v_mine, format(v_in, 'read'));
    execute format('create policy signal_import_rows_delete on signal_import_rows for delete to @tenant using (%s and %s)', v_mine, format(v_in, 'read'));
end $$;

grant select, insert on signal_imports to @tenant;
grant update (bytes, mapping, visibility, skip_bad, state, total, failed, known, done, created, unchanged, error, started_at, finished_at)
    on signal_imports to @tenant;
grant select, insert, delete on signal_import_rows to @tenant;
