-- Syntheses are written in the background: how far the work is, and what it took in. (How the walls between realms stand: see the realms.)
--
-- Whether a consent that a synthesis rests on was revoked is read from the consents themselves, so that no mark can be forgotten.

alter table syntheses
    add column work        text        not null default 'DONE',
    add column error       text        not null default '',     -- a sentence for people
    add column signal_ids  uuid[]      not null default '{}',   -- that were read, also those that no passage is from
    add column finished_at timestamptz,
    add column edited_at   timestamptz,                         -- by a person, the last time
    drop column tainted_at,
    drop constraint syntheses_supersedes,                       -- an old text may be deleted
    add constraint syntheses_supersedes foreign key (realm_id, supersedes_id) references syntheses (realm_id, id) on delete set null (supersedes_id),
    add constraint syntheses_work check (work in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'));

-- One at a time about one thing: asking twice does not help.
create unique index syntheses_one_open on syntheses (realm_id, coalesce(signal_id, cluster_id), type) where work in ('WAITING', 'RUNNING');

grant update (work, error, signal_ids, consents, left_out, finished_at, edited_at) on syntheses to @tenant;
