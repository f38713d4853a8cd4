-- The processes that work jobs. Each says every few seconds that it lives, so that what a dead one was working on goes back
-- into the queue after a minute, and not after River's hour.
create table job_workers (
  id       text        not null,   -- as in river_job.attempted_by
  seen_at  timestamptz not null default now(),
  constraint job_workers_pkey primary key (id)
);
comment on table job_workers is 'Processes that work jobs, and when each was last alive.';
grant select, insert, update, delete on job_workers to surrealm_ctl;
