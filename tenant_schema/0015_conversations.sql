-- Conversations: what one person and one surrogate say to each other.
--
-- A conversation is private to its person. Row security holds that for every query, whatever its conditions: app.user_id is set on
-- entering the organisation and cannot be changed by the tenant's role. Messages carry the person's id by a composite key, so that
-- their policy needs no look at another table. Without the setting there are no rows, and no error.

create table conversations (
    id            uuid        primary key,
    surrogate_id  uuid        not null,
    user_id       uuid        not null,
    title         text        not null default '',
    status        text        not null default 'ACTIVE',
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),

    constraint conversations_with_user    unique (id, user_id),   -- target: messages

    constraint conversations_surrogate    foreign key (surrogate_id) references surrogates (id),
    constraint conversations_user_person  foreign key (user_id) references people (user_id),
    constraint conversations_title_length check (length(title) <= 200),
    constraint conversations_status       check (status in ('ACTIVE', 'DELETED'))
);

create index conversations_surrogate_id_idx on conversations (surrogate_id);
create index conversations_user_id_idx      on conversations (user_id, updated_at desc);

comment on table conversations is 'Conversations of people with surrogates; each is private to its person.';

alter table conversations enable row level security, force row level security;

create policy conversations_own on conversations to @tenant
    using      (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
    with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

grant select, insert, delete on conversations to @tenant;
grant update (title, status, updated_at) on conversations to @tenant;

create table messages (
    id               uuid        primary key,
    conversation_id  uuid        not null,
    user_id          uuid        not null,      -- the conversation's person, also in what the surrogate says
    role             text        not null,
    content          text        not null,
    provider         text        not null default '',   -- what wrote it; empty for the person's own words
    model            text        not null default '',
    metadata         jsonb       not null default '{}',
    created_at       timestamptz not null default now(),

    constraint messages_conversation    foreign key (conversation_id, user_id) references conversations (id, user_id)
                                        on delete cascade,
    constraint messages_role            check (role in ('user', 'assistant')),
    constraint messages_content_length  check (length(content) between 1 and 32000),
    constraint messages_provider        check ((role = 'user') = (provider = '')),
    constraint messages_metadata_object check (jsonb_typeof(metadata) = 'object')
);

create index messages_conversation_id_user_id_idx on messages (conversation_id, user_id, id);

comment on table messages is 'Messages of conversations.';

alter table messages enable row level security, force row level security;

create policy messages_own on messages to @tenant
    using      (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
    with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

grant select, insert, delete on messages to @tenant;
