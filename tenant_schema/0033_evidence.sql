-- Evidence follows its source: where the signal or synthesis goes and how far it reaches, the link follows by the foreign key, as with
-- a signal's files. Functions of gate write it, and tell others how much there is. (How the walls between realms stand:
-- see the realms.)
--
-- A passage is named by its place, never copied: what its author changes or takes back is changed and taken back here too.
drop index sop_evidence_proposal_id_idx;
drop index sop_evidence_sop_id_idx;
drop index sop_evidence_signal_idx;
drop index sop_evidence_synthesis_idx;
drop policy sop_evidence_insert on sop_evidence;
drop policy sop_evidence_select on sop_evidence;
revoke insert on sop_evidence from @tenant;

alter table sop_proposals
    add column citations int not null default 0,   -- the highest number that evidence was given, also of what was removed
    add constraint sop_proposals_citations check (citations between 0 and 1000);

alter table syntheses
    add constraint syntheses_in_realm_with_sight unique (realm_id, id, visibility, subject_author);   -- target: evidence

alter table sop_evidence
    add column visibility      text not null,   -- of the signal or the synthesis; SHARED for a cluster
    add column source_author   uuid not null,   -- of the signal, or who a synthesis is about; for a cluster, who added it
    add column reaches         uuid[]  not null default '{}',   -- of the signal
    add column reaches_all     boolean not null default false,
    add column number          int,             -- as it is cited, [1]; of signals only
    add column passage_from    int,             -- in characters of the signal's text; null for the signal as a whole
    add column passage_length  int,
    add column signal_revision int,             -- that was cited
    drop constraint sop_evidence_signal,
    drop constraint sop_evidence_cluster,
    drop constraint sop_evidence_synthesis,
    add constraint sop_evidence_signal     foreign key (realm_id, signal_id, visibility, source_author, reaches, reaches_all)
                                           references signals (realm_id, id, visibility, created_by, reaches, reaches_all) on update cascade on delete cascade,
    add constraint sop_evidence_cluster    foreign key (realm_id, cluster_id) references clusters (realm_id, id) on update cascade on delete cascade,
    add constraint sop_evidence_synthesis  foreign key (realm_id, synthesis_id, visibility, source_author)
                                           references syntheses (realm_id, id, visibility, subject_author) on update cascade on delete cascade,
    add constraint sop_evidence_once       unique nulls not distinct (proposal_id, sop_id, signal_id, cluster_id, synthesis_id, passage_from),
    add constraint sop_evidence_number     check ((signal_id is null) = (number is null) and number between 1 and 1000),
    add constraint sop_evidence_revision   check ((signal_id is null) = (signal_revision is null)),
    add constraint sop_evidence_passage    check ((passage_from is null) = (passage_length is null) and passage_from >= 0 and passage_length >= 1
                                                  and (passage_from is null or signal_id is not null)),
    add constraint sop_evidence_visibility check (visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED'));

create index sop_evidence_signal_idx    on sop_evidence (realm_id, signal_id, visibility, source_author, reaches, reaches_all);
create index sop_evidence_synthesis_idx on sop_evidence (realm_id, synthesis_id, visibility, source_author);
create unique index sop_evidence_proposal_number on sop_evidence (proposal_id, number);
create unique index sop_evidence_sop_number      on sop_evidence (sop_id, number);

create policy syntheses_functions on syntheses to surrealm_owner using (true) with check (true);

create policy sop_evidence_select on sop_evidence for select to @tenant
    using (gate.access(
        visibility,
        source_author = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[]),
        reaches && (select nullif(current_setting('app.realms_read', true), '')::uuid[])
        or reaches_all and (select nullif(current_setting('app.user_id', true), '')) is not null
    ) >= 1);
