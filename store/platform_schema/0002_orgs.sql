-- Organisations and who belongs to them. Changed by the definer functions of later files only:
-- they keep the mirror in the tenant (people) and the audit entry in the same transaction.

create table orgs (
  id               uuid primary key,
  slug             text not null,
  name             text not null,
  schema_name      text not null,
  approvals_needed int not null default 1,     -- signatures before a version is certified or a proposal approved
  state            text not null default 'ACTIVE',
  delete_after     timestamptz,                -- set while DELETING: when the schema is dropped
  schema_version   int not null,               -- the last tenant migration applied
  migrate_error    text,                       -- why the last try to migrate failed
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  constraint orgs_slug_unique unique (slug),
  constraint orgs_slug_form check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 3 and 48),
  constraint orgs_slug_reserved check (slug not in ('new', 'admin', 'api', 'app', 'static', 'login', 'public', 'surrealm', 'system', 'template')),
  constraint orgs_schema_name check (schema_name = 'tenant_' || replace(slug, '-', '_')),
  constraint orgs_schema_name_unique unique (schema_name),
  constraint orgs_name_length check (length(name) between 1 and 100),
  constraint orgs_approvals_needed_range check (approvals_needed between 1 and 5),
  constraint orgs_state check (state in ('ACTIVE', 'DELETING')),
  constraint orgs_delete_after check ((state = 'DELETING') = (delete_after is not null))
);

-- The organisation's data key, wrapped by the master key that the database never sees.
create table org_keys (
  org_id      uuid primary key references orgs on delete cascade,
  wrapped_key bytea not null,
  created_at  timestamptz not null default now()
);

create table memberships (
  org_id       uuid not null references orgs on delete cascade,
  user_id      uuid not null references users on delete restrict,
  role         text not null,
  state        text not null default 'ACTIVE',
  realms_read  uuid[] not null default '{}',   -- the realms whose rows this person may see, and
  realms_write uuid[] not null default '{}',   -- may change; kept true by the functions that change realms_users
  joined_at    timestamptz not null default now(),
  primary key (org_id, user_id),
  constraint memberships_role check (role in ('OWNER', 'ADMIN', 'REVIEWER', 'MEMBER', 'AUDITOR')),
  constraint memberships_state check (state in ('ACTIVE', 'DISABLED'))
);
create index memberships_user_id_idx on memberships (user_id);

-- An organisation always has an active owner. The org row's lock makes two owners who step down at once wait for
-- each other, so the second of them sees that it would be the last.
create function public.refuse_ownerless_org() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.orgs o where o.id = old.org_id for update;
  if found and not exists (
    select from public.memberships m where m.org_id = old.org_id and m.role = 'OWNER' and m.state = 'ACTIVE')
  then
    raise exception 'the organisation would have no owner' using errcode = 'SR409', constraint = 'memberships_one_owner';
  end if;
  return null;
end $$;
create constraint trigger memberships_one_owner after update or delete on memberships
  deferrable initially deferred for each row
  when (old.role = 'OWNER') execute function public.refuse_ownerless_org();

create table invitations (
  id          uuid primary key,
  org_id      uuid not null references orgs on delete cascade,
  email       text not null,
  role        text not null,
  token_hash  bytea not null,          -- SHA-256 of the token in the link; replaced when the invitation is sent again
  invited_by  uuid not null references users,
  created_at  timestamptz not null default now(),
  sent_at     timestamptz not null default now(),
  expires_at  timestamptz not null,
  accepted_at timestamptz,
  revoked_at  timestamptz,
  constraint invitations_token_hash_unique unique (token_hash),
  constraint invitations_role check (role in ('ADMIN', 'REVIEWER', 'MEMBER', 'AUDITOR')),
  constraint invitations_one_end check (accepted_at is null or revoked_at is null)
);
create unique index invitations_one_open on invitations (org_id, email) where accepted_at is null and revoked_at is null;
create index invitations_invited_by_idx on invitations (invited_by);

-- What remains of an organisation that was dropped: enough to say that it existed and where its chain ended.
create table dropped_orgs (
  org_id     uuid primary key,
  slug       text not null,
  name       text not null,
  entries    bigint not null,          -- length of its audit chain
  last_hash  bytea not null,
  reason     text not null,
  dropped_at timestamptz not null default now()
);

-- The files of tenant_schema/, stored by `migrate`, so that the server can make a tenant without any right to DDL.
create table tenant_migrations (
  version        int primary key,
  name           text not null,
  sql            text not null,
  as_audit_owner boolean not null,
  checksum       text not null,
  stored_at      timestamptz not null default now()
);

grant select on tenant_migrations to audit_owner;
grant select on orgs, memberships, invitations, dropped_orgs, tenant_migrations to surrealm_ctl;
grant select, insert on org_keys to surrealm_ctl;
