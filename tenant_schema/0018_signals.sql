-- Signals: observations that people capture, each in exactly one realm. (How the walls between realms stand: see the realms.)
--
-- A signal is seen by those who may read its realm, by readers of the realms it was opted into, and, when it is PUBLIC in a listed
-- realm, by everyone in the organisation. A PRIVATE signal is its author's alone, whatever the realm. The visibility
-- values: PUBLIC, SHARED (the realm's members and opted-in realms), SANCTUM (the realm's members, never listed or shared), PRIVATE.

create table signals (
    id                  uuid             primary key,
    realm_id            uuid             not null,
    realm_listed        boolean          not null default false,   -- copy of realms.listed, kept true by the foreign key

    type                text             not null,
    context             text             not null default 'CAPTURE',
    title               text             not null,
    summary             text             not null default '',
    source              text             not null default '',     -- who or what it comes from, in free text
    tags                text[]           not null default '{}',
    payload             jsonb            not null default '{}',   -- the content, shaped by type
    metadata            jsonb            not null default '{}',   -- facts about the content, shaped by type
    latitude            double precision,
    longitude           double precision,
    external_id         text,                            -- its id where it was imported from: a second import changes nothing

    -- Surface: what a first analysis finds.
    environment         text,
    temperature         double precision,                -- emotional charge, -1 .. 1; 0 is steady, null is unknown
    density             double precision,                -- -1 .. 1
    actions             jsonb            not null default '[]',
    entities            jsonb            not null default '[]',   -- name, kind and context of each

    -- Structure: what a deeper analysis finds.
    energy              text,
    inner_state         text,
    orientation         text,
    substrate           text,
    ontological_states  text[]           not null default '{}',
    symbolic_elements   text[]           not null default '{}',
    subsystems          text[]           not null default '{}',
    dominant_language   text[]           not null default '{}',

    embedding           halfvec(1536),                   -- shorter models are padded with zeros, which leaves cosine unchanged
    embedding_model     text,                            -- vectors of different models are never compared

    status              text             not null default 'PENDING',
    visibility          text             not null default 'PRIVATE',
    shared_realm_ids    uuid[]           not null default '{}',   -- realms it is opted into: the live rows of signal_shares
    revision            int              not null default 1,
    created_by          uuid             not null,       -- its author
    captured_at         timestamptz      not null default now(),   -- when it was observed
    imported_at         timestamptz,                     -- when an import brought it in
    created_at          timestamptz      not null default now(),
    updated_at          timestamptz      not null default now(),
    deleted_at          timestamptz,                     -- in the bin; can be restored

    constraint signals_in_realm              unique (realm_id, id),                           -- target: shares
    constraint signals_in_realm_with_sight   unique (realm_id, id, visibility, created_by),   -- target: cluster members, syntheses
    constraint signals_external_id_once      unique (realm_id, external_id),

    constraint signals_realm                 foreign key (realm_id, realm_listed) references realms (id, listed)
                                             on update cascade on delete cascade,
    constraint signals_created_by_person     foreign key (created_by) references people (user_id),

    constraint signals_type                  check (type in ('DOCUMENT', 'PHOTO', 'TRANSMISSION', 'CONVERSATION')),
    constraint signals_context               check (context in (
        'CAPTURE', 'NOTE', 'JOURNAL', 'CODE', 'REFERENCE', 'OBSERVATION', 'ARTIFACT')),
    constraint signals_title_length          check (length(title) between 1 and 200),
    constraint signals_source_length         check (length(source) <= 200),
    constraint signals_tags_count            check (cardinality(tags) <= 100),
    constraint signals_payload_object        check (jsonb_typeof(payload) = 'object'),
    constraint signals_metadata_object       check (jsonb_typeof(metadata) = 'object'),
    constraint signals_place                 check ((latitude is null) = (longitude is null)
                                                    and latitude between -90 and 90 and longitude between -180 and 180),
    constraint signals_temperature           check (temperature between -1 and 1),
    constraint signals_density               check (density between -1 and 1),
    constraint signals_actions_array         check (jsonb_typeof(actions) = 'array'),
    constraint signals_entities_array        check (jsonb_typeof(entities) = 'array'),
    constraint signals_phrases_length        check (
        length(energy) <= 200 and length(inner_state) <= 200 and length(orientation) <= 200),
    constraint signals_embedding_model       check ((embedding is null) = (embedding_model is null)),
    constraint signals_status                check (status in ('ACTIVE', 'ARCHIVED', 'FAILED', 'PENDING', 'REJECTED')),
    constraint signals_visibility            check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED')),
    constraint signals_shared_visibly        check (shared_realm_ids = '{}' or visibility in ('PUBLIC', 'SHARED')),
    constraint signals_shared_elsewhere      check (realm_id <> all (shared_realm_ids)),
    constraint signals_revision              check (revision >= 1)
);

