-- Jobs and mail. River owns its tables in schema river; these functions are how the rest of the database adds to them.

-- Adds a job of a kind that the server works. Arguments are ids only: the table belongs to everyone.
create function public.enqueue(p_kind text, p_args jsonb, p_at timestamptz default now()) returns void
  language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into river.river_job (kind, args, max_attempts, queue, priority, state, scheduled_at)
  values (p_kind, p_args, 25, 'default', 1,
    case when p_at > now() then 'scheduled' else 'available' end::river.river_job_state, p_at)
$$;

-- Puts a mail into the outbox and adds the job that sends it.
create function public.queue_mail(p_id uuid, p_recipient text, p_subject text, p_body text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.outbox (id, recipient, subject, body) values (p_id, p_recipient, p_subject, p_body);
  perform public.enqueue('send_mail', jsonb_build_object('mail', p_id));
end $$;

-- Drops an organisation whose seven days are over, and answers whether it did: its owner may have called the deletion
-- off since the job was added. The row's lock decides between the two.
create function public.drop_due_org(p_org uuid) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.orgs o where o.id = p_org and o.state = 'DELETING' and o.delete_after <= now() for update;
  if not found then
    return false;
  end if;
  perform public.drop_org(p_org, 'deletion planned by its owner');
  return true;
end $$;

grant execute on function public.enqueue(text, jsonb, timestamptz), public.queue_mail(uuid, text, text, text),
  public.drop_due_org(uuid) to surrealm_ctl;
