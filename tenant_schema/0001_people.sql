-- People: everyone who belongs to the organisation, or once did.
--
-- A mirror of the platform's memberships, kept true by definer functions only. Authors, reviewers and owners in this schema point
-- here, so names join without leaving the schema, history outlives a member who goes, and no tenant role ever reads the users table.

create table people (
    user_id       uuid        primary key,   -- the platform's user id; no foreign key, because it belongs to another schema
    display_name  text        not null,
    email         text        not null,
    org_role      text        not null,      -- the last role held, also for people who left
    state         text        not null default 'ACTIVE',
    joined_at     timestamptz not null default now(),
    left_at       timestamptz,

    constraint people_display_name_length check (length(display_name) between 1 and 200),
    constraint people_email_length        check (length(email) between 3 and 320),
    constraint people_org_role            check (org_role in ('OWNER', 'ADMIN', 'REVIEWER', 'MEMBER', 'AUDITOR')),
    constraint people_state               check (state in ('ACTIVE', 'DISABLED', 'LEFT')),
    constraint people_left_at             check ((state = 'LEFT') = (left_at is not null))
);

comment on table people is 'Members of the organisation, present and former; a mirror of the platform''s memberships.';

grant select on people to @tenant;
