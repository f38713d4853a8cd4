-- A consent to single signals follows its person's choice: what is taken out of it is left out from then on, and what rests on that is marked.
-- (How the walls between realms stand: see the realms.)
--
-- The choice changes within the consent, so that choosing more does not mark what was allowed all along. Runs keep what they took.

alter table consents
    add column unchosen_ids uuid[]      not null default '{}',   -- with scope SIGNALS: those that it covered before
    add column unchosen_at  timestamptz;                         -- when the last of them was taken out

grant update (signal_ids, unchosen_ids, unchosen_at) on consents to @tenant;

alter table cluster_runs add column signal_ids uuid[] not null default '{}';   -- that it took, when it rests on consents
grant update (signal_ids) on cluster_runs to @tenant;
