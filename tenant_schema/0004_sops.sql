-- SOPs: the procedures that surrogates follow, as versioned graphs of steps.
--
-- A line is all versions of one SOP. Composite keys tie a version to its line and its surrogate, and each submitted version to the
-- hash of the one before it, so that the chain of versions cannot be re-linked by mistake or by design.

create table sop_lines (
    id            uuid        primary key,
    surrogate_id  uuid        not null,
    next_version  int         not null default 1,      -- the number that the next version takes, under this row's lock
    created_by    uuid        not null,
    created_at    timestamptz not null default now(),

    constraint sop_lines_surrogate         foreign key (surrogate_id) references surrogates (id),
    constraint sop_lines_created_by_person foreign key (created_by) references people (user_id),
    constraint sop_lines_next_version      check (next_version >= 1),

    constraint sop_lines_with_surrogate    unique (id, surrogate_id)   -- what versions and proposals point at
);

create index sop_lines_surrogate_id_idx on sop_lines (surrogate_id);
create index sop_lines_created_by_idx   on sop_lines (created_by);

comment on table sop_lines is 'One row per SOP; its versions are in sops.';

grant select, insert on sop_lines to @tenant;
grant update (next_version) on sop_lines to @tenant;

create table sops (
    id                   uuid        primary key,
    line_id              uuid        not null,
    surrogate_id         uuid        not null,
    version              int         not null,      -- taken at creation; a discarded draft leaves a gap

    title                text        not null,
    description          text        not null default '',
    source               text        not null default '',   -- citation of what the procedure rests on
    graph                json        not null,      -- json, not jsonb: the canonical text is kept byte for byte
    graph_hash           text        not null,      -- sha256 of that text, lower-case hex

    -- The chain of versions. Both hashes are set when the version leaves DRAFT and cleared when it is returned.
    hash                 text,
    previous_hash        text,
    previous_version_id  uuid,                      -- the newest older version of the line that is not a draft

    status               text        not null default 'DRAFT',
    revision             int         not null default 1,   -- grows with every edit and with submit and return, not while in review
    edit_position        int         not null default 0,   -- the row of graph_edits that the draft now shows
    created_by           uuid        not null,
    submitted_by         uuid,
    submitted_at         timestamptz,
    certified_at         timestamptz,               -- who certified is in sop_signatures
    deprecated_by        uuid,
    deprecated_at        timestamptz,
    reason               text        not null default '',   -- given with the last move: why it was returned or deprecated
    created_at           timestamptz not null default now(),
    updated_at           timestamptz not null default now(),

    constraint sops_version_once          unique (line_id, version),
    constraint sops_in_line               unique (line_id, id),              -- target: previous version, proposals
    constraint sops_in_line_with_hash     unique (line_id, id, hash),        -- target: the chain
    constraint sops_with_surrogate        unique (id, surrogate_id),         -- target: executions
    constraint sops_with_creator          unique (id, created_by),           -- target: signatures, for the rule of four eyes

    constraint sops_line                  foreign key (line_id, surrogate_id) references sop_lines (id, surrogate_id),
    constraint sops_previous_version      foreign key (line_id, previous_version_id) references sops (line_id, id),
    constraint sops_previous_hash         foreign key (line_id, previous_version_id, previous_hash)
                                          references sops (line_id, id, hash),
    constraint sops_created_by_person     foreign key (created_by) references people (user_id),
    constraint sops_submitted_by_person   foreign key (submitted_by) references people (user_id),
    constraint sops_deprecated_by_person  foreign key (deprecated_by) references people (user_id),

    constraint sops_version               check (version >= 1),
    constraint sops_title_length          check (length(title) between 1 and 300),
    constraint sops_description_length    check (length(description) <= 10000),
    constraint sops_source_length         check (length(source) <= 2000),
    constraint sops_graph_object          check (json_typeof(graph) = 'object'),
    constraint sops_graph_size            check (octet_length(graph::text) <= 262144),
    constraint sops_graph_hash            check (graph_hash ~ '^[0-9a-f]{64}$'),
    constraint sops_hash                  check (hash ~ '^[0-9a-f]{64}$'),
    constraint sops_hash_unless_draft     check ((status = 'DRAFT') = (hash is null)),
    constraint sops_previous_hash_linked  check (previous_hash is null or (hash is not null and previous_version_id is not null)),
    constraint sops_previous_other        check (previous_version_id <> id),
    constraint sops_status                check (status in ('DRAFT', 'REVIEW', 'CERTIFIED', 'DEPRECATED')),
    constraint sops_revision              check (revision >= 1),
    constraint sops_edit_position         check (edit_position >= 0),
    constraint sops_submitted             check ((submitted_by is null) = (submitted_at is null)),
    constraint sops_certified_at          check ((status in ('CERTIFIED', 'DEPRECATED')) = (certified_at is not null)),
    constraint sops_deprecated_at         check ((status = 'DEPRECATED') = (deprecated_at is not null)),
    constraint sops_reason_length         check (length(reason) <= 5000)
);

