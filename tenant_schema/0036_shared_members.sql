-- A signal that was opted into a realm stands in its clusters by its share, and in no other way.
-- (How the walls between realms stand: see the realms.)
--
-- A membership has its signal from one of two keys: the signal's own, in the realm of both, or the share into the cluster's realm with a
-- scope that goes that far. The key that does not count has a column that is null. Ending the share takes the membership along.

alter table signal_shares
    add constraint signal_shares_into_realm unique (id, target_realm_id, signal_id, scope);   -- target: cluster members

alter table clusters_signals
    alter column signal_author drop not null,     -- null where the signal is there by a share
    add column share_id    uuid,
    add column share_scope text,                  -- of the share
    add constraint clusters_signals_share  foreign key (share_id, realm_id, signal_id, share_scope)
                                           references signal_shares (id, target_realm_id, signal_id, scope) on update cascade on delete cascade,
    add constraint clusters_signals_one_way check (case when share_id is null then signal_author is not null and share_scope is null
        else signal_author is null and coalesce(share_scope in ('CLUSTER', 'SYNTHESIS'), false) and visibility = 'SHARED' end);

create index clusters_signals_share_idx on clusters_signals (share_id, realm_id, signal_id, share_scope);

alter table syntheses add column shares uuid[] not null default '{}';   -- that it rests on
grant update (shares) on syntheses to @tenant;
