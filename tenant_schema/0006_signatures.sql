-- Signatures: what people certify and decide, signed with their own Ed25519 keys.
--
-- A signature is never changed or removed. It belongs to a version (a certification) or to a proposal (a review's verdict); foreign
-- keys hold that the key is the signer's, that the verdict is the review's, and that nobody signs off own work.

create table signing_keys (
    id                  uuid        primary key,
    user_id             uuid        not null,
    public_key          bytea       not null,
    sealed_private_key  bytea       not null,   -- envelope-encrypted; bound to this row
    fingerprint         text        not null,   -- SHA-256 of the public key, as ssh shows one
    created_at          timestamptz not null default now(),
    retired_at          timestamptz,            -- replaced by a newer key; what it signed stays good
    revoked_at          timestamptz,            -- no longer trusted; what it signed is marked
    revoke_reason       text        not null default '',

    constraint signing_keys_fingerprint_once unique (fingerprint),
    constraint signing_keys_with_owner       unique (id, user_id),   -- target: signatures

    constraint signing_keys_user_person      foreign key (user_id) references people (user_id),
    constraint signing_keys_public_key       check (octet_length(public_key) = 32),
    constraint signing_keys_fingerprint      check (fingerprint ~ '^SHA256:[A-Za-z0-9+/]{43}$'),
    constraint signing_keys_revoke_reason    check (length(revoke_reason) <= 2000 and (revoked_at is not null or revoke_reason = ''))
);

create unique index signing_keys_one_live_per_user on signing_keys (user_id) where retired_at is null and revoked_at is null;

create index signing_keys_user_id_idx on signing_keys (user_id);

comment on table signing_keys is 'Ed25519 keys of people, with their history.';

-- The sealed key may be rewritten, because changing the master key seals it again.
grant select, insert on signing_keys to @tenant;
grant update (sealed_private_key, retired_at, revoked_at, revoke_reason) on signing_keys to @tenant;

create table sop_signatures (
    id            uuid        primary key,
    sop_id        uuid,                      -- a certification of this version, or ...
    proposal_id   uuid,                      -- ... a verdict on this proposal, given by ...
    review_id     uuid,                      -- ... this review
    revision      int         not null,      -- what was signed: sops.revision, or the proposal's revision; an older one is void
    key_id        uuid        not null,
    signer        uuid        not null,
    author        uuid        not null,      -- who made what is signed, held true by the foreign keys below
    decision      text        not null,
    statement     text        not null,      -- the exact canonical bytes that were signed
    signature     bytea       not null,
    signed_at     timestamptz not null default now(),

    -- Each is also the index of its foreign key, which fixes the columns that a shorter key would leave out.
    constraint sop_signatures_one_certification  unique (sop_id, author, revision, signer),
    constraint sop_signatures_one_per_review     unique (review_id, proposal_id, revision, author, signer, decision),

    constraint sop_signatures_sop                foreign key (sop_id, author) references sops (id, created_by),
    constraint sop_signatures_review             foreign key (review_id, proposal_id, revision, author, signer, decision)
                                                 references reviews (id, proposal_id, revision, proposed_by, reviewer, verdict),
    constraint sop_signatures_key                foreign key (key_id, signer) references signing_keys (id, user_id),

    constraint sop_signatures_decision           check (decision in ('CERTIFY', 'APPROVE', 'REQUEST_CHANGES', 'REJECT')),
    constraint sop_signatures_subject            check (
        case when decision = 'CERTIFY'
             then sop_id is not null and proposal_id is null and review_id is null
             else sop_id is null and proposal_id is not null and review_id is not null
        end),
    constraint sop_signatures_not_by_author      check (signer <> author),
    constraint sop_signatures_revision           check (revision >= 1),
    constraint sop_signatures_signature          check (octet_length(signature) = 64)
);

create index sop_signatures_proposal_id_idx   on sop_signatures (proposal_id);
create index sop_signatures_key_id_signer_idx on sop_signatures (key_id, signer);

comment on table sop_signatures is 'Signed certifications of versions and signed verdicts on proposals.';

grant select, insert on sop_signatures to @tenant;
