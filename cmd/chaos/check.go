package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// moreGoroutines is how many more than at the start are no leak: connections that are kept open for a while.
const moreGoroutines = 60

// check looks at everything that the faults may have broken, when nobody writes any more.
func (w *world) check(ctx context.Context) {
	w.checkDatabase(ctx)
	for _, p := range w.people {
		if err := w.checkChain(ctx, p.org); err != nil {
			w.problem("%s: %v", p.org, err)
		}
	}
	w.checkGoroutines()
}

// owned are the schemas of organisations, and those made in advance for the next ones.
const owned = `select schema_name from public.orgs union all select schema_name from public.spare_tenants`

// checkDatabase looks whether what was acknowledged is there, and whether anything is half done.
func (w *world) checkDatabase(ctx context.Context) {
	for _, p := range w.people {
		if err := w.checkLedger(ctx, p.org); err != nil {
			w.problem("%s: %v", p.org, err)
		}
	}
	for _, look := range []struct{ what, sql string }{
		{"transactions left open", `select count(*) from pg_stat_activity where usename like 'surrealm%' and state like 'idle in transaction%'`},
		{"organisations half made", `select count(*) from (` + owned + `) o where not exists (select from pg_namespace n where n.nspname = o.schema_name)`},
		{"schemas of nobody", `select count(*) from pg_namespace n where n.nspname like 'tenant\_%' and n.nspname not in (` + owned + `)`},
		{"roles of nobody", `select count(*) from pg_roles r where r.rolname like 'tenant\_%' and r.rolname not in (` + owned + `)`},
		{"organisations without an owner", `select count(*) from public.orgs o where not exists (select from public.memberships m where m.org_id = o.id and m.role = 'OWNER')`},
	} {
		if err := w.awaitNone(ctx, look.sql); err != nil {
			w.problem("%s: %v", look.what, err)
		}
	}
}

// awaitNone gives the database a moment to notice that a connection is gone.
func (w *world) awaitNone(ctx context.Context, sql string) error {
	for end := time.Now().Add(w.patience); ; time.Sleep(100 * time.Millisecond) {
		n, err := w.postgres.ask(ctx, sql)
		if err != nil || n == 0 {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d", n)
		}
	}
}

// checkLedger holds the database against what was acknowledged: each entry once, with one entry in the audit chain, and
// nothing beside them.
func (w *world) checkLedger(ctx context.Context, org string) error {
	kept := map[string]uuid.UUID{}
	for _, e := range w.ledger.entries {
		if e.org == org {
			kept[e.title] = e.id
		}
	}
	schema := schemaOf(org)
	return w.postgres.do(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `
			select s.id, s.role_title, (select count(*) from `+schema+`.audit_entries a where a.object_id = s.id)
			from `+schema+`.surrogates s`)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var title string
		var recorded int
		_, err = pgx.ForEachRow(rows, []any{&id, &title, &recorded}, func() error {
			switch {
			case kept[title] == uuid.Nil:
				w.problem("%q is there, and nobody or another one was told of it", title)
			case kept[title] != id:
				w.problem("%q is there as %s, and its writer was told %s", title, id, kept[title])
			case recorded != 1:
				w.problem("%q has %d entries in the audit log", title, recorded)
			}
			delete(kept, title)
			return nil
		})
		if len(kept) > 0 {
			w.problem("%d acknowledged writes are gone", len(kept))
		}
		return err
	})
}

// schemaOf is where an organisation's tables are.
func schemaOf(org string) string {
	return pgx.Identifier{"tenant_" + strings.ReplaceAll(org, "-", "_")}.Sanitize()
}

// checkChain exports the audit chain and verifies it as an outsider does.
func (w *world) checkChain(ctx context.Context, org string) error {
	bundle := filepath.Join(w.dir, org+".jsonl")
	_ = os.Remove(bundle) // of the check before
	for _, command := range [][]string{{"audit", "export", org, "-o", bundle}, {"audit", "verify", bundle}} {
		process := exec.CommandContext(ctx, w.options.Surrealm, command...)
		process.Env = w.program.process.Env
		if said, err := process.CombinedOutput(); err != nil {
			return fmt.Errorf("surrealm %s: %w: %s", strings.Join(command[:2], " "), err, said)
		}
	}
	return nil
}

func (w *world) checkGoroutines() {
	for try := 0; ; try++ {
		now, err := w.program.goroutines()
		if err == nil && now <= w.idle+moreGoroutines {
			return
		}
		if try == 50 {
			w.problem("%d goroutines, and %d at the start: %v", now, w.idle, err)
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
}
