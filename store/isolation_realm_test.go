package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Walls inside one organisation. The owner may read and write realms 1 and 3; realm 2 is another person's, and so is a
// private signal in realm 1, with all that hangs on it: those rows carry the word "hidden". See testdata/canaries.sql.

const (
	realm1  = "a1000000-0000-4000-8000-000000000001"
	realm2  = "a1000000-0000-4000-8000-000000000002"
	realm3  = "a1000000-0000-4000-8000-000000000003"
	witness = "00000000-0000-4000-8000-0000000000c1"
)

// realmTables lists, from the catalogue, the tables whose rows belong to a realm.
func realmTables(t *testing.T, tenant *store.Tenant) []string {
	t.Helper()
	tables := scan[string](t, storetest.Connect(t, "postgres"), `
		select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'realm_id'
		where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') order by 1`, schemaOf(tenant))
	if len(tables) < 6 {
		t.Fatalf("only %q belong to a realm", tables)
	}
	return tables
}

func TestRowsOfOtherRealmsAreInvisible(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	super := storetest.Connect(t, "postgres")
	p := enter(t, ours)
	for _, table := range realmTables(t, ours) {
		name := pgx.Identifier{table}.Sanitize()
		there := fmt.Sprintf("select count(*) from %s.%s as r where realm_id = '%s'", schemaOf(ours), name, realm2)
		if table != "signal_shares" && scan[int](t, super, there)[0] == 0 {
			t.Errorf("%s has no row in the hidden realm: add one to testdata/canaries.sql", table)
		}
		p.changes(t, 0, fmt.Sprintf("select * from %s where realm_id = '%s'", name, realm2))
		p.changes(t, 0, fmt.Sprintf("select * from %s as r where r::text like '%%hidden%%'", name))
		if err := p.try(t, fmt.Sprintf("select 1 / count(*) from %s where realm_id = '%s'", name, realm1)); err != nil {
			t.Errorf("%s: the own realm does not show, so the probe proves nothing: %v", table, err)
		}
	}
	if slugs := scan[string](t, p.tx, "select slug from realms order by slug"); !slices.Equal(slugs, []string{"one", "three"}) {
		t.Errorf("realms that show: %q", slugs)
	}
}

// What is not seen is not changed either, however blind the statement.
func TestRowsOfOtherRealmsCannotBeChanged(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	super := storetest.Connect(t, "postgres")
	p := enter(t, ours)
	for _, change := range []string{
		"update signals set title = 'taken'",
		"update signals set deleted_at = now()",
		"update clusters set title = 'taken'",
		"update clusters_signals set reason = 'taken'",
		"update syntheses set body = 'taken'",
		"delete from signal_embeddings",
		"delete from signal_annotations",
		"delete from signal_files",
		"update signal_imports set error = 'taken'",
		"delete from signal_import_rows",
		"delete from signal_import_parts",
		"update realms set name = 'taken'",
		"delete from clusters_signals",
		"delete from syntheses",
		"delete from clusters where id <> 'c1000000-0000-4000-8000-000000000011'", // that one takes its members along
	} {
		p.run(t, change)
	}
	if err := p.tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int{"signals": 2, "clusters": 1, "clusters_signals": 2, "syntheses": 2, "realms": 1,
		"signal_embeddings": 2, "signal_annotations": 2, "signal_files": 2, "signal_history": 2,
		"signal_imports": 2, "signal_import_rows": 2} {
		got := scan[int](t, super, fmt.Sprintf(
			"select count(*) from %s.%s as r where r::text like '%%hidden%%' and r::text not like '%%taken%%'", schemaOf(ours), table))[0]
		if got != want {
			t.Errorf("%s: %d of %d hidden rows are left as they were", table, got, want)
		}
	}
	if got := scan[int](t, super, fmt.Sprintf("select count(*) from %s.signal_import_parts", schemaOf(ours)))[0]; got != 2 {
		t.Errorf("signal_import_parts: %d of 2 hidden rows are left", got)
	}
}

