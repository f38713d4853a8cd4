package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func kill(pid int) error { return syscall.Kill(pid, syscall.SIGKILL) }

// onePlace serves 200 people with one connection to the database, beside the others.
func onePlace(ctx context.Context, w *world) (string, error) {
	narrow, err := w.newProgram(ctx, "narrow", "--web-conns=1")
	if err != nil {
		return "", err
	}
	defer narrow.kill()
	crowd, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	visitor := &person{org: w.people[0].org, client: w.people[0].client, to: &addresses{}}
	visitor.to.set(narrow.listen)
	for range 200 {
		go func() {
			for crowd.Err() == nil {
				_ = visitor.get(crowd, "/o/"+visitor.org+"/surrogates") // busy is an answer too
			}
		}()
	}
	for crowd.Err() == nil {
		if response, err := http.Get("http://" + narrow.listen + "/static/"); err != nil {
			w.problem("a page without the database: %v", err)
		} else {
			response.Body.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	begin := time.Now()
	for visitor.get(ctx, "/o/"+visitor.org+"/surrogates") != nil {
		if time.Since(begin) > 15*time.Second {
			return "", errors.New("the server with one connection does not answer after the crowd has gone")
		}
	}
	return "", nil
}

// rollServers stops one of two servers after the other while people write through both; nobody may notice.
func rollServers(ctx context.Context, w *world) (string, error) {
	second, err := w.newProgram(ctx, "second")
	if err != nil {
		return "", err
	}
	defer second.kill()
	defer w.to.set(w.program.listen)
	pair := []*program{w.program, second}
	for i := range 4 {
		leaving, staying := pair[i%2], pair[(i+1)%2]
		w.to.set(leaving.listen, staying.listen)
		w.pause(200, 600)
		w.to.set(staying.listen) // a load balancer takes it off first
		time.Sleep(100 * time.Millisecond)
		if err := leaving.terminate(); err != nil {
			w.problem("%v", err)
		}
		if err := leaving.start(ctx); err != nil {
			return "", err
		}
	}
	return "", nil
}

// killProvisioning kills the program while organisations are made. What check then finds half made counts as lost.
func killProvisioning(ctx context.Context, w *world) (string, error) {
	for range 5 {
		making := make(chan struct{})
		go func() {
			defer close(making)
			for range 3 {
				_, _ = w.people[0].post(ctx, "/orgs", newOrgForm()) // it is killed at some moment of this
			}
		}()
		w.pause(5, 150)
		w.program.kill()
		<-making
		if err := w.program.start(ctx); err != nil {
			return "", err
		}
	}
	return "", nil
}

// killMigration kills `surrealm migrate` half way through the organisations; the next run finishes them.
func killMigration(ctx context.Context, w *world) (string, error) {
	for range 12 {
		if _, err := w.people[0].post(ctx, "/orgs", newOrgForm()); err != nil && !errors.Is(err, errRefused) {
			continue // a fault of the network, not of this one
		}
	}
	name := "chaos_" + uuid.NewString()[:8]
	err := w.postgres.do(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `
			insert into public.tenant_migrations (version, name, sql, as_audit_owner, checksum)
			select max(version) + 1, $1::text, format('create table %I as select n from generate_series(1, 200000) as n', $1::text), false, 'none' from public.tenant_migrations`, name)
		return err
	})
	if err != nil {
		return "", err
	}
	for i := range 4 {
		migrating := exec.CommandContext(ctx, w.options.Surrealm, "migrate")
		migrating.Env = w.program.process.Env
		var said bytes.Buffer
		migrating.Stderr = &said
		if err := migrating.Start(); err != nil {
			return "", err
		}
		if i < 3 {
			w.pause(100, 500)
			_ = migrating.Process.Kill() // it may have finished
		}
		if err := migrating.Wait(); err != nil && i == 3 {
			return "", fmt.Errorf("migrate after having been killed: %w: %s", err, said.String())
		}
		if err := w.checkMigrated(ctx, name, i == 3); err != nil {
			w.problem("%v", err)
		}
	}
	return "", nil
}

// checkMigrated looks for organisations that have a new table without its version, or the other way round, and in the
// end for those that were left out.
func (w *world) checkMigrated(ctx context.Context, table string, all bool) error {
	const state = `from (select to_regclass(schema_name || '.' || $1) is not null as made,
		schema_version = (select max(version) from public.tenant_migrations) as counted from public.orgs) as o`
	halves, err := w.postgres.ask(ctx, `select count(*) filter (where made <> counted) `+state, table)
	if err == nil && halves > 0 {
		err = fmt.Errorf("%d organisations are half migrated", halves)
	}
	if err != nil || !all {
		return err
	}
	behind, err := w.postgres.ask(ctx, `select count(*) filter (where not made) `+state, table)
	if err == nil && behind > 0 {
		err = fmt.Errorf("%d organisations were left out by the last migration", behind)
	}
	return err
}

// newOrgForm is a form for another organisation.
func newOrgForm() url.Values {
	slug := "more-" + uuid.NewString()[:8]
	return url.Values{"org_name": {slug}, "slug": {slug}, "form_key": {uuid.NewString()}}
}
