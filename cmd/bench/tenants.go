package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
)

// tenantReaders is how many read at the same time.
const tenantReaders = 8

// measureTenants makes --tenants organisations, and measures lists at random over all of them against 200 and 10, once every
// connection has been everywhere; how fast the first visits are; what a connection then holds in memory; the size of the
// catalogue and of everything; and how long serve takes to start. 5,000 organisations need some 20 GB of disk.
func measureTenants(b *bench) error {
	ctx := context.Background()
	count := b.Tenants
	if b.Quick {
		count = min(count, 2*b.orgsEach())
	}
	if _, err := b.db(ctx); err != nil {
		return err
	}
	made := max(0, count-len(b.database.orgs))
	var all []*store.Tenant
	took, err := seconds(func() (err error) {
		all, err = b.orgs(ctx, count)
		return err
	})
	if err != nil {
		return err
	}
	b.measure = fmt.Sprintf("tenants_%d", count)
	b.report("made", took, "s", fmt.Sprintf("%d that were not there yet", made))
	if err := b.visitAll(ctx, all); err != nil {
		return err
	}
	among := func(n int) func(context.Context) error {
		return func(ctx context.Context) error { return readList(ctx, all[rand.IntN(min(n, count))]) }
	}
	rates, err := b.turns(ctx, tenantReaders, among(count), among(200), among(10))
	if err != nil {
		return err
	}
	b.ratio("to_200", rates[0], rates[1], fmt.Sprintf("%d tenants", min(200, count)))
	b.ratio("to_10", rates[0], rates[2], fmt.Sprintf("%d tenants", min(10, count)))
	if err := b.reportBackends(ctx); err != nil {
		return err
	}
	var catalogue, tables, everything float64
	err = b.database.super.QueryRow(ctx, `
		select sum(pg_total_relation_size(oid)) filter (where relnamespace = 'pg_catalog'::regnamespace) / 1048576.0, count(*),
			pg_database_size(current_database()) / 1048576.0
		from pg_class
		where relkind = 'r'`).Scan(&catalogue, &tables, &everything)
	if err != nil {
		return err
	}
	b.report("catalogue", catalogue, "MB")
	b.report("database", everything, "MB")
	b.report("tables", tables, "tables")
	return b.startBeside(ctx)
}

// visitAll has each reader read the list of every organisation once, each in an order of its own, and reports how fast
// that went. A connection has to learn of an organisation's tables at its first visit.
func (b *bench) visitAll(ctx context.Context, all []*store.Tenant) error {
	errs := make([]error, tenantReaders)
	took, err := seconds(func() error {
		var reading sync.WaitGroup
		for reader := range errs {
			reading.Go(func() {
				for _, i := range rand.Perm(len(all)) {
					if errs[reader] = readList(ctx, all[i]); errs[reader] != nil {
						return
					}
				}
			})
		}
		reading.Wait()
		return errors.Join(errs...)
	})
	if err != nil {
		return err
	}
	b.report("first_visits", float64(tenantReaders*len(all))/took, "reads/s")
	return nil
}

// reportBackends reports the memory that connections of the tenants' pool hold for themselves.
func (b *bench) reportBackends(ctx context.Context) error {
	rows, err := b.database.super.Query(ctx, `select pid from pg_stat_activity where usename = 'surrealm_web'`)
	if err != nil {
		return err
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		return err
	}
	var held []float64
	for _, pid := range pids {
		held = append(held, float64(kilobytes(fmt.Sprintf("/proc/%d/status", pid), "RssAnon"))/1024)
	}
	if len(held) > 0 {
		b.report("backend_memory", median(held), "MB")
		b.report("backends_memory", sum(held), "MB", fmt.Sprintf("%d connections", len(held)))
	}
	return nil
}

// startBeside starts serve on the database of the measures, and reports when it answers.
func (b *bench) startBeside(ctx context.Context) error {
	program, err := b.program()
	if err != nil {
		return err
	}
	d := b.database
	p, err := startServe(ctx, program, filepath.Join(d.dir, "serve"), []string{
		"DATABASE_URL=" + d.url(store.RoleWeb), "CONTROL_DATABASE_URL=" + d.url(store.RoleControl),
		"MIGRATE_DATABASE_URL=" + d.url(store.RoleMigrator), "MASTER_KEY=" + strings.Repeat("be", 32),
	})
	if err != nil {
		return err
	}
	b.report("start_of_serve", p.ready.Seconds(), "s")
	return p.stop()
}

// program builds surrealm as `make build` does, once.
func (b *bench) program() (string, error) {
	d, err := b.db(context.Background())
	if err != nil {
		return "", err
	}
	path := filepath.Join(d.dir, "surrealm")
	if d.built {
		return path, nil
	}
	out, err := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, "surrealm/cmd/surrealm").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build surrealm: %w\n%s", err, out)
	}
	d.built = true
	return path, nil
}