create index signals_realm_id_captured_at_idx  on signals (realm_id, captured_at desc, id desc);
create index signals_realm_listed_realm_id_idx on signals (realm_listed, realm_id);
create index signals_created_by_idx            on signals (created_by);

comment on table signals is 'Captured observations.';

alter table signals enable row level security, force row level security;

create policy signals_select on signals for select to @tenant
    using (
        (visibility <> 'PRIVATE' or created_by = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and (
            realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
            or deleted_at is null and (
                shared_realm_ids && (select nullif(current_setting('app.realms_read', true), '')::uuid[])
                or realm_listed and visibility = 'PUBLIC' and (select nullif(current_setting('app.user_id', true), '')) is not null
            )
        )
    );

create policy signals_insert on signals for insert to @tenant
    with check (
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and created_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

create policy signals_update on signals for update to @tenant
    using (
        (visibility <> 'PRIVATE' or created_by = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

create policy signals_delete on signals for delete to @tenant
    using (
        (visibility <> 'PRIVATE' or created_by = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

-- The author and the type of a signal stay; realm_id may change, because moving a signal takes the right to write in both realms.
grant select, insert, delete on signals to @tenant;
grant update (
    realm_id, realm_listed, context, title, summary, source, tags, payload, metadata, latitude, longitude, environment, temperature,
    density, actions, entities, energy, inner_state, orientation, substrate, ontological_states, symbolic_elements, subsystems,
    dominant_language, embedding, embedding_model, status, visibility, shared_realm_ids, revision, captured_at, updated_at, deleted_at
) on signals to @tenant;

-- A single signal opted into another realm: a reference, never a copy. The scope says how far it goes, each step including the one
-- before: READ, CLUSTER (may stand in that realm's clusters), SYNTHESIS (may be drawn on in that realm's syntheses).
create table signal_shares (
    id               uuid        primary key,
    realm_id         uuid        not null,      -- the signal's home
    signal_id        uuid        not null,
    target_realm_id  uuid        not null,
    scope            text        not null default 'READ',
    granted_by       uuid        not null,
    revoked_at       timestamptz,
    created_at       timestamptz not null default now(),

    constraint signal_shares_in_realm          unique (realm_id, id),

    constraint signal_shares_signal            foreign key (realm_id, signal_id) references signals (realm_id, id)
                                               on update cascade on delete cascade,
    constraint signal_shares_target_realm      foreign key (target_realm_id) references realms (id) on delete cascade,
    constraint signal_shares_granted_by_person foreign key (granted_by) references people (user_id),
    constraint signal_shares_scope             check (scope in ('READ', 'CLUSTER', 'SYNTHESIS')),
    constraint signal_shares_elsewhere         check (target_realm_id <> realm_id or revoked_at is not null)
);

create unique index signal_shares_one_live on signal_shares (signal_id, target_realm_id) where revoked_at is null;

create index signal_shares_realm_id_signal_id_idx on signal_shares (realm_id, signal_id);
create index signal_shares_target_realm_id_idx    on signal_shares (target_realm_id);
create index signal_shares_granted_by_idx         on signal_shares (granted_by);

comment on table signal_shares is 'Signals opted into other realms, with what was granted and when it was revoked.';

alter table signal_shares enable row level security, force row level security;

create policy signal_shares_select on signal_shares for select to @tenant
    using (
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
        or target_realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
        and revoked_at is null
    );

create policy signal_shares_insert on signal_shares for insert to @tenant
    with check (
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and target_realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and granted_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

create policy signal_shares_update on signal_shares for update to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]));

grant select, insert on signal_shares to @tenant;
grant update (revoked_at) on signal_shares to @tenant;
