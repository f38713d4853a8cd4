-- run as: audit_owner
--
-- The audit log: one append-only chain for the whole organisation.
--
-- Owned by a role that nobody becomes at run time. Only gate.append_audit writes here; the tenant's role may read. No foreign key
-- leaves or enters these tables: a cascade would change history on someone else's behalf.

create table audit_entries (
    seq           bigint      primary key,   -- 1, 2, 3 ... without gaps
    body          bytea       not null,      -- the whole entry as RFC 8785 JSON: the exact bytes that were hashed
    hash          bytea       not null,      -- sha256(0x00 || body), which is also the Merkle leaf of RFC 6962
    prev_hash     bytea       not null,      -- hash of the entry before; 32 zero bytes for the first

    -- Copies of what the body says, for searching. Verification reads the body and compares.
    at            timestamptz not null,
    actor         uuid,                      -- null when the system itself acted
    actor_name    text        not null,
    action        text        not null,      -- noun.verb, such as sop.certified
    object_type   text        not null,
    object_id     uuid,                      -- null when the object is the organisation as a whole
    object_label  text        not null,      -- what the object was called at that moment

    constraint audit_entries_seq       check (seq >= 1),
    constraint audit_entries_hash      check (octet_length(hash) = 32),
    constraint audit_entries_prev_hash check (octet_length(prev_hash) = 32),
    constraint audit_entries_action    check (action ~ '^[a-z_]+\.[a-z_]+$'),

    constraint audit_entries_hash_once      unique (hash),
    constraint audit_entries_prev_hash_once unique (prev_hash)   -- two entries can never follow the same one: the chain cannot fork
);

create index audit_entries_at_idx     on audit_entries (at);
create index audit_entries_actor_idx  on audit_entries (actor, seq);
create index audit_entries_action_idx on audit_entries (action, seq);
create index audit_entries_object_idx on audit_entries (object_id, seq);

comment on table audit_entries is 'Every change in the organisation, hash-chained; rows are never changed or removed.';

-- The newest entry's place in the chain. Appending locks this row, so that writers queue and each sees the one before it.
create table audit_head (
    only_row      boolean     primary key default true,
    seq           bigint      not null,
    hash          bytea       not null,
    at            timestamptz not null,

    constraint audit_head_only_row check (only_row),
    constraint audit_head_seq      check (seq >= 0),
    constraint audit_head_hash     check (octet_length(hash) = 32)
);

comment on table audit_head is 'One row: the sequence number, hash and time of the newest audit entry.';

insert into audit_head (seq, hash, at)
values (0, decode(repeat('00', 32), 'hex'), now());

-- "Always" keeps the triggers firing when a session pretends to be a replica.
create trigger audit_entries_append_only
before update or delete or truncate on audit_entries
for each statement execute function gate.refuse_change();

create trigger audit_head_stays
before delete or truncate on audit_head
for each statement execute function gate.refuse_change();

alter table audit_entries enable always trigger audit_entries_append_only;
alter table audit_head    enable always trigger audit_head_stays;

grant select on audit_entries, audit_head to @tenant;
