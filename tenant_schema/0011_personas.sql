-- Personas: reusable configurations from which surrogates are made. Every change makes a version, and versions are never changed.
-- Going back makes a new version with an old configuration, so that a number never means two things: the newest version is current.

create table persona_templates (
    id             uuid        primary key,
    name           text        not null,
    description    text        not null default '',
    domain         text        not null,
    jurisdiction   text        not null,
    category       text        not null default '',
    tags           text[]      not null default '{}',
    status         text        not null default 'DRAFT',
    revision       int         not null default 1,
    created_by     uuid        not null,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint persona_templates_created_by_person   foreign key (created_by) references people (user_id),
    constraint persona_templates_name_length         check (length(name) between 2 and 200),
    constraint persona_templates_domain_length       check (length(domain) between 1 and 200),
    constraint persona_templates_jurisdiction_length check (length(jurisdiction) between 1 and 200),
    constraint persona_templates_tags_count          check (cardinality(tags) <= 50),
    constraint persona_templates_status              check (status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
    constraint persona_templates_revision            check (revision >= 1)
);

create index persona_templates_created_by_idx on persona_templates (created_by);

comment on table persona_templates is 'Reusable personas.';

grant select, insert on persona_templates to @tenant;
grant update (name, description, domain, jurisdiction, category, tags, status, revision, updated_at) on persona_templates to @tenant;

create table persona_versions (
    id            uuid        primary key,
    template_id   uuid        not null,
    version       text        not null,      -- such as 1.4.0
    config        jsonb       not null,
    changelog     text        not null default '',
    created_by    uuid        not null,
    created_at    timestamptz not null default now(),

    constraint persona_versions_version_once      unique (template_id, version),

    constraint persona_versions_template          foreign key (template_id) references persona_templates (id),
    constraint persona_versions_created_by_person foreign key (created_by) references people (user_id),
    constraint persona_versions_version           check (version ~ '^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$'),
    constraint persona_versions_config_object     check (jsonb_typeof(config) = 'object'),
    constraint persona_versions_changelog_length  check (length(changelog) <= 5000)
);

create index persona_versions_created_by_idx on persona_versions (created_by);

comment on table persona_versions is 'Every version of every persona.';

grant select, insert on persona_versions to @tenant;
