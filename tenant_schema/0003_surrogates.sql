-- Surrogates: the AI agents that the organisation defines.
--
-- A surrogate is archived, never deleted: its SOPs, sessions and audit entries keep speaking of it.

create table surrogates (
    id            uuid        primary key,
    role_title    text        not null,      -- what it does, such as "Triage nurse"
    domain        text        not null,
    jurisdiction  text        not null,
    config        jsonb       not null default '{}',   -- seniority, certifications, style, assertiveness, empathy, risk, threshold
    status        text        not null default 'DRAFT',
    revision      int         not null default 1,      -- grows with every change; an editor must name the one that was read
    created_by    uuid        not null,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),
    archived_at   timestamptz,

    constraint surrogates_created_by_person   foreign key (created_by) references people (user_id),
    constraint surrogates_role_title_length   check (length(role_title) between 1 and 200),
    constraint surrogates_domain_length       check (length(domain) between 1 and 200),
    constraint surrogates_jurisdiction_length check (length(jurisdiction) between 1 and 200),
    constraint surrogates_config_object       check (jsonb_typeof(config) = 'object'),
    constraint surrogates_status              check (status in ('DRAFT', 'ACTIVE', 'PAUSED', 'ARCHIVED')),
    constraint surrogates_revision            check (revision >= 1),
    constraint surrogates_archived_at         check ((status = 'ARCHIVED') = (archived_at is not null))
);

create index surrogates_created_by_idx        on surrogates (created_by);
create index surrogates_status_updated_at_idx on surrogates (status, updated_at desc, id desc);

comment on table surrogates is 'AI agents: role, domain, jurisdiction, configuration and life cycle.';

grant select, insert on surrogates to @tenant;
grant update (role_title, domain, jurisdiction, config, status, revision, updated_at, archived_at) on surrogates to @tenant;