-- Certifying a version deprecates the one before it in the same transaction: deprecate first, then certify.
create unique index sops_one_certified_per_line on sops (line_id) where status = 'CERTIFIED';

create index sops_surrogate_id_line_id_idx on sops (surrogate_id, line_id);
create index sops_previous_idx             on sops (line_id, previous_version_id, previous_hash);
create index sops_status_idx               on sops (status);
create index sops_created_by_idx           on sops (created_by);
create index sops_submitted_by_idx         on sops (submitted_by);
create index sops_deprecated_by_idx        on sops (deprecated_by);

comment on table sops is 'Versions of SOPs: the graph, its place in the line''s chain of hashes, and its state.';

-- Content is final once a version has left DRAFT: only the moves REVIEW to DRAFT, REVIEW to CERTIFIED and CERTIFIED to DEPRECATED
-- remain, and only a draft may be deleted.
create trigger sops_certified_is_final
before update or delete on sops
for each row when (old.status <> 'DRAFT') execute function gate.refuse_certified_change();

grant select, insert, delete on sops to @tenant;
grant update (
    title, description, source, graph, graph_hash, hash, previous_hash, previous_version_id, status, revision, edit_position,
    submitted_by, submitted_at, certified_at, deprecated_by, deprecated_at, reason, updated_at
) on sops to @tenant;

-- Undo and redo: each row holds the graph as it was AFTER one edit, position 0 the graph that editing started from. The draft's
-- edit_position names the row that is shown; a new edit first deletes the rows above it.
create table graph_edits (
    id            uuid        primary key,
    sop_id        uuid,                      -- a draft version, or ...
    proposal_id   uuid,                      -- ... a proposal; its foreign key comes with the proposals
    position      int         not null,
    graph         json        not null,
    title         text        not null,      -- the SOP's title after this edit
    summary       text        not null,      -- what the edit did, in words, for the undo button
    edited_by     uuid        not null,
    created_at    timestamptz not null default now(),

    constraint graph_edits_sop_position_once      unique (sop_id, position),
    constraint graph_edits_proposal_position_once unique (proposal_id, position),
    constraint graph_edits_sop                    foreign key (sop_id) references sops (id) on delete cascade,
    constraint graph_edits_edited_by_person       foreign key (edited_by) references people (user_id),
    constraint graph_edits_one_parent             check (num_nonnulls(sop_id, proposal_id) = 1),
    constraint graph_edits_position               check (position >= 0),
    constraint graph_edits_graph_object           check (json_typeof(graph) = 'object'),
    constraint graph_edits_graph_size             check (octet_length(graph::text) <= 262144)
);

create index graph_edits_edited_by_idx on graph_edits (edited_by);

comment on table graph_edits is 'Undo and redo steps of drafts and proposals.';

grant select, insert, delete on graph_edits to @tenant;
