-- Sessions: the work that surrogates do, the decisions they take in it, and what is learned from it afterwards.
--
-- An execution walks one certified SOP inside a session. Composite keys hold that session, execution, decision and debrief all speak
-- of the same surrogate, and that the SOP is that surrogate's own.

create table sessions (
    id            uuid        primary key,
    surrogate_id  uuid        not null,
    metadata      jsonb       not null default '{}',
    status        text        not null default 'ACTIVE',
    started_by    uuid        not null,
    started_at    timestamptz not null default now(),
    ended_at      timestamptz,
    created_at    timestamptz not null default now(),

    constraint sessions_with_surrogate    unique (id, surrogate_id),   -- target: executions, decisions, debriefs, handoffs

    constraint sessions_surrogate         foreign key (surrogate_id) references surrogates (id),
    constraint sessions_started_by_person foreign key (started_by) references people (user_id),
    constraint sessions_metadata_object   check (jsonb_typeof(metadata) = 'object'),
    constraint sessions_status            check (status in ('ACTIVE', 'COMPLETED', 'ABANDONED')),
    constraint sessions_ended_at          check ((status = 'ACTIVE') = (ended_at is null) and ended_at >= started_at)
);

create index sessions_surrogate_id_idx on sessions (surrogate_id, started_at desc);
create index sessions_started_by_idx   on sessions (started_by);

comment on table sessions is 'Stretches of work of a surrogate.';

grant select, insert on sessions to @tenant;
grant update (metadata, status, ended_at) on sessions to @tenant;

create table executions (
    id               uuid        primary key,
    session_id       uuid        not null,
    surrogate_id     uuid        not null,
    sop_id           uuid        not null,      -- pinned: a newer version does not change a run that has started

    current_node_id  text        not null,
    visited_nodes    text[]      not null default '{}',   -- node ids in the order of visits, repeats included
    context          jsonb       not null default '{}',   -- what has been gathered so far
    status           text        not null default 'RUNNING',
    revision         int         not null default 1,      -- grows with every step: of two simultaneous steps one wins
    waiting_for      uuid,                      -- the person asked to approve a checkpoint or to resolve an escalation
    reason           text        not null default '',     -- why it was paused, escalated or aborted
    started_at       timestamptz not null default now(),
    completed_at     timestamptz,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint executions_in_session         unique (id, session_id),   -- target: decisions

    constraint executions_session            foreign key (session_id, surrogate_id) references sessions (id, surrogate_id),
    constraint executions_sop                foreign key (sop_id, surrogate_id) references sops (id, surrogate_id),
    constraint executions_waiting_for_person foreign key (waiting_for) references people (user_id),
    constraint executions_context_object     check (jsonb_typeof(context) = 'object'),
    constraint executions_status             check (status in (
        'RUNNING', 'PAUSED', 'AWAITING_INPUT', 'AWAITING_APPROVAL', 'AWAITING_ESCALATION', 'COMPLETED', 'ABORTED')),
    constraint executions_revision           check (revision >= 1),
    constraint executions_waiting_for        check (
        waiting_for is null or status in ('PAUSED', 'AWAITING_APPROVAL', 'AWAITING_ESCALATION')),
    constraint executions_reason_length      check (length(reason) <= 5000),
    constraint executions_completed_at       check ((status in ('COMPLETED', 'ABORTED')) = (completed_at is not null))
);

create unique index executions_one_live_per_session on executions (session_id) where status not in ('COMPLETED', 'ABORTED');

create index executions_session_id_surrogate_id_idx on executions (session_id, surrogate_id);
create index executions_sop_id_surrogate_id_idx     on executions (sop_id, surrogate_id);
create index executions_waiting_for_idx             on executions (waiting_for);

comment on table executions is 'Runs of an SOP by a surrogate, step by step.';

grant select, insert on executions to @tenant;
grant update (current_node_id, visited_nodes, context, status, revision, waiting_for, reason, completed_at, updated_at)
    on executions to @tenant;

-- The decision log. Rows are added by people and by executions alike; only the outcome is filled in later.
create table decision_outcomes (
    id            uuid             primary key,
    session_id    uuid             not null,
    surrogate_id  uuid             not null,
    execution_id  uuid,                         -- null when the decision was noted by hand
    sop_node_id   text,                         -- the step at which it was taken
    decision      text             not null,
    outcome       text,                         -- what came of it, once known
    confidence    double precision,
    context       jsonb            not null default '{}',
    recorded_by   uuid             not null,
    created_at    timestamptz      not null default now(),

    constraint decision_outcomes_session            foreign key (session_id, surrogate_id) references sessions (id, surrogate_id),
    constraint decision_outcomes_execution          foreign key (execution_id, session_id) references executions (id, session_id),
    constraint decision_outcomes_recorded_by_person foreign key (recorded_by) references people (user_id),
    constraint decision_outcomes_decision_length    check (length(decision) between 1 and 10000),
    constraint decision_outcomes_confidence         check (confidence between 0 and 1),
    constraint decision_outcomes_context_object     check (jsonb_typeof(context) = 'object')
);

create index decision_outcomes_session_id_surrogate_id_idx on decision_outcomes (session_id, surrogate_id);
create index decision_outcomes_execution_id_session_id_idx on decision_outcomes (execution_id, session_id);
create index decision_outcomes_recorded_by_idx             on decision_outcomes (recorded_by);

comment on table decision_outcomes is 'Decisions taken in sessions, and what came of them.';

grant select, insert on decision_outcomes to @tenant;
grant update (outcome) on decision_outcomes to @tenant;

create table debriefs (
    id               uuid             primary key,
    session_id       uuid             not null,
    surrogate_id     uuid             not null,
    summary          text             not null,
    decisions        jsonb            not null default '[]',   -- description, outcome, whether it was correct, improvement
    escalations      jsonb            not null default '[]',   -- reason, context
    edge_cases       jsonb            not null default '[]',   -- description, suggested handling
    recommendations  jsonb            not null default '[]',   -- title, description, priority, effect on the SOP
    confidence       double precision,
    provider         text             not null,    -- what wrote it: a person, the built-in default or a model's provider
    model            text             not null default '',
    created_by       uuid             not null,
    created_at       timestamptz      not null default now(),
    updated_at       timestamptz      not null default now(),

    constraint debriefs_one_per_session       unique (surrogate_id, session_id),   -- a session has one surrogate

    constraint debriefs_session               foreign key (session_id, surrogate_id) references sessions (id, surrogate_id),
    constraint debriefs_created_by_person     foreign key (created_by) references people (user_id),
    constraint debriefs_decisions_array       check (jsonb_typeof(decisions) = 'array'),
    constraint debriefs_escalations_array     check (jsonb_typeof(escalations) = 'array'),
    constraint debriefs_edge_cases_array      check (jsonb_typeof(edge_cases) = 'array'),
    constraint debriefs_recommendations_array check (jsonb_typeof(recommendations) = 'array'),
    constraint debriefs_confidence            check (confidence between 0 and 1)
);

create index debriefs_created_by_idx on debriefs (created_by);

comment on table debriefs is 'What was learned from a session; at most one each.';

grant select, insert, delete on debriefs to @tenant;
grant update (summary, decisions, escalations, edge_cases, recommendations, confidence, provider, model, updated_at)
    on debriefs to @tenant;
