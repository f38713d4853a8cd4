-- What belongs to a signal: its words and vectors for search, its history, its annotations and its files.
-- (How the walls between realms stand: see the realms.)
--
-- Each row carries its signal's realm, visibility and author, copied by the foreign key on every change: who may not see the signal
-- sees nothing of this either, and when the signal moves to another realm, all of it moves along.

alter table signals
    add column body  text not null default '',   -- all text of the payload, plain, for search; derived by the program
    add column words tsvector not null generated always as (
        setweight(to_tsvector('pg_catalog.english', title), 'A') || setweight(to_tsvector('pg_catalog.english', summary), 'B')
        || setweight(to_tsvector('pg_catalog.english', source), 'C') || to_tsvector('pg_catalog.english', body)) stored,
    add constraint signals_body_length check (length(body) <= 300000),
    drop column embedding_model,
    drop column embedding;

grant update (external_id, body) on signals to @tenant;

create index signals_words_idx on signals using gin (words);
create index signals_tags_idx  on signals using gin (tags);

create table signal_embeddings (
    realm_id       uuid        not null,
    signal_id      uuid        not null,
    visibility     text        not null,   -- of the signal
    signal_author  uuid        not null,   -- of the signal
    model          text        not null,   -- vectors of different models are never compared
    embedding      halfvec     not null,   -- of unit length; as long as the model makes it
    created_at     timestamptz not null default now(),

    primary key (realm_id, model, signal_id),
    constraint signal_embeddings_signal foreign key (realm_id, signal_id, visibility, signal_author)
                                        references signals (realm_id, id, visibility, created_by) on update cascade on delete cascade,
    constraint signal_embeddings_model  check (length(model) between 1 and 100),
    constraint signal_embeddings_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'))
);

create index signal_embeddings_signal_idx on signal_embeddings (realm_id, signal_id, visibility, signal_author);

-- Searching reads every vector of a realm: out of line or compressed, each would be a read of its own.
alter table signal_embeddings alter column embedding set storage plain;

comment on table signal_embeddings is 'Vectors of signals, one for each model.';

create table signal_history (
    id             uuid        primary key,
    realm_id       uuid        not null,
    signal_id      uuid        not null,
    visibility     text        not null,
    signal_author  uuid        not null,
    revision       int         not null,   -- that the change led to
    action         text        not null,
    before         jsonb       not null default '{}',   -- the fields that changed, as they were
    after          jsonb       not null default '{}',   -- and as they became
    changed_by     uuid        not null,
    changed_at     timestamptz not null default now(),

    constraint signal_history_in_realm          unique (realm_id, id),
    constraint signal_history_signal            foreign key (realm_id, signal_id, visibility, signal_author)
                                                references signals (realm_id, id, visibility, created_by) on update cascade on delete cascade,
    constraint signal_history_changed_by_person foreign key (changed_by) references people (user_id),
    constraint signal_history_revision          check (revision >= 1),
    constraint signal_history_action            check (action in ('CREATED', 'IMPORTED', 'EDITED', 'MOVED', 'DELETED', 'RESTORED', 'ANALYSED')),
    constraint signal_history_before_object     check (jsonb_typeof(before) = 'object'),
    constraint signal_history_after_object      check (jsonb_typeof(after) = 'object'),
    constraint signal_history_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'))
);

create index signal_history_signal_idx     on signal_history (realm_id, signal_id, visibility, signal_author);
create index signal_history_changed_by_idx on signal_history (changed_by);

comment on table signal_history is 'What changed in signals, when and by whom.';

create table signal_annotations (
    id             uuid        primary key,
    realm_id       uuid        not null,
    signal_id      uuid        not null,
    visibility     text        not null,
    signal_author  uuid        not null,
    body           text        not null,
    author         uuid        not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint signal_annotations_in_realm      unique (realm_id, id),
    constraint signal_annotations_signal        foreign key (realm_id, signal_id, visibility, signal_author)
                                                references signals (realm_id, id, visibility, created_by) on update cascade on delete cascade,
    constraint signal_annotations_author_person foreign key (author) references people (user_id),
    constraint signal_annotations_body_length   check (length(body) between 1 and 10000),
    constraint signal_annotations_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'))
);

