-- Memory: what surrogates remember. Short-term entries expire or are promoted; long-term entries stay.

create table memory_entries (
    id                 uuid        primary key,
    surrogate_id       uuid        not null,
    debrief_id         uuid,                      -- where it came from, when it came from a debrief
    type               text        not null default 'STM',      -- short-term or long-term memory
    source             text        not null default 'MANUAL',
    content            text        not null,
    tags               text[]      not null default '{}',
    observation_count  int         not null default 1,          -- how often the same thing was seen
    revision           int         not null default 1,
    created_by         uuid        not null,
    first_observed_at  timestamptz not null default now(),
    last_observed_at   timestamptz not null default now(),
    expires_at         timestamptz,               -- short-term entries only: promotion clears it
    promoted_at        timestamptz,
    created_at         timestamptz not null default now(),
    updated_at         timestamptz not null default now(),

    constraint memory_entries_surrogate         foreign key (surrogate_id) references surrogates (id),
    constraint memory_entries_debrief           foreign key (debrief_id) references debriefs (id) on delete set null,
    constraint memory_entries_created_by_person foreign key (created_by) references people (user_id),
    constraint memory_entries_type              check (type in ('STM', 'LTM')),
    constraint memory_entries_source            check (source in ('DEBRIEF', 'PATTERN_DETECTION', 'MANUAL', 'SOP_EXECUTION')),
    constraint memory_entries_content_length    check (length(content) between 1 and 20000),
    constraint memory_entries_tags_count        check (cardinality(tags) <= 50),
    constraint memory_entries_observation_count check (observation_count >= 1),
    constraint memory_entries_revision          check (revision >= 1),
    constraint memory_entries_observed_at       check (first_observed_at <= last_observed_at),
    constraint memory_entries_expires_at        check (expires_at is null or type = 'STM'),
    constraint memory_entries_promoted_at       check (promoted_at is null or type = 'LTM')
);

create index memory_entries_surrogate_id_idx on memory_entries (surrogate_id, last_observed_at desc);
create index memory_entries_debrief_id_idx   on memory_entries (debrief_id);
create index memory_entries_created_by_idx   on memory_entries (created_by);

comment on table memory_entries is 'Short-term and long-term memory of surrogates.';

grant select, insert, delete on memory_entries to @tenant;
grant update (
    type, source, content, tags, observation_count, revision, first_observed_at, last_observed_at, expires_at, promoted_at, updated_at
) on memory_entries to @tenant;
