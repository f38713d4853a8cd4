package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/pgserver"
	"surrealm/store/seal"
)

// TestTheLedgerFindsWhatIsWrong has people write through the real pages into a real database, and then damages the database
// as a fault would if the product did not hold. Each damage has to be reported, and nothing else.
func TestTheLedgerFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := smallWorld(t)
	l := w.startLoad(t.Context())
	for w.ledger.size() < 12 && len(w.reported()) == 0 {
		time.Sleep(5 * time.Millisecond) // nothing is measured: writers write until there is enough
	}
	if err := l.finish(time.Minute); err != nil {
		t.Fatal(err)
	}
	w.checkDatabase(t.Context())
	if found := w.reported(); len(found) > 0 {
		t.Fatalf("with nothing wrong: %q", found)
	}
	org := w.people[0].org
	surrogates := schemaOf(org) + ".surrogates"
	kept := w.entryOf(t, org)
	copied := `insert into ` + surrogates + ` (id, role_title, domain, jurisdiction, config, created_by, created_at, updated_at)
		select $2, $3, domain, jurisdiction, config, created_by, created_at, updated_at from ` + surrogates + ` where id = $1`
	for name, damage := range map[string]struct {
		do, undo func()
		want     string // the whole of what is reported
	}{
		"a lost write": {
			func() {
				w.exec(t, `create table public.aside as select * from `+surrogates+` where id = $1`, kept.id)
				w.exec(t, `delete from `+surrogates+` where id = $1`, kept.id)
			},
			func() {
				w.exec(t, `insert into `+surrogates+` select * from public.aside`)
				w.exec(t, `drop table public.aside`)
			},
			`^1 acknowledged writes are gone$`,
		},
		"a double write": {
			func() { w.exec(t, copied, kept.id, uuid.New(), kept.title) },
			func() {
				w.exec(t, `delete from `+surrogates+` where role_title = $1 and id <> $2`, kept.title, kept.id)
			},
			`^"` + kept.title + `" is there( as [0-9a-f-]+, and its writer was told|, and nobody or another one was told of it)`,
		},
		"a write that nobody was told of": {
			func() { w.exec(t, copied, kept.id, uuid.Nil, "Entry of nobody") },
			func() { w.exec(t, `delete from `+surrogates+` where id = $1`, uuid.Nil) },
			`^"Entry of nobody" is there, and nobody or another one was told of it$`,
		},
		"a write without its entry in the audit log": {
			func() { w.exec(t, copied, kept.id, half, "Half"); w.ledger.enter(entry{org, "Half", half}) },
			func() {
				w.exec(t, `delete from `+surrogates+` where id = $1`, half)
				w.ledger.entries = w.ledger.entries[:len(w.ledger.entries)-1]
			},
			`^"Half" has 0 entries in the audit log$`,
		},
		"an organisation half made": {
			func() {
				w.exec(t, `insert into public.orgs (id, slug, name, schema_name, schema_version) values ($1, 'half-made', 'Half', 'tenant_half_made', 1)`, half)
			},
			func() { w.exec(t, `delete from public.orgs where id = $1`, half) },
			`^organisations half made: 1\norganisations without an owner: 1$`,
		},
		"a schema that nobody owns": {
			func() { w.exec(t, `create schema tenant_of_nobody`) },
			func() { w.exec(t, `drop schema tenant_of_nobody`) },
			`^schemas of nobody: 1$`,
		},
	} {
		w.problems = nil
		damage.do()
		w.checkDatabase(t.Context())
		if found := strings.Join(w.problems, "\n"); !regexp.MustCompile(damage.want).MatchString(found) {
			t.Errorf("%s is reported as %q", name, found)
		}
		var report table
		report.add("fault", outcome{problems: w.problems})
		if exitCode(report.lost(), nil) != 1 {
			t.Errorf("after %s chaos exits with 0", name)
		}
		damage.undo()
	}
	w.problems = nil
	if w.checkDatabase(t.Context()); len(w.problems) > 0 {
		t.Errorf("with all of it mended: %q", w.problems)
	}
}

var half = uuid.MustParse("11111111-1111-4111-8111-111111111111")

// smallWorld is a world without faults: the pages in this process, on a server that does not care for its data.
func smallWorld(t *testing.T) *world {
	t.Helper()
	ctx := t.Context()
	server, err := pgserver.StartTemporary(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{postgres: &postgres{server: server}, patience: 100 * time.Millisecond}
	t.Cleanup(func() { _ = server.Stop(context.Background()) }) // its folder goes with it
	master, err := seal.ParseMasterKey(strings.Repeat("c4a05", 13)[:64])
	if err == nil {
		err = store.PrepareDatabase(ctx, server, databaseName)
	}
	if err == nil {
		err = store.MigratePlatform(ctx, w.postgres.direct(store.RoleMigrator))
	}
	if err != nil {
		t.Fatal(err)
	}
	opened, err := store.Open(ctx, store.Options{WebURL: w.postgres.direct(store.RoleWeb), ControlURL: w.postgres.direct(store.RoleControl), Master: master})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	signer, err := auditlog.LoadOrCreateKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewUnstartedServer(nil)
	site.Config.Handler, err = handlers.New(handlers.Options{
		Store: opened, Log: slog.New(slog.DiscardHandler), BaseURL: "http://" + site.Listener.Addr().String(),
		Checkpoints: auditlog.NewCheckpointStore(t.TempDir(), signer), Signer: signer,
	})
	if err != nil {
		t.Fatal(err)
	}
	site.Start()
	t.Cleanup(site.Close)
	w.to.set(site.Listener.Addr().String())
	for _, org := range []string{"chaos-one", "chaos-two"} {
		p, err := register(ctx, &w.to, org)
		if err != nil {
			t.Fatal(err)
		}
		w.people = append(w.people, p)
	}
	return w
}

// reported are the problems so far.
func (w *world) reported() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.problems
}

// entryOf is one of an organisation's entries in the ledger.
func (w *world) entryOf(t *testing.T, org string) entry {
	t.Helper()
	for _, e := range w.ledger.entries {
		if e.org == org {
			return e
		}
	}
	t.Fatalf("nobody wrote in %s", org)
	return entry{}
}

func (w *world) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	err := w.postgres.do(t.Context(), func(conn *pgx.Conn) error {
		_, err := conn.Exec(t.Context(), sql, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
