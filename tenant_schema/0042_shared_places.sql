-- A signal that was opted into a realm has a place on its map, and people decide about it there as about any other.
-- (How the walls between realms stand: see the realms.)
--
-- Both stand by the share, as its places in clusters do: ending the share takes them along.

alter table signal_points
    alter column signal_author drop not null,     -- null where the signal is there by a share
    add column share_id    uuid,
    add column share_scope text,                  -- of the share
    add constraint signal_points_share   foreign key (share_id, realm_id, signal_id, share_scope)
                                         references signal_shares (id, target_realm_id, signal_id, scope) on update cascade on delete cascade,
    add constraint signal_points_one_way check (case when share_id is null then signal_author is not null and share_scope is null
        else signal_author is null and coalesce(share_scope in ('CLUSTER', 'SYNTHESIS'), false) and visibility = 'SHARED' end);

create index signal_points_share_idx on signal_points (share_id, realm_id, signal_id, share_scope);

alter table cluster_constraints
    drop constraint cluster_constraints_signal,
    add column own_id      uuid,                  -- the signal, where it lies in the realm; null where it is there by a share
    add column share_id    uuid,
    add column share_scope text;

update cluster_constraints set own_id = signal_id;

alter table cluster_constraints
    add constraint cluster_constraints_signal  foreign key (realm_id, own_id) references signals (realm_id, id) on delete cascade,
    add constraint cluster_constraints_share   foreign key (share_id, realm_id, signal_id, share_scope)
                                               references signal_shares (id, target_realm_id, signal_id, scope) on update cascade on delete cascade,
    add constraint cluster_constraints_one_way check (case when share_id is null then coalesce(own_id = signal_id, false) and share_scope is null
        else own_id is null and coalesce(share_scope in ('CLUSTER', 'SYNTHESIS'), false) and kind in ('PINNED', 'OUTSIDE') end);

create index cluster_constraints_own_idx   on cluster_constraints (realm_id, own_id);
create index cluster_constraints_share_idx on cluster_constraints (share_id, realm_id, signal_id, share_scope);
