-- Exports and imports: who took data out or brought data in, what kind, and how much.

create table export_history (
    id               uuid        primary key,
    type             text        not null,
    options          jsonb       not null default '{}',   -- what was chosen in the form
    record_count     int         not null default 0,
    file_size_bytes  bigint,
    status           text        not null default 'RUNNING',
    error            text        not null default '',     -- why it failed, in words
    exported_by      uuid        not null,
    completed_at     timestamptz,
    created_at       timestamptz not null default now(),

    constraint export_history_exported_by_person foreign key (exported_by) references people (user_id),
    constraint export_history_type               check (type in (
        'ORG_EXPORT', 'SURROGATE_EXPORT', 'SOP_EXPORT', 'SIGNAL_EXPORT', 'ORG_IMPORT', 'SOP_IMPORT', 'SIGNAL_IMPORT')),
    constraint export_history_options_object     check (jsonb_typeof(options) = 'object'),
    constraint export_history_record_count       check (record_count >= 0),
    constraint export_history_file_size_bytes    check (file_size_bytes >= 0),
    constraint export_history_status             check (status in ('RUNNING', 'COMPLETED', 'FAILED')),
    constraint export_history_completed_at       check ((status = 'RUNNING') = (completed_at is null))
);

create index export_history_exported_by_idx on export_history (exported_by);

comment on table export_history is 'Log of exports and imports.';

grant select, insert on export_history to @tenant;
grant update (record_count, file_size_bytes, status, error, completed_at) on export_history to @tenant;
