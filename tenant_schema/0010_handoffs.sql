-- Handoffs: work passed on from surrogate to surrogate, from surrogate to person, or from person to surrogate.
--
-- The type says which ends exist, and a check holds it to that.

create table handoffs (
    id                   uuid        primary key,
    source_surrogate_id  uuid,                      -- null when a person hands over
    target_surrogate_id  uuid,                      -- null when a person takes over
    target_person        uuid,
    session_id           uuid,                      -- the source surrogate's session that is handed over
    type                 text        not null,
    context_bundle       jsonb       not null default '{}',   -- decisions, open items, risks: what the other side must know
    summary              text        not null default '',
    status               text        not null default 'INITIATED',
    initiated_by         uuid        not null,
    decided_by           uuid,                      -- who accepted or rejected
    reason               text        not null default '',     -- why it was rejected
    initiated_at         timestamptz not null default now(),
    decided_at           timestamptz,
    expires_at           timestamptz,
    created_at           timestamptz not null default now(),

    constraint handoffs_source_surrogate     foreign key (source_surrogate_id) references surrogates (id),
    constraint handoffs_target_surrogate     foreign key (target_surrogate_id) references surrogates (id),
    constraint handoffs_target_person_person foreign key (target_person) references people (user_id),
    constraint handoffs_session              foreign key (session_id, source_surrogate_id) references sessions (id, surrogate_id),
    constraint handoffs_initiated_by_person  foreign key (initiated_by) references people (user_id),
    constraint handoffs_decided_by_person    foreign key (decided_by) references people (user_id),

    constraint handoffs_ends                 check (
        case type
            when 'DIGITAL_TO_DIGITAL' then num_nonnulls(source_surrogate_id, target_surrogate_id) = 2 and target_person is null
            when 'DIGITAL_TO_HUMAN'   then num_nonnulls(source_surrogate_id, target_person) = 2 and target_surrogate_id is null
            when 'HUMAN_TO_DIGITAL'   then target_surrogate_id is not null and num_nulls(source_surrogate_id, target_person) = 2
            else false
        end),
    constraint handoffs_other_surrogate      check (source_surrogate_id <> target_surrogate_id),
    constraint handoffs_session_has_source   check (session_id is null or source_surrogate_id is not null),
    constraint handoffs_type                 check (type in ('DIGITAL_TO_DIGITAL', 'DIGITAL_TO_HUMAN', 'HUMAN_TO_DIGITAL')),
    constraint handoffs_bundle_object        check (jsonb_typeof(context_bundle) = 'object'),
    constraint handoffs_status               check (status in ('INITIATED', 'ACCEPTED', 'REJECTED', 'EXPIRED')),
    constraint handoffs_decided              check ((status in ('ACCEPTED', 'REJECTED')) = (decided_by is not null)
                                                    and (decided_by is null) = (decided_at is null)),
    constraint handoffs_reason_length        check (length(reason) <= 5000)
);

create index handoffs_source_surrogate_id_idx on handoffs (source_surrogate_id);
create index handoffs_target_surrogate_id_idx on handoffs (target_surrogate_id);
create index handoffs_target_person_idx       on handoffs (target_person);
create index handoffs_session_id_source_idx   on handoffs (session_id, source_surrogate_id);
create index handoffs_initiated_by_idx        on handoffs (initiated_by);
create index handoffs_decided_by_idx          on handoffs (decided_by);

comment on table handoffs is 'Work handed over between surrogates and people.';

grant select, insert on handoffs to @tenant;
grant update (context_bundle, summary, status, decided_by, reason, decided_at, expires_at) on handoffs to @tenant;
