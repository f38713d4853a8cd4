-- Syntheses: text or structure generated about a signal or a cluster. (How the walls between realms stand: see the realms.)
--
-- A synthesis is never seen by more people than what it is about. One about a signal carries that signal's visibility and author:
-- the foreign key copies every later change, so that a signal which turns PRIVATE takes its syntheses along, and a signal that
-- moves to another realm too.

create table syntheses (
    id              uuid        primary key,
    realm_id        uuid        not null,
    signal_id       uuid,                      -- exactly one of these two
    cluster_id      uuid,
    supersedes_id   uuid,                      -- the synthesis that this one takes the place of

    type            text        not null,
    body            text        not null default '',     -- for reading
    content         jsonb       not null default '{}',   -- for computing, shaped by type
    sources         jsonb       not null default '[]',   -- the passages it rests on: signal, from, to
    provider        text        not null,      -- what wrote it: the built-in default, a person or a model's provider
    model           text        not null default '',

    state           text        not null default 'DRAFT',
    visibility      text        not null,      -- of the signal; chosen for a cluster
    subject_author  uuid        not null,      -- author of the signal; for a cluster, who asked for the synthesis
    revision        int         not null default 1,
    created_by      uuid        not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    constraint syntheses_in_realm          unique (realm_id, id),   -- target: supersedes

    constraint syntheses_realm             foreign key (realm_id) references realms (id) on delete cascade,
    constraint syntheses_signal            foreign key (realm_id, signal_id, visibility, subject_author)
                                           references signals (realm_id, id, visibility, created_by)
                                           on update cascade on delete cascade,
    constraint syntheses_cluster           foreign key (realm_id, cluster_id) references clusters (realm_id, id)
                                           on delete cascade,
    constraint syntheses_supersedes        foreign key (realm_id, supersedes_id) references syntheses (realm_id, id),
    constraint syntheses_created_by_person foreign key (created_by) references people (user_id),

    constraint syntheses_one_subject       check (num_nonnulls(signal_id, cluster_id) = 1),
    constraint syntheses_supersedes_other  check (supersedes_id <> id),
    constraint syntheses_type              check (type in (
        'SURFACE', 'STRUCTURE', 'PATTERNS', 'MIRROR', 'SYMBOLIC', 'NARRATIVE', 'LINEAGE')),
    constraint syntheses_content_object    check (jsonb_typeof(content) = 'object'),
    constraint syntheses_sources_array     check (jsonb_typeof(sources) = 'array'),
    constraint syntheses_state             check (state in ('DRAFT', 'CONFIRMED', 'SUPERSEDED')),
    constraint syntheses_visibility        check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED')),
    constraint syntheses_cluster_author    check (cluster_id is null or subject_author = created_by),
    constraint syntheses_revision          check (revision >= 1)
);

create index syntheses_signal_idx                 on syntheses (realm_id, signal_id, visibility, subject_author);
create index syntheses_realm_id_cluster_id_idx    on syntheses (realm_id, cluster_id);
create index syntheses_realm_id_supersedes_id_idx on syntheses (realm_id, supersedes_id);
create index syntheses_created_by_idx             on syntheses (created_by);

comment on table syntheses is 'Generated text and structure about signals and clusters.';

alter table syntheses enable row level security, force row level security;

create policy syntheses_select on syntheses for select to @tenant
    using (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
    );

create policy syntheses_insert on syntheses for insert to @tenant
    with check (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and created_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

create policy syntheses_update on syntheses for update to @tenant
    using (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

create policy syntheses_delete on syntheses for delete to @tenant
    using (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

-- What a synthesis is about never changes.
grant select, insert, delete on syntheses to @tenant;
grant update (body, content, sources, provider, model, state, visibility, revision, updated_at) on syntheses to @tenant;
