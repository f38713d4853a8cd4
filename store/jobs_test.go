package store_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/storetest"
)

// startJobs works the jobs of a store until the test ends, with checkpoints in a folder of the test's own.
func startJobs(t *testing.T, s *store.Store, mailer store.Mailer) (*store.Jobs, *auditlog.CheckpointStore) {
	t.Helper()
	folder := t.TempDir()
	signer, err := auditlog.LoadOrCreateKey(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept := auditlog.NewCheckpointStore(folder, signer)
	jobs, err := s.StartJobs(t.Context(), store.JobOptions{Log: slog.New(slog.DiscardHandler), Mailer: mailer, Checkpoints: kept})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := jobs.Stop(ctx); err != nil {
			t.Errorf("stop jobs: %v", err)
		}
	})
	return jobs, kept
}

// await waits until something holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited too long for %s", what)
}

// behindTheWalls connects as the superuser.
func behindTheWalls(t *testing.T, dsn func(string) string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) // the server ends with the process anyway
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestEveryChainIsVerifiedInTheBackground(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner := storetest.OwnerIn(t, s)
	if _, err := owner.AuditVerification(t.Context()); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("before the first verification: %v", err)
	}
	_, kept := startJobs(t, s, nil)

	var found store.AuditVerification
	await(t, "the first verification", func() (done bool) {
		var err error
		found, err = owner.AuditVerification(t.Context())
		return err == nil
	})
	if !found.OK() || found.Entries != 1 || found.Checkpoint != 1 {
		t.Fatalf("found %+v", found)
	}
	if last, err := kept.Latest(owner.Org.ID.String()); err != nil || last.Size != 1 {
		t.Fatalf("kept checkpoint: %+v, %v", last, err)
	}

	conn := behindTheWalls(t, dsn)
	schema := schemaOf(owner)
	run(t, conn, `alter table `+schema+`.audit_entries disable trigger all`)
	run(t, conn, `update `+schema+`.audit_entries set actor_name = 'Nobody'`)
	if err := owner.RequestVerification(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, "the second verification", func() bool {
		found, _ = owner.AuditVerification(t.Context())
		return !found.OK()
	})
	if *found.FaultSeq != 1 || found.Entries != 0 {
		t.Errorf("found %+v: %s", found, *found.Reason)
	}
}

func TestTheTailCannotBeCutUnnoticed(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner := storetest.OwnerIn(t, s)
	if err := owner.UpdateSettings(t.Context(), 1, "Another name", 2); err != nil {
		t.Fatal(err)
	}
	jobs, _ := startJobs(t, s, nil)
	if found, err := jobs.VerifyAudit(t.Context(), owner.Org.ID); err != nil || !found.OK() || found.Entries != 2 {
		t.Fatalf("whole chain: %+v, %v", found, err)
	}

	conn, schema := behindTheWalls(t, dsn), schemaOf(owner)
	run(t, conn, `alter table `+schema+`.audit_entries disable trigger all`)
	run(t, conn, `delete from `+schema+`.audit_entries where seq = 2`)
	run(t, conn, `update `+schema+`.audit_head set (seq, hash) = (select seq, hash from `+schema+`.audit_entries where seq = 1)`)

	found, err := jobs.VerifyAudit(t.Context(), owner.Org.ID)
	if err != nil || found.OK() || *found.FaultSeq != 2 {
		t.Errorf("cut chain: %+v, %v", found, err)
	}
}

func TestADueOrganisationIsDeletedUnlessItsOwnerThoughtBetter(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	leaving, staying := storetest.OwnerIn(t, s), storetest.OwnerIn(t, s)
	conn := behindTheWalls(t, dsn)
	for _, owner := range []*store.Tenant{leaving, staying} {
		if err := owner.ScheduleDeletion(t.Context(), owner.Org.Slug); err != nil {
			t.Fatal(err)
		}
	}
	if err := staying.CancelDeletion(t.Context()); err != nil {
		t.Fatal(err)
	}
	run(t, conn, `update orgs set delete_after = now() where id = $1`, leaving.Org.ID)
	run(t, conn, `update river.river_job set scheduled_at = now(), state = 'available' where kind = 'delete_org'`)
	startJobs(t, s, nil)

	await(t, "both jobs", func() bool {
		var left int
		if err := conn.QueryRow(t.Context(), `select count(*) from river.river_job where kind = 'delete_org' and state <> 'completed'`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
	var record string
	err := conn.QueryRow(t.Context(), `
		select format('%s %s %s', d.slug, d.entries, d.reason) from dropped_orgs d
		where not exists (select from orgs where id = d.org_id)
			and not exists (select from pg_namespace where nspname = 'tenant_' || replace(d.slug, '-', '_'))
			and not exists (select from pg_roles where rolname = 'tenant_' || replace(d.slug, '-', '_'))`).Scan(&record)
	if err != nil || record != leaving.Org.Slug+" 2 deletion planned by its owner" {
		t.Errorf("dropped: %q, %v", record, err)
	}
	if _, err := staying.AuditVerification(t.Context()); err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the organisation that stays: %v", err)
	}
}

// slowPostbox refuses the first mail that it is given.
type slowPostbox struct {
	mu    sync.Mutex
	tries int
}

func (p *slowPostbox) Send(context.Context, store.Mail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if p.tries == 1 {
		return errors.New("come back later")
	}
	return nil
}

func TestMailThatIsRefusedIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner := storetest.OwnerIn(t, s)
	invite(t, owner, storetest.Email("late"))
	box := &slowPostbox{}
	startJobs(t, s, box)
	conn := behindTheWalls(t, dsn)
	await(t, "the first try", func() bool {
		count, problem, err := s.UnsentMail(t.Context())
		return err == nil && count == 1 && problem == "come back later"
	})
	// River waits longer after each try; the test does not.
	await(t, "the mail", func() bool {
		run(t, conn, `update river.river_job set scheduled_at = now() where kind = 'send_mail' and state = 'retryable'`)
		var sent bool
		if err := conn.QueryRow(t.Context(), `select sent_at is not null from outbox`).Scan(&sent); err != nil {
			t.Fatal(err)
		}
		return sent
	})
}

func TestWithoutAMailServerMailStaysInTheOutbox(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	owner := storetest.OwnerIn(t, s)
	invite(t, owner, storetest.Email("kept"))
	startJobs(t, s, nil)
	conn := behindTheWalls(t, dsn)
	await(t, "the job", func() bool {
		var left int
		if err := conn.QueryRow(t.Context(), `select count(*) from river.river_job where kind = 'send_mail' and state <> 'completed'`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
	if queued, err := s.QueuedMail(t.Context()); err != nil || len(queued) != 1 || queued[0].Body == "" {
		t.Errorf("outbox: %+v, %v", queued, err)
	}
}
