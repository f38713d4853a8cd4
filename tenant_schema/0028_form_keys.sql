-- The forms that people have sent. A form carries a key; what it records keeps the key in the same transaction, so that a form that
-- is sent twice, by a double click or after a lost answer, is carried out once.

create table form_keys (
    user_id      uuid        not null,
    key          uuid        not null,
    object_type  text        not null,   -- what was made or changed, as in the audit entry
    object_id    uuid        not null,
    kept_at      timestamptz not null default now(),

    constraint form_keys_once        primary key (user_id, key),
    constraint form_keys_user_person foreign key (user_id) references people (user_id)
);

create index form_keys_user_id_kept_at_idx on form_keys (user_id, kept_at);

comment on table form_keys is 'Forms that were carried out, for two days, so that none is carried out twice.';

alter table form_keys enable row level security, force row level security;
create policy form_keys_own on form_keys to @tenant
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
grant select, insert, delete on form_keys to @tenant;