create index signal_annotations_signal_idx on signal_annotations (realm_id, signal_id, visibility, signal_author);
create index signal_annotations_author_idx on signal_annotations (author);

comment on table signal_annotations is 'Notes that people add to signals.';

create table signal_files (
    id             uuid        primary key,
    realm_id       uuid        not null,
    signal_id      uuid        not null,
    visibility     text        not null,
    signal_author  uuid        not null,
    name           text        not null,   -- as it was uploaded
    media_type     text        not null,
    bytes          bytea       not null,
    thumbnail      bytea,                  -- JPEG; of pictures only
    sha256         bytea       not null,
    created_at     timestamptz not null default now(),

    constraint signal_files_in_realm    unique (realm_id, id),
    constraint signal_files_signal      foreign key (realm_id, signal_id, visibility, signal_author)
                                        references signals (realm_id, id, visibility, created_by) on update cascade on delete cascade,
    constraint signal_files_name_length check (length(name) between 1 and 255),
    constraint signal_files_size        check (length(bytes) <= 67108864),
    constraint signal_files_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'))
);

create index signal_files_signal_idx on signal_files (realm_id, signal_id, visibility, signal_author);

comment on table signal_files is 'Pictures and recordings of signals.';

-- Read by who may read the signal in its realm, written by who may change it.
do $$
declare
    v_table text;
    v_own   text := 'signal_author = (select nullif(current_setting(''app.user_id'', true), '''')::uuid)';
    v_in    text := 'realm_id = any ((select nullif(current_setting(''app.realms_%s'', true), '''')::uuid[])::uuid[])';
begin
    foreach v_table in array array['signal_embeddings', 'signal_history', 'signal_annotations', 'signal_files'] loop
        execute format('alter table %I enable row level security, force row level security', v_table);
        execute format('create policy %I on %I for select to @tenant using (gate.access(visibility, %s, %s, %s, %s, false) >= 1)',
            v_table || '_select', v_table, v_own, format(v_in, 'write'), format(v_in, 'own'), format(v_in, 'read'));
        execute format('create policy %I on %I for insert to @tenant with check (gate.access(visibility, %s, %s, %s, false, false) = 2)',
            v_table || '_insert', v_table, v_own, format(v_in, 'write'), format(v_in, 'own'));
        execute format('create policy %I on %I for delete to @tenant using (gate.access(visibility, %s, %s, %s, false, false) = 2)',
            v_table || '_delete', v_table, v_own, format(v_in, 'write'), format(v_in, 'own'));
        execute format('grant select, insert, delete on %I to @tenant', v_table);
    end loop;
end $$;

-- History is added to, never changed.
revoke delete on signal_history from @tenant;

-- Every contributor who may read a signal may annotate it, and changes their own words only.
drop policy signal_annotations_insert on signal_annotations;
create policy signal_annotations_insert on signal_annotations for insert to @tenant
    with check (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and author = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );
drop policy signal_annotations_delete on signal_annotations;
create policy signal_annotations_change on signal_annotations for update to @tenant
    using (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and author = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );
create policy signal_annotations_delete on signal_annotations for delete to @tenant
    using (
        (visibility <> 'PRIVATE' or signal_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
        and author = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );
grant update (body, updated_at) on signal_annotations to @tenant;

create table saved_views (
    id          uuid        primary key,
    user_id     uuid        not null,
    name        text        not null,
    query       text        not null,   -- the query part of the list's URL
    created_at  timestamptz not null default now(),

    constraint saved_views_name_once    unique (user_id, name),
    constraint saved_views_user_person  foreign key (user_id) references people (user_id),
    constraint saved_views_name_length  check (length(name) between 1 and 60),
    constraint saved_views_query_length check (length(query) <= 4000)
);

comment on table saved_views is 'Filters of lists that people keep under a name.';

alter table saved_views enable row level security, force row level security;
create policy saved_views_own on saved_views to @tenant
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant select, insert, delete on saved_views to @tenant;
grant update (query) on saved_views to @tenant;
