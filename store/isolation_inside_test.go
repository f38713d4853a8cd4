package store_test

import (
	"fmt"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// What a member's transaction can do once it is inside, as an attacker would who found a way to add to its SQL.

// settings that a transaction is entered with; changing one is walking out of the door.
var doorSettings = []string{"role", "search_path", "session_authorization", "app.user_id", "app.user_name", "app.org_id", "app.org_role",
	"app.realms_read", "app.realms_write", "row_security", "session_replication_role", "statement_timeout", "work_mem"}

func TestNoExpressionChangesASetting(t *testing.T) {
	t.Parallel()
	ours, theirs := storetest.Owner(t), storetest.Owner(t)
	p := enter(t, ours)
	before := doorState(t, p)
	for _, name := range doorSettings {
		for _, value := range []string{schemaOf(theirs), theirs.User.ID.String(), "none", ""} {
			p.refused(t, fmt.Sprintf("select set_config('%s', '%s', true)", name, value), denied)
			p.refused(t, fmt.Sprintf("select pg_catalog.set_config('%s', '%s', false)", name, value), denied)
		}
		p.refused(t, fmt.Sprintf("select * from surrogates where set_config('%s', 'x', true) is not null", name), denied)
		p.refused(t, fmt.Sprintf("update pg_settings set setting = 'x' where name = '%s'", name), denied)
		p.refused(t, fmt.Sprintf("update pg_catalog.pg_settings set setting = '%s' where name = '%s'", schemaOf(theirs), name), denied)
	}
	p.refused(t, `select set_config('role', $$`+schemaOf(theirs)+`$$, true), query_to_xml('select 1', true, true, '')`, denied)
	if after := doorState(t, p); after != before {
		t.Errorf("settings changed:\n%s\nwere\n%s", after, before)
	}
}

// Statements that are no expression can be added only where SQL is not a constant, and TestSQLIsConstant sees to that.
// What PostgreSQL allows of them at all is listed here, so that nothing is added unnoticed.
func TestStatementsThatWouldChangeWhoActs(t *testing.T) {
	t.Parallel()
	ours, theirs := storetest.Owner(t), storetest.Owner(t)
	p := enter(t, ours)
	for _, sql := range []string{
		"set session authorization " + schemaOf(theirs),
		"set session authorization postgres",
		"set session_replication_role = replica",
		"set local role surrealm_owner",
		"set local role audit_owner",
		"set local role surrealm_ctl",
		"set local role postgres",
		"set local log_statement = 'none'",
		"alter role surrealm_web superuser",
		"alter role " + schemaOf(ours) + " bypassrls",
		"alter role " + schemaOf(theirs) + " set search_path = public",
		"grant " + schemaOf(theirs) + " to " + schemaOf(ours),
		"create role intruder",
		"drop role " + schemaOf(theirs),
		"drop owned by " + schemaOf(theirs),
		"reassign owned by " + schemaOf(theirs) + " to " + schemaOf(ours),
	} {
		p.refused(t, sql, denied)
	}
}

// fromText are functions that run SQL which they are given as text: with one of them, an injected value is a statement.
var fromText = []string{
	"select query_to_xml('select 1', true, true, '')",
	"select query_to_xmlschema('select 1', true, true, '')",
	"select query_to_xml_and_xmlschema('select 1', true, true, '')",
	"select cursor_to_xml('c', 1, true, true, '')",
	"select cursor_to_xmlschema('c', true, true, '')",
	"select table_to_xml(tableoid, true, true, '') from surrogates limit 1",
	"select table_to_xml('pg_class', true, true, '')",
	"select table_to_xmlschema('pg_class', true, true, '')",
	"select table_to_xml_and_xmlschema('pg_class', true, true, '')",
	"select schema_to_xml('pg_catalog', true, true, '')",
	"select schema_to_xmlschema('pg_catalog', true, true, '')",
	"select schema_to_xml_and_xmlschema('pg_catalog', true, true, '')",
	"select database_to_xml(true, true, '')",
	"select database_to_xmlschema(true, true, '')",
	"select database_to_xml_and_xmlschema(true, true, '')",
	"select ts_stat('select null::tsvector')",
	"select ts_stat('select null::tsvector', 'a')",
	"select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')",
}

// outside are functions that reach files, other sessions, the server, or hold on to something after the transaction.
var outside = []string{
	"select pg_read_file('/etc/passwd')",
	"select pg_read_binary_file('/etc/passwd')",
	"select pg_stat_file('/etc/passwd')",
	"select pg_ls_dir('/')",
	"select pg_ls_logdir()",
	"select pg_ls_waldir()",
	"select pg_ls_tmpdir()",
	"select lo_import('/etc/passwd')",
	"select lo_export(1, '/tmp/x')",
	"select lo_creat(-1)",
	"select lo_create(0)",
	"select lo_from_bytea(0, 'x')",
	"select lo_open(1, 131072)",
	"select lo_get(1)",
	"select lo_put(1, 0, 'x')",
	"select lo_unlink(1)",
	"select loread(1, 1)",
	"select lowrite(1, 'x')",
	"select pg_sleep(0)",
	"select pg_sleep_for('0')",
	"select pg_sleep_until(now())",
	"select pg_advisory_lock(1)",
	"select pg_advisory_lock_shared(1, 1)",
	"select pg_try_advisory_lock(1)",
	"select pg_try_advisory_lock_shared(1)",
	"select pg_advisory_unlock(1)",
	"select pg_advisory_unlock_all()",
	"select pg_notify('river.river_control', '{}')",
	"select pg_reload_conf()",
	"select pg_rotate_logfile()",
	"select pg_switch_wal()",
	"select pg_promote()",
	"select pg_log_backend_memory_contexts(pg_backend_pid())",
	"select pg_stat_reset()",
	"select pg_stat_reset_shared('bgwriter')",
	"select pg_create_restore_point('x')",
	"select pg_replication_origin_create('x')",
	"select pg_create_logical_replication_slot('x', 'test_decoding')",
	"select pg_create_physical_replication_slot('x')",
	"select pg_logical_slot_get_changes('x', null, null)",
	"select pg_current_logfile()",
	"select pg_show_all_file_settings()",
	"select pg_hba_file_rules()",
	"copy surrogates to program 'cat'",
	"copy (select 1) to program 'cat'",
	"copy surrogates from program 'cat'",
	"copy surrogates to '/tmp/surrealm-probe'",
	"copy surrogates from '/etc/passwd'",
}

func TestNoFunctionRunsTextOrReachesOutside(t *testing.T) {
	t.Parallel()
	p := enter(t, storetest.Owner(t))
	for _, sql := range append(append([]string{}, fromText...), outside...) {
		p.refused(t, sql, denied)
	}
	for _, absent := range []string{
		"select dblink('dbname=postgres', 'select 1')",
		"select dblink_exec('dbname=postgres', 'select 1')",
		"select pg_file_write('x', 'x', true)",
		"select postgres_fdw_get_connections()",
	} {
		p.refused(t, absent, unknownName)
	}
	p.changes(t, 0, `select * from pg_extension where extname not in ('plpgsql', 'vector')`)
	p.changes(t, 0, `select * from pg_language where lanpltrusted = false and has_language_privilege(oid, 'usage') and lanname not in ('internal', 'c')`)
	p.changes(t, 0, `select * from pg_foreign_server`)
	// The probe can call what a member may call.
	p.allowed(t, "select now(), length('x'), gen_random_uuid(), pg_advisory_xact_lock(1)")
}

func TestAnotherSessionCannotBeEnded(t *testing.T) {
	t.Parallel()
	victim, super := storetest.Connect(t, store.RoleWeb), storetest.Connect(t, "postgres")
	p := enter(t, storetest.Owner(t))
	for _, conn := range []uint32{victim.PgConn().PID(), super.PgConn().PID()} {
		for _, call := range []string{"pg_terminate_backend", "pg_cancel_backend"} {
			p.refused(t, fmt.Sprintf("select %s(%d)", call, conn), denied)
		}
	}
	if _, err := victim.Exec(t.Context(), "select 1"); err != nil {
		t.Errorf("the other session is gone: %v", err)
	}
}

func TestNothingCanBeMadeInside(t *testing.T) {
	t.Parallel()
	ours, theirs := storetest.Owner(t), storetest.Owner(t)
	p := enter(t, ours)
	for _, where := range []string{"", schemaOf(ours) + ".", schemaOf(theirs) + ".", "public.", "ext.", "gate.", "river.", "pg_temp."} {
		for _, what := range []string{
			"create table %sx (id int)",
			"create view %sx as select 1",
			"create materialized view %sx as select 1",
			"create sequence %sx",
			"create function %sx() returns int language sql as 'select 1'",
			"create procedure %sx() language sql as ''",
			"create type %sx as enum ('a')",
			"create domain %sx as text",
			"create operator %s=== (leftarg = int, rightarg = int, procedure = int4eq)",
			"create aggregate %sx(int) (sfunc = int4pl, stype = int)",
			"create collation %sx from \"C\"",
			"create text search dictionary %sx (template = simple)",
		} {
			p.refused(t, fmt.Sprintf(what, where), denied, "3F000") // 3F000: no schema that one could create in
		}
	}
	for _, sql := range []string{
		"create temp table x (id int)",
		"create temporary view x as select 1",
		"create schema x",
		"create schema authorization " + schemaOf(ours),
		"create extension dblink",
		"create extension file_fdw",
		"create language plperlu",
		"create cast (int as text) with inout as implicit",
		"create event trigger x on ddl_command_start execute function gate.refuse_change()",
		"create publication x for all tables",
		"create server x foreign data wrapper postgres_fdw",
		"create foreign data wrapper x",
		"create statistics x on role_title, domain from surrogates",
		"create index on surrogates (domain)",
		"create trigger x before insert on surrogates for each row execute function gate.refuse_change()",
		"create rule x as on select to surrogates do instead select 1",
		"create policy x on signals using (true)",
	} {
		p.refused(t, sql, denied, "0A000", "42704") // 0A000, 42704: what is not even installed
	}
}

func TestTablesCannotBeAltered(t *testing.T) {
	t.Parallel()
	ours := storetest.Owner(t)
	p := enter(t, ours)
	for _, table := range tenantTables(t, ours) {
		for _, what := range []string{
			"alter table %s disable row level security",
			"alter table %s no force row level security",
			"alter table %s disable trigger all",
			"alter table %s disable trigger user",
			"alter table %s owner to " + schemaOf(ours),
			"alter table %s add column x int",
			"alter table %s rename to x",
			"alter table %s set schema public",
			"drop table %s cascade",
			"truncate %s",
			"comment on table %s is 'x'",
			"cluster %s",
			"reindex table %s",
		} {
			p.refused(t, fmt.Sprintf(what, table), denied, "42704") // 42704: cluster without an index to cluster by
		}
	}
	for _, sql := range []string{
		"alter schema " + schemaOf(ours) + " rename to x",
		"drop schema " + schemaOf(ours) + " cascade",
		"alter policy signals_select on signals using (true)",
		"drop policy signals_select on signals",
		"alter function gate.append_audit(text, text, uuid, text, text) security invoker",
		"create or replace function gate.org() returns int language sql as 'select 1'",
		"drop function gate.refuse_change() cascade",
	} {
		p.refused(t, sql, denied)
	}
}

// doorState is who acts and where, as the transaction sees it.
func doorState(t *testing.T, p *probe) string {
	t.Helper()
	return strings.Join(scan[string](t, p.tx, `
		select concat_ws('|', current_user, session_user, current_setting('role'), current_setting('search_path'), current_setting('app.org_id'),
			current_setting('app.user_id'), current_setting('app.user_name'), current_setting('app.org_role'), current_setting('app.realms_read'),
			current_setting('app.realms_write'))`), "\n")
}
