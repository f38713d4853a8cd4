package store_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/storetest"
)

// A restore changes the database and the folder of checkpoints, and may be killed between the two.
func TestARestoreThatGaveEntriesUpIsFinishedByWhoeverVerifies(t *testing.T) {
	t.Parallel()
	x := install(t)
	tenant := x.org(t)
	org := tenant.Org.ID.String()
	file := x.export(t, tenant.Org.Slug)
	must(t, tenant.RotateKey(t.Context())) // an entry that the file lacks, and a checkpoint over it
	x.verify(t, tenant.Org.Slug)
	x.drop(t, tenant)
	known := got[[]auditlog.SignedCheckpoint](t)(x.kept.All(org))

	// A commit that fails leaves a plan behind, and every checkpoint where it was.
	storetest.Exec(t, x.dsn("postgres"), `
		create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no commit today'; end $$;
		create constraint trigger refuse after delete on public.dropped_orgs deferrable initially deferred for each row execute function public.refuse()`)
	if _, err := x.restore(t, file, storetest.Slug("uncommitted"), older); err == nil || !strings.Contains(err.Error(), "no commit today") {
		t.Fatalf("the commit did not fail: %v", err)
	}
	storetest.Exec(t, x.dsn("postgres"), `drop function public.refuse() cascade`)
	if plan, err := x.kept.PlannedSuperseding(org); err != nil || plan == nil {
		t.Fatalf("planned before the commit: %v, %v", plan, err)
	}
	if left := got[[]auditlog.SignedCheckpoint](t)(x.kept.All(org)); len(left) != len(known) {
		t.Fatalf("%d of %d checkpoints are left without a commit", len(left), len(known))
	}
	slug := storetest.Slug("late")
	if _, err := x.restore(t, file, slug, nil); !errors.Is(err, store.ErrOlderFile) {
		t.Fatalf("after a restore that was not committed, an older file: %v", err)
	}

	if report, err := x.restore(t, file, slug, older); err != nil || report.Lost == 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	if plan, err := x.kept.PlannedSuperseding(org); err != nil || plan != nil {
		t.Errorf("a plan is left: %v, %v", plan, err)
	}
	// The state of a process that was killed after the commit: the checkpoints are still there, and the plan is.
	folder, schema := filepath.Join(x.dir, "audit", org), "tenant_"+strings.ReplaceAll(slug, "-", "_")
	next := scan[[]byte](t, x.super, `select hash from `+schema+`.audit_entries where action = 'org.restored'`)
	size := scan[int64](t, x.super, `select seq - 1 from `+schema+`.audit_entries where action = 'org.restored'`)[0]
	crash := func(hash auditlog.Hash) {
		for _, path := range got[[]string](t)(filepath.Glob(filepath.Join(folder, "*"))) {
			must(t, os.Remove(path))
		}
		for _, c := range known {
			must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.checkpoint", c.Size)), c.Note, 0o600))
		}
		must(t, x.kept.PlanSuperseding(org, auditlog.Superseding{Size: size, Next: hash}))
	}
	crash(auditlog.Hash{1})
	overview := got[store.OrgOverview](t)(x.store.OrgBySlug(t.Context(), slug))
	var damage *auditlog.Fault
	if _, err := x.store.ExportAudit(t.Context(), io.Discard, overview, x.signer, x.kept); !errors.As(err, &damage) {
		t.Errorf("with a plan for another entry the log passes for whole: %v", err)
	}
	crash(auditlog.Hash(next[0]))
	x.export(t, slug)
	x.verify(t, slug)
	if aside := got[[]string](t)(filepath.Glob(filepath.Join(folder, "*.superseded-*"))); len(aside) != 1 {
		t.Errorf("set aside: %q", aside)
	}
}
