-- One row at least for every table of a tenant, run as the superuser. Ids are the same in every tenant on purpose: only
-- the walls may tell two tenants' rows apart. @canary marks whose row it is.
set local search_path = @schema, ext, pg_temp;

insert into people (user_id, display_name, email, org_role)
values ('00000000-0000-4000-8000-0000000000c1', '@canary', '@canary@example.com', 'MEMBER');

insert into surrogates (id, role_title, domain, jurisdiction, created_by) values
  ('10000000-0000-4000-8000-000000000001', '@canary', 'd', 'j', '@owner'),
  ('10000000-0000-4000-8000-000000000002', '@canary 2', 'd', 'j', '@owner');

insert into sop_lines (id, surrogate_id, next_version, created_by)
values ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 4, '@owner');

insert into sops (id, line_id, surrogate_id, version, title, graph, graph_hash, hash, status, created_by, submitted_by, submitted_at, certified_at)
values ('30000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 1,
  '@canary', '{"edges":[],"nodes":[]}', repeat('a', 64), repeat('b', 64), 'CERTIFIED', '@owner', '@owner', now(), now());
insert into sops (id, line_id, surrogate_id, version, title, graph, graph_hash, created_by)
values ('30000000-0000-4000-8000-000000000002', '20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 2,
  '@canary draft', '{"edges":[],"nodes":[]}', repeat('c', 64), '@owner');
insert into sops (id, line_id, surrogate_id, version, title, graph, graph_hash, hash, previous_hash, previous_version_id, status, created_by, submitted_by, submitted_at)
values ('30000000-0000-4000-8000-000000000003', '20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 3,
  '@canary review', '{"edges":[],"nodes":[]}', repeat('d', 64), repeat('e', 64), repeat('b', 64), '30000000-0000-4000-8000-000000000001',
  'REVIEW', '@owner', '@owner', now());

insert into sop_proposals (id, number, line_id, sop_id, surrogate_id, title, proposed_graph, status, revision, proposed_by, opened_at)
values ('60000000-0000-4000-8000-000000000001', 1, '20000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001',
  '10000000-0000-4000-8000-000000000001', '@canary', '{"edges":[],"nodes":[]}', 'OPEN', 1, '@owner', now());
