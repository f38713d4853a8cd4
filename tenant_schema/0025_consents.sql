-- Consents: what a person allows to be done with what they captured in a realm that is not theirs alone.
-- (How the walls between realms stand: see the realms.)
--
-- A run over several people's signals takes in those whose authors consent to its purpose at that moment, and says how many it left
-- out. A consent is ended, never changed: runs and syntheses name the consents that they rest on.

create table consents (
    id           uuid        primary key,
    realm_id     uuid        not null,
    user_id      uuid        not null,
    purpose      text        not null,
    scope        text        not null default 'ALL',
    tags         text[]      not null default '{}',   -- with scope TAGS: any of these
    from_at      timestamptz,                         -- with scope RANGE: captured at or after
    until_at     timestamptz,                         -- and before
    signal_ids   uuid[]      not null default '{}',   -- with scope SIGNALS
    external     boolean     not null default false,  -- also providers outside this server
    granted_at   timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,

    constraint consents_in_realm    unique (realm_id, id),
    constraint consents_member      foreign key (realm_id, user_id) references realms_users (realm_id, user_id) on delete cascade,
    constraint consents_user_person foreign key (user_id) references people (user_id),
    constraint consents_purpose     check (purpose in ('ANALYSIS', 'REFLECTION', 'CLUSTER', 'NETWORK')),
    constraint consents_scope       check (scope in ('ALL', 'TAGS', 'RANGE', 'SIGNALS')),
    constraint consents_tags        check ((scope = 'TAGS') = (tags <> '{}') and cardinality(tags) <= 100),
    constraint consents_signals     check ((scope = 'SIGNALS') = (signal_ids <> '{}') and cardinality(signal_ids) <= 1000),
    constraint consents_range       check (scope = 'RANGE' or from_at is null and until_at is null)
);

create unique index consents_one_live on consents (realm_id, user_id, purpose) where revoked_at is null;
create index consents_realm_id_user_id_idx on consents (realm_id, user_id);
create index consents_user_id_idx          on consents (user_id);

comment on table consents is 'What people allow to be done with their signals in shared realms.';

alter table consents enable row level security, force row level security;

-- Members see who of them consents to what: a run is theirs together.
create policy consents_select on consents for select to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[]));

create policy consents_insert on consents for insert to @tenant
    with check (
        user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
        and realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
    );

create policy consents_update on consents for update to @tenant
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));

grant select, insert on consents to @tenant;
grant update (revoked_at) on consents to @tenant;

alter table syntheses
    add column consents   uuid[]      not null default '{}',   -- that it rests on
    add column left_out   int         not null default 0,      -- signals of people who had not consented
    add column tainted_at timestamptz,                         -- since when one of its consents is revoked
    add column rating     int,                                 -- by people, 1 to 5
    add constraint syntheses_rating check (rating between 1 and 5);

grant update (tainted_at, rating) on syntheses to @tenant;

-- What a proposal or version rests on: signals, clusters and syntheses of realms that its readers may or may not see.
-- The link itself tells nothing but that there is one; what it leads to is behind the realm's walls.
create table sop_evidence (
    id            uuid        primary key,
    realm_id      uuid        not null,
    proposal_id   uuid,
    sop_id        uuid,                    -- the version that was made from it
    signal_id     uuid,                    -- exactly one of these three
    cluster_id    uuid,
    synthesis_id  uuid,
    added_by      uuid        not null,
    created_at    timestamptz not null default now(),

    constraint sop_evidence_in_realm         unique (realm_id, id),
    constraint sop_evidence_proposal         foreign key (proposal_id) references sop_proposals (id) on delete cascade,
    constraint sop_evidence_sop              foreign key (sop_id) references sops (id) on delete cascade,
    constraint sop_evidence_signal           foreign key (realm_id, signal_id) references signals (realm_id, id) on update cascade on delete cascade,
    constraint sop_evidence_cluster          foreign key (realm_id, cluster_id) references clusters (realm_id, id) on delete cascade,
    constraint sop_evidence_synthesis        foreign key (realm_id, synthesis_id) references syntheses (realm_id, id) on delete cascade,
    constraint sop_evidence_added_by_person  foreign key (added_by) references people (user_id),
    constraint sop_evidence_of_something     check (num_nonnulls(proposal_id, sop_id) >= 1),
    constraint sop_evidence_one_source       check (num_nonnulls(signal_id, cluster_id, synthesis_id) = 1)
);

create index sop_evidence_proposal_id_idx on sop_evidence (proposal_id);
create index sop_evidence_sop_id_idx      on sop_evidence (sop_id);
create index sop_evidence_signal_idx      on sop_evidence (realm_id, signal_id);
create index sop_evidence_cluster_idx     on sop_evidence (realm_id, cluster_id);
create index sop_evidence_synthesis_idx   on sop_evidence (realm_id, synthesis_id);
create index sop_evidence_added_by_idx    on sop_evidence (added_by);

comment on table sop_evidence is 'The observations that proposals and versions of procedures rest on.';

alter table sop_evidence enable row level security, force row level security;

create policy sop_evidence_functions on sop_evidence to surrealm_owner using (true) with check (true);

create policy sop_evidence_select on sop_evidence for select to @tenant
    using (realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[]));

create policy sop_evidence_insert on sop_evidence for insert to @tenant
    with check (
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
        and added_by = (select nullif(current_setting('app.user_id', true), '')::uuid)
    );

grant select, insert on sop_evidence to @tenant;
