-- How the machine finds clusters: runs, what people decided that later runs obey, and the map.
-- (How the walls between realms stand: see the realms.)
--
-- A run in a realm that several people read never touches PRIVATE signals: the words of a cluster's name are everyone's to read.

alter table clusters
    add column colour     int         not null default 0,       -- which of the map's colours
    add column terms      text[]      not null default '{}',    -- what sets its texts apart, best first
    add column central_id uuid,                                 -- the signal that stands for it best
    add column named      boolean     not null default false,   -- by a person: later runs leave the title alone
    add column run_id     uuid,                                 -- the last run that shaped it; null when made by hand
    add constraint clusters_colour      check (colour between 0 and 11),
    add constraint clusters_terms_count check (cardinality(terms) <= 12);

grant update (colour, terms, central_id, named, run_id) on clusters to @tenant;

create policy clusters_functions on clusters to surrealm_owner using (true) with check (true);

create table cluster_runs (
    id            uuid        primary key,
    realm_id      uuid        not null,
    kind          text        not null,
    state         text        not null default 'WAITING',
    options       jsonb       not null default '{}',   -- what the member chose: resolution, reach, pause
    model         text        not null default '',     -- whose vectors were compared
    done          int         not null default 0,      -- of 100
    signals       int         not null default 0,      -- taken into account
    clustered     int         not null default 0,      -- in a cluster at the end; the others honestly are in none
    left_out      int         not null default 0,      -- of people who have not consented
    consents      uuid[]      not null default '{}',   -- that it rests on
    error         text        not null default '',     -- a sentence for people
    requested_by  uuid        not null,
    requested_at  timestamptz not null default now(),
    started_at    timestamptz,
    finished_at   timestamptz,

    constraint cluster_runs_in_realm            unique (realm_id, id),
    constraint cluster_runs_realm               foreign key (realm_id) references realms (id) on delete cascade,
    constraint cluster_runs_requested_by_person foreign key (requested_by) references people (user_id),
    constraint cluster_runs_kind                check (kind in ('THEMATIC', 'TEMPORAL', 'SPATIAL')),
    constraint cluster_runs_state               check (state in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    constraint cluster_runs_options_object      check (jsonb_typeof(options) = 'object'),
    constraint cluster_runs_done                check (done between 0 and 100)
);

-- One run at a time for each kind: two would undo each other.
create unique index cluster_runs_one_open on cluster_runs (realm_id, kind) where state in ('WAITING', 'RUNNING');
create index cluster_runs_realm_id_idx     on cluster_runs (realm_id, requested_at desc);
create index cluster_runs_requested_by_idx on cluster_runs (requested_by);

comment on table cluster_runs is 'Runs of the machine that finds clusters.';

-- What people decided about single signals: TOGETHER and APART for two of them, PINNED into and OUTSIDE of a cluster for one.
create table cluster_constraints (
    id          uuid        primary key,
    realm_id    uuid        not null,
    kind        text        not null,
    signal_id   uuid        not null,
    other_id    uuid,                     -- the second signal
    cluster_id  uuid,
    created_by  uuid        not null,
    created_at  timestamptz not null default now(),

    constraint cluster_constraints_in_realm          unique (realm_id, id),
    constraint cluster_constraints_signal            foreign key (realm_id, signal_id) references signals (realm_id, id) on update cascade on delete cascade,
    constraint cluster_constraints_other             foreign key (realm_id, other_id) references signals (realm_id, id) on delete cascade,
    constraint cluster_constraints_cluster           foreign key (realm_id, cluster_id) references clusters (realm_id, id) on delete cascade,
    constraint cluster_constraints_created_by_person foreign key (created_by) references people (user_id),
    constraint cluster_constraints_kind              check (kind in ('TOGETHER', 'APART', 'PINNED', 'OUTSIDE')),
    constraint cluster_constraints_about             check (case when kind in ('TOGETHER', 'APART') then other_id is not null and cluster_id is null
                                                                 else other_id is null and cluster_id is not null end)
);

create index cluster_constraints_signal_idx     on cluster_constraints (realm_id, signal_id);
create index cluster_constraints_other_idx      on cluster_constraints (realm_id, other_id);
create index cluster_constraints_cluster_idx    on cluster_constraints (realm_id, cluster_id);
create index cluster_constraints_created_by_idx on cluster_constraints (created_by);

comment on table cluster_constraints is 'What people decided that every later run obeys.';

-- Where a signal stands on its realm's map; 0 to 1 from left to right and from top to bottom.
create table signal_points (
    realm_id       uuid             not null,
    signal_id      uuid             not null,
    visibility     text             not null,
    signal_author  uuid             not null,
    x              double precision not null,
    y              double precision not null,

    primary key (realm_id, signal_id),
    constraint signal_points_signal     foreign key (realm_id, signal_id, visibility, signal_author)
                                        references signals (realm_id, id, visibility, created_by) on update cascade on delete cascade,
    constraint signal_points_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED')),
    constraint signal_points_inside     check (x between 0 and 1 and y between 0 and 1)
);

create index signal_points_signal_idx on signal_points (realm_id, signal_id, visibility, signal_author);

comment on table signal_points is 'Places of signals on the map of their realm.';

do $$
declare
    v_table text;
    v_user  text := '(select nullif(current_setting(''app.user_id'', true), '''')::uuid)';
    v_in    text := 'realm_id = any ((select nullif(current_setting(''app.realms_%s'', true), '''')::uuid[])::uuid[])';
begin
    foreach v_table in array array['cluster_runs', 'cluster_constraints'] loop
        execute format('alter table %I enable row level security, force row level security', v_table);
        execute format('create policy %I on %I for select to @tenant using (%s)', v_table || '_select', v_table, format(v_in, 'read'));
        execute format('create policy %I on %I for insert to @tenant with check (%s and %s = %s)', v_table || '_insert', v_table,
            format(v_in, 'write'), case v_table when 'cluster_runs' then 'requested_by' else 'created_by' end, v_user);
    end loop;
    execute format('create policy cluster_runs_update on cluster_runs for update to @tenant using (%s)', format(v_in, 'write'));
    execute format('create policy cluster_constraints_delete on cluster_constraints for delete to @tenant using (%s)', format(v_in, 'write'));
    alter table signal_points enable row level security, force row level security;
    execute format('create policy signal_points_select on signal_points for select to @tenant
        using (gate.access(visibility, signal_author = %s, %s, %s, %s, false) >= 1)', v_user, format(v_in, 'write'), format(v_in, 'own'), format(v_in, 'read'));
    execute format('create policy signal_points_insert on signal_points for insert to @tenant
        with check ((visibility <> ''PRIVATE'' or signal_author = %s) and %s)', v_user, format(v_in, 'write'));
    execute format('create policy signal_points_update on signal_points for update to @tenant
        using ((visibility <> ''PRIVATE'' or signal_author = %s) and %s)', v_user, format(v_in, 'write'));
    execute format('create policy signal_points_delete on signal_points for delete to @tenant
        using ((visibility <> ''PRIVATE'' or signal_author = %s) and %s)', v_user, format(v_in, 'write'));
end $$;

grant select, insert on cluster_runs, cluster_constraints to @tenant;
grant update (state, model, done, signals, clustered, left_out, consents, error, started_at, finished_at) on cluster_runs to @tenant;
grant delete on cluster_constraints to @tenant;
grant select, insert, delete on signal_points to @tenant;
grant update (x, y) on signal_points to @tenant;
