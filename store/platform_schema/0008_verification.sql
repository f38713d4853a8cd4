-- What the background verification found last, for the audit page. It is news, not evidence: whoever can change a chain
-- can change this row as well. The evidence is the signed checkpoints outside the database.

create table audit_verifications (
  org_id      uuid primary key references orgs on delete cascade,
  entries     bigint not null,         -- how many were found whole, from the first
  checkpoint  bigint not null,         -- entries that the newest signed checkpoint covers
  fault_seq   bigint,                  -- the first bad entry; 0 when the fault is not in one entry
  reason      text,                    -- what is wrong with it, as a sentence
  verified_at timestamptz not null default now(),
  constraint audit_verifications_fault check ((fault_seq is null) = (reason is null))
);

grant select, insert, update on audit_verifications to surrealm_ctl;

-- The organisation's own outcome; no row before the first verification.
create function gate.audit_verification() returns table (entries bigint, checkpoint bigint, fault_seq bigint, reason text, verified_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select v.entries, v.checkpoint, v.fault_seq, v.reason, v.verified_at
  from public.audit_verifications v where v.org_id = current_setting('app.org_id')::uuid
$$;

-- Asks for a verification soon. Asking again before it began changes nothing.
create function gate.request_verification() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_args jsonb := jsonb_build_object('org', current_setting('app.org_id'));
begin
  perform gate.require_role('OWNER', 'ADMIN', 'REVIEWER', 'AUDITOR');
  if not exists (select from river.river_job j
      where j.kind = 'verify_audit' and j.args @> v_args and j.state in ('available', 'pending', 'retryable', 'scheduled')) then
    perform public.enqueue('verify_audit', v_args);
  end if;
end $$;

grant execute on function gate.audit_verification(), gate.request_verification() to surrealm_tenant;
