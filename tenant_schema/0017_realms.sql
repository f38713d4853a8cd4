-- Realms: territories inside the organisation. Every signal, cluster and synthesis belongs to exactly one.
--
-- How the walls stand, here and in the files on signals, clusters and syntheses:
--   * Every realm table has realm_id and unique (realm_id, id). Foreign keys between realm tables carry realm_id, so that a row can
--     never be tied to a row of another realm, whoever tries.
--   * Row security is enabled and forced, and the policies are for the tenant's role alone. They read what entering the organisation
--     has set for the transaction: app.user_id, app.realms_read and app.realms_write. No policy reads a table. Each setting is read
--     once per query, by a subselect. Where it is missing there are no rows, and no error.
--   * Forced means that the owner of the tables sees nothing either. A later migration that must touch rows of a realm table turns
--     the force off and on again around its statement.
-- Realms and their members change only through functions in schema gate, which keep both arrays in the platform's memberships true.
-- Those functions run as the owner, which therefore has a policy of its own on these two tables.

create table realms (
    id            uuid        primary key,
    owner_id      uuid        not null,      -- who answers for the realm; changed by transfer only
    slug          text        not null,      -- in URLs; a realm's id never is
    name          text        not null,
    description   text        not null default '',
    type          text        not null default 'PRIVATE',   -- its owner alone, its members, or listed for the whole organisation
    settings      jsonb       not null default '{}',
    is_default    boolean     not null default false,       -- where the owner's captures go unless told otherwise
    status        text        not null default 'ACTIVE',
    listed        boolean     not null generated always as (type = 'PUBLIC' and status = 'ACTIVE') stored,   -- copied to signals
    revision      int         not null default 1,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    archived_at   timestamptz,
    delete_at     timestamptz,               -- when the realm and all in it will be removed; until then it can be undone

    constraint realms_slug_once          unique (slug),
    constraint realms_with_listed        unique (id, listed),   -- target: signals

    constraint realms_owner_person       foreign key (owner_id) references people (user_id),
    constraint realms_slug               check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 100),
    constraint realms_slug_reserved      check (slug not in ('new', 'all', 'invitations')),   -- pages of the site have these addresses
    constraint realms_name_length        check (length(name) between 1 and 100),
    constraint realms_description_length check (length(description) <= 5000),
    constraint realms_type               check (type in ('PRIVATE', 'SHARED', 'PUBLIC')),
    constraint realms_settings_object    check (jsonb_typeof(settings) = 'object'),
    constraint realms_status             check (status in ('ACTIVE', 'ARCHIVED', 'DELETING')),
    constraint realms_revision           check (revision >= 1),
    constraint realms_archived_at        check (status <> 'ARCHIVED' or archived_at is not null),
    constraint realms_delete_at          check ((status = 'DELETING') = (delete_at is not null))
);

create unique index realms_one_default_per_owner on realms (owner_id) where is_default;

create index realms_owner_id_idx on realms (owner_id);

comment on table realms is 'Territories inside the organisation.';

alter table realms enable row level security, force row level security;

create policy realms_functions on realms to surrealm_owner
    using (true)
    with check (true);

create policy realms_select on realms for select to @tenant
    using (
        listed and (select nullif(current_setting('app.user_id', true), '')) is not null
        or id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
    );

create policy realms_update on realms for update to @tenant
    using (
        owner_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
        and id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[])
    );

-- What the owner may change without consequences for who sees what; the rest goes through gate.
grant select on realms to @tenant;
grant update (slug, name, description, settings, revision, updated_at) on realms to @tenant;

create table realms_users (
    realm_id      uuid        not null,
    user_id       uuid        not null,
    role          text        not null,
    state         text        not null default 'INVITED',
    invited_by    uuid        not null,      -- the member's own id for the person who made the realm
    joined_at     timestamptz,
    ended_at      timestamptz,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),

    primary key (realm_id, user_id),
    constraint realms_users_realm             foreign key (realm_id) references realms (id) on delete cascade,
    constraint realms_users_user_person       foreign key (user_id) references people (user_id),
    constraint realms_users_invited_by_person foreign key (invited_by) references people (user_id),
    constraint realms_users_role              check (role in ('OWNER', 'CONTRIBUTOR', 'OBSERVER')),
    constraint realms_users_state             check (state in ('INVITED', 'ACTIVE', 'DECLINED', 'LEFT', 'REMOVED')),
    constraint realms_users_joined_at         check (state <> 'ACTIVE' or joined_at is not null),
    constraint realms_users_ended_at          check ((state in ('DECLINED', 'LEFT', 'REMOVED')) = (ended_at is not null))
);

create index realms_users_user_id_idx    on realms_users (user_id);
create index realms_users_invited_by_idx on realms_users (invited_by);

comment on table realms_users is 'Members of realms, with their roles and invitations.';

alter table realms_users enable row level security, force row level security;

create policy realms_users_functions on realms_users to surrealm_owner
    using (true)
    with check (true);

-- One's own rows show also while the answer to an invitation is open.
create policy realms_users_select on realms_users for select to @tenant
    using (
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
        or user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

grant select on realms_users to @tenant;
