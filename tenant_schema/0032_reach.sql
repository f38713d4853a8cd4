-- Files and vectors of a signal follow it to the realms that it is opted into, and with a PUBLIC one of a listed realm to everyone.
-- (How the walls between realms stand: see the realms.)
--
-- How far a signal reaches is worked out in its row and copied by the foreign key, so that ending a share, the bin and a change of
-- visibility take its files and vectors along in the same statement.

alter table signals
    add column reaches     uuid[]  not null generated always as (
        case when deleted_at is null and visibility in ('PUBLIC', 'SHARED') then shared_realm_ids else '{}' end) stored,   -- realms besides its own
    add column reaches_all boolean not null generated always as (
        realm_listed and visibility = 'PUBLIC' and deleted_at is null) stored,
    add constraint signals_shared_few     check (cardinality(shared_realm_ids) <= 100),   -- a key of the index below has a limit
    add constraint signals_in_realm_with_reach unique (realm_id, id, visibility, created_by, reaches, reaches_all);   -- target: files, vectors

alter table signal_files
    add column reaches     uuid[]  not null default '{}',   -- of the signal
    add column reaches_all boolean not null default false;

alter table signal_embeddings
    drop column created_at,                                  -- a row is as small as can be: a search by meaning reads them all
    add column reaches     uuid[]  not null default '{}',   -- of the signal
    add column reaches_all boolean not null default false;

do $$
declare
    v_table text;
begin
    foreach v_table in array array['signals', 'signal_files', 'signal_embeddings'] loop
        execute format('alter table %I no force row level security', v_table);
    end loop;
    foreach v_table in array array['signal_files', 'signal_embeddings'] loop
        execute format('update %I x set reaches = s.reaches, reaches_all = s.reaches_all from signals s
            where s.realm_id = x.realm_id and s.id = x.signal_id and (s.reaches <> ''{}'' or s.reaches_all)', v_table);
        execute format('alter table %1$I drop constraint %1$s_signal, add constraint %1$s_signal
            foreign key (realm_id, signal_id, visibility, signal_author, reaches, reaches_all)
            references signals (realm_id, id, visibility, created_by, reaches, reaches_all) on update cascade on delete cascade', v_table);
        execute format('drop index %s_signal_idx', v_table);
        execute format('create index %1$s_signal_idx on %1$I (realm_id, signal_id, visibility, signal_author, reaches, reaches_all)', v_table);
        execute format('alter policy %1$s_select on %1$I using (gate.access(
            visibility,
            signal_author = (select nullif(current_setting(''app.user_id'', true), '''')::uuid),
            realm_id = any ((select nullif(current_setting(''app.realms_write'', true), '''')::uuid[])::uuid[]),
            realm_id = any ((select nullif(current_setting(''app.realms_own'', true), '''')::uuid[])::uuid[]),
            realm_id = any ((select nullif(current_setting(''app.realms_read'', true), '''')::uuid[])::uuid[]),
            reaches && (select nullif(current_setting(''app.realms_read'', true), '''')::uuid[])
            or reaches_all and (select nullif(current_setting(''app.user_id'', true), '''')) is not null
        ) >= 1)', v_table);
    end loop;
    foreach v_table in array array['signals', 'signal_files', 'signal_embeddings'] loop
        execute format('alter table %I force row level security', v_table);
    end loop;
end $$;

-- What everyone finds, whatever their realms.
create index signal_embeddings_reaches_all_idx on signal_embeddings (model, realm_id) where reaches_all;
