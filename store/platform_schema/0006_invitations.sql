-- Invitations: made and withdrawn from inside the tenant, accepted from outside it.

create function gate.invitations() returns table (id uuid, email text, role text, invited_by uuid, created_at timestamptz,
    sent_at timestamptz, expires_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query select i.id, i.email, i.role, i.invited_by, i.created_at, i.sent_at, i.expires_at
    from public.invitations i
    where i.org_id = current_setting('app.org_id')::uuid and i.accepted_at is null and i.revoked_at is null
    order by i.created_at desc;
end $$;

-- Invites an address. SR409 when it belongs to a member already; a unique violation when it is invited already.
create function gate.invite(p_id uuid, p_email text, p_role text, p_token_hash bytea, p_subject text, p_body text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_org uuid := current_setting('app.org_id')::uuid;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  if exists (select from public.memberships m join public.users u on u.id = m.user_id where m.org_id = v_org and u.email = p_email) then
    raise exception 'already a member' using errcode = 'SR409', constraint = 'invitations_not_member';
  end if;
  -- An invitation that ran out makes room for a new one.
  update public.invitations set revoked_at = now()
    where org_id = v_org and email = p_email and accepted_at is null and revoked_at is null and expires_at < now();
  insert into public.invitations (id, org_id, email, role, token_hash, invited_by, expires_at)
    values (p_id, v_org, p_email, p_role, p_token_hash, current_setting('app.user_id')::uuid, now() + interval '7 days');
  perform public.queue_mail(p_id, p_email, p_subject, p_body);
end $$;

-- Sends an open invitation again with a new token and seven new days; the old link stops working. Returns its address and role.
create function gate.renew_invitation(p_id uuid, p_token_hash bytea) returns table (email text, role text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query update public.invitations i set token_hash = p_token_hash, sent_at = now(), expires_at = now() + interval '7 days'
    where i.id = p_id and i.org_id = current_setting('app.org_id')::uuid and i.accepted_at is null and i.revoked_at is null
    returning i.email, i.role;
  if not found then
    raise exception 'no such open invitation' using errcode = 'SR404';
  end if;
end $$;

-- Queues the mail of an invitation that was renewed; to nobody but its own address.
create function gate.mail_invitation(p_invitation uuid, p_mail uuid, p_subject text, p_body text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_email text;
begin
  perform gate.require_role('OWNER', 'ADMIN');
  select i.email into strict v_email from public.invitations i
    where i.id = p_invitation and i.org_id = current_setting('app.org_id')::uuid;
  perform public.queue_mail(p_mail, v_email, p_subject, p_body);
end $$;

create function gate.revoke_invitation(p_id uuid) returns table (email text, role text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform gate.require_role('OWNER', 'ADMIN');
  return query update public.invitations i set revoked_at = now()
    where i.id = p_id and i.org_id = current_setting('app.org_id')::uuid and i.accepted_at is null and i.revoked_at is null
    returning i.email, i.role;
  if not found then
    raise exception 'no such open invitation' using errcode = 'SR404';
  end if;
end $$;

-- Accepts an invitation for a user whose address it was sent to: once, and only while it is open.
-- SR404 when the token is unknown, used, withdrawn or expired; SR403 when the user has another address.
create function public.accept_invitation(p_token_hash bytea, p_user uuid) returns table (org_id uuid, org_slug text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare i record; u record; o record;
begin
  update public.invitations x set accepted_at = now()
    where x.token_hash = p_token_hash and x.accepted_at is null and x.revoked_at is null and x.expires_at > now()
    returning x.* into i;
  if not found then
    raise exception 'no such open invitation' using errcode = 'SR404';
  end if;
  select x.name, x.email into strict u from public.users x where x.id = p_user and x.disabled_at is null;
  if u.email <> i.email then
    raise exception 'the invitation is for another address' using errcode = 'SR403';
  end if;
  select x.id, x.slug, x.name, x.schema_name into strict o from public.orgs x where x.id = i.org_id;
  insert into public.memberships (org_id, user_id, role) values (o.id, p_user, i.role)
    on conflict on constraint memberships_pkey do nothing;
  if not found then
    raise exception 'already a member' using errcode = 'SR409', constraint = 'invitations_not_member';
  end if;
  execute format('insert into %I.people (user_id, display_name, email, org_role, state) values ($1, $2, $3, $4, ''ACTIVE'')
    on conflict (user_id) do update set display_name = excluded.display_name, email = excluded.email,
      org_role = excluded.org_role, state = ''ACTIVE'', left_at = null', o.schema_name)
    using p_user, u.name, u.email, i.role;
  perform gate.append_entry(o.schema_name, o.id, p_user, u.name, 'member.joined', 'member', p_user, u.name,
    format('{"role":%s}', to_json(i.role)));
  return query select o.id, o.slug;
end $$;

-- Renames a person everywhere: the account and the mirror in each organisation, with an entry in each chain.
create function public.rename_user(p_user uuid, p_name text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare o record; v_old text;
begin
  select x.name into strict v_old from public.users x where x.id = p_user for update;
  update public.users set name = p_name, updated_at = now() where id = p_user;
  for o in select x.id, x.schema_name from public.orgs x join public.memberships m on m.org_id = x.id
           where m.user_id = p_user order by x.id loop
    execute format('update %I.people set display_name = $1 where user_id = $2', o.schema_name) using p_name, p_user;
    perform gate.append_entry(o.schema_name, o.id, p_user, p_name, 'member.renamed', 'member', p_user, p_name,
      format('{"from":%s,"to":%s}', to_json(v_old), to_json(p_name)));
  end loop;
end $$;

grant execute on function gate.invitations(), gate.invite(uuid, text, text, bytea, text, text), gate.renew_invitation(uuid, bytea),
  gate.mail_invitation(uuid, uuid, text, text), gate.revoke_invitation(uuid) to surrealm_tenant;
grant execute on function public.accept_invitation(bytea, uuid), public.rename_user(uuid, text) to surrealm_ctl;
