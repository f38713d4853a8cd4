-- Who may see and change what in a realm, now in one place: gate.access, the table of roles and visibilities.
--
-- The policies hand it what the row says and what entering has set: app.user_id and the lists of realms that the person reads
-- (app.realms_read), may add to (app.realms_write) and owns (app.realms_own). It answers 0 nothing, 1 read, 2 read and change.
-- Contributors change what they made, owners what all see, and nobody but its author a PRIVATE row.

-- Functions of gate count, move and hand over signals for people who may not read them.
create policy signals_functions on signals to surrealm_owner using (true) with check (true);
create policy clusters_signals_functions on clusters_signals to surrealm_owner using (true) with check (true);
create policy signal_shares_functions on signal_shares to surrealm_owner using (true) with check (true);

alter policy realms_update on realms
    using (id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]));

-- A realm always has an owner among its members.
create index realms_id_owner_id_idx on realms (id, owner_id);
alter table realms add constraint realms_owner_is_member foreign key (id, owner_id) references realms_users (realm_id, user_id)
    deferrable initially deferred;

alter policy signals_select on signals
    using (gate.access(
        visibility,
        created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[]),
        deleted_at is null and (
            shared_realm_ids && (select nullif(current_setting('app.realms_read', true), '')::uuid[])
            or realm_listed and visibility = 'PUBLIC' and (select nullif(current_setting('app.user_id', true), '')) is not null)
    ) >= 1);

alter policy signals_update on signals
    using (gate.access(
        visibility,
        created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        false, false
    ) = 2);

alter policy signals_delete on signals
    using (gate.access(
        visibility,
        created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        false, false
    ) = 2);

-- A cluster has no visibility of its own: it is its members'. One that the machine found is every contributor's to change.
alter policy clusters_update on clusters
    using (gate.access(
        'SHARED',
        origin = 'MACHINE' or created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        false, false
    ) = 2);

alter policy clusters_delete on clusters
    using (gate.access(
        'SHARED',
        origin = 'MACHINE' or created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
        realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
        realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
        false, false
    ) = 2);

-- A synthesis is changed by who made it and by the realm's owner, and by neither when they may not see what it is about.
alter policy syntheses_update on syntheses
    using (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and gate.access(
            'SHARED',
            created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
            realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
            realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
            false, false
        ) = 2);

alter policy syntheses_delete on syntheses
    using (
        (visibility <> 'PRIVATE' or subject_author = (select nullif(current_setting('app.user_id', true), '')::uuid))
        and gate.access(
            'SHARED',
            created_by = (select nullif(current_setting('app.user_id', true), '')::uuid),
            realm_id = any ((select nullif(current_setting('app.realms_write', true), '')::uuid[])::uuid[]),
            realm_id = any ((select nullif(current_setting('app.realms_own', true), '')::uuid[])::uuid[]),
            false, false
        ) = 2);

-- A share ends by going: what hangs on it goes along at once. That it was there is in the audit log.
drop index signal_shares_one_live;
alter table signal_shares drop constraint signal_shares_elsewhere;
drop policy signal_shares_select on signal_shares;
drop policy signal_shares_update on signal_shares;
revoke update on signal_shares from @tenant;
alter table signal_shares drop column revoked_at,
    add constraint signal_shares_elsewhere check (target_realm_id <> realm_id),
    add constraint signal_shares_once unique (signal_id, target_realm_id);

create policy signal_shares_select on signal_shares for select to @tenant
    using (
        realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
        or target_realm_id = any ((select nullif(current_setting('app.realms_read', true), '')::uuid[])::uuid[])
    );

-- Made and ended by functions of gate only, which keep signals.shared_realm_ids true; so is a signal moved.
drop policy signal_shares_insert on signal_shares;
revoke insert on signal_shares from @tenant;
revoke update (realm_id, realm_listed, shared_realm_ids) on signals from @tenant;

-- Who was here before realms had functions gets the realm that newcomers find.
select gate.add_default_realms('@tenant');

-- Checked now, because a later file may alter the table, and at the end again.
set constraints realms_owner_is_member immediate;
set constraints realms_owner_is_member deferred;
