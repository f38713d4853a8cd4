-- version 43
-- What every organisation owns: the files of this folder together, as PostgreSQL tells it. A new one is made by this text.
-- Written by make schema; a test keeps it current. @tenant is the organisation's schema and role.

-- role @tenant: nologin;
grant surrealm_tenant to @tenant;
grant @tenant to surrealm_web;
create schema @tenant authorization surrealm_owner;
grant usage on schema @tenant to audit_owner;
grant usage on schema @tenant to @tenant;

-- owned by audit_owner
create table audit_entries (
  seq bigint not null,
  body bytea not null,
  hash bytea not null,
  prev_hash bytea not null,
  at timestamptz not null,
  actor uuid,
  actor_name text not null,
  action text not null,
  object_type text not null,
  object_id uuid,
  object_label text not null,
  constraint audit_entries_action CHECK (action ~ '^[a-z_]+\.[a-z_]+$'::text),
  constraint audit_entries_hash CHECK (octet_length(hash) = 32),
  constraint audit_entries_hash_once UNIQUE (hash),
  constraint audit_entries_pkey PRIMARY KEY (seq),
  constraint audit_entries_prev_hash CHECK (octet_length(prev_hash) = 32),
  constraint audit_entries_prev_hash_once UNIQUE (prev_hash),
  constraint audit_entries_seq CHECK (seq >= 1)
);
CREATE INDEX audit_entries_action_idx ON audit_entries (action, seq);
CREATE INDEX audit_entries_actor_idx ON audit_entries (actor, seq);
CREATE INDEX audit_entries_at_idx ON audit_entries (at);
CREATE INDEX audit_entries_object_idx ON audit_entries (object_id, seq);
CREATE TRIGGER audit_entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION gate.refuse_change(); alter table audit_entries enable always trigger audit_entries_append_only;
grant select on audit_entries to @tenant;
comment on table audit_entries is 'Every change in the organisation, hash-chained; rows are never changed or removed.';

-- owned by audit_owner
create table audit_head (
  only_row boolean not null default true,
  seq bigint not null,
  hash bytea not null,
  at timestamptz not null,
  constraint audit_head_hash CHECK (octet_length(hash) = 32),
  constraint audit_head_only_row CHECK (only_row),
  constraint audit_head_pkey PRIMARY KEY (only_row),
  constraint audit_head_seq CHECK (seq >= 0)
);
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION gate.refuse_change(); alter table audit_head enable always trigger audit_head_stays;
grant select on audit_head to @tenant;
comment on table audit_head is 'One row: the sequence number, hash and time of the newest audit entry.';

-- owned by surrealm_owner
create table people (
  user_id uuid not null,
  display_name text not null,
  email text not null,
  org_role text not null,
  state text not null default 'ACTIVE'::text,
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  constraint people_display_name_length CHECK (length(display_name) >= 1 AND length(display_name) <= 200),
  constraint people_email_length CHECK (length(email) >= 3 AND length(email) <= 320),
  constraint people_left_at CHECK ((state = 'LEFT'::text) = (left_at IS NOT NULL)),
  constraint people_org_role CHECK (org_role = ANY (ARRAY['OWNER'::text, 'ADMIN'::text, 'REVIEWER'::text, 'MEMBER'::text, 'AUDITOR'::text])),
  constraint people_pkey PRIMARY KEY (user_id),
  constraint people_state CHECK (state = ANY (ARRAY['ACTIVE'::text, 'DISABLED'::text, 'LEFT'::text]))
);
grant select on people to @tenant;
comment on table people is 'Members of the organisation, present and former; a mirror of the platform''s memberships.';

-- owned by surrealm_owner
create table persona_templates (
  id uuid not null,
  name text not null,
  description text not null default ''::text,
  domain text not null,
  jurisdiction text not null,
  category text not null default ''::text,
  tags text[] not null default '{}'::text[],
  status text not null default 'DRAFT'::text,
  revision integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint persona_templates_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint persona_templates_domain_length CHECK (length(domain) >= 1 AND length(domain) <= 200),
  constraint persona_templates_jurisdiction_length CHECK (length(jurisdiction) >= 1 AND length(jurisdiction) <= 200),
  constraint persona_templates_name_length CHECK (length(name) >= 2 AND length(name) <= 200),
  constraint persona_templates_pkey PRIMARY KEY (id),
  constraint persona_templates_revision CHECK (revision >= 1),
  constraint persona_templates_status CHECK (status = ANY (ARRAY['DRAFT'::text, 'PUBLISHED'::text, 'ARCHIVED'::text])),
  constraint persona_templates_tags_count CHECK (cardinality(tags) <= 50)
);
CREATE INDEX persona_templates_created_by_idx ON persona_templates (created_by);
grant insert, select on persona_templates to @tenant;
grant update (category, description, domain, jurisdiction, name, revision, status, tags, updated_at) on persona_templates to @tenant;
comment on table persona_templates is 'Reusable personas.';

-- owned by surrealm_owner
create table persona_versions (
  id uuid not null,
  template_id uuid not null,
  version text not null,
  config jsonb not null,
  changelog text not null default ''::text,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint persona_versions_changelog_length CHECK (length(changelog) <= 5000),
  constraint persona_versions_config_object CHECK (jsonb_typeof(config) = 'object'::text),
  constraint persona_versions_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint persona_versions_pkey PRIMARY KEY (id),
  constraint persona_versions_template FOREIGN KEY (template_id) REFERENCES persona_templates(id),
  constraint persona_versions_version CHECK (version ~ '^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$'::text),
  constraint persona_versions_version_once UNIQUE (template_id, version)
);
CREATE INDEX persona_versions_created_by_idx ON persona_versions (created_by);
grant insert, select on persona_versions to @tenant;
comment on table persona_versions is 'Every version of every persona.';

