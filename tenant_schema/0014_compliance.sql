-- Compliance checks: a surrogate held against a framework's requirements at one moment. Results are evidence and are never changed.

create table compliance_checks (
    id                 uuid        primary key,
    surrogate_id       uuid        not null,
    framework_id       text        not null,      -- such as gdpr-eu; the frameworks are part of the program
    framework_version  text        not null,
    results            jsonb       not null default '[]',   -- per requirement: verdict and evidence
    report             jsonb,
    passed             int         not null,
    failed             int         not null,
    warned             int         not null default 0,
    score              int         not null,      -- percent of the requirements that passed
    status             text        not null,
    checked_by         uuid        not null,
    created_at         timestamptz not null default now(),

    constraint compliance_checks_surrogate         foreign key (surrogate_id) references surrogates (id),
    constraint compliance_checks_checked_by_person foreign key (checked_by) references people (user_id),
    constraint compliance_checks_framework         check (framework_id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    constraint compliance_checks_results_array     check (jsonb_typeof(results) = 'array'),
    constraint compliance_checks_report_object     check (jsonb_typeof(report) = 'object'),
    constraint compliance_checks_counts            check (passed >= 0 and failed >= 0 and warned >= 0),
    constraint compliance_checks_score             check (score between 0 and 100),
    constraint compliance_checks_status            check (status in ('PASSED', 'FAILED')),
    constraint compliance_checks_status_counted    check ((status = 'FAILED') = (failed > 0))
);

create index compliance_checks_surrogate_id_idx on compliance_checks (surrogate_id, framework_id, created_at desc);
create index compliance_checks_checked_by_idx   on compliance_checks (checked_by);

comment on table compliance_checks is 'Results of checking surrogates against frameworks.';

grant select, insert on compliance_checks to @tenant;