func TestNoRowEntersAnotherRealm(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	p := enter(t, ours)
	fill := strings.NewReplacer("@1", realm1, "@2", realm2, "@3", realm3, "@me", ours.User.ID.String(), "@other", witness)
	for _, sql := range []string{
		"insert into signals (id, realm_id, type, title, created_by) values (gen_random_uuid(), '@2', 'DOCUMENT', 'x', '@me')",
		"insert into signals (id, realm_id, type, title, created_by) values (gen_random_uuid(), '@1', 'DOCUMENT', 'x', '@other')",
		"insert into clusters (id, realm_id, title, created_by) values (gen_random_uuid(), '@2', 'x', '@me')",
		"insert into clusters (id, realm_id, title, created_by) values (gen_random_uuid(), '@1', 'x', '@other')",
		"insert into signal_shares (id, realm_id, signal_id, target_realm_id, granted_by) values (gen_random_uuid(), '@1', 'b1000000-0000-4000-8000-000000000011', '@2', '@me')",
		"insert into signal_shares (id, realm_id, signal_id, target_realm_id, granted_by) values (gen_random_uuid(), '@2', 'b1000000-0000-4000-8000-000000000012', '@1', '@me')",
		"insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, added_by) values ('@2', 'c1000000-0000-4000-8000-000000000012', 'b1000000-0000-4000-8000-000000000012', 'SHARED', '@other', '@me')",
		"insert into syntheses (id, realm_id, signal_id, type, provider, visibility, subject_author, created_by) values (gen_random_uuid(), '@2', 'b1000000-0000-4000-8000-000000000012', 'MIRROR', 'p', 'SHARED', '@other', '@me')",
		"insert into signal_imports (id, realm_id, format, file_name, bytes, requested_by) values (gen_random_uuid(), '@2', 'csv', 'x', '', '@me')",
		"insert into signal_imports (id, realm_id, format, file_name, bytes, requested_by) values (gen_random_uuid(), '@1', 'csv', 'x', '', '@other')",
		"insert into signal_import_rows (realm_id, import_id, requested_by, position, name, problem) values ('@1', 'e5000000-0000-4000-8000-000000000021', '@other', 2, 'x', 'x')",
		"insert into signal_import_parts (realm_id, import_id, requested_by, position, bytes) values ('@1', 'e5000000-0000-4000-8000-000000000021', '@other', 2, 'x')",
		"update signals set realm_id = '@2' where id = 'b1000000-0000-4000-8000-000000000013'",
		"update signals set visibility = 'PRIVATE', realm_id = '@2' where id = 'b1000000-0000-4000-8000-000000000013'",
		"update clusters set realm_id = '@2'",
		"update clusters_signals set realm_id = '@2'",
		"update syntheses set realm_id = '@2'",
		"update signals set created_by = '@other'",
		"update conversations set user_id = '@other'",
		"insert into conversations (id, surrogate_id, user_id) values (gen_random_uuid(), '10000000-0000-4000-8000-000000000001', '@other')",
		"insert into messages (id, conversation_id, user_id, role, content) values (gen_random_uuid(), '1e000000-0000-4000-8000-000000000001', '@other', 'user', 'x')",
	} {
		p.refused(t, fill.Replace(sql), denied)
	}
	for _, sql := range []string{
		"insert into signals (id, type, title, created_by) values (gen_random_uuid(), 'DOCUMENT', 'x', '@me')",
		"insert into clusters (id, title, created_by) values (gen_random_uuid(), 'x', '@me')",
		"insert into clusters_signals (cluster_id, signal_id, visibility, signal_author, added_by) values ('c1000000-0000-4000-8000-000000000011', 'b1000000-0000-4000-8000-000000000011', 'SHARED', '@me', '@me')",
	} {
		p.refused(t, fill.Replace(sql), missing, denied) // a null realm is in no list, and not allowed either
	}
	p.allowed(t, fill.Replace("insert into signals (id, realm_id, type, title, created_by) values (gen_random_uuid(), '@3', 'DOCUMENT', 'x', '@me')"))
	p.allowed(t, fill.Replace("select gate.move_signal('b1000000-0000-4000-8000-000000000013', '@1')"))
	p.refused(t, fill.Replace("select gate.move_signal('b1000000-0000-4000-8000-000000000013', '@2')"), "SR403")
	p.refused(t, fill.Replace("select gate.share_signal(gen_random_uuid(), 'b1000000-0000-4000-8000-000000000013', '@2', 'READ')"), "SR403")
	for _, hidden := range []string{"12", "21"} {
		p.refused(t, fill.Replace("select gate.move_signal('b1000000-0000-4000-8000-0000000000"+hidden+"', '@3')"), "SR404")
		p.refused(t, fill.Replace("select gate.share_signal(gen_random_uuid(), 'b1000000-0000-4000-8000-0000000000"+hidden+"', '@3', 'READ')"), "SR404")
	}
}