-- owned by surrealm_owner, row security is enabled and forced
create table realms (
  id uuid not null,
  owner_id uuid not null,
  slug text not null,
  name text not null,
  description text not null default ''::text,
  type text not null default 'PRIVATE'::text,
  settings jsonb not null default '{}'::jsonb,
  is_default boolean not null default false,
  status text not null default 'ACTIVE'::text,
  listed boolean not null generated always as (((type = 'PUBLIC'::text) AND (status = 'ACTIVE'::text))) stored,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  delete_at timestamptz,
  constraint realms_archived_at CHECK (status <> 'ARCHIVED'::text OR archived_at IS NOT NULL),
  constraint realms_delete_at CHECK ((status = 'DELETING'::text) = (delete_at IS NOT NULL)),
  constraint realms_description_length CHECK (length(description) <= 5000),
  constraint realms_name_length CHECK (length(name) >= 1 AND length(name) <= 100),
  constraint realms_owner_person FOREIGN KEY (owner_id) REFERENCES people(user_id),
  constraint realms_pkey PRIMARY KEY (id),
  constraint realms_revision CHECK (revision >= 1),
  constraint realms_settings_object CHECK (jsonb_typeof(settings) = 'object'::text),
  constraint realms_slug CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text AND length(slug) <= 100),
  constraint realms_slug_once UNIQUE (slug),
  constraint realms_slug_reserved CHECK (slug <> ALL (ARRAY['new'::text, 'all'::text, 'invitations'::text])),
  constraint realms_status CHECK (status = ANY (ARRAY['ACTIVE'::text, 'ARCHIVED'::text, 'DELETING'::text])),
  constraint realms_type CHECK (type = ANY (ARRAY['PRIVATE'::text, 'SHARED'::text, 'PUBLIC'::text])),
  constraint realms_with_listed UNIQUE (id, listed)
);
alter table realms enable row level security, force row level security;
CREATE INDEX realms_id_owner_id_idx ON realms (id, owner_id);
CREATE UNIQUE INDEX realms_one_default_per_owner ON realms (owner_id) WHERE is_default;
CREATE INDEX realms_owner_id_idx ON realms (owner_id);
create policy realms_export on realms as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy realms_functions on realms as permissive for all to surrealm_owner using (true) with check (true);
create policy realms_select on realms as permissive for select to @tenant using (listed AND (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif")) IS NOT NULL OR (id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy realms_update on realms as permissive for update to @tenant using (id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
grant select on realms to @tenant;
grant update (description, name, revision, settings, slug, updated_at) on realms to @tenant;
comment on table realms is 'Territories inside the organisation.';

-- owned by surrealm_owner, row security is enabled and forced
create table realms_users (
  realm_id uuid not null,
  user_id uuid not null,
  role text not null,
  state text not null default 'INVITED'::text,
  invited_by uuid not null,
  joined_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint realms_users_ended_at CHECK ((state = ANY (ARRAY['DECLINED'::text, 'LEFT'::text, 'REMOVED'::text])) = (ended_at IS NOT NULL)),
  constraint realms_users_invited_by_person FOREIGN KEY (invited_by) REFERENCES people(user_id),
  constraint realms_users_joined_at CHECK (state <> 'ACTIVE'::text OR joined_at IS NOT NULL),
  constraint realms_users_pkey PRIMARY KEY (realm_id, user_id),
  constraint realms_users_realm FOREIGN KEY (realm_id) REFERENCES realms(id) ON DELETE CASCADE,
  constraint realms_users_role CHECK (role = ANY (ARRAY['OWNER'::text, 'CONTRIBUTOR'::text, 'OBSERVER'::text])),
  constraint realms_users_state CHECK (state = ANY (ARRAY['INVITED'::text, 'ACTIVE'::text, 'DECLINED'::text, 'LEFT'::text, 'REMOVED'::text])),
  constraint realms_users_user_person FOREIGN KEY (user_id) REFERENCES people(user_id)
);
alter table realms_users enable row level security, force row level security;
CREATE INDEX realms_users_invited_by_idx ON realms_users (invited_by);
CREATE INDEX realms_users_user_id_idx ON realms_users (user_id);
create policy realms_users_export on realms_users as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy realms_users_functions on realms_users as permissive for all to surrealm_owner using (true) with check (true);
create policy realms_users_select on realms_users as permissive for select to @tenant using ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) OR user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant select on realms_users to @tenant;
comment on table realms_users is 'Members of realms, with their roles and invitations.';

-- owned by surrealm_owner, row security is enabled and forced
create table saved_views (
  id uuid not null,
  user_id uuid not null,
  name text not null,
  query text not null,
  created_at timestamptz not null default now(),
  constraint saved_views_name_length CHECK (length(name) >= 1 AND length(name) <= 60),
  constraint saved_views_name_once UNIQUE (user_id, name),
  constraint saved_views_pkey PRIMARY KEY (id),
  constraint saved_views_query_length CHECK (length(query) <= 4000),
  constraint saved_views_user_person FOREIGN KEY (user_id) REFERENCES people(user_id)
);
alter table saved_views enable row level security, force row level security;
create policy saved_views_export on saved_views as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy saved_views_own on saved_views as permissive for all to @tenant using (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant delete, insert, select on saved_views to @tenant;
grant update (query) on saved_views to @tenant;
comment on table saved_views is 'Filters of lists that people keep under a name.';

-- owned by surrealm_owner
create table search_model (
  model text not null,
  constraint search_model_length CHECK (length(model) >= 1 AND length(model) <= 100),
  constraint search_model_pkey PRIMARY KEY (model)
);
CREATE UNIQUE INDEX search_model_one ON search_model ((true));
grant select on search_model to @tenant;
comment on table search_model is 'The model whose vectors are compared: one row, or none before the first vectors.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_imports (
  id uuid not null,
  realm_id uuid not null,
  requested_by uuid not null,
  format text not null,
  file_name text not null,
  bytes bytea,
  mapping jsonb not null default '{}'::jsonb,
  visibility text not null default 'PRIVATE'::text,
  skip_bad boolean not null default false,
  state text not null default 'UPLOADED'::text,
  total integer not null default 0,
  failed integer not null default 0,
  known integer not null default 0,
  done integer not null default 0,
  created integer not null default 0,
  unchanged integer not null default 0,
  error text not null default ''::text,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint signal_imports_file_ends CHECK ((bytes IS NULL) = (state = ANY (ARRAY['DONE'::text, 'FAILED'::text, 'CANCELLED'::text]))),
  constraint signal_imports_file_name_length CHECK (length(file_name) >= 1 AND length(file_name) <= 255),
  constraint signal_imports_in_realm UNIQUE (realm_id, id, requested_by),
  constraint signal_imports_mapping_object CHECK (jsonb_typeof(mapping) = 'object'::text),
  constraint signal_imports_pkey PRIMARY KEY (id),
  constraint signal_imports_realm FOREIGN KEY (realm_id) REFERENCES realms(id) ON DELETE CASCADE,
  constraint signal_imports_requested_by_person FOREIGN KEY (requested_by) REFERENCES people(user_id),
  constraint signal_imports_size CHECK (length(bytes) <= 67108864),
  constraint signal_imports_state CHECK (state = ANY (ARRAY['UPLOADED'::text, 'WAITING'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text])),
  constraint signal_imports_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_imports enable row level security, force row level security;
alter table signal_imports alter column bytes set storage external;
CREATE INDEX signal_imports_requested_by_idx ON signal_imports (requested_by, requested_at DESC);
CREATE TRIGGER signal_imports_tell AFTER UPDATE OF state, done ON signal_imports FOR EACH ROW WHEN (old.state IS DISTINCT FROM new.state OR old.done IS DISTINCT FROM new.done) EXECUTE FUNCTION gate.tell_change('signal_import');
create policy signal_imports_export on signal_imports as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_imports_functions on signal_imports as permissive for all to surrealm_owner using (true) with check (true);
create policy signal_imports_insert on signal_imports as permissive for insert to @tenant with check (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_imports_select on signal_imports as permissive for select to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_imports_update on signal_imports as permissive for update to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant insert, select on signal_imports to @tenant;
grant update (bytes, created, done, error, failed, finished_at, known, mapping, skip_bad, started_at, state, total, unchanged, visibility) on signal_imports to @tenant;
comment on table signal_imports is 'Files of signals that members import.';

-- owned by surrealm_owner, row security is enabled and forced
create table signals (
  id uuid not null,
  realm_id uuid not null,
  realm_listed boolean not null default false,
  type text not null,
  context text not null default 'CAPTURE'::text,
  title text not null,
  summary text not null default ''::text,
  source text not null default ''::text,
  tags text[] not null default '{}'::text[],
  payload jsonb not null default '{}'::jsonb,
  metadata jsonb not null default '{}'::jsonb,
  latitude double precision,
  longitude double precision,
  external_id text,
  environment text,
  temperature double precision,
  density double precision,
  actions jsonb not null default '[]'::jsonb,
  entities jsonb not null default '[]'::jsonb,
  energy text,
  inner_state text,
  orientation text,
  substrate text,
  ontological_states text[] not null default '{}'::text[],
  symbolic_elements text[] not null default '{}'::text[],
  subsystems text[] not null default '{}'::text[],
  dominant_language text[] not null default '{}'::text[],
  status text not null default 'PENDING'::text,
  visibility text not null default 'PRIVATE'::text,
  shared_realm_ids uuid[] not null default '{}'::uuid[],
  revision integer not null default 1,
  created_by uuid not null,
  captured_at timestamptz not null default now(),
  imported_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  body text not null default ''::text,
  words tsvector not null generated always as ((((setweight(to_tsvector('english'::regconfig, title), 'A'::"char") || setweight(to_tsvector('english'::regconfig, summary), 'B'::"char")) || setweight(to_tsvector('english'::regconfig, source), 'C'::"char")) || to_tsvector('english'::regconfig, body))) stored,
  reaches uuid[] not null generated always as (
CASE
    WHEN ((deleted_at IS NULL) AND (visibility = ANY (ARRAY['PUBLIC'::text, 'SHARED'::text]))) THEN shared_realm_ids
    ELSE '{}'::uuid[]
END) stored,
  reaches_all boolean not null generated always as ((realm_listed AND (visibility = 'PUBLIC'::text) AND (deleted_at IS NULL))) stored,
  constraint signals_actions_array CHECK (jsonb_typeof(actions) = 'array'::text),
  constraint signals_body_length CHECK (length(body) <= 300000),
  constraint signals_context CHECK (context = ANY (ARRAY['CAPTURE'::text, 'NOTE'::text, 'JOURNAL'::text, 'CODE'::text, 'REFERENCE'::text, 'OBSERVATION'::text, 'ARTIFACT'::text])),
  constraint signals_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint signals_density CHECK (density >= '-1'::integer::double precision AND density <= 1::double precision),
  constraint signals_entities_array CHECK (jsonb_typeof(entities) = 'array'::text),
  constraint signals_external_id_once UNIQUE (realm_id, external_id),
  constraint signals_in_realm UNIQUE (realm_id, id),
  constraint signals_in_realm_with_reach UNIQUE (realm_id, id, visibility, created_by, reaches, reaches_all),
  constraint signals_in_realm_with_sight UNIQUE (realm_id, id, visibility, created_by),
  constraint signals_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint signals_payload_object CHECK (jsonb_typeof(payload) = 'object'::text),
  constraint signals_phrases_length CHECK (length(energy) <= 200 AND length(inner_state) <= 200 AND length(orientation) <= 200),
  constraint signals_pkey PRIMARY KEY (id),
  constraint signals_place CHECK ((latitude IS NULL) = (longitude IS NULL) AND latitude >= '-90'::integer::double precision AND latitude <= 90::double precision AND longitude >= '-180'::integer::double precision AND longitude <= 180::double precision),
  constraint signals_realm FOREIGN KEY (realm_id, realm_listed) REFERENCES realms(id, listed) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signals_revision CHECK (revision >= 1),
  constraint signals_shared_elsewhere CHECK (realm_id <> ALL (shared_realm_ids)),
  constraint signals_shared_few CHECK (cardinality(shared_realm_ids) <= 100),
  constraint signals_shared_visibly CHECK (shared_realm_ids = '{}'::uuid[] OR (visibility = ANY (ARRAY['PUBLIC'::text, 'SHARED'::text]))),
  constraint signals_source_length CHECK (length(source) <= 200),
  constraint signals_status CHECK (status = ANY (ARRAY['ACTIVE'::text, 'ARCHIVED'::text, 'FAILED'::text, 'PENDING'::text, 'REJECTED'::text])),
  constraint signals_tags_count CHECK (cardinality(tags) <= 100),
  constraint signals_temperature CHECK (temperature >= '-1'::integer::double precision AND temperature <= 1::double precision),
  constraint signals_title_length CHECK (length(title) >= 1 AND length(title) <= 200),
  constraint signals_type CHECK (type = ANY (ARRAY['DOCUMENT'::text, 'PHOTO'::text, 'TRANSMISSION'::text, 'CONVERSATION'::text])),
  constraint signals_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signals enable row level security, force row level security;
CREATE INDEX signals_created_by_idx ON signals (created_by);
CREATE INDEX signals_realm_id_captured_at_idx ON signals (realm_id, captured_at DESC, id DESC);
CREATE INDEX signals_realm_listed_realm_id_idx ON signals (realm_listed, realm_id);
CREATE INDEX signals_tags_idx ON signals USING gin (tags);
CREATE INDEX signals_words_idx ON signals USING gin (words);
create policy signals_delete on signals as permissive for delete to @tenant using (gate.access(visibility, created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signals_export on signals as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signals_functions on signals as permissive for all to surrealm_owner using (true) with check (true);
create policy signals_insert on signals as permissive for insert to @tenant with check ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy signals_select on signals as permissive for select to @tenant using (gate.access(visibility, created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), deleted_at IS NULL AND (shared_realm_ids && (( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif")) OR realm_listed AND visibility = 'PUBLIC'::text AND (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif")) IS NOT NULL)) >= 1);
create policy signals_update on signals as permissive for update to @tenant using (gate.access(visibility, created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
grant delete, insert, select on signals to @tenant;
grant update (actions, body, captured_at, context, deleted_at, density, dominant_language, energy, entities, environment, external_id, inner_state, latitude, longitude, metadata, ontological_states, orientation, payload, revision, source, status, substrate, subsystems, summary, symbolic_elements, tags, temperature, title, updated_at, visibility) on signals to @tenant;
comment on table signals is 'Captured observations.';

-- owned by surrealm_owner
create table signing_keys (
  id uuid not null,
  user_id uuid not null,
  public_key bytea not null,
  sealed_private_key bytea not null,
  fingerprint text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  revoked_at timestamptz,
  revoke_reason text not null default ''::text,
  constraint signing_keys_fingerprint CHECK (fingerprint ~ '^SHA256:[A-Za-z0-9+/]{43}$'::text),
  constraint signing_keys_fingerprint_once UNIQUE (fingerprint),
  constraint signing_keys_pkey PRIMARY KEY (id),
  constraint signing_keys_public_key CHECK (octet_length(public_key) = 32),
  constraint signing_keys_revoke_reason CHECK (length(revoke_reason) <= 2000 AND (revoked_at IS NOT NULL OR revoke_reason = ''::text)),
  constraint signing_keys_user_person FOREIGN KEY (user_id) REFERENCES people(user_id),
  constraint signing_keys_with_owner UNIQUE (id, user_id)
);
CREATE UNIQUE INDEX signing_keys_one_live_per_user ON signing_keys (user_id) WHERE ((retired_at IS NULL) AND (revoked_at IS NULL));
CREATE INDEX signing_keys_user_id_idx ON signing_keys (user_id);
grant insert, select on signing_keys to @tenant;
grant update (retired_at, revoke_reason, revoked_at, sealed_private_key) on signing_keys to @tenant;
comment on table signing_keys is 'Ed25519 keys of people, with their history.';

-- owned by surrealm_owner
create table surrogates (
  id uuid not null,
  role_title text not null,
  domain text not null,
  jurisdiction text not null,
  config jsonb not null default '{}'::jsonb,
  status text not null default 'DRAFT'::text,
  revision integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  constraint surrogates_archived_at CHECK ((status = 'ARCHIVED'::text) = (archived_at IS NOT NULL)),
  constraint surrogates_config_object CHECK (jsonb_typeof(config) = 'object'::text),
  constraint surrogates_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint surrogates_domain_length CHECK (length(domain) >= 1 AND length(domain) <= 200),
  constraint surrogates_jurisdiction_length CHECK (length(jurisdiction) >= 1 AND length(jurisdiction) <= 200),
  constraint surrogates_pkey PRIMARY KEY (id),
  constraint surrogates_revision CHECK (revision >= 1),
  constraint surrogates_role_title_length CHECK (length(role_title) >= 1 AND length(role_title) <= 200),
  constraint surrogates_status CHECK (status = ANY (ARRAY['DRAFT'::text, 'ACTIVE'::text, 'PAUSED'::text, 'ARCHIVED'::text]))
);
CREATE INDEX surrogates_created_by_idx ON surrogates (created_by);
CREATE INDEX surrogates_status_updated_at_idx ON surrogates (status, updated_at DESC, id DESC);
grant insert, select on surrogates to @tenant;
grant update (archived_at, config, domain, jurisdiction, revision, role_title, status, updated_at) on surrogates to @tenant;
comment on table surrogates is 'AI agents: role, domain, jurisdiction, configuration and life cycle.';

-- owned by surrealm_owner
create table bias_checks (
  id uuid not null,
  surrogate_id uuid,
  decision_sample_size integer not null default 0,
  analysis jsonb not null default '{}'::jsonb,
  anomalies jsonb not null default '[]'::jsonb,
  recommendations jsonb not null default '[]'::jsonb,
  score double precision,
  provider text not null,
  model text not null default ''::text,
  status text not null default 'PENDING'::text,
  error text not null default ''::text,
  triggered_by uuid not null,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint bias_checks_analysis_object CHECK (jsonb_typeof(analysis) = 'object'::text),
  constraint bias_checks_anomalies_array CHECK (jsonb_typeof(anomalies) = 'array'::text),
  constraint bias_checks_completed_at CHECK ((status = 'PENDING'::text) = (completed_at IS NULL)),
  constraint bias_checks_pkey PRIMARY KEY (id),
  constraint bias_checks_recommendations_array CHECK (jsonb_typeof(recommendations) = 'array'::text),
  constraint bias_checks_sample_size CHECK (decision_sample_size >= 0),
  constraint bias_checks_score CHECK (score >= 0::double precision AND score <= 1::double precision),
  constraint bias_checks_score_when_completed CHECK ((status = 'COMPLETED'::text) = (score IS NOT NULL)),
  constraint bias_checks_status CHECK (status = ANY (ARRAY['PENDING'::text, 'COMPLETED'::text, 'FAILED'::text])),
  constraint bias_checks_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id),
  constraint bias_checks_triggered_by_person FOREIGN KEY (triggered_by) REFERENCES people(user_id)
);
CREATE INDEX bias_checks_surrogate_id_idx ON bias_checks (surrogate_id, created_at DESC);
CREATE INDEX bias_checks_triggered_by_idx ON bias_checks (triggered_by);
grant insert, select on bias_checks to @tenant;
grant update (analysis, anomalies, completed_at, decision_sample_size, error, model, provider, recommendations, score, status) on bias_checks to @tenant;
comment on table bias_checks is 'Checks of decisions for bias.';

-- owned by surrealm_owner, row security is enabled and forced
create table cluster_runs (
  id uuid not null,
  realm_id uuid not null,
  kind text not null,
  state text not null default 'WAITING'::text,
  options jsonb not null default '{}'::jsonb,
  model text not null default ''::text,
  done integer not null default 0,
  signals integer not null default 0,
  clustered integer not null default 0,
  left_out integer not null default 0,
  consents uuid[] not null default '{}'::uuid[],
  error text not null default ''::text,
  requested_by uuid not null,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  signal_ids uuid[] not null default '{}'::uuid[],
  constraint cluster_runs_done CHECK (done >= 0 AND done <= 100),
  constraint cluster_runs_in_realm UNIQUE (realm_id, id),
  constraint cluster_runs_kind CHECK (kind = ANY (ARRAY['THEMATIC'::text, 'TEMPORAL'::text, 'SPATIAL'::text])),
  constraint cluster_runs_options_object CHECK (jsonb_typeof(options) = 'object'::text),
  constraint cluster_runs_pkey PRIMARY KEY (id),
  constraint cluster_runs_realm FOREIGN KEY (realm_id) REFERENCES realms(id) ON DELETE CASCADE,
  constraint cluster_runs_requested_by_person FOREIGN KEY (requested_by) REFERENCES people(user_id),
  constraint cluster_runs_state CHECK (state = ANY (ARRAY['WAITING'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text]))
);
alter table cluster_runs enable row level security, force row level security;
CREATE UNIQUE INDEX cluster_runs_one_open ON cluster_runs (realm_id, kind) WHERE (state = ANY (ARRAY['WAITING'::text, 'RUNNING'::text]));
CREATE INDEX cluster_runs_realm_id_idx ON cluster_runs (realm_id, requested_at DESC);
CREATE INDEX cluster_runs_requested_by_idx ON cluster_runs (requested_by);
CREATE TRIGGER cluster_runs_tell AFTER UPDATE OF state, done ON cluster_runs FOR EACH ROW WHEN (old.state IS DISTINCT FROM new.state OR old.done IS DISTINCT FROM new.done) EXECUTE FUNCTION gate.tell_change('cluster_run');
create policy cluster_runs_export on cluster_runs as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy cluster_runs_functions on cluster_runs as permissive for all to surrealm_owner using (true) with check (true);
create policy cluster_runs_insert on cluster_runs as permissive for insert to @tenant with check ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy cluster_runs_select on cluster_runs as permissive for select to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
create policy cluster_runs_update on cluster_runs as permissive for update to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
grant insert, select on cluster_runs to @tenant;
grant update (clustered, consents, done, error, finished_at, left_out, model, signal_ids, signals, started_at, state) on cluster_runs to @tenant;
comment on table cluster_runs is 'Runs of the machine that finds clusters.';

-- owned by surrealm_owner, row security is enabled and forced
create table clusters (
  id uuid not null,
  realm_id uuid not null,
  parent_id uuid,
  type text not null default 'THEMATIC'::text,
  title text not null,
  description text not null default ''::text,
  tags text[] not null default '{}'::text[],
  payload jsonb not null default '{}'::jsonb,
  metadata jsonb not null default '{}'::jsonb,
  depth integer not null default 0,
  origin text not null default 'HUMAN'::text,
  embedding halfvec(1536),
  embedding_model text,
  state text not null default 'DRAFT'::text,
  revision integer not null default 1,
  created_by uuid not null,
  starts_at timestamptz,
  ends_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  colour integer not null default 0,
  terms text[] not null default '{}'::text[],
  central_id uuid,
  named boolean not null default false,
  run_id uuid,
  constraint clusters_colour CHECK (colour >= 0 AND colour <= 11),
  constraint clusters_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint clusters_depth CHECK (depth >= 0 AND depth <= 10 AND (depth = 0) = (parent_id IS NULL)),
  constraint clusters_description_length CHECK (length(description) <= 10000),
  constraint clusters_embedding_model CHECK ((embedding IS NULL) = (embedding_model IS NULL)),
  constraint clusters_in_realm UNIQUE (realm_id, id),
  constraint clusters_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint clusters_origin CHECK (origin = ANY (ARRAY['HUMAN'::text, 'MACHINE'::text])),
  constraint clusters_parent FOREIGN KEY (realm_id, parent_id) REFERENCES clusters(realm_id, id),
  constraint clusters_parent_other CHECK (parent_id <> id),
  constraint clusters_payload_object CHECK (jsonb_typeof(payload) = 'object'::text),
  constraint clusters_pkey PRIMARY KEY (id),
  constraint clusters_realm FOREIGN KEY (realm_id) REFERENCES realms(id) ON DELETE CASCADE,
  constraint clusters_revision CHECK (revision >= 1),
  constraint clusters_span CHECK (starts_at <= ends_at),
  constraint clusters_state CHECK (state = ANY (ARRAY['ACTIVE'::text, 'ARCHIVED'::text, 'DRAFT'::text, 'PUBLISHED'::text])),
  constraint clusters_tags_count CHECK (cardinality(tags) <= 100),
  constraint clusters_terms_count CHECK (cardinality(terms) <= 12),
  constraint clusters_title_length CHECK (length(title) >= 1 AND length(title) <= 200),
  constraint clusters_type CHECK (type = ANY (ARRAY['TEMPORAL'::text, 'SPATIAL'::text, 'THEMATIC'::text, 'PROJECT'::text, 'JOURNEY'::text, 'EXPLORATION'::text, 'COLLECTION'::text]))
);
alter table clusters enable row level security, force row level security;
CREATE INDEX clusters_created_by_idx ON clusters (created_by);
CREATE INDEX clusters_realm_id_parent_id_idx ON clusters (realm_id, parent_id);
create policy clusters_delete on clusters as permissive for delete to @tenant using (gate.access('SHARED'::text, origin = 'MACHINE'::text OR created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy clusters_export on clusters as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy clusters_functions on clusters as permissive for all to surrealm_owner using (true) with check (true);
create policy clusters_insert on clusters as permissive for insert to @tenant with check ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy clusters_select on clusters as permissive for select to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
create policy clusters_update on clusters as permissive for update to @tenant using (gate.access('SHARED'::text, origin = 'MACHINE'::text OR created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
grant delete, insert, select on clusters to @tenant;
grant update (central_id, colour, depth, description, embedding, embedding_model, ends_at, metadata, named, origin, parent_id, payload, revision, run_id, starts_at, state, tags, terms, title, type, updated_at) on clusters to @tenant;
comment on table clusters is 'Groups of signals that belong together.';

-- owned by surrealm_owner
create table compliance_checks (
  id uuid not null,
  surrogate_id uuid not null,
  framework_id text not null,
  framework_version text not null,
  results jsonb not null default '[]'::jsonb,
  report jsonb,
  passed integer not null,
  failed integer not null,
  warned integer not null default 0,
  score integer not null,
  status text not null,
  checked_by uuid not null,
  created_at timestamptz not null default now(),
  constraint compliance_checks_checked_by_person FOREIGN KEY (checked_by) REFERENCES people(user_id),
  constraint compliance_checks_counts CHECK (passed >= 0 AND failed >= 0 AND warned >= 0),
  constraint compliance_checks_framework CHECK (framework_id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text),
  constraint compliance_checks_pkey PRIMARY KEY (id),
  constraint compliance_checks_report_object CHECK (jsonb_typeof(report) = 'object'::text),
  constraint compliance_checks_results_array CHECK (jsonb_typeof(results) = 'array'::text),
  constraint compliance_checks_score CHECK (score >= 0 AND score <= 100),
  constraint compliance_checks_status CHECK (status = ANY (ARRAY['PASSED'::text, 'FAILED'::text])),
  constraint compliance_checks_status_counted CHECK ((status = 'FAILED'::text) = (failed > 0)),
  constraint compliance_checks_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id)
);
CREATE INDEX compliance_checks_checked_by_idx ON compliance_checks (checked_by);
CREATE INDEX compliance_checks_surrogate_id_idx ON compliance_checks (surrogate_id, framework_id, created_at DESC);
grant insert, select on compliance_checks to @tenant;
comment on table compliance_checks is 'Results of checking surrogates against frameworks.';

-- owned by surrealm_owner, row security is enabled and forced
create table consents (
  id uuid not null,
  realm_id uuid not null,
  user_id uuid not null,
  purpose text not null,
  scope text not null default 'ALL'::text,
  tags text[] not null default '{}'::text[],
  from_at timestamptz,
  until_at timestamptz,
  signal_ids uuid[] not null default '{}'::uuid[],
  external boolean not null default false,
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  unchosen_ids uuid[] not null default '{}'::uuid[],
  unchosen_at timestamptz,
  constraint consents_in_realm UNIQUE (realm_id, id),
  constraint consents_member FOREIGN KEY (realm_id, user_id) REFERENCES realms_users(realm_id, user_id) ON DELETE CASCADE,
  constraint consents_pkey PRIMARY KEY (id),
  constraint consents_purpose CHECK (purpose = ANY (ARRAY['ANALYSIS'::text, 'REFLECTION'::text, 'CLUSTER'::text, 'NETWORK'::text])),
  constraint consents_range CHECK (scope = 'RANGE'::text OR from_at IS NULL AND until_at IS NULL),
  constraint consents_scope CHECK (scope = ANY (ARRAY['ALL'::text, 'TAGS'::text, 'RANGE'::text, 'SIGNALS'::text])),
  constraint consents_signals CHECK ((scope = 'SIGNALS'::text) = (signal_ids <> '{}'::uuid[]) AND cardinality(signal_ids) <= 1000),
  constraint consents_tags CHECK ((scope = 'TAGS'::text) = (tags <> '{}'::text[]) AND cardinality(tags) <= 100),
  constraint consents_user_person FOREIGN KEY (user_id) REFERENCES people(user_id)
);
alter table consents enable row level security, force row level security;
CREATE UNIQUE INDEX consents_one_live ON consents (realm_id, user_id, purpose) WHERE (revoked_at IS NULL);
CREATE INDEX consents_realm_id_user_id_idx ON consents (realm_id, user_id);
CREATE INDEX consents_user_id_idx ON consents (user_id);
create policy consents_export on consents as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy consents_insert on consents as permissive for insert to @tenant with check (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy consents_select on consents as permissive for select to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
create policy consents_update on consents as permissive for update to @tenant using (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant insert, select on consents to @tenant;
grant update (revoked_at, signal_ids, unchosen_at, unchosen_ids) on consents to @tenant;
comment on table consents is 'What people allow to be done with their signals in shared realms.';

-- owned by surrealm_owner, row security is enabled and forced
create table conversations (
  id uuid not null,
  surrogate_id uuid not null,
  user_id uuid not null,
  title text not null default ''::text,
  status text not null default 'ACTIVE'::text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint conversations_pkey PRIMARY KEY (id),
  constraint conversations_status CHECK (status = ANY (ARRAY['ACTIVE'::text, 'DELETED'::text])),
  constraint conversations_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id),
  constraint conversations_title_length CHECK (length(title) <= 200),
  constraint conversations_user_person FOREIGN KEY (user_id) REFERENCES people(user_id),
  constraint conversations_with_user UNIQUE (id, user_id)
);
alter table conversations enable row level security, force row level security;
CREATE INDEX conversations_surrogate_id_idx ON conversations (surrogate_id);
CREATE INDEX conversations_user_id_idx ON conversations (user_id, updated_at DESC);
create policy conversations_export on conversations as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy conversations_own on conversations as permissive for all to @tenant using (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) with check (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant delete, insert, select on conversations to @tenant;
grant update (status, title, updated_at) on conversations to @tenant;
comment on table conversations is 'Conversations of people with surrogates; each is private to its person.';

-- owned by surrealm_owner
create table export_history (
  id uuid not null,
  type text not null,
  options jsonb not null default '{}'::jsonb,
  record_count integer not null default 0,
  file_size_bytes bigint,
  status text not null default 'RUNNING'::text,
  error text not null default ''::text,
  exported_by uuid not null,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint export_history_completed_at CHECK ((status = 'RUNNING'::text) = (completed_at IS NULL)),
  constraint export_history_exported_by_person FOREIGN KEY (exported_by) REFERENCES people(user_id),
  constraint export_history_file_size_bytes CHECK (file_size_bytes >= 0),
  constraint export_history_options_object CHECK (jsonb_typeof(options) = 'object'::text),
  constraint export_history_pkey PRIMARY KEY (id),
  constraint export_history_record_count CHECK (record_count >= 0),
  constraint export_history_status CHECK (status = ANY (ARRAY['RUNNING'::text, 'COMPLETED'::text, 'FAILED'::text])),
  constraint export_history_type CHECK (type = ANY (ARRAY['ORG_EXPORT'::text, 'SURROGATE_EXPORT'::text, 'SOP_EXPORT'::text, 'SIGNAL_EXPORT'::text, 'ORG_IMPORT'::text, 'SOP_IMPORT'::text, 'SIGNAL_IMPORT'::text]))
);
CREATE INDEX export_history_exported_by_idx ON export_history (exported_by);
grant insert, select on export_history to @tenant;
grant update (completed_at, error, file_size_bytes, record_count, status) on export_history to @tenant;
comment on table export_history is 'Log of exports and imports.';

-- owned by surrealm_owner, row security is enabled and forced
create table form_keys (
  user_id uuid not null,
  key uuid not null,
  object_type text not null,
  object_id uuid not null,
  kept_at timestamptz not null default now(),
  constraint form_keys_once PRIMARY KEY (user_id, key),
  constraint form_keys_user_person FOREIGN KEY (user_id) REFERENCES people(user_id)
);
alter table form_keys enable row level security, force row level security;
CREATE INDEX form_keys_user_id_kept_at_idx ON form_keys (user_id, kept_at);
create policy form_keys_export on form_keys as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy form_keys_own on form_keys as permissive for all to @tenant using (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant delete, insert, select on form_keys to @tenant;
comment on table form_keys is 'Forms that were carried out, for two days, so that none is carried out twice.';

-- owned by surrealm_owner
create table humanoid_devices (
  id uuid not null,
  name text not null,
  modality text not null default 'CHAT'::text,
  capabilities text[] not null default '{}'::text[],
  hard_stop_config jsonb not null default '{}'::jsonb,
  metadata jsonb not null default '{}'::jsonb,
  status text not null default 'OFFLINE'::text,
  stop_level text,
  stop_reason text not null default ''::text,
  stopped_by uuid,
  stopped_at timestamptz,
  error_count integer not null default 0,
  uptime_seconds bigint not null default 0,
  revision integer not null default 1,
  last_heartbeat_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint humanoid_devices_error_count CHECK (error_count >= 0),
  constraint humanoid_devices_hard_stop_object CHECK (jsonb_typeof(hard_stop_config) = 'object'::text),
  constraint humanoid_devices_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint humanoid_devices_modality CHECK (modality = ANY (ARRAY['CHAT'::text, 'VOICE'::text, 'AVATAR'::text, 'AR_OVERLAY'::text, 'EXOSUIT'::text, 'COLLABORATIVE_ROBOT'::text, 'SEMI_AUTONOMOUS'::text, 'FULLY_AUTONOMOUS'::text])),
  constraint humanoid_devices_name_length CHECK (length(name) >= 1 AND length(name) <= 200),
  constraint humanoid_devices_name_once UNIQUE (name),
  constraint humanoid_devices_pkey PRIMARY KEY (id),
  constraint humanoid_devices_revision CHECK (revision >= 1),
  constraint humanoid_devices_status CHECK (status = ANY (ARRAY['ONLINE'::text, 'OFFLINE'::text, 'MAINTENANCE'::text, 'ERROR'::text])),
  constraint humanoid_devices_stop_latched CHECK (stop_level IS NULL OR status <> 'ONLINE'::text),
  constraint humanoid_devices_stop_level CHECK (stop_level = ANY (ARRAY['SOFT_PAUSE'::text, 'FULL_STOP'::text, 'EMERGENCY_KILL'::text])),
  constraint humanoid_devices_stopped CHECK ((stop_level IS NULL) = (stopped_by IS NULL) AND (stop_level IS NULL) = (stopped_at IS NULL)),
  constraint humanoid_devices_stopped_by_person FOREIGN KEY (stopped_by) REFERENCES people(user_id),
  constraint humanoid_devices_uptime_seconds CHECK (uptime_seconds >= 0)
);
CREATE INDEX humanoid_devices_stopped_by_idx ON humanoid_devices (stopped_by);
grant delete, insert, select on humanoid_devices to @tenant;
grant update (capabilities, error_count, hard_stop_config, last_heartbeat_at, metadata, modality, name, revision, status, stop_level, stop_reason, stopped_at, stopped_by, updated_at, uptime_seconds) on humanoid_devices to @tenant;
comment on table humanoid_devices is 'Devices that embody surrogates, with their latched stops.';

-- owned by surrealm_owner, row security is enabled and forced
create table llm_accounts (
  id uuid not null,
  name text not null,
  base_url text not null,
  model text not null,
  sealed_key bytea,
  key_set_at timestamptz,
  is_default boolean not null default false,
  state text not null default 'ACTIVE'::text,
  price_in integer not null default 0,
  price_out integer not null default 0,
  budget integer,
  max_tokens integer not null default 2000,
  max_chars integer not null default 48000,
  timeout_seconds integer not null default 60,
  revision integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint llm_accounts_base_url_length CHECK (length(base_url) >= 8 AND length(base_url) <= 500),
  constraint llm_accounts_budget CHECK (budget >= 0 AND budget <= 100000000),
  constraint llm_accounts_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint llm_accounts_default_active CHECK (NOT is_default OR state = 'ACTIVE'::text),
  constraint llm_accounts_deleted_keyless CHECK (state <> 'DELETED'::text OR sealed_key IS NULL),
  constraint llm_accounts_key CHECK ((sealed_key IS NULL) = (key_set_at IS NULL)),
  constraint llm_accounts_max_chars CHECK (max_chars >= 2000 AND max_chars <= 200000),
  constraint llm_accounts_max_tokens CHECK (max_tokens >= 100 AND max_tokens <= 32000),
  constraint llm_accounts_model_length CHECK (length(model) >= 1 AND length(model) <= 200),
  constraint llm_accounts_name_length CHECK (length(name) >= 1 AND length(name) <= 60),
  constraint llm_accounts_pkey PRIMARY KEY (id),
  constraint llm_accounts_prices CHECK (price_in >= 0 AND price_in <= 10000000 AND price_out >= 0 AND price_out <= 10000000),
  constraint llm_accounts_revision CHECK (revision >= 1),
  constraint llm_accounts_state CHECK (state = ANY (ARRAY['ACTIVE'::text, 'DISABLED'::text, 'DELETED'::text])),
  constraint llm_accounts_timeout CHECK (timeout_seconds >= 5 AND timeout_seconds <= 120)
);
alter table llm_accounts enable row level security, force row level security;
CREATE INDEX llm_accounts_created_by_idx ON llm_accounts (created_by);
CREATE UNIQUE INDEX llm_accounts_name_once ON llm_accounts (lower(name)) WHERE (state <> 'DELETED'::text);
CREATE UNIQUE INDEX llm_accounts_one_default ON llm_accounts (is_default) WHERE is_default;
create policy llm_accounts_export on llm_accounts as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy llm_accounts_functions on llm_accounts as permissive for select to surrealm_owner using (true);
create policy llm_accounts_insert on llm_accounts as permissive for insert to @tenant with check (created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND ((( SELECT current_setting('app.org_role'::text, true) AS current_setting)) = ANY (ARRAY['OWNER'::text, 'ADMIN'::text])));
create policy llm_accounts_select on llm_accounts as permissive for select to @tenant using ((( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) IS NOT NULL);
create policy llm_accounts_update on llm_accounts as permissive for update to @tenant using ((( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) IS NOT NULL AND ((( SELECT current_setting('app.org_role'::text, true) AS current_setting)) = ANY (ARRAY['OWNER'::text, 'ADMIN'::text])));
grant insert, select on llm_accounts to @tenant;
grant update (base_url, budget, is_default, key_set_at, max_chars, max_tokens, model, name, price_in, price_out, revision, sealed_key, state, timeout_seconds, updated_at) on llm_accounts to @tenant;
comment on table llm_accounts is 'Accounts at providers of language models.';

-- owned by surrealm_owner, row security is enabled and forced
create table llm_calls (
  id uuid not null,
  account_id uuid not null,
  month text not null,
  asked_by uuid not null,
  purpose text not null,
  synthesis_id uuid,
  model text not null,
  outcome text not null default 'RUNNING'::text,
  problem text not null default ''::text,
  tokens_in integer not null default 0,
  tokens_out integer not null default 0,
  cost bigint not null,
  duration_ms integer not null default 0,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint llm_calls_account FOREIGN KEY (account_id) REFERENCES llm_accounts(id),
  constraint llm_calls_asked_by_person FOREIGN KEY (asked_by) REFERENCES people(user_id),
  constraint llm_calls_finished CHECK ((outcome = 'RUNNING'::text) = (finished_at IS NULL)),
  constraint llm_calls_numbers CHECK (tokens_in >= 0 AND tokens_out >= 0 AND cost >= 0 AND duration_ms >= 0),
  constraint llm_calls_outcome CHECK (outcome = ANY (ARRAY['RUNNING'::text, 'DONE'::text, 'REFUSED'::text, 'FAILED'::text, 'CANCELLED'::text])),
  constraint llm_calls_pkey PRIMARY KEY (id),
  constraint llm_calls_purpose CHECK (purpose = ANY (ARRAY['SYNTHESIS'::text, 'TEST'::text]))
);
alter table llm_calls enable row level security, force row level security;
CREATE INDEX llm_calls_account_id_idx ON llm_calls (account_id, id DESC);
CREATE INDEX llm_calls_asked_by_idx ON llm_calls (asked_by);
create policy llm_calls_export on llm_calls as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy llm_calls_functions on llm_calls as permissive for all to surrealm_owner using (true) with check (true);
create policy llm_calls_select on llm_calls as permissive for select to @tenant using (asked_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) OR ((( SELECT current_setting('app.org_role'::text, true) AS current_setting)) = ANY (ARRAY['OWNER'::text, 'ADMIN'::text])));
grant select on llm_calls to @tenant;
comment on table llm_calls is 'Calls of language models, in numbers.';

-- owned by surrealm_owner
create table llm_spending (
  account_id uuid not null,
  month text not null,
  cost bigint not null default 0,
  tokens bigint not null default 0,
  constraint llm_spending_account FOREIGN KEY (account_id) REFERENCES llm_accounts(id),
  constraint llm_spending_month CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'::text),
  constraint llm_spending_not_less CHECK (cost >= 0 AND tokens >= 0),
  constraint llm_spending_pkey PRIMARY KEY (account_id, month)
);
grant select on llm_spending to @tenant;
comment on table llm_spending is 'What language models cost, by month.';

-- owned by surrealm_owner, row security is enabled and forced
create table messages (
  id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  role text not null,
  content text not null,
  provider text not null default ''::text,
  model text not null default ''::text,
  metadata jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  constraint messages_content_length CHECK (length(content) >= 1 AND length(content) <= 32000),
  constraint messages_conversation FOREIGN KEY (conversation_id, user_id) REFERENCES conversations(id, user_id) ON DELETE CASCADE,
  constraint messages_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_provider CHECK ((role = 'user'::text) = (provider = ''::text)),
  constraint messages_role CHECK (role = ANY (ARRAY['user'::text, 'assistant'::text]))
);
alter table messages enable row level security, force row level security;
CREATE INDEX messages_conversation_id_user_id_idx ON messages (conversation_id, user_id, id);
create policy messages_export on messages as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy messages_own on messages as permissive for all to @tenant using (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) with check (user_id = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
grant delete, insert, select on messages to @tenant;
comment on table messages is 'Messages of conversations.';

-- owned by surrealm_owner
create table org_documents (
  id uuid not null,
  title text not null,
  mime_type text not null default 'text/plain'::text,
  content text not null,
  metadata jsonb not null default '{}'::jsonb,
  status text not null default 'PROCESSING'::text,
  error text not null default ''::text,
  chunk_count integer not null default 0,
  revision integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint org_documents_chunk_count CHECK (chunk_count >= 0),
  constraint org_documents_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint org_documents_error CHECK (status = 'FAILED'::text OR error = ''::text),
  constraint org_documents_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint org_documents_pkey PRIMARY KEY (id),
  constraint org_documents_revision CHECK (revision >= 1),
  constraint org_documents_status CHECK (status = ANY (ARRAY['PROCESSING'::text, 'READY'::text, 'FAILED'::text])),
  constraint org_documents_title_length CHECK (length(title) >= 1 AND length(title) <= 255)
);
CREATE INDEX org_documents_created_by_idx ON org_documents (created_by);
grant delete, insert, select on org_documents to @tenant;
grant update (chunk_count, content, error, metadata, mime_type, revision, status, title, updated_at) on org_documents to @tenant;
comment on table org_documents is 'Texts of the organisation that surrogates may draw on.';

-- owned by surrealm_owner
create table sessions (
  id uuid not null,
  surrogate_id uuid not null,
  metadata jsonb not null default '{}'::jsonb,
  status text not null default 'ACTIVE'::text,
  started_by uuid not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  constraint sessions_ended_at CHECK ((status = 'ACTIVE'::text) = (ended_at IS NULL) AND ended_at >= started_at),
  constraint sessions_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_started_by_person FOREIGN KEY (started_by) REFERENCES people(user_id),
  constraint sessions_status CHECK (status = ANY (ARRAY['ACTIVE'::text, 'COMPLETED'::text, 'ABANDONED'::text])),
  constraint sessions_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id),
  constraint sessions_with_surrogate UNIQUE (id, surrogate_id)
);
CREATE INDEX sessions_started_by_idx ON sessions (started_by);
CREATE INDEX sessions_surrogate_id_idx ON sessions (surrogate_id, started_at DESC);
grant insert, select on sessions to @tenant;
grant update (ended_at, metadata, status) on sessions to @tenant;
comment on table sessions is 'Stretches of work of a surrogate.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_annotations (
  id uuid not null,
  realm_id uuid not null,
  signal_id uuid not null,
  visibility text not null,
  signal_author uuid not null,
  body text not null,
  author uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint signal_annotations_author_person FOREIGN KEY (author) REFERENCES people(user_id),
  constraint signal_annotations_body_length CHECK (length(body) >= 1 AND length(body) <= 10000),
  constraint signal_annotations_in_realm UNIQUE (realm_id, id),
  constraint signal_annotations_pkey PRIMARY KEY (id),
  constraint signal_annotations_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author) REFERENCES signals(realm_id, id, visibility, created_by) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_annotations_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_annotations enable row level security, force row level security;
CREATE INDEX signal_annotations_author_idx ON signal_annotations (author);
CREATE INDEX signal_annotations_signal_idx ON signal_annotations (realm_id, signal_id, visibility, signal_author);
create policy signal_annotations_change on signal_annotations as permissive for update to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy signal_annotations_delete on signal_annotations as permissive for delete to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy signal_annotations_export on signal_annotations as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_annotations_insert on signal_annotations as permissive for insert to @tenant with check ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy signal_annotations_select on signal_annotations as permissive for select to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false) >= 1);
grant delete, insert, select on signal_annotations to @tenant;
grant update (body, updated_at) on signal_annotations to @tenant;
comment on table signal_annotations is 'Notes that people add to signals.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_embeddings (
  realm_id uuid not null,
  signal_id uuid not null,
  visibility text not null,
  signal_author uuid not null,
  model text not null,
  embedding halfvec not null,
  reaches uuid[] not null default '{}'::uuid[],
  reaches_all boolean not null default false,
  constraint signal_embeddings_model CHECK (length(model) >= 1 AND length(model) <= 100),
  constraint signal_embeddings_pkey PRIMARY KEY (realm_id, model, signal_id),
  constraint signal_embeddings_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author, reaches, reaches_all) REFERENCES signals(realm_id, id, visibility, created_by, reaches, reaches_all) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_embeddings_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_embeddings enable row level security, force row level security;
alter table signal_embeddings alter column embedding set storage plain;
CREATE INDEX signal_embeddings_reaches_all_idx ON signal_embeddings (model, realm_id) WHERE reaches_all;
CREATE INDEX signal_embeddings_signal_idx ON signal_embeddings (realm_id, signal_id, visibility, signal_author, reaches, reaches_all);
create policy signal_embeddings_delete on signal_embeddings as permissive for delete to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_embeddings_export on signal_embeddings as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_embeddings_functions on signal_embeddings as permissive for all to surrealm_owner using (true) with check (true);
create policy signal_embeddings_insert on signal_embeddings as permissive for insert to @tenant with check (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_embeddings_select on signal_embeddings as permissive for select to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), reaches && (( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif")) OR reaches_all AND (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif")) IS NOT NULL) >= 1);
grant delete, insert, select on signal_embeddings to @tenant;
comment on table signal_embeddings is 'Vectors of signals, one for each model.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_files (
  id uuid not null,
  realm_id uuid not null,
  signal_id uuid not null,
  visibility text not null,
  signal_author uuid not null,
  name text not null,
  media_type text not null,
  bytes bytea not null,
  thumbnail bytea,
  sha256 bytea not null,
  created_at timestamptz not null default now(),
  reaches uuid[] not null default '{}'::uuid[],
  reaches_all boolean not null default false,
  constraint signal_files_in_realm UNIQUE (realm_id, id),
  constraint signal_files_name_length CHECK (length(name) >= 1 AND length(name) <= 255),
  constraint signal_files_pkey PRIMARY KEY (id),
  constraint signal_files_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author, reaches, reaches_all) REFERENCES signals(realm_id, id, visibility, created_by, reaches, reaches_all) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_files_size CHECK (length(bytes) <= 67108864),
  constraint signal_files_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_files enable row level security, force row level security;
CREATE INDEX signal_files_signal_idx ON signal_files (realm_id, signal_id, visibility, signal_author, reaches, reaches_all);
create policy signal_files_delete on signal_files as permissive for delete to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_files_export on signal_files as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_files_insert on signal_files as permissive for insert to @tenant with check (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_files_select on signal_files as permissive for select to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), reaches && (( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif")) OR reaches_all AND (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif")) IS NOT NULL) >= 1);
grant delete, insert, select on signal_files to @tenant;
comment on table signal_files is 'Pictures and recordings of signals.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_history (
  id uuid not null,
  realm_id uuid not null,
  signal_id uuid not null,
  visibility text not null,
  signal_author uuid not null,
  revision integer not null,
  action text not null,
  before jsonb not null default '{}'::jsonb,
  after jsonb not null default '{}'::jsonb,
  changed_by uuid not null,
  changed_at timestamptz not null default now(),
  constraint signal_history_action CHECK (action = ANY (ARRAY['CREATED'::text, 'IMPORTED'::text, 'EDITED'::text, 'MOVED'::text, 'DELETED'::text, 'RESTORED'::text, 'ANALYSED'::text])),
  constraint signal_history_after_object CHECK (jsonb_typeof(after) = 'object'::text),
  constraint signal_history_before_object CHECK (jsonb_typeof(before) = 'object'::text),
  constraint signal_history_changed_by_person FOREIGN KEY (changed_by) REFERENCES people(user_id),
  constraint signal_history_in_realm UNIQUE (realm_id, id),
  constraint signal_history_pkey PRIMARY KEY (id),
  constraint signal_history_revision CHECK (revision >= 1),
  constraint signal_history_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author) REFERENCES signals(realm_id, id, visibility, created_by) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_history_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_history enable row level security, force row level security;
CREATE INDEX signal_history_changed_by_idx ON signal_history (changed_by);
CREATE INDEX signal_history_signal_idx ON signal_history (realm_id, signal_id, visibility, signal_author);
create policy signal_history_delete on signal_history as permissive for delete to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_history_export on signal_history as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_history_insert on signal_history as permissive for insert to @tenant with check (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy signal_history_select on signal_history as permissive for select to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false) >= 1);
grant insert, select on signal_history to @tenant;
comment on table signal_history is 'What changed in signals, when and by whom.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_import_parts (
  realm_id uuid not null,
  import_id uuid not null,
  requested_by uuid not null,
  "position" integer not null,
  bytes bytea not null,
  constraint signal_import_parts_import FOREIGN KEY (realm_id, import_id, requested_by) REFERENCES signal_imports(realm_id, id, requested_by) ON DELETE CASCADE,
  constraint signal_import_parts_pkey PRIMARY KEY (realm_id, import_id, "position"),
  constraint signal_import_parts_position CHECK ("position" >= 1 AND "position" <= 255),
  constraint signal_import_parts_size CHECK (length(bytes) >= 1 AND length(bytes) <= 4194304)
);
alter table signal_import_parts enable row level security, force row level security;
alter table signal_import_parts alter column bytes set storage external;
CREATE INDEX signal_import_parts_import_idx ON signal_import_parts (realm_id, import_id, requested_by);
create policy signal_import_parts_delete on signal_import_parts as permissive for delete to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_import_parts_export on signal_import_parts as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_import_parts_functions on signal_import_parts as permissive for all to surrealm_owner using (true) with check (true);
create policy signal_import_parts_insert on signal_import_parts as permissive for insert to @tenant with check (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_import_parts_select on signal_import_parts as permissive for select to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant delete, insert, select on signal_import_parts to @tenant;
comment on table signal_import_parts is 'The files of imports after their first 4 MB, until the import ends.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_import_rows (
  realm_id uuid not null,
  import_id uuid not null,
  requested_by uuid not null,
  "position" integer not null,
  name text not null,
  field text not null default ''::text,
  problem text not null,
  constraint signal_import_rows_import FOREIGN KEY (realm_id, import_id, requested_by) REFERENCES signal_imports(realm_id, id, requested_by) ON DELETE CASCADE,
  constraint signal_import_rows_pkey PRIMARY KEY (realm_id, import_id, "position")
);
alter table signal_import_rows enable row level security, force row level security;
CREATE INDEX signal_import_rows_import_idx ON signal_import_rows (realm_id, import_id, requested_by);
create policy signal_import_rows_delete on signal_import_rows as permissive for delete to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_import_rows_export on signal_import_rows as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_import_rows_insert on signal_import_rows as permissive for insert to @tenant with check (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_import_rows_select on signal_import_rows as permissive for select to @tenant using (requested_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant delete, insert, select on signal_import_rows to @tenant;
comment on table signal_import_rows is 'What is wrong with rows of imported files.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_shares (
  id uuid not null,
  realm_id uuid not null,
  signal_id uuid not null,
  target_realm_id uuid not null,
  scope text not null default 'READ'::text,
  granted_by uuid not null,
  created_at timestamptz not null default now(),
  constraint signal_shares_elsewhere CHECK (target_realm_id <> realm_id),
  constraint signal_shares_granted_by_person FOREIGN KEY (granted_by) REFERENCES people(user_id),
  constraint signal_shares_in_realm UNIQUE (realm_id, id),
  constraint signal_shares_into_realm UNIQUE (id, target_realm_id, signal_id, scope),
  constraint signal_shares_once UNIQUE (signal_id, target_realm_id),
  constraint signal_shares_pkey PRIMARY KEY (id),
  constraint signal_shares_scope CHECK (scope = ANY (ARRAY['READ'::text, 'CLUSTER'::text, 'SYNTHESIS'::text])),
  constraint signal_shares_signal FOREIGN KEY (realm_id, signal_id) REFERENCES signals(realm_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_shares_target_realm FOREIGN KEY (target_realm_id) REFERENCES realms(id) ON DELETE CASCADE
);
alter table signal_shares enable row level security, force row level security;
CREATE INDEX signal_shares_granted_by_idx ON signal_shares (granted_by);
CREATE INDEX signal_shares_realm_id_signal_id_idx ON signal_shares (realm_id, signal_id);
CREATE INDEX signal_shares_target_realm_id_idx ON signal_shares (target_realm_id);
create policy signal_shares_export on signal_shares as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_shares_functions on signal_shares as permissive for all to surrealm_owner using (true) with check (true);
create policy signal_shares_select on signal_shares as permissive for select to @tenant using ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) OR (target_realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant select on signal_shares to @tenant;
comment on table signal_shares is 'Signals opted into other realms, with what was granted and when it was revoked.';

-- owned by surrealm_owner
create table sop_lines (
  id uuid not null,
  surrogate_id uuid not null,
  next_version integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint sop_lines_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint sop_lines_next_version CHECK (next_version >= 1),
  constraint sop_lines_pkey PRIMARY KEY (id),
  constraint sop_lines_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id),
  constraint sop_lines_with_surrogate UNIQUE (id, surrogate_id)
);
CREATE INDEX sop_lines_created_by_idx ON sop_lines (created_by);
CREATE INDEX sop_lines_surrogate_id_idx ON sop_lines (surrogate_id);
grant delete, insert, select on sop_lines to @tenant;
grant update (next_version) on sop_lines to @tenant;
comment on table sop_lines is 'One row per SOP; its versions are in sops.';

-- owned by surrealm_owner
create table sops (
  id uuid not null,
  line_id uuid not null,
  surrogate_id uuid not null,
  version integer not null,
  title text not null,
  description text not null default ''::text,
  source text not null default ''::text,
  graph json not null,
  graph_hash text not null,
  hash text,
  previous_hash text,
  previous_version_id uuid,
  status text not null default 'DRAFT'::text,
  revision integer not null default 1,
  edit_position integer not null default 0,
  created_by uuid not null,
  submitted_by uuid,
  submitted_at timestamptz,
  certified_at timestamptz,
  deprecated_by uuid,
  deprecated_at timestamptz,
  reason text not null default ''::text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  citations integer not null default 0,
  constraint sops_certified_at CHECK ((status = ANY (ARRAY['CERTIFIED'::text, 'DEPRECATED'::text])) = (certified_at IS NOT NULL)),
  constraint sops_citations CHECK (citations >= 0 AND citations <= 1000),
  constraint sops_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint sops_deprecated_at CHECK ((status = 'DEPRECATED'::text) = (deprecated_at IS NOT NULL)),
  constraint sops_deprecated_by_person FOREIGN KEY (deprecated_by) REFERENCES people(user_id),
  constraint sops_description_length CHECK (length(description) <= 10000),
  constraint sops_edit_position CHECK (edit_position >= 0),
  constraint sops_graph_hash CHECK (graph_hash ~ '^[0-9a-f]{64}$'::text),
  constraint sops_graph_object CHECK (json_typeof(graph) = 'object'::text),
  constraint sops_graph_size CHECK (octet_length(graph::text) <= 262144),
  constraint sops_hash CHECK (hash ~ '^[0-9a-f]{64}$'::text),
  constraint sops_hash_unless_draft CHECK ((status = 'DRAFT'::text) = (hash IS NULL)),
  constraint sops_in_line UNIQUE (line_id, id),
  constraint sops_in_line_with_hash UNIQUE (line_id, id, hash),
  constraint sops_line FOREIGN KEY (line_id, surrogate_id) REFERENCES sop_lines(id, surrogate_id),
  constraint sops_pkey PRIMARY KEY (id),
  constraint sops_previous_hash FOREIGN KEY (line_id, previous_version_id, previous_hash) REFERENCES sops(line_id, id, hash),
  constraint sops_previous_hash_linked CHECK (previous_hash IS NULL OR hash IS NOT NULL AND previous_version_id IS NOT NULL),
  constraint sops_previous_other CHECK (previous_version_id <> id),
  constraint sops_previous_version FOREIGN KEY (line_id, previous_version_id) REFERENCES sops(line_id, id),
  constraint sops_reason_length CHECK (length(reason) <= 5000),
  constraint sops_revision CHECK (revision >= 1),
  constraint sops_source_length CHECK (length(source) <= 2000),
  constraint sops_status CHECK (status = ANY (ARRAY['DRAFT'::text, 'REVIEW'::text, 'CERTIFIED'::text, 'DEPRECATED'::text])),
  constraint sops_submitted CHECK ((submitted_by IS NULL) = (submitted_at IS NULL)),
  constraint sops_submitted_by_person FOREIGN KEY (submitted_by) REFERENCES people(user_id),
  constraint sops_title_length CHECK (length(title) >= 1 AND length(title) <= 300),
  constraint sops_version CHECK (version >= 1),
  constraint sops_version_once UNIQUE (line_id, version),
  constraint sops_with_creator UNIQUE (id, created_by),
  constraint sops_with_surrogate UNIQUE (id, surrogate_id)
);
CREATE INDEX sops_created_by_idx ON sops (created_by);
CREATE INDEX sops_deprecated_by_idx ON sops (deprecated_by);
CREATE UNIQUE INDEX sops_one_certified_per_line ON sops (line_id) WHERE (status = 'CERTIFIED'::text);
CREATE INDEX sops_previous_idx ON sops (line_id, previous_version_id, previous_hash);
CREATE INDEX sops_status_idx ON sops (status);
CREATE INDEX sops_submitted_by_idx ON sops (submitted_by);
CREATE INDEX sops_surrogate_id_line_id_idx ON sops (surrogate_id, line_id);
CREATE TRIGGER sops_certified_is_final BEFORE DELETE OR UPDATE ON sops FOR EACH ROW WHEN (old.status <> 'DRAFT'::text) EXECUTE FUNCTION gate.refuse_certified_change();
grant delete, insert, select on sops to @tenant;
grant update (certified_at, deprecated_at, deprecated_by, description, edit_position, graph, graph_hash, hash, previous_hash, previous_version_id, reason, revision, source, status, submitted_at, submitted_by, title, updated_at) on sops to @tenant;
comment on table sops is 'Versions of SOPs: the graph, its place in the line''s chain of hashes, and its state.';

-- owned by surrealm_owner, row security is enabled and forced
create table syntheses (
  id uuid not null,
  realm_id uuid not null,
  signal_id uuid,
  cluster_id uuid,
  supersedes_id uuid,
  type text not null,
  body text not null default ''::text,
  content jsonb not null default '{}'::jsonb,
  sources jsonb not null default '[]'::jsonb,
  provider text not null,
  model text not null default ''::text,
  state text not null default 'DRAFT'::text,
  visibility text not null,
  subject_author uuid not null,
  revision integer not null default 1,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  consents uuid[] not null default '{}'::uuid[],
  left_out integer not null default 0,
  rating integer,
  work text not null default 'DONE'::text,
  error text not null default ''::text,
  signal_ids uuid[] not null default '{}'::uuid[],
  finished_at timestamptz,
  edited_at timestamptz,
  account_id uuid,
  done integer not null default 0,
  tries integer not null default 0,
  shares uuid[] not null default '{}'::uuid[],
  constraint syntheses_account FOREIGN KEY (account_id) REFERENCES llm_accounts(id),
  constraint syntheses_cluster FOREIGN KEY (realm_id, cluster_id) REFERENCES clusters(realm_id, id) ON DELETE CASCADE,
  constraint syntheses_cluster_author CHECK (cluster_id IS NULL OR subject_author = created_by),
  constraint syntheses_content_object CHECK (jsonb_typeof(content) = 'object'::text),
  constraint syntheses_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint syntheses_done CHECK (done >= 0 AND done <= 100),
  constraint syntheses_in_realm UNIQUE (realm_id, id),
  constraint syntheses_in_realm_with_sight UNIQUE (realm_id, id, visibility, subject_author),
  constraint syntheses_one_subject CHECK (num_nonnulls(signal_id, cluster_id) = 1),
  constraint syntheses_pkey PRIMARY KEY (id),
  constraint syntheses_rating CHECK (rating >= 1 AND rating <= 5),
  constraint syntheses_realm FOREIGN KEY (realm_id) REFERENCES realms(id) ON DELETE CASCADE,
  constraint syntheses_revision CHECK (revision >= 1),
  constraint syntheses_signal FOREIGN KEY (realm_id, signal_id, visibility, subject_author) REFERENCES signals(realm_id, id, visibility, created_by) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint syntheses_sources_array CHECK (jsonb_typeof(sources) = 'array'::text),
  constraint syntheses_state CHECK (state = ANY (ARRAY['DRAFT'::text, 'CONFIRMED'::text, 'SUPERSEDED'::text])),
  constraint syntheses_supersedes FOREIGN KEY (realm_id, supersedes_id) REFERENCES syntheses(realm_id, id) ON DELETE SET NULL (supersedes_id),
  constraint syntheses_supersedes_other CHECK (supersedes_id <> id),
  constraint syntheses_type CHECK (type = ANY (ARRAY['SURFACE'::text, 'STRUCTURE'::text, 'PATTERNS'::text, 'MIRROR'::text, 'SYMBOLIC'::text, 'NARRATIVE'::text, 'LINEAGE'::text])),
  constraint syntheses_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text])),
  constraint syntheses_work CHECK (work = ANY (ARRAY['WAITING'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text]))
);
alter table syntheses enable row level security, force row level security;
CREATE INDEX syntheses_account_id_idx ON syntheses (account_id);
CREATE INDEX syntheses_created_by_idx ON syntheses (created_by);
CREATE UNIQUE INDEX syntheses_one_open ON syntheses (realm_id, COALESCE(signal_id, cluster_id), type) WHERE (work = ANY (ARRAY['WAITING'::text, 'RUNNING'::text]));
CREATE INDEX syntheses_realm_id_cluster_id_idx ON syntheses (realm_id, cluster_id);
CREATE INDEX syntheses_realm_id_supersedes_id_idx ON syntheses (realm_id, supersedes_id);
CREATE INDEX syntheses_signal_idx ON syntheses (realm_id, signal_id, visibility, subject_author);
CREATE TRIGGER syntheses_tell AFTER UPDATE OF work ON syntheses FOR EACH ROW WHEN (old.work IS DISTINCT FROM new.work) EXECUTE FUNCTION gate.tell_change('synthesis');
create policy syntheses_delete on syntheses as permissive for delete to @tenant using ((visibility <> 'PRIVATE'::text OR subject_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND gate.access('SHARED'::text, created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
create policy syntheses_export on syntheses as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy syntheses_functions on syntheses as permissive for all to surrealm_owner using (true) with check (true);
create policy syntheses_insert on syntheses as permissive for insert to @tenant with check ((visibility <> 'PRIVATE'::text OR subject_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy syntheses_select on syntheses as permissive for select to @tenant using ((visibility <> 'PRIVATE'::text OR subject_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy syntheses_update on syntheses as permissive for update to @tenant using ((visibility <> 'PRIVATE'::text OR subject_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND gate.access('SHARED'::text, created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false, false) = 2);
grant delete, insert, select on syntheses to @tenant;
grant update (account_id, body, consents, content, done, edited_at, error, finished_at, left_out, model, provider, rating, revision, shares, signal_ids, sources, state, tries, updated_at, visibility, work) on syntheses to @tenant;
comment on table syntheses is 'Generated text and structure about signals and clusters.';

-- owned by surrealm_owner, row security is enabled and forced
create table cluster_constraints (
  id uuid not null,
  realm_id uuid not null,
  kind text not null,
  signal_id uuid not null,
  other_id uuid,
  cluster_id uuid,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  own_id uuid,
  share_id uuid,
  share_scope text,
  constraint cluster_constraints_about CHECK (
CASE
    WHEN kind = ANY (ARRAY['TOGETHER'::text, 'APART'::text]) THEN other_id IS NOT NULL AND cluster_id IS NULL
    ELSE other_id IS NULL AND cluster_id IS NOT NULL
END),
  constraint cluster_constraints_cluster FOREIGN KEY (realm_id, cluster_id) REFERENCES clusters(realm_id, id) ON DELETE CASCADE,
  constraint cluster_constraints_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint cluster_constraints_in_realm UNIQUE (realm_id, id),
  constraint cluster_constraints_kind CHECK (kind = ANY (ARRAY['TOGETHER'::text, 'APART'::text, 'PINNED'::text, 'OUTSIDE'::text])),
  constraint cluster_constraints_one_way CHECK (
CASE
    WHEN share_id IS NULL THEN COALESCE(own_id = signal_id, false) AND share_scope IS NULL
    ELSE own_id IS NULL AND COALESCE(share_scope = ANY (ARRAY['CLUSTER'::text, 'SYNTHESIS'::text]), false) AND (kind = ANY (ARRAY['PINNED'::text, 'OUTSIDE'::text]))
END),
  constraint cluster_constraints_other FOREIGN KEY (realm_id, other_id) REFERENCES signals(realm_id, id) ON DELETE CASCADE,
  constraint cluster_constraints_pkey PRIMARY KEY (id),
  constraint cluster_constraints_share FOREIGN KEY (share_id, realm_id, signal_id, share_scope) REFERENCES signal_shares(id, target_realm_id, signal_id, scope) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint cluster_constraints_signal FOREIGN KEY (realm_id, own_id) REFERENCES signals(realm_id, id) ON DELETE CASCADE
);
alter table cluster_constraints enable row level security, force row level security;
CREATE INDEX cluster_constraints_cluster_idx ON cluster_constraints (realm_id, cluster_id);
CREATE INDEX cluster_constraints_created_by_idx ON cluster_constraints (created_by);
CREATE INDEX cluster_constraints_other_idx ON cluster_constraints (realm_id, other_id);
CREATE INDEX cluster_constraints_own_idx ON cluster_constraints (realm_id, own_id);
CREATE INDEX cluster_constraints_share_idx ON cluster_constraints (share_id, realm_id, signal_id, share_scope);
CREATE INDEX cluster_constraints_signal_idx ON cluster_constraints (realm_id, signal_id);
create policy cluster_constraints_delete on cluster_constraints as permissive for delete to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
create policy cluster_constraints_export on cluster_constraints as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy cluster_constraints_functions on cluster_constraints as permissive for all to surrealm_owner using (true) with check (true);
create policy cluster_constraints_insert on cluster_constraints as permissive for insert to @tenant with check ((realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND created_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy cluster_constraints_select on cluster_constraints as permissive for select to @tenant using (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]));
grant delete, insert, select on cluster_constraints to @tenant;
comment on table cluster_constraints is 'What people decided that every later run obeys.';

-- owned by surrealm_owner, row security is enabled and forced
create table clusters_signals (
  realm_id uuid not null,
  cluster_id uuid not null,
  signal_id uuid not null,
  "position" integer,
  confidence double precision,
  reason text not null default ''::text,
  metadata jsonb not null default '{}'::jsonb,
  visibility text not null,
  signal_author uuid,
  added_by uuid not null,
  created_at timestamptz not null default now(),
  share_id uuid,
  share_scope text,
  constraint clusters_signals_added_by_person FOREIGN KEY (added_by) REFERENCES people(user_id),
  constraint clusters_signals_cluster FOREIGN KEY (realm_id, cluster_id) REFERENCES clusters(realm_id, id) ON DELETE CASCADE,
  constraint clusters_signals_confidence CHECK (confidence >= 0::double precision AND confidence <= 1::double precision),
  constraint clusters_signals_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint clusters_signals_one_way CHECK (
CASE
    WHEN share_id IS NULL THEN signal_author IS NOT NULL AND share_scope IS NULL
    ELSE signal_author IS NULL AND COALESCE(share_scope = ANY (ARRAY['CLUSTER'::text, 'SYNTHESIS'::text]), false) AND visibility = 'SHARED'::text
END),
  constraint clusters_signals_pkey PRIMARY KEY (realm_id, cluster_id, signal_id),
  constraint clusters_signals_position CHECK ("position" >= 0),
  constraint clusters_signals_share FOREIGN KEY (share_id, realm_id, signal_id, share_scope) REFERENCES signal_shares(id, target_realm_id, signal_id, scope) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint clusters_signals_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author) REFERENCES signals(realm_id, id, visibility, created_by) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint clusters_signals_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table clusters_signals enable row level security, force row level security;
CREATE INDEX clusters_signals_added_by_idx ON clusters_signals (added_by);
CREATE INDEX clusters_signals_share_idx ON clusters_signals (share_id, realm_id, signal_id, share_scope);
CREATE INDEX clusters_signals_signal_idx ON clusters_signals (realm_id, signal_id, visibility, signal_author);
create policy clusters_signals_delete on clusters_signals as permissive for delete to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy clusters_signals_export on clusters_signals as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy clusters_signals_functions on clusters_signals as permissive for all to surrealm_owner using (true) with check (true);
create policy clusters_signals_insert on clusters_signals as permissive for insert to @tenant with check ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])) AND added_by = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")));
create policy clusters_signals_select on clusters_signals as permissive for select to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy clusters_signals_update on clusters_signals as permissive for update to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant delete, insert, select on clusters_signals to @tenant;
grant update (confidence, metadata, "position", reason) on clusters_signals to @tenant;
comment on table clusters_signals is 'Which signals a cluster holds.';

-- owned by surrealm_owner
create table debriefs (
  id uuid not null,
  session_id uuid not null,
  surrogate_id uuid not null,
  summary text not null,
  decisions jsonb not null default '[]'::jsonb,
  escalations jsonb not null default '[]'::jsonb,
  edge_cases jsonb not null default '[]'::jsonb,
  recommendations jsonb not null default '[]'::jsonb,
  confidence double precision,
  provider text not null,
  model text not null default ''::text,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint debriefs_confidence CHECK (confidence >= 0::double precision AND confidence <= 1::double precision),
  constraint debriefs_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint debriefs_decisions_array CHECK (jsonb_typeof(decisions) = 'array'::text),
  constraint debriefs_edge_cases_array CHECK (jsonb_typeof(edge_cases) = 'array'::text),
  constraint debriefs_escalations_array CHECK (jsonb_typeof(escalations) = 'array'::text),
  constraint debriefs_one_per_session UNIQUE (surrogate_id, session_id),
  constraint debriefs_pkey PRIMARY KEY (id),
  constraint debriefs_recommendations_array CHECK (jsonb_typeof(recommendations) = 'array'::text),
  constraint debriefs_session FOREIGN KEY (session_id, surrogate_id) REFERENCES sessions(id, surrogate_id)
);
CREATE INDEX debriefs_created_by_idx ON debriefs (created_by);
grant delete, insert, select on debriefs to @tenant;
grant update (confidence, decisions, edge_cases, escalations, model, provider, recommendations, summary, updated_at) on debriefs to @tenant;
comment on table debriefs is 'What was learned from a session; at most one each.';

-- owned by surrealm_owner
create table document_chunks (
  id uuid not null,
  document_id uuid not null,
  chunk_index integer not null,
  content text not null,
  metadata jsonb not null default '{}'::jsonb,
  embedding halfvec(1536),
  embedding_model text,
  created_at timestamptz not null default now(),
  constraint document_chunks_document FOREIGN KEY (document_id) REFERENCES org_documents(id) ON DELETE CASCADE,
  constraint document_chunks_embedding_model CHECK ((embedding IS NULL) = (embedding_model IS NULL)),
  constraint document_chunks_index CHECK (chunk_index >= 0),
  constraint document_chunks_index_once UNIQUE (document_id, chunk_index),
  constraint document_chunks_metadata_object CHECK (jsonb_typeof(metadata) = 'object'::text),
  constraint document_chunks_pkey PRIMARY KEY (id)
);
grant delete, insert, select on document_chunks to @tenant;
grant update (embedding, embedding_model, metadata) on document_chunks to @tenant;
comment on table document_chunks is 'Pieces of documents with their vectors.';

-- owned by surrealm_owner
create table executions (
  id uuid not null,
  session_id uuid not null,
  surrogate_id uuid not null,
  sop_id uuid not null,
  current_node_id text not null,
  visited_nodes text[] not null default '{}'::text[],
  context jsonb not null default '{}'::jsonb,
  status text not null default 'RUNNING'::text,
  revision integer not null default 1,
  waiting_for uuid,
  reason text not null default ''::text,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint executions_completed_at CHECK ((status = ANY (ARRAY['COMPLETED'::text, 'ABORTED'::text])) = (completed_at IS NOT NULL)),
  constraint executions_context_object CHECK (jsonb_typeof(context) = 'object'::text),
  constraint executions_in_session UNIQUE (id, session_id),
  constraint executions_pkey PRIMARY KEY (id),
  constraint executions_reason_length CHECK (length(reason) <= 5000),
  constraint executions_revision CHECK (revision >= 1),
  constraint executions_session FOREIGN KEY (session_id, surrogate_id) REFERENCES sessions(id, surrogate_id),
  constraint executions_sop FOREIGN KEY (sop_id, surrogate_id) REFERENCES sops(id, surrogate_id),
  constraint executions_status CHECK (status = ANY (ARRAY['RUNNING'::text, 'PAUSED'::text, 'AWAITING_INPUT'::text, 'AWAITING_APPROVAL'::text, 'AWAITING_ESCALATION'::text, 'COMPLETED'::text, 'ABORTED'::text])),
  constraint executions_waiting_for CHECK (waiting_for IS NULL OR (status = ANY (ARRAY['PAUSED'::text, 'AWAITING_APPROVAL'::text, 'AWAITING_ESCALATION'::text]))),
  constraint executions_waiting_for_person FOREIGN KEY (waiting_for) REFERENCES people(user_id)
);
CREATE UNIQUE INDEX executions_one_live_per_session ON executions (session_id) WHERE (status <> ALL (ARRAY['COMPLETED'::text, 'ABORTED'::text]));
CREATE INDEX executions_session_id_surrogate_id_idx ON executions (session_id, surrogate_id);
CREATE INDEX executions_sop_id_surrogate_id_idx ON executions (sop_id, surrogate_id);
CREATE INDEX executions_waiting_for_idx ON executions (waiting_for);
grant insert, select on executions to @tenant;
grant update (completed_at, context, current_node_id, reason, revision, status, updated_at, visited_nodes, waiting_for) on executions to @tenant;
comment on table executions is 'Runs of an SOP by a surrogate, step by step.';

-- owned by surrealm_owner
create table handoffs (
  id uuid not null,
  source_surrogate_id uuid,
  target_surrogate_id uuid,
  target_person uuid,
  session_id uuid,
  type text not null,
  context_bundle jsonb not null default '{}'::jsonb,
  summary text not null default ''::text,
  status text not null default 'INITIATED'::text,
  initiated_by uuid not null,
  decided_by uuid,
  reason text not null default ''::text,
  initiated_at timestamptz not null default now(),
  decided_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  constraint handoffs_bundle_object CHECK (jsonb_typeof(context_bundle) = 'object'::text),
  constraint handoffs_decided CHECK ((status = ANY (ARRAY['ACCEPTED'::text, 'REJECTED'::text])) = (decided_by IS NOT NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
  constraint handoffs_decided_by_person FOREIGN KEY (decided_by) REFERENCES people(user_id),
  constraint handoffs_ends CHECK (
CASE type
    WHEN 'DIGITAL_TO_DIGITAL'::text THEN num_nonnulls(source_surrogate_id, target_surrogate_id) = 2 AND target_person IS NULL
    WHEN 'DIGITAL_TO_HUMAN'::text THEN num_nonnulls(source_surrogate_id, target_person) = 2 AND target_surrogate_id IS NULL
    WHEN 'HUMAN_TO_DIGITAL'::text THEN target_surrogate_id IS NOT NULL AND num_nulls(source_surrogate_id, target_person) = 2
    ELSE false
END),
  constraint handoffs_initiated_by_person FOREIGN KEY (initiated_by) REFERENCES people(user_id),
  constraint handoffs_other_surrogate CHECK (source_surrogate_id <> target_surrogate_id),
  constraint handoffs_pkey PRIMARY KEY (id),
  constraint handoffs_reason_length CHECK (length(reason) <= 5000),
  constraint handoffs_session FOREIGN KEY (session_id, source_surrogate_id) REFERENCES sessions(id, surrogate_id),
  constraint handoffs_session_has_source CHECK (session_id IS NULL OR source_surrogate_id IS NOT NULL),
  constraint handoffs_source_surrogate FOREIGN KEY (source_surrogate_id) REFERENCES surrogates(id),
  constraint handoffs_status CHECK (status = ANY (ARRAY['INITIATED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'EXPIRED'::text])),
  constraint handoffs_target_person_person FOREIGN KEY (target_person) REFERENCES people(user_id),
  constraint handoffs_target_surrogate FOREIGN KEY (target_surrogate_id) REFERENCES surrogates(id),
  constraint handoffs_type CHECK (type = ANY (ARRAY['DIGITAL_TO_DIGITAL'::text, 'DIGITAL_TO_HUMAN'::text, 'HUMAN_TO_DIGITAL'::text]))
);
CREATE INDEX handoffs_decided_by_idx ON handoffs (decided_by);
CREATE INDEX handoffs_initiated_by_idx ON handoffs (initiated_by);
CREATE INDEX handoffs_session_id_source_idx ON handoffs (session_id, source_surrogate_id);
CREATE INDEX handoffs_source_surrogate_id_idx ON handoffs (source_surrogate_id);
CREATE INDEX handoffs_target_person_idx ON handoffs (target_person);
CREATE INDEX handoffs_target_surrogate_id_idx ON handoffs (target_surrogate_id);
grant insert, select on handoffs to @tenant;
grant update (context_bundle, decided_at, decided_by, expires_at, reason, status, summary) on handoffs to @tenant;
comment on table handoffs is 'Work handed over between surrogates and people.';

-- owned by surrealm_owner
create table memory_entries (
  id uuid not null,
  surrogate_id uuid not null,
  debrief_id uuid,
  type text not null default 'STM'::text,
  source text not null default 'MANUAL'::text,
  content text not null,
  tags text[] not null default '{}'::text[],
  observation_count integer not null default 1,
  revision integer not null default 1,
  created_by uuid not null,
  first_observed_at timestamptz not null default now(),
  last_observed_at timestamptz not null default now(),
  expires_at timestamptz,
  promoted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint memory_entries_content_length CHECK (length(content) >= 1 AND length(content) <= 20000),
  constraint memory_entries_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint memory_entries_debrief FOREIGN KEY (debrief_id) REFERENCES debriefs(id) ON DELETE SET NULL,
  constraint memory_entries_expires_at CHECK (expires_at IS NULL OR type = 'STM'::text),
  constraint memory_entries_observation_count CHECK (observation_count >= 1),
  constraint memory_entries_observed_at CHECK (first_observed_at <= last_observed_at),
  constraint memory_entries_pkey PRIMARY KEY (id),
  constraint memory_entries_promoted_at CHECK (promoted_at IS NULL OR type = 'LTM'::text),
  constraint memory_entries_revision CHECK (revision >= 1),
  constraint memory_entries_source CHECK (source = ANY (ARRAY['DEBRIEF'::text, 'PATTERN_DETECTION'::text, 'MANUAL'::text, 'SOP_EXECUTION'::text])),
  constraint memory_entries_surrogate FOREIGN KEY (surrogate_id) REFERENCES surrogates(id),
  constraint memory_entries_tags_count CHECK (cardinality(tags) <= 50),
  constraint memory_entries_type CHECK (type = ANY (ARRAY['STM'::text, 'LTM'::text]))
);
CREATE INDEX memory_entries_created_by_idx ON memory_entries (created_by);
CREATE INDEX memory_entries_debrief_id_idx ON memory_entries (debrief_id);
CREATE INDEX memory_entries_surrogate_id_idx ON memory_entries (surrogate_id, last_observed_at DESC);
grant delete, insert, select on memory_entries to @tenant;
grant update (content, expires_at, first_observed_at, last_observed_at, observation_count, promoted_at, revision, source, tags, type, updated_at) on memory_entries to @tenant;
comment on table memory_entries is 'Short-term and long-term memory of surrogates.';

-- owned by surrealm_owner, row security is enabled and forced
create table signal_points (
  realm_id uuid not null,
  signal_id uuid not null,
  visibility text not null,
  signal_author uuid,
  x double precision not null,
  y double precision not null,
  share_id uuid,
  share_scope text,
  constraint signal_points_inside CHECK (x >= 0::double precision AND x <= 1::double precision AND y >= 0::double precision AND y <= 1::double precision),
  constraint signal_points_one_way CHECK (
CASE
    WHEN share_id IS NULL THEN signal_author IS NOT NULL AND share_scope IS NULL
    ELSE signal_author IS NULL AND COALESCE(share_scope = ANY (ARRAY['CLUSTER'::text, 'SYNTHESIS'::text]), false) AND visibility = 'SHARED'::text
END),
  constraint signal_points_pkey PRIMARY KEY (realm_id, signal_id),
  constraint signal_points_share FOREIGN KEY (share_id, realm_id, signal_id, share_scope) REFERENCES signal_shares(id, target_realm_id, signal_id, scope) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_points_signal FOREIGN KEY (realm_id, signal_id, visibility, signal_author) REFERENCES signals(realm_id, id, visibility, created_by) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint signal_points_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table signal_points enable row level security, force row level security;
CREATE INDEX signal_points_share_idx ON signal_points (share_id, realm_id, signal_id, share_scope);
CREATE INDEX signal_points_signal_idx ON signal_points (realm_id, signal_id, visibility, signal_author);
create policy signal_points_delete on signal_points as permissive for delete to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_points_export on signal_points as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy signal_points_insert on signal_points as permissive for insert to @tenant with check ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
create policy signal_points_select on signal_points as permissive for select to @tenant using (gate.access(visibility, signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), false) >= 1);
create policy signal_points_update on signal_points as permissive for update to @tenant using ((visibility <> 'PRIVATE'::text OR signal_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif"))) AND (realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[])));
grant delete, insert, select on signal_points to @tenant;
grant update (x, y) on signal_points to @tenant;
comment on table signal_points is 'Places of signals on the map of their realm.';

-- owned by surrealm_owner
create table sop_proposals (
  id uuid not null,
  number integer not null,
  line_id uuid not null,
  sop_id uuid not null,
  surrogate_id uuid not null,
  title text not null,
  rationale text not null default ''::text,
  proposed_graph json not null,
  status text not null default 'DRAFT'::text,
  revision integer not null default 0,
  edit_revision integer not null default 1,
  edit_position integer not null default 0,
  proposed_by uuid not null,
  opened_at timestamptz,
  decided_at timestamptz,
  applied_sop_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  citations integer not null default 0,
  constraint sop_proposals_applied FOREIGN KEY (line_id, applied_sop_id) REFERENCES sops(line_id, id),
  constraint sop_proposals_applied_version CHECK ((status = 'APPLIED'::text) = (applied_sop_id IS NOT NULL)),
  constraint sop_proposals_base FOREIGN KEY (line_id, sop_id) REFERENCES sops(line_id, id),
  constraint sop_proposals_citations CHECK (citations >= 0 AND citations <= 1000),
  constraint sop_proposals_edit_position CHECK (edit_position >= 0),
  constraint sop_proposals_edit_revision CHECK (edit_revision >= 1),
  constraint sop_proposals_graph_object CHECK (json_typeof(proposed_graph) = 'object'::text),
  constraint sop_proposals_graph_size CHECK (octet_length(proposed_graph::text) <= 262144),
  constraint sop_proposals_line FOREIGN KEY (line_id, surrogate_id) REFERENCES sop_lines(id, surrogate_id),
  constraint sop_proposals_number CHECK (number >= 1),
  constraint sop_proposals_number_once UNIQUE (number),
  constraint sop_proposals_pkey PRIMARY KEY (id),
  constraint sop_proposals_proposed_by_person FOREIGN KEY (proposed_by) REFERENCES people(user_id),
  constraint sop_proposals_rationale_length CHECK (length(rationale) <= 20000),
  constraint sop_proposals_revision CHECK (revision >= 0),
  constraint sop_proposals_status CHECK (status = ANY (ARRAY['DRAFT'::text, 'OPEN'::text, 'CHANGES_REQUESTED'::text, 'APPROVED'::text, 'APPLIED'::text, 'REJECTED'::text, 'WITHDRAWN'::text, 'SUPERSEDED'::text])),
  constraint sop_proposals_submitted CHECK ((status <> ALL (ARRAY['OPEN'::text, 'CHANGES_REQUESTED'::text, 'APPROVED'::text, 'APPLIED'::text, 'REJECTED'::text])) OR revision >= 1 AND opened_at IS NOT NULL),
  constraint sop_proposals_title_length CHECK (length(title) >= 1 AND length(title) <= 300),
  constraint sop_proposals_with_author UNIQUE (id, proposed_by)
);
CREATE INDEX sop_proposals_line_id_applied_sop_id_idx ON sop_proposals (line_id, applied_sop_id);
CREATE INDEX sop_proposals_line_id_sop_id_idx ON sop_proposals (line_id, sop_id);
CREATE INDEX sop_proposals_proposed_by_idx ON sop_proposals (proposed_by);
CREATE INDEX sop_proposals_status_idx ON sop_proposals (status);
CREATE INDEX sop_proposals_surrogate_id_line_id_idx ON sop_proposals (surrogate_id, line_id);
grant insert, select on sop_proposals to @tenant;
grant update (applied_sop_id, decided_at, edit_position, edit_revision, opened_at, proposed_graph, rationale, revision, sop_id, status, title, updated_at) on sop_proposals to @tenant;
comment on table sop_proposals is 'Proposed changes to SOPs.';

-- owned by surrealm_owner
create table decision_outcomes (
  id uuid not null,
  session_id uuid not null,
  surrogate_id uuid not null,
  execution_id uuid,
  sop_node_id text,
  decision text not null,
  outcome text,
  confidence double precision,
  context jsonb not null default '{}'::jsonb,
  recorded_by uuid not null,
  created_at timestamptz not null default now(),
  constraint decision_outcomes_confidence CHECK (confidence >= 0::double precision AND confidence <= 1::double precision),
  constraint decision_outcomes_context_object CHECK (jsonb_typeof(context) = 'object'::text),
  constraint decision_outcomes_decision_length CHECK (length(decision) >= 1 AND length(decision) <= 10000),
  constraint decision_outcomes_execution FOREIGN KEY (execution_id, session_id) REFERENCES executions(id, session_id),
  constraint decision_outcomes_pkey PRIMARY KEY (id),
  constraint decision_outcomes_recorded_by_person FOREIGN KEY (recorded_by) REFERENCES people(user_id),
  constraint decision_outcomes_session FOREIGN KEY (session_id, surrogate_id) REFERENCES sessions(id, surrogate_id)
);
CREATE INDEX decision_outcomes_execution_id_session_id_idx ON decision_outcomes (execution_id, session_id);
CREATE INDEX decision_outcomes_recorded_by_idx ON decision_outcomes (recorded_by);
CREATE INDEX decision_outcomes_session_id_surrogate_id_idx ON decision_outcomes (session_id, surrogate_id);
grant insert, select on decision_outcomes to @tenant;
grant update (outcome) on decision_outcomes to @tenant;
comment on table decision_outcomes is 'Decisions taken in sessions, and what came of them.';

-- owned by surrealm_owner
create table graph_edits (
  id uuid not null,
  sop_id uuid,
  proposal_id uuid,
  "position" integer not null,
  graph json not null,
  title text not null,
  summary text not null,
  edited_by uuid not null,
  created_at timestamptz not null default now(),
  description text,
  source text,
  constraint graph_edits_edited_by_person FOREIGN KEY (edited_by) REFERENCES people(user_id),
  constraint graph_edits_graph_object CHECK (json_typeof(graph) = 'object'::text),
  constraint graph_edits_graph_size CHECK (octet_length(graph::text) <= 262144),
  constraint graph_edits_one_parent CHECK (num_nonnulls(sop_id, proposal_id) = 1),
  constraint graph_edits_pkey PRIMARY KEY (id),
  constraint graph_edits_position CHECK ("position" >= 0),
  constraint graph_edits_proposal FOREIGN KEY (proposal_id) REFERENCES sop_proposals(id) ON DELETE CASCADE,
  constraint graph_edits_proposal_position_once UNIQUE (proposal_id, "position"),
  constraint graph_edits_sop FOREIGN KEY (sop_id) REFERENCES sops(id) ON DELETE CASCADE,
  constraint graph_edits_sop_position_once UNIQUE (sop_id, "position")
);
CREATE INDEX graph_edits_edited_by_idx ON graph_edits (edited_by);
grant delete, insert, select on graph_edits to @tenant;
comment on table graph_edits is 'Undo and redo steps of drafts and proposals.';

-- owned by surrealm_owner
create table proposal_revisions (
  proposal_id uuid not null,
  revision integer not null,
  base_sop_id uuid not null,
  title text not null,
  graph json not null,
  graph_hash text not null,
  note text not null default ''::text,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  constraint proposal_revisions_base FOREIGN KEY (base_sop_id) REFERENCES sops(id),
  constraint proposal_revisions_created_by_person FOREIGN KEY (created_by) REFERENCES people(user_id),
  constraint proposal_revisions_graph_hash CHECK (graph_hash ~ '^[0-9a-f]{64}$'::text),
  constraint proposal_revisions_graph_object CHECK (json_typeof(graph) = 'object'::text),
  constraint proposal_revisions_graph_size CHECK (octet_length(graph::text) <= 262144),
  constraint proposal_revisions_note_length CHECK (length(note) <= 10000),
  constraint proposal_revisions_pkey PRIMARY KEY (proposal_id, revision),
  constraint proposal_revisions_proposal FOREIGN KEY (proposal_id) REFERENCES sop_proposals(id),
  constraint proposal_revisions_revision CHECK (revision >= 1),
  constraint proposal_revisions_title_length CHECK (length(title) >= 1 AND length(title) <= 300)
);
CREATE INDEX proposal_revisions_base_sop_id_idx ON proposal_revisions (base_sop_id);
CREATE INDEX proposal_revisions_created_by_idx ON proposal_revisions (created_by);
grant insert, select on proposal_revisions to @tenant;
comment on table proposal_revisions is 'Every submitted revision of every proposal.';

-- owned by surrealm_owner
create table proposal_views (
  proposal_id uuid not null,
  revision integer not null,
  user_id uuid not null,
  step_id text not null,
  constraint proposal_views_pkey PRIMARY KEY (proposal_id, revision, user_id, step_id),
  constraint proposal_views_revision FOREIGN KEY (proposal_id, revision) REFERENCES proposal_revisions(proposal_id, revision),
  constraint proposal_views_user_person FOREIGN KEY (user_id) REFERENCES people(user_id)
);
CREATE INDEX proposal_views_user_id_idx ON proposal_views (user_id);
grant delete, insert, select on proposal_views to @tenant;
comment on table proposal_views is 'Steps of a proposal that a person has ticked as viewed.';

-- owned by surrealm_owner
create table reviews (
  id uuid not null,
  proposal_id uuid not null,
  revision integer not null,
  proposed_by uuid not null,
  reviewer uuid not null,
  verdict text not null,
  reason text not null,
  voided_at timestamptz,
  created_at timestamptz not null default now(),
  constraint reviews_author FOREIGN KEY (proposal_id, proposed_by) REFERENCES sop_proposals(id, proposed_by),
  constraint reviews_not_by_author CHECK (reviewer <> proposed_by),
  constraint reviews_one_verdict UNIQUE (proposal_id, revision, reviewer),
  constraint reviews_pkey PRIMARY KEY (id),
  constraint reviews_reason_length CHECK (length(reason) >= 1 AND length(reason) <= 5000),
  constraint reviews_reviewer_person FOREIGN KEY (reviewer) REFERENCES people(user_id),
  constraint reviews_revision FOREIGN KEY (proposal_id, revision) REFERENCES proposal_revisions(proposal_id, revision),
  constraint reviews_verdict CHECK (verdict = ANY (ARRAY['APPROVE'::text, 'REQUEST_CHANGES'::text, 'REJECT'::text])),
  constraint reviews_with_verdict UNIQUE (id, proposal_id, revision, proposed_by, reviewer, verdict)
);
CREATE INDEX reviews_proposal_id_proposed_by_idx ON reviews (proposal_id, proposed_by);
CREATE INDEX reviews_reviewer_idx ON reviews (reviewer);
grant insert, select on reviews to @tenant;
grant update (voided_at) on reviews to @tenant;
comment on table reviews is 'Verdicts of reviewers on revisions of proposals.';

-- owned by surrealm_owner, row security is enabled and forced
create table sop_evidence (
  id uuid not null,
  realm_id uuid not null,
  proposal_id uuid,
  sop_id uuid,
  signal_id uuid,
  cluster_id uuid,
  synthesis_id uuid,
  added_by uuid not null,
  created_at timestamptz not null default now(),
  visibility text not null,
  source_author uuid not null,
  reaches uuid[] not null default '{}'::uuid[],
  reaches_all boolean not null default false,
  number integer,
  passage_from integer,
  passage_length integer,
  signal_revision integer,
  constraint sop_evidence_added_by_person FOREIGN KEY (added_by) REFERENCES people(user_id),
  constraint sop_evidence_cluster FOREIGN KEY (realm_id, cluster_id) REFERENCES clusters(realm_id, id) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint sop_evidence_in_realm UNIQUE (realm_id, id),
  constraint sop_evidence_number CHECK ((signal_id IS NULL) = (number IS NULL) AND number >= 1 AND number <= 1000),
  constraint sop_evidence_of_something CHECK (num_nonnulls(proposal_id, sop_id) >= 1),
  constraint sop_evidence_once UNIQUE NULLS NOT DISTINCT (proposal_id, sop_id, signal_id, cluster_id, synthesis_id, passage_from),
  constraint sop_evidence_one_source CHECK (num_nonnulls(signal_id, cluster_id, synthesis_id) = 1),
  constraint sop_evidence_passage CHECK ((passage_from IS NULL) = (passage_length IS NULL) AND passage_from >= 0 AND passage_length >= 1 AND (passage_from IS NULL OR signal_id IS NOT NULL)),
  constraint sop_evidence_pkey PRIMARY KEY (id),
  constraint sop_evidence_proposal FOREIGN KEY (proposal_id) REFERENCES sop_proposals(id) ON DELETE CASCADE,
  constraint sop_evidence_revision CHECK ((signal_id IS NULL) = (signal_revision IS NULL)),
  constraint sop_evidence_signal FOREIGN KEY (realm_id, signal_id, visibility, source_author, reaches, reaches_all) REFERENCES signals(realm_id, id, visibility, created_by, reaches, reaches_all) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint sop_evidence_sop FOREIGN KEY (sop_id) REFERENCES sops(id) ON DELETE CASCADE,
  constraint sop_evidence_synthesis FOREIGN KEY (realm_id, synthesis_id, visibility, source_author) REFERENCES syntheses(realm_id, id, visibility, subject_author) ON UPDATE CASCADE ON DELETE CASCADE,
  constraint sop_evidence_visibility CHECK (visibility = ANY (ARRAY['PUBLIC'::text, 'PRIVATE'::text, 'SANCTUM'::text, 'SHARED'::text]))
);
alter table sop_evidence enable row level security, force row level security;
CREATE INDEX sop_evidence_added_by_idx ON sop_evidence (added_by);
CREATE INDEX sop_evidence_cluster_idx ON sop_evidence (realm_id, cluster_id);
CREATE UNIQUE INDEX sop_evidence_proposal_number ON sop_evidence (proposal_id, number);
CREATE INDEX sop_evidence_signal_idx ON sop_evidence (realm_id, signal_id, visibility, source_author, reaches, reaches_all);
CREATE UNIQUE INDEX sop_evidence_sop_number ON sop_evidence (sop_id, number);
CREATE INDEX sop_evidence_synthesis_idx ON sop_evidence (realm_id, synthesis_id, visibility, source_author);
create policy sop_evidence_export on sop_evidence as permissive for select to surrealm_owner using (current_setting('app.export'::text, true) = 'on'::text);
create policy sop_evidence_functions on sop_evidence as permissive for all to surrealm_owner using (true) with check (true);
create policy sop_evidence_select on sop_evidence as permissive for select to @tenant using (gate.access(visibility, source_author = (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text)::uuid AS "nullif")), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_write'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_own'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), realm_id = ANY ((( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif"))::uuid[]), reaches && (( SELECT NULLIF(current_setting('app.realms_read'::text, true), ''::text)::uuid[] AS "nullif")) OR reaches_all AND (( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif")) IS NOT NULL) >= 1);
grant select on sop_evidence to @tenant;
comment on table sop_evidence is 'The observations that proposals and versions of procedures rest on.';

-- owned by surrealm_owner
create table sop_signatures (
  id uuid not null,
  sop_id uuid,
  proposal_id uuid,
  review_id uuid,
  revision integer not null,
  key_id uuid not null,
  signer uuid not null,
  author uuid not null,
  decision text not null,
  statement text not null,
  signature bytea not null,
  signed_at timestamptz not null default now(),
  constraint sop_signatures_decision CHECK (decision = ANY (ARRAY['CERTIFY'::text, 'APPROVE'::text, 'REQUEST_CHANGES'::text, 'REJECT'::text])),
  constraint sop_signatures_key FOREIGN KEY (key_id, signer) REFERENCES signing_keys(id, user_id),
  constraint sop_signatures_not_by_author CHECK (signer <> author),
  constraint sop_signatures_one_certification UNIQUE (sop_id, author, revision, signer),
  constraint sop_signatures_one_per_review UNIQUE (review_id, proposal_id, revision, author, signer, decision),
  constraint sop_signatures_pkey PRIMARY KEY (id),
  constraint sop_signatures_review FOREIGN KEY (review_id, proposal_id, revision, author, signer, decision) REFERENCES reviews(id, proposal_id, revision, proposed_by, reviewer, verdict),
  constraint sop_signatures_revision CHECK (revision >= 1),
  constraint sop_signatures_signature CHECK (octet_length(signature) = 64),
  constraint sop_signatures_sop FOREIGN KEY (sop_id, author) REFERENCES sops(id, created_by),
  constraint sop_signatures_subject CHECK (
CASE
    WHEN decision = 'CERTIFY'::text THEN sop_id IS NOT NULL AND proposal_id IS NULL AND review_id IS NULL
    ELSE sop_id IS NULL AND proposal_id IS NOT NULL AND review_id IS NOT NULL
END)
);
CREATE INDEX sop_signatures_key_id_signer_idx ON sop_signatures (key_id, signer);
CREATE INDEX sop_signatures_proposal_id_idx ON sop_signatures (proposal_id);
grant insert, select on sop_signatures to @tenant;
comment on table sop_signatures is 'Signed certifications of versions and signed verdicts on proposals.';

-- owned by surrealm_owner
create table proposal_comments (
  id uuid not null,
  proposal_id uuid not null,
  revision integer not null,
  thread_id uuid,
  target text not null,
  target_id text,
  body text not null,
  author uuid not null,
  resolved_by uuid,
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  constraint proposal_comments_author_person FOREIGN KEY (author) REFERENCES people(user_id),
  constraint proposal_comments_body_length CHECK (length(body) >= 1 AND length(body) <= 10000),
  constraint proposal_comments_in_proposal UNIQUE (proposal_id, id),
  constraint proposal_comments_pkey PRIMARY KEY (id),
  constraint proposal_comments_resolved CHECK ((resolved_by IS NULL) = (resolved_at IS NULL)),
  constraint proposal_comments_resolved_by_person FOREIGN KEY (resolved_by) REFERENCES people(user_id),
  constraint proposal_comments_resolved_thread CHECK (resolved_at IS NULL OR thread_id IS NULL),
  constraint proposal_comments_revision FOREIGN KEY (proposal_id, revision) REFERENCES proposal_revisions(proposal_id, revision),
  constraint proposal_comments_target CHECK (target = ANY (ARRAY['GRAPH'::text, 'NODE'::text, 'EDGE'::text])),
  constraint proposal_comments_target_id CHECK ((target = 'GRAPH'::text) = (target_id IS NULL)),
  constraint proposal_comments_thread FOREIGN KEY (proposal_id, thread_id) REFERENCES proposal_comments(proposal_id, id)
);
CREATE INDEX proposal_comments_author_idx ON proposal_comments (author);
CREATE INDEX proposal_comments_proposal_id_revision_idx ON proposal_comments (proposal_id, revision);
CREATE INDEX proposal_comments_proposal_id_thread_id_idx ON proposal_comments (proposal_id, thread_id);
CREATE INDEX proposal_comments_resolved_by_idx ON proposal_comments (resolved_by);
grant insert, select on proposal_comments to @tenant;
grant update (resolved_at, resolved_by) on proposal_comments to @tenant;
comment on table proposal_comments is 'Comments on proposals, in threads that can be resolved.';

-- owned by surrealm_owner, keys of tables that refer to each other
alter table realms add constraint realms_owner_is_member FOREIGN KEY (id, owner_id) REFERENCES realms_users(realm_id, user_id) DEFERRABLE INITIALLY DEFERRED;
