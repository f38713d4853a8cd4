-- Bias checks: statistics over a surrogate's decisions, or over everyone's, with what stands out in them.

create table bias_checks (
    id                    uuid             primary key,
    surrogate_id          uuid,                         -- null: all surrogates together
    decision_sample_size  int              not null default 0,
    analysis              jsonb            not null default '{}',   -- the computed statistics and the overall assessment
    anomalies             jsonb            not null default '[]',   -- category, description, severity, evidence
    recommendations       jsonb            not null default '[]',   -- title, description, priority, steps
    score                 double precision,             -- 0 none found .. 1 strong; null until completed
    provider              text             not null,    -- what assessed the statistics: the built-in default or a model's provider
    model                 text             not null default '',
    status                text             not null default 'PENDING',
    error                 text             not null default '',     -- why it failed, in words
    triggered_by          uuid             not null,
    completed_at          timestamptz,
    created_at            timestamptz      not null default now(),

    constraint bias_checks_surrogate             foreign key (surrogate_id) references surrogates (id),
    constraint bias_checks_triggered_by_person   foreign key (triggered_by) references people (user_id),
    constraint bias_checks_sample_size           check (decision_sample_size >= 0),
    constraint bias_checks_analysis_object       check (jsonb_typeof(analysis) = 'object'),
    constraint bias_checks_anomalies_array       check (jsonb_typeof(anomalies) = 'array'),
    constraint bias_checks_recommendations_array check (jsonb_typeof(recommendations) = 'array'),
    constraint bias_checks_score                 check (score between 0 and 1),
    constraint bias_checks_status                check (status in ('PENDING', 'COMPLETED', 'FAILED')),
    constraint bias_checks_score_when_completed  check ((status = 'COMPLETED') = (score is not null)),
    constraint bias_checks_completed_at          check ((status = 'PENDING') = (completed_at is null))
);

create index bias_checks_surrogate_id_idx on bias_checks (surrogate_id, created_at desc);
create index bias_checks_triggered_by_idx on bias_checks (triggered_by);

comment on table bias_checks is 'Checks of decisions for bias.';

grant select, insert on bias_checks to @tenant;
grant update (decision_sample_size, analysis, anomalies, recommendations, score, provider, model, status, error, completed_at)
    on bias_checks to @tenant;
