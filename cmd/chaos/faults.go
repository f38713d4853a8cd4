package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// fault is one way to break what runs. happen returns when the fault is over, and skipped when it cannot be caused on this
// machine; after it, people must be able to write again without anybody's help.
type fault struct {
	name   string
	happen func(ctx context.Context, w *world) (skipped string, err error)
}

var faults = []fault{
	{"serve-killed", killServe},
	{"postgres-restarted", restartPostgres},
	{"postgres-crashed", crashPostgres},
	{"backends-killed", killBackends},
	{"backend-crashed", crashBackend},
	{"commit-cut", cutCommits},
	{"network-away", cutNetwork},
	{"pool-of-one", onePlace},
	{"lock-held", holdLock},
	{"disk-full", fillDisk},
	{"two-servers", rollServers},
	{"provisioning-killed", killProvisioning},
	{"migration-killed", killMigration},
	{"job-killed", killJob},
}

func faultNames() string {
	var names []string
	for _, f := range faults {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

func chosenFaults(only []string) ([]fault, error) {
	for _, name := range only {
		if !strings.Contains(", "+faultNames()+",", ", "+name+",") {
			return nil, fmt.Errorf("there is no fault %q; see --help", name)
		}
	}
	if len(only) == 0 {
		return faults, nil
	}
	return slices.DeleteFunc(slices.Clone(faults), func(f fault) bool { return !slices.Contains(only, f.name) }), nil
}

func killServe(ctx context.Context, w *world) (string, error) {
	w.program.kill()
	return "", w.program.start(ctx)
}

func restartPostgres(ctx context.Context, w *world) (string, error) {
	if err := w.postgres.stop(ctx); err != nil {
		return "", err
	}
	w.pause(200, 1500)
	return "", w.postgres.start(ctx)
}

func crashPostgres(ctx context.Context, w *world) (string, error) {
	if err := w.postgres.crash(ctx); err != nil {
		return "", err
	}
	w.pause(200, 1500)
	return "", w.postgres.start(ctx)
}

// killBackends ends twenty connections a second for five seconds, whatever they do.
func killBackends(ctx context.Context, w *world) (string, error) {
	return "", w.postgres.do(ctx, func(conn *pgx.Conn) error {
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			if _, err := conn.Exec(ctx, `select pg_terminate_backend(pid) from (
				select pid from pg_stat_activity where usename in ('surrealm_web', 'surrealm_ctl') order by random() limit 1) as one`); err != nil {
				return err
			}
		}
		return nil
	})
}

// crashBackend kills one backend as the kernel does when memory is short: PostgreSQL then restarts all of them.
func crashBackend(ctx context.Context, w *world) (string, error) {
	pid, err := w.postgres.ask(ctx, `select pid from pg_stat_activity where usename = 'surrealm_web' order by state = 'active' desc limit 1`)
	if err != nil {
		return "", err
	}
	return "", kill(pid)
}

// cutCommits cuts the connection at the moment of a commit: in turns before the server hears of it, and after.
func cutCommits(_ context.Context, w *world) (string, error) {
	before := w.postgres.proxy.cuts.Load()
	w.postgres.proxy.cut.Store(40)
	for end := time.Now().Add(10 * time.Second); w.postgres.proxy.cut.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			return "", fmt.Errorf("only %d commits came by", w.postgres.proxy.cuts.Load()-before)
		}
	}
	return "", nil
}

func cutNetwork(_ context.Context, w *world) (string, error) {
	for range 5 {
		w.postgres.proxy.cutAll()
		w.pause(50, 400)
	}
	return "", nil
}

// holdLock keeps everybody from a table for longer than anybody waits.
func holdLock(ctx context.Context, w *world) (string, error) {
	return "", w.postgres.do(ctx, func(conn *pgx.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(ctx) }()
		if _, err := tx.Exec(ctx, `lock table `+schemaOf(w.people[0].org)+`.surrogates in access exclusive mode`); err != nil {
			return err
		}
		w.elsewhere(ctx, 9*time.Second)
		return nil
	})
}

// elsewhere looks for a time whether people who need nothing of what is locked are answered.
func (w *world) elsewhere(ctx context.Context, lasting time.Duration) {
	slowest := time.Duration(0)
	for end := time.Now().Add(lasting); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		begin := time.Now()
		if err := w.people[1].get(ctx, "/o/"+w.people[1].org+"/surrogates"); err != nil {
			w.problem("a page of another organisation: %v", err)
			return
		}
		slowest = max(slowest, time.Since(begin))
	}
	if slowest > 2*time.Second {
		w.problem("a page of another organisation took %v", slowest)
	}
}