// With the right to write in both realms, a row of one still cannot be tied to a row of the other: the keys carry the realm.
func TestForgedLinksBetweenRealmsAreRefused(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	p := enter(t, ours)
	fill := strings.NewReplacer("@1", realm1, "@3", realm3, "@me", ours.User.ID.String(), "@other", witness,
		"@s1", "b1000000-0000-4000-8000-000000000011", "@s2", "b1000000-0000-4000-8000-000000000012", "@s3", "b1000000-0000-4000-8000-000000000013",
		"@c1", "c1000000-0000-4000-8000-000000000011", "@c2", "c1000000-0000-4000-8000-000000000012", "@c3", "c1000000-0000-4000-8000-000000000013",
		"@y1", "d1000000-0000-4000-8000-000000000011", "@y2", "d1000000-0000-4000-8000-000000000012")
	link := "insert into clusters_signals (realm_id, cluster_id, signal_id, visibility, signal_author, added_by) values "
	synthesis := "insert into syntheses (id, realm_id, signal_id, cluster_id, supersedes_id, type, provider, visibility, subject_author, created_by) values "
	for _, sql := range []string{
		link + "('@1', '@c1', '@s3', 'SHARED', '@me', '@me')",
		link + "('@3', '@c1', '@s3', 'SHARED', '@me', '@me')",
		link + "('@3', '@c3', '@s1', 'SHARED', '@me', '@me')",
		link + "('@1', '@c1', '@s2', 'SHARED', '@other', '@me')",
		link + "('@1', '@c2', '@s1', 'SHARED', '@me', '@me')",
		link + "('@3', '@c3', '@s3', 'PUBLIC', '@me', '@me')",    // a lie about the signal's visibility
		link + "('@3', '@c3', '@s3', 'SHARED', '@other', '@me')", // and about its author
		"insert into clusters (id, realm_id, parent_id, depth, title, created_by) values (gen_random_uuid(), '@3', '@c1', 1, 'x', '@me')",
		"insert into clusters (id, realm_id, parent_id, depth, title, created_by) values (gen_random_uuid(), '@3', '@c2', 1, 'x', '@me')",
		"update clusters set parent_id = '@c1', depth = 1 where id = '@c3'",
		synthesis + "(gen_random_uuid(), '@3', '@s1', null, null, 'MIRROR', 'p', 'SHARED', '@me', '@me')",
		synthesis + "(gen_random_uuid(), '@3', null, '@c1', null, 'MIRROR', 'p', 'SHARED', '@me', '@me')",
		synthesis + "(gen_random_uuid(), '@3', '@s3', null, '@y1', 'MIRROR', 'p', 'SHARED', '@me', '@me')",
		synthesis + "(gen_random_uuid(), '@1', '@s1', null, '@y2', 'MIRROR', 'p', 'SHARED', '@me', '@me')",
		"insert into signals (id, realm_id, realm_listed, type, title, created_by) values (gen_random_uuid(), '@1', true, 'DOCUMENT', 'x', '@me')",
	} {
		p.refused(t, fill.Replace(sql), noReference)
	}
	// A signal leaves for another realm through its function only, which takes it out of this realm's clusters first.
	p.refused(t, fill.Replace("update signals set realm_id = '@3' where id = '@s1'"), denied)
	p.allowed(t, fill.Replace(link+"('@3', '@c3', '@s3', 'SHARED', '@me', '@me')"))
	p.allowed(t, fill.Replace(synthesis+"(gen_random_uuid(), '@1', '@s1', null, '@y1', 'MIRROR', 'p', 'SHARED', '@me', '@me')"))
}

// A member of a realm who only reads it changes nothing there.
func TestObserversOfARealmChangeNothing(t *testing.T) {
	t.Parallel()
	ours, _ := canaried(t)
	super := storetest.Connect(t, "postgres")
	if _, err := super.Exec(t.Context(), `update memberships set realms_write = '{}', realms_own = '{}' where org_id = $1`, ours.Org.ID); err != nil {
		t.Fatal(err)
	}
	p := enter(t, ours)
	for _, table := range []string{"signals", "clusters", "clusters_signals", "syntheses", "signal_embeddings", "signal_annotations", "signal_files"} {
		p.changes(t, 0, "delete from "+table)
	}
	p.changes(t, 0, "update signals set summary = 'x'")
	p.changes(t, 0, "update clusters set title = 'x'")
	p.changes(t, 0, "update realms set name = 'x'")
	p.refused(t, fmt.Sprintf("insert into clusters (id, realm_id, title, created_by) values (gen_random_uuid(), '%s', 'x', '%s')", realm1, ours.User.ID), denied)
	p.allowed(t, "select 1 / count(*) from signals")
}
