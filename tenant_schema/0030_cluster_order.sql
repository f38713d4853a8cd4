-- Each reader sees only some of a cluster's members, so two people who put what they see in order can give the same place twice.
-- A place says what comes before what; which of two comes first at one place is settled by the list.
alter table clusters_signals drop constraint clusters_signals_position_once;
