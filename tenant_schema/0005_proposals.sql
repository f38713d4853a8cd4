-- Proposals: changes to an SOP, and the reviews that people give before a change is made.
--
-- A proposal is edited freely; each time it is submitted, a numbered revision is kept for good. A review judges one revision. The
-- author can never review own work: the review carries the author's id by foreign key, and a check compares it with the reviewer.

create table sop_proposals (
    id              uuid        primary key,
    number          int         not null,      -- shown as #12; taken as the highest so far plus one, under a lock
    line_id         uuid        not null,
    sop_id          uuid        not null,      -- the version that the change starts from; a rebase moves it
    surrogate_id    uuid        not null,

    title           text        not null,
    rationale       text        not null default '',
    proposed_graph  json        not null,      -- canonical text, kept byte for byte
    status          text        not null default 'DRAFT',
    revision        int         not null default 0,   -- the last submitted revision; 0 before the first
    edit_revision   int         not null default 1,   -- grows with every change; an editor must name the one that was read
    edit_position   int         not null default 0,   -- the row of graph_edits that the editor now shows
    proposed_by     uuid        not null,
    opened_at       timestamptz,               -- first submitted
    decided_at      timestamptz,               -- reached its last verdict
    applied_sop_id  uuid,                      -- the version that applying it made
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    constraint sop_proposals_number_once        unique (number),
    constraint sop_proposals_with_author        unique (id, proposed_by),   -- target: reviews, for the rule of four eyes

    constraint sop_proposals_line               foreign key (line_id, surrogate_id) references sop_lines (id, surrogate_id),
    constraint sop_proposals_base               foreign key (line_id, sop_id) references sops (line_id, id),
    constraint sop_proposals_applied            foreign key (line_id, applied_sop_id) references sops (line_id, id),
    constraint sop_proposals_proposed_by_person foreign key (proposed_by) references people (user_id),

    constraint sop_proposals_number             check (number >= 1),
    constraint sop_proposals_title_length       check (length(title) between 1 and 300),
    constraint sop_proposals_rationale_length   check (length(rationale) <= 20000),
    constraint sop_proposals_graph_object       check (json_typeof(proposed_graph) = 'object'),
    constraint sop_proposals_graph_size         check (octet_length(proposed_graph::text) <= 262144),
    constraint sop_proposals_status             check (status in (
        'DRAFT', 'OPEN', 'CHANGES_REQUESTED', 'APPROVED', 'APPLIED', 'REJECTED', 'WITHDRAWN', 'SUPERSEDED')),
    constraint sop_proposals_submitted          check (
        status not in ('OPEN', 'CHANGES_REQUESTED', 'APPROVED', 'APPLIED', 'REJECTED') or (revision >= 1 and opened_at is not null)),
    constraint sop_proposals_applied_version    check ((status = 'APPLIED') = (applied_sop_id is not null)),
    constraint sop_proposals_revision           check (revision >= 0),
    constraint sop_proposals_edit_revision      check (edit_revision >= 1),
    constraint sop_proposals_edit_position      check (edit_position >= 0)
);

create index sop_proposals_line_id_sop_id_idx         on sop_proposals (line_id, sop_id);
create index sop_proposals_line_id_applied_sop_id_idx on sop_proposals (line_id, applied_sop_id);
create index sop_proposals_surrogate_id_line_id_idx   on sop_proposals (surrogate_id, line_id);
create index sop_proposals_proposed_by_idx            on sop_proposals (proposed_by);
create index sop_proposals_status_idx                 on sop_proposals (status);

comment on table sop_proposals is 'Proposed changes to SOPs.';

-- No delete: a proposal that is not wanted is withdrawn, and its number is never used again.
grant select, insert on sop_proposals to @tenant;
grant update (
    sop_id, title, rationale, proposed_graph, status, revision, edit_revision, edit_position, opened_at, decided_at, applied_sop_id,
    updated_at
) on sop_proposals to @tenant;

-- The other parent of the undo steps.
alter table graph_edits
    add constraint graph_edits_proposal foreign key (proposal_id) references sop_proposals (id) on delete cascade;

-- What was submitted, each time. Reviews and signatures refer to these rows, so they are never changed.
create table proposal_revisions (
    proposal_id   uuid        not null,
    revision      int         not null,      -- 1, 2, 3 ... of this proposal
    base_sop_id   uuid        not null,      -- the version it was compared with
    title         text        not null,
    graph         json        not null,      -- canonical text, kept byte for byte
    graph_hash    text        not null,      -- sha256 of that text, lower-case hex
    note          text        not null default '',   -- what the author says about this revision
    created_by    uuid        not null,
    created_at    timestamptz not null default now(),

    primary key (proposal_id, revision),
    constraint proposal_revisions_proposal          foreign key (proposal_id) references sop_proposals (id),
    constraint proposal_revisions_base              foreign key (base_sop_id) references sops (id),
    constraint proposal_revisions_created_by_person foreign key (created_by) references people (user_id),
    constraint proposal_revisions_revision          check (revision >= 1),
    constraint proposal_revisions_title_length      check (length(title) between 1 and 300),
    constraint proposal_revisions_graph_object      check (json_typeof(graph) = 'object'),
    constraint proposal_revisions_graph_size        check (octet_length(graph::text) <= 262144),
    constraint proposal_revisions_graph_hash        check (graph_hash ~ '^[0-9a-f]{64}$'),
    constraint proposal_revisions_note_length       check (length(note) <= 10000)
);

