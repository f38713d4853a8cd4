-- Clusters: signals that belong together, found by the machine or made by hand. (How the walls between realms stand: see the realms.)
--
-- A cluster's parent and its members are of its own realm, by composite keys. A membership says things about its signal, so it
-- carries the signal's visibility and author, kept true by the foreign key: where the signal is PRIVATE, only its author sees it.

create table clusters (
    id               uuid        primary key,
    realm_id         uuid        not null,
    parent_id        uuid,

    type             text        not null default 'THEMATIC',
    title            text        not null,
    description      text        not null default '',
    tags             text[]      not null default '{}',
    payload          jsonb       not null default '{}',
    metadata         jsonb       not null default '{}',
    depth            int         not null default 0,      -- derived: the parent's depth plus one
    origin           text        not null default 'HUMAN',
    embedding        halfvec(1536),                       -- mean of the members' vectors
    embedding_model  text,

    state            text        not null default 'DRAFT',
    revision         int         not null default 1,
    created_by       uuid        not null,                -- for a machine-made cluster: who asked for the run
    starts_at        timestamptz,                         -- the span of time that the cluster covers
    ends_at          timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint clusters_in_realm           unique (realm_id, id),   -- target: parent, members, syntheses

    constraint clusters_realm              foreign key (realm_id) references realms (id) on delete cascade,
    constraint clusters_parent             foreign key (realm_id, parent_id) references clusters (realm_id, id),
    constraint clusters_created_by_person  foreign key (created_by) references people (user_id),

    constraint clusters_parent_other       check (parent_id <> id),
    constraint clusters_type               check (type in (
        'TEMPORAL', 'SPATIAL', 'THEMATIC', 'PROJECT', 'JOURNEY', 'EXPLORATION', 'COLLECTION')),
    constraint clusters_title_length       check (length(title) between 1 and 200),
    constraint clusters_description_length check (length(description) <= 10000),
    constraint clusters_tags_count         check (cardinality(tags) <= 100),
    constraint clusters_payload_object     check (jsonb_typeof(payload) = 'object'),
    constraint clusters_metadata_object    check (jsonb_typeof(metadata) = 'object'),
    constraint clusters_depth              check (depth between 0 and 10 and (depth = 0) = (parent_id is null)),
    constraint clusters_origin             check (origin in ('HUMAN', 'MACHINE')),
    constraint clusters_embedding_model    check ((embedding is null) = (embedding_model is null)),
    constraint clusters_state              check (state in ('ACTIVE', 'ARCHIVED', 'DRAFT', 'PUBLISHED')),
    constraint clusters_revision           check (revision >= 1),
    constraint clusters_span               check (starts_at <= ends_at)
);

create index clusters_realm_id_parent_id_idx on clusters (realm_id, parent_id);
create index clusters_created_by_idx         on clusters (created_by);

comment on table clusters is 'Groups of signals that belong together.';

alter table clusters enable row level security, force row level security;

create policy clusters_select on clusters for select to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[]));

create policy clusters_insert on clusters for insert to @tenant
    with check (
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and created_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

create policy clusters_update on clusters for update to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]));

create policy clusters_delete on clusters for delete to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]));

-- A cluster never changes realms: its members could not follow.
grant select, insert, delete on clusters to @tenant;
grant update (
    parent_id, type, title, description, tags, payload, metadata, depth, origin, embedding, embedding_model, state, revision,
    starts_at, ends_at, updated_at
) on clusters to @tenant;

create table clusters_signals (
    realm_id       uuid             not null,   -- the realm of both ends
    cluster_id     uuid             not null,
    signal_id      uuid             not null,
    position       int,                         -- order inside the cluster; null for members without a place
    confidence     double precision,            -- how sure the machine was; null when a person chose
    reason         text             not null default '',   -- why it belongs here, in words
    metadata       jsonb            not null default '{}',
    visibility     text             not null,   -- of the signal
    signal_author  uuid             not null,   -- the signal's created_by
    added_by       uuid             not null,
    created_at     timestamptz      not null default now(),

    primary key (realm_id, cluster_id, signal_id),
    constraint clusters_signals_position_once   unique (cluster_id, position) deferrable,   -- checked after each whole statement

    constraint clusters_signals_cluster         foreign key (realm_id, cluster_id) references clusters (realm_id, id)
                                                on delete cascade,
    constraint clusters_signals_signal          foreign key (realm_id, signal_id, visibility, signal_author)
                                                references signals (realm_id, id, visibility, created_by)
                                                on update cascade on delete cascade,
    constraint clusters_signals_added_by_person foreign key (added_by) references people (user_id),
    constraint clusters_signals_position        check (position >= 0),
    constraint clusters_signals_confidence      check (confidence between 0 and 1),
    constraint clusters_signals_metadata_object check (jsonb_typeof(metadata) = 'object'),
    constraint clusters_signals_visibility      check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'))
);

create index clusters_signals_signal_idx   on clusters_signals (realm_id, signal_id, visibility, signal_author);
create index clusters_signals_added_by_idx on clusters_signals (added_by);

comment on table clusters_signals is 'Which signals a cluster holds.';

alter table clusters_signals enable row level security, force row level security;

create policy clusters_signals_select on clusters_signals for select to @tenant
    using (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
    );

create policy clusters_signals_insert on clusters_signals for insert to @tenant
    with check (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and added_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

create policy clusters_signals_update on clusters_signals for update to @tenant
    using (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

create policy clusters_signals_delete on clusters_signals for delete to @tenant
    using (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

grant select, insert, delete on clusters_signals to @tenant;
grant update (position, confidence, reason, metadata) on clusters_signals to @tenant;