insert into graph_edits (id, proposal_id, position, graph, title, summary, edited_by)
values ('70000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 0, '{}', '@canary', 's', '@owner');
insert into proposal_revisions (proposal_id, revision, base_sop_id, title, graph, graph_hash, created_by)
values ('60000000-0000-4000-8000-000000000001', 1, '30000000-0000-4000-8000-000000000001', '@canary', '{}', repeat('a', 64), '@owner');
insert into reviews (id, proposal_id, revision, proposed_by, reviewer, verdict, reason)
values ('80000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 1, '@owner',
  '00000000-0000-4000-8000-0000000000c1', 'APPROVE', '@canary');
insert into proposal_comments (id, proposal_id, revision, target, body, author)
values ('90000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 1, 'GRAPH', '@canary', '@owner');
insert into proposal_views (proposal_id, revision, user_id, step_id)
values ('60000000-0000-4000-8000-000000000001', 1, '@owner', '@canary');

insert into signing_keys (id, user_id, public_key, sealed_private_key, fingerprint) values
  ('40000000-0000-4000-8000-000000000001', '@owner', decode(repeat('01', 32), 'hex'), '@canary', 'SHA256:' || repeat('a', 43)),
  ('40000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000c1', decode(repeat('02', 32), 'hex'), '@canary',
   'SHA256:' || repeat('b', 43));
insert into sop_signatures (id, sop_id, revision, key_id, signer, author, decision, statement, signature)
values ('50000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001', 1, '40000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-0000000000c1', '@owner', 'CERTIFY', '@canary', decode(repeat('00', 64), 'hex'));

insert into sessions (id, surrogate_id, metadata, started_by)
values ('11000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '{"mark":"@canary"}', '@owner');
insert into executions (id, session_id, surrogate_id, sop_id, current_node_id)
values ('12000000-0000-4000-8000-000000000001', '11000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001',
  '30000000-0000-4000-8000-000000000001', '@canary');
insert into decision_outcomes (id, session_id, surrogate_id, execution_id, decision, recorded_by)
values ('13000000-0000-4000-8000-000000000001', '11000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001',
  '12000000-0000-4000-8000-000000000001', '@canary', '@owner');
insert into debriefs (id, session_id, surrogate_id, summary, provider, created_by)
values ('14000000-0000-4000-8000-000000000001', '11000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001',
  '@canary', 'built-in', '@owner');
insert into memory_entries (id, surrogate_id, debrief_id, content, created_by)
values ('15000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '14000000-0000-4000-8000-000000000001',
  '@canary', '@owner');
insert into org_documents (id, title, content, created_by)
values ('16000000-0000-4000-8000-000000000001', '@canary', '@canary', '@owner');
insert into document_chunks (id, document_id, chunk_index, content, embedding, embedding_model)
values ('17000000-0000-4000-8000-000000000001', '16000000-0000-4000-8000-000000000001', 0, '@canary',
  array_fill(0.1, array[1536])::halfvec, 'm');
insert into handoffs (id, source_surrogate_id, target_surrogate_id, session_id, type, summary, initiated_by)
values ('18000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002',
  '11000000-0000-4000-8000-000000000001', 'DIGITAL_TO_DIGITAL', '@canary', '@owner');
insert into persona_templates (id, name, domain, jurisdiction, created_by)
values ('19000000-0000-4000-8000-000000000001', '@canary', 'd', 'j', '@owner');
insert into persona_versions (id, template_id, version, config, changelog, created_by)
values ('1a000000-0000-4000-8000-000000000001', '19000000-0000-4000-8000-000000000001', '1.0.0', '{}', '@canary', '@owner');
insert into bias_checks (id, surrogate_id, provider, triggered_by)
values ('1b000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '@canary', '@owner');
insert into humanoid_devices (id, name) values ('1c000000-0000-4000-8000-000000000001', '@canary');
insert into compliance_checks (id, surrogate_id, framework_id, framework_version, passed, failed, score, status, checked_by)
values ('1d000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'gdpr-eu', '@canary', 1, 0, 100, 'PASSED', '@owner');
insert into conversations (id, surrogate_id, user_id, title)
values ('1e000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '@owner', '@canary');
insert into messages (id, conversation_id, user_id, role, content)
values ('1f000000-0000-4000-8000-000000000001', '1e000000-0000-4000-8000-000000000001', '@owner', 'user', '@canary');
insert into export_history (id, type, error, exported_by)
values ('1f100000-0000-4000-8000-000000000001', 'ORG_EXPORT', '@canary', '@owner');

-- Realm 1 is the owner's and open to the other person, realm 2 is the other person's alone, realm 3 is a second one of
-- the owner's.
insert into realms (id, owner_id, slug, name, type) values
  ('a1000000-0000-4000-8000-000000000001', '@owner', 'one', '@canary', 'SHARED'),
  ('a1000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000c1', 'two', '@canary hidden', 'PRIVATE'),
  ('a1000000-0000-4000-8000-000000000003', '@owner', 'three', '@canary', 'SHARED');
insert into realms_users (realm_id, user_id, role, state, invited_by, joined_at) values
  ('a1000000-0000-4000-8000-000000000001', '@owner', 'OWNER', 'ACTIVE', '@owner', now()),
  ('a1000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-0000000000c1', 'CONTRIBUTOR', 'ACTIVE', '@owner', now()),
  ('a1000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000c1', 'OWNER', 'ACTIVE', '00000000-0000-4000-8000-0000000000c1', now()),
  ('a1000000-0000-4000-8000-000000000003', '@owner', 'OWNER', 'ACTIVE', '@owner', now());

-- Signal 1n is in realm n. Signal 21 is in realm 1, PRIVATE and not the owner's.
insert into signals (id, realm_id, type, title, visibility, created_by) values
  ('b1000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'DOCUMENT', '@canary', 'SHARED', '@owner'),
  ('b1000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'DOCUMENT', '@canary hidden', 'SHARED',
   '00000000-0000-4000-8000-0000000000c1'),
  ('b1000000-0000-4000-8000-000000000013', 'a1000000-0000-4000-8000-000000000003', 'DOCUMENT', '@canary', 'SHARED', '@owner'),
  ('b1000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'DOCUMENT', '@canary hidden', 'PRIVATE',
   '00000000-0000-4000-8000-0000000000c1');
insert into signal_shares (id, realm_id, signal_id, target_realm_id, granted_by) values
  ('b2000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011',
   'a1000000-0000-4000-8000-000000000003', '@owner');
insert into signal_embeddings (realm_id, signal_id, visibility, signal_author, model, embedding) values
  ('a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner', '@canary', '[1,0]'),
  ('a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE', '00000000-0000-4000-8000-0000000000c1',
   '@canary hidden', '[1,0]'),
  ('a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'SHARED', '00000000-0000-4000-8000-0000000000c1',
   '@canary hidden', '[1,0]');
insert into signal_history (id, realm_id, signal_id, visibility, signal_author, revision, action, after, changed_by) values
  ('b3000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner',
   1, 'CREATED', '{"title":"@canary"}', '@owner'),
  ('b3000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE',
   '00000000-0000-4000-8000-0000000000c1', 1, 'CREATED', '{"title":"@canary hidden"}', '00000000-0000-4000-8000-0000000000c1'),
  ('b3000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'SHARED',
   '00000000-0000-4000-8000-0000000000c1', 1, 'CREATED', '{"title":"@canary hidden"}', '00000000-0000-4000-8000-0000000000c1');
insert into signal_annotations (id, realm_id, signal_id, visibility, signal_author, body, author) values
  ('b4000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner',
   '@canary', '00000000-0000-4000-8000-0000000000c1'),
  ('b4000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', '00000000-0000-4000-8000-0000000000c1'),
  ('b4000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'SHARED',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', '00000000-0000-4000-8000-0000000000c1');
insert into signal_files (id, realm_id, signal_id, visibility, signal_author, name, media_type, bytes, sha256) values
  ('b5000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner',
   '@canary', 'image/png', '@canary', ''),
  ('b5000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', 'image/png', '@canary', ''),
  ('b5000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'SHARED',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', 'image/png', '@canary', '');
insert into saved_views (id, user_id, name, query) values
  ('b6000000-0000-4000-8000-000000000001', '@owner', '@canary', ''),
  ('b6000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000c1', '@canary', 'hidden');
insert into search_model (model) values ('@canary');
insert into form_keys (user_id, key, object_type, object_id) values
  ('@owner', 'b7000000-0000-4000-8000-000000000001', '@canary', 'b7000000-0000-4000-8000-000000000001'),
  ('00000000-0000-4000-8000-0000000000c1', 'b7000000-0000-4000-8000-000000000002', '@canary', 'b7000000-0000-4000-8000-000000000001');
insert into clusters (id, realm_id, title, created_by) values
  ('c1000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', '@canary', '@owner'),
  ('c1000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', '@canary hidden', '00000000-0000-4000-8000-0000000000c1'),
  ('c1000000-0000-4000-8000-000000000013', 'a1000000-0000-4000-8000-000000000003', '@canary', '@owner');
insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, reason, added_by) values
  ('a1000000-0000-4000-8000-000000000001', 'c1000000-0000-4000-8000-000000000011', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner',
   '@canary', '@owner'),
  ('a1000000-0000-4000-8000-000000000001', 'c1000000-0000-4000-8000-000000000011', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', '00000000-0000-4000-8000-0000000000c1'),
  ('a1000000-0000-4000-8000-000000000002', 'c1000000-0000-4000-8000-000000000012', 'b1000000-0000-4000-8000-000000000012', 'SHARED',
   '00000000-0000-4000-8000-0000000000c1', '@canary hidden', '00000000-0000-4000-8000-0000000000c1');
insert into syntheses (id, realm_id, signal_id, type, body, provider, visibility, subject_author, created_by) values
  ('d1000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'MIRROR', '@canary',
   'built-in', 'SHARED', '@owner', '@owner'),
  ('d1000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'MIRROR',
   '@canary hidden', 'built-in', 'SHARED', '00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000c1'),
  ('d1000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'MIRROR',
   '@canary hidden', 'built-in', 'PRIVATE', '00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000c1');

insert into cluster_runs (id, realm_id, kind, error, requested_by) values
  ('e1000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'THEMATIC', '@canary', '@owner'),
  ('e1000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'THEMATIC', '@canary hidden', '00000000-0000-4000-8000-0000000000c1');
insert into cluster_constraints (id, realm_id, own_id, kind, signal_id, cluster_id, created_by) values
  ('e2000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'PINNED', 'b1000000-0000-4000-8000-000000000011',
   'c1000000-0000-4000-8000-000000000011', '@owner'),
  ('e2000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'PINNED', 'b1000000-0000-4000-8000-000000000012',
   'c1000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-0000000000c1');
insert into signal_points (realm_id, signal_id, visibility, signal_author, x, y) values
  ('a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner', 0.5, 0.5),
  ('a1000000-0000-4000-8000-000000000001', 'b1000000-0000-4000-8000-000000000021', 'PRIVATE', '00000000-0000-4000-8000-0000000000c1', 0.5, 0.5),
  ('a1000000-0000-4000-8000-000000000002', 'b1000000-0000-4000-8000-000000000012', 'SHARED', '00000000-0000-4000-8000-0000000000c1', 0.5, 0.5);
insert into consents (id, realm_id, user_id, purpose, scope, tags) values
  ('e3000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', '@owner', 'CLUSTER', 'TAGS', '{@canary}'),
  ('e3000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000c1', 'CLUSTER', 'TAGS', '{@canary hidden}');
insert into sop_evidence (id, realm_id, proposal_id, signal_id, visibility, source_author, number, signal_revision, added_by) values
  ('e4000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001',
   'b1000000-0000-4000-8000-000000000011', 'SHARED', '@owner', 1, 1, '@owner'),
  ('e4000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001',
   'b1000000-0000-4000-8000-000000000021', 'PRIVATE', '00000000-0000-4000-8000-0000000000c1', 2, 1, '00000000-0000-4000-8000-0000000000c1'),
  ('e4000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000001',
   'b1000000-0000-4000-8000-000000000012', 'SHARED', '00000000-0000-4000-8000-0000000000c1', 3, 1, '00000000-0000-4000-8000-0000000000c1');
insert into signal_imports (id, realm_id, format, file_name, bytes, requested_by) values
  ('e5000000-0000-4000-8000-000000000011', 'a1000000-0000-4000-8000-000000000001', 'jsonl', '@canary', '@canary', '@owner'),
  ('e5000000-0000-4000-8000-000000000021', 'a1000000-0000-4000-8000-000000000001', 'jsonl', '@canary hidden', '@canary',
   '00000000-0000-4000-8000-0000000000c1'),
  ('e5000000-0000-4000-8000-000000000012', 'a1000000-0000-4000-8000-000000000002', 'jsonl', '@canary hidden', '@canary',
   '00000000-0000-4000-8000-0000000000c1');
insert into signal_import_rows (realm_id, import_id, requested_by, position, name, problem) values
  ('a1000000-0000-4000-8000-000000000001', 'e5000000-0000-4000-8000-000000000011', '@owner', 1, '@canary', 'p'),
  ('a1000000-0000-4000-8000-000000000001', 'e5000000-0000-4000-8000-000000000021', '00000000-0000-4000-8000-0000000000c1', 1, '@canary hidden', 'p'),
  ('a1000000-0000-4000-8000-000000000002', 'e5000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-0000000000c1', 1, '@canary hidden', 'p');
insert into signal_import_parts (realm_id, import_id, requested_by, position, bytes) values
  ('a1000000-0000-4000-8000-000000000001', 'e5000000-0000-4000-8000-000000000011', '@owner', 1, '@canary'),
  ('a1000000-0000-4000-8000-000000000001', 'e5000000-0000-4000-8000-000000000021', '00000000-0000-4000-8000-0000000000c1', 1, '@canary hidden'),
  ('a1000000-0000-4000-8000-000000000002', 'e5000000-0000-4000-8000-000000000012', '00000000-0000-4000-8000-0000000000c1', 1, '@canary hidden');
insert into llm_accounts (id, name, base_url, model, sealed_key, key_set_at, created_by) values
  ('e6000000-0000-4000-8000-000000000001', '@canary', 'https://llm.example/@canary', '@canary', '@canary', now(), '@owner');
insert into llm_spending (account_id, month, cost, tokens) values ('e6000000-0000-4000-8000-000000000001', '2026-01', 1, 1);
insert into llm_calls (id, account_id, month, asked_by, purpose, model, cost) values
  ('e7000000-0000-4000-8000-000000000001', 'e6000000-0000-4000-8000-000000000001', '2026-01', '@owner', 'TEST', '@canary', 1);

update public.memberships
set realms_read = '{a1000000-0000-4000-8000-000000000001,a1000000-0000-4000-8000-000000000003}',
  realms_write = '{a1000000-0000-4000-8000-000000000001,a1000000-0000-4000-8000-000000000003}',
  realms_own = '{a1000000-0000-4000-8000-000000000001,a1000000-0000-4000-8000-000000000003}'
where org_id = '@org';

select gate.append_entry('@schema', '@org', '@owner', '@canary', 'org.updated', 'org', null, '@canary', '{}');