create index proposal_revisions_base_sop_id_idx on proposal_revisions (base_sop_id);
create index proposal_revisions_created_by_idx  on proposal_revisions (created_by);

comment on table proposal_revisions is 'Every submitted revision of every proposal.';

grant select, insert on proposal_revisions to @tenant;

-- One person's verdict on one revision. A later revision voids it; nothing else about it ever changes.
create table reviews (
    id            uuid        primary key,
    proposal_id   uuid        not null,
    revision      int         not null,
    proposed_by   uuid        not null,      -- the proposal's author, held true by the foreign key below
    reviewer      uuid        not null,
    verdict       text        not null,
    reason        text        not null,
    voided_at     timestamptz,               -- a newer revision was submitted
    created_at    timestamptz not null default now(),

    constraint reviews_one_verdict      unique (proposal_id, revision, reviewer),
    constraint reviews_with_verdict     unique (id, proposal_id, revision, proposed_by, reviewer, verdict),   -- target: signatures

    constraint reviews_author           foreign key (proposal_id, proposed_by) references sop_proposals (id, proposed_by),
    constraint reviews_revision         foreign key (proposal_id, revision) references proposal_revisions (proposal_id, revision),
    constraint reviews_reviewer_person  foreign key (reviewer) references people (user_id),
    constraint reviews_not_by_author    check (reviewer <> proposed_by),
    constraint reviews_verdict          check (verdict in ('APPROVE', 'REQUEST_CHANGES', 'REJECT')),
    constraint reviews_reason_length    check (length(reason) between 1 and 5000)
);

create index reviews_proposal_id_proposed_by_idx on reviews (proposal_id, proposed_by);
create index reviews_reviewer_idx                on reviews (reviewer);

comment on table reviews is 'Verdicts of reviewers on revisions of proposals.';

grant select, insert on reviews to @tenant;
grant update (voided_at) on reviews to @tenant;

-- Remarks on the whole graph, a step or a connection. The comment that starts a thread carries whether it is resolved.
create table proposal_comments (
    id            uuid        primary key,
    proposal_id   uuid        not null,
    revision      int         not null,      -- the revision that was looked at
    thread_id     uuid,                      -- the comment that started the thread; null in that comment itself
    target        text        not null,
    target_id     text,                      -- the node's or edge's id in the graph; null when the target is the whole graph
    body          text        not null,
    author        uuid        not null,
    resolved_by   uuid,
    resolved_at   timestamptz,
    created_at    timestamptz not null default now(),

    constraint proposal_comments_in_proposal        unique (proposal_id, id),   -- target: replies, which stay in their proposal

    constraint proposal_comments_revision           foreign key (proposal_id, revision)
                                                    references proposal_revisions (proposal_id, revision),
    constraint proposal_comments_thread             foreign key (proposal_id, thread_id)
                                                    references proposal_comments (proposal_id, id),
    constraint proposal_comments_author_person      foreign key (author) references people (user_id),
    constraint proposal_comments_resolved_by_person foreign key (resolved_by) references people (user_id),
    constraint proposal_comments_target             check (target in ('GRAPH', 'NODE', 'EDGE')),
    constraint proposal_comments_target_id          check ((target = 'GRAPH') = (target_id is null)),
    constraint proposal_comments_body_length        check (length(body) between 1 and 10000),
    constraint proposal_comments_resolved           check ((resolved_by is null) = (resolved_at is null)),
    constraint proposal_comments_resolved_thread    check (resolved_at is null or thread_id is null)
);

create index proposal_comments_proposal_id_revision_idx  on proposal_comments (proposal_id, revision);
create index proposal_comments_proposal_id_thread_id_idx on proposal_comments (proposal_id, thread_id);
create index proposal_comments_author_idx                on proposal_comments (author);
create index proposal_comments_resolved_by_idx           on proposal_comments (resolved_by);

comment on table proposal_comments is 'Comments on proposals, in threads that can be resolved.';

grant select, insert on proposal_comments to @tenant;
grant update (resolved_by, resolved_at) on proposal_comments to @tenant;

-- A person's "viewed" ticks: which changed steps of a revision have been looked at.
create table proposal_views (
    proposal_id   uuid        not null,
    revision      int         not null,
    user_id       uuid        not null,
    step_id       text        not null,      -- the node's id in the graph

    primary key (proposal_id, revision, user_id, step_id),
    constraint proposal_views_revision    foreign key (proposal_id, revision) references proposal_revisions (proposal_id, revision),
    constraint proposal_views_user_person foreign key (user_id) references people (user_id)
);

create index proposal_views_user_id_idx on proposal_views (user_id);

comment on table proposal_views is 'Steps of a proposal that a person has ticked as viewed.';

grant select, insert, delete on proposal_views to @tenant;
