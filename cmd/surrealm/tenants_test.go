package main

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"surrealm/store"
	"surrealm/store/storetest"
)

// create makes organisations by the command line; all belong to one account.
func create(t *testing.T, env []string, slugs ...string) {
	t.Helper()
	email := storetest.Email("owner")
	for _, slug := range slugs {
		code, _, complaints := call(t, env, storetest.Password+"\n", "tenants", "create", slug, "--name", "Org "+slug, "--owner-email", email, "--owner-name", "Olga Owner")
		if code != 0 {
			t.Fatalf("create %s: %s", slug, complaints)
		}
	}
}

func TestOrganisationsAreMadeListedAndDropped(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	slug := storetest.Slug("shop")
	create(t, env, slug)

	_, complaints := expect(t, 1, env, "tenants", "create", slug, "--name", "Again", "--owner-email", storetest.Email("other"), "--owner-name", "O")
	contains(t, complaints, "password is needed") // input has ended: it was asked for
	code, _, complaints := call(t, env, "short\n", "tenants", "create", "Ab", "--name", "", "--owner-email", "nobody", "--owner-name", "O")
	if code != 2 {
		t.Errorf("a bad organisation ended with %d", code)
	}
	contains(t, complaints, "the address: ", "--name: ", "--owner-email: ", "the password: ")

	out, _ := expect(t, 0, env, "tenants", "list")
	contains(t, out, slug, "active")

	code, _, complaints = call(t, env, "something-else\n", "tenants", "drop", slug)
	if code != 1 || !strings.Contains(complaints, "nothing was deleted") {
		t.Errorf("a wrong address ended with %d: %s", code, complaints)
	}
	if code, _, complaints = call(t, env, slug+"\n", "tenants", "drop", slug); code != 0 {
		t.Errorf("drop: %s", complaints)
	}
	if out, _ = expect(t, 0, env, "tenants", "list"); strings.Contains(out, slug) {
		t.Errorf("it is still listed:\n%s", out)
	}
	storetest.Exec(t, dsn("postgres"), `do $$ begin
		assert (select count(*) = 1 from dropped_orgs where reason like 'dropped by the operator _% on _%' and entries = 1), 'no record';
		assert (select count(*) = 0 from org_keys), 'its key is still there';
	end $$`)
	_, complaints = expect(t, 1, env, "tenants", "drop", slug, "--yes", slug)
	contains(t, complaints, "no such organisation")
}

func TestCheckNamesTheDrift(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	slug := storetest.Slug("drift")
	create(t, env, slug, storetest.Slug("sound"))
	out, _ := expect(t, 0, env, "tenants", "check")
	contains(t, out, "2 organisations compared, no differences.")

	storetest.Exec(t, dsn("postgres"), `alter table tenant_`+strings.ReplaceAll(slug, "-", "_")+`.surrogates add column notes text`)
	out, complaints := expect(t, 1, env, "tenants", "check")
	contains(t, out, slug+":\n  surrogates: column notes is not part of the template: notes text\n")
	contains(t, complaints, "2 organisations compared, and there are differences in 1")
	expect(t, 1, env, "tenants", "check", "--only", slug)
}

// TestMigrateSurvivesKillsAndFailures kills the program between two organisations, lets one fail, and repairs it.
func TestMigrateSurvivesKillsAndFailures(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	slugs := []string{storetest.Slug("fleet-a"), storetest.Slug("fleet-b"), storetest.Slug("fleet-c"), storetest.Slug("fleet-d")}
	create(t, env, slugs...)
	schema := func(slug string) string { return "tenant_" + strings.ReplaceAll(slug, "-", "_") }
	storetest.Exec(t, dsn("postgres"), `
		insert into tenant_migrations (version, name, sql, as_audit_owner, checksum)
		select max(version) + 1, 'slow', $1, false, 'none' from tenant_migrations`, `
		create table slow (id uuid primary key);
		do $$ declare start timestamptz := clock_timestamp(); begin
			while clock_timestamp() < start + interval '700 milliseconds' loop null; end loop;
		end $$`)
	storetest.Exec(t, dsn("postgres"), `create table `+schema(slugs[1])+`.slow (in_the_way int)`)

	out, _ := expect(t, 0, env, "migrate", "--dry-run")
	contains(t, out, slugs[0]+": would go from version ", "4 organisations")

	migrating := spawn(t, env, "migrate", "--workers", "1")
	migrating.await("[1/4] " + slugs[0])
	time.Sleep(200 * time.Millisecond)
	migrating.signal(syscall.SIGKILL)
	migrating.wait()

	out, complaints := expect(t, 1, env, "migrate", "--workers", "2")
	contains(t, out, slugs[1]+" failed")
	contains(t, complaints, "1 failed and stay as they were", slugs[1]+" (version ", "already exists")
	if strings.Contains(out, slugs[0]) {
		t.Errorf("the first was migrated twice:\n%s", out)
	}
	out, _ = expect(t, 0, env, "tenants", "list")
	contains(t, out, "not migrated: ")
	out, _ = expect(t, 1, env, "doctor")
	contains(t, out, "1 of 4 are not up to date: "+slugs[1])

	storetest.Exec(t, dsn("postgres"), `drop table `+schema(slugs[1])+`.slow`)
	out, _ = expect(t, 0, env, "migrate", "--only", slugs[1])
	contains(t, out, "Up to date: 1 organisation migrated")
	expect(t, 0, env, "tenants", "check")
	_, complaints = expect(t, 1, env, "migrate", "--only", "no-such-org")
	contains(t, complaints, "no such organisation: no-such-org")
}

func TestMigratePreparesAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	env, dsn := external(t)
	name := "b" + strings.ReplaceAll(storetest.Slug("x"), "-", "")
	if err := store.MakeDatabase(t.Context(), dsn("postgres"), name); err != nil {
		t.Fatal(err)
	}
	for i, setting := range env[:3] {
		env[i] = setting[:strings.LastIndex(setting, "dbname=")] + "dbname=" + name
	}
	superuser := dsn("postgres")
	superuser = superuser[:strings.LastIndex(superuser, "dbname=")] + "dbname=" + name

	_, complaints := expect(t, 1, env, "migrate")
	contains(t, complaints, "--bootstrap-url")
	out, _ := expect(t, 0, env, "migrate", "--bootstrap-url", superuser)
	contains(t, out, "The database is prepared", "Up to date: 0 organisations")
	expect(t, 0, env, "migrate", "--bootstrap-url", superuser) // again
	out, _ = expect(t, 0, append(env, "LISTEN_ADDR=127.0.0.1:0"), "doctor")
	contains(t, out, "All is well")
}
