package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
)

// measureTenants makes --tenants organisations, and measures lists at random over all of them against 10 and 200, what a
// connection holds in memory once it has been everywhere, the size of the catalogue, and how long serve takes to start.
func measureTenants(b *bench) error {
	ctx := context.Background()
	count := b.Tenants
	if b.Quick {
		count = min(count, 40)
	}
	var all []*store.Tenant
	took, err := seconds(func() (err error) {
		all, err = b.orgs(ctx, count)
		return err
	})
	if err != nil {
		return err
	}
	b.report(fmt.Sprintf("%d_made", count), took, "s")
	among := func(n int) func(context.Context) error {
		return func(ctx context.Context) error { return readList(ctx, all[rand.IntN(min(n, count))]) }
	}
	rates, err := b.turns(ctx, 8, among(count), among(200), among(10))
	if err != nil {
		return err
	}
	b.reportRatio(fmt.Sprintf("%d_to_200", count), rates[0], rates[1], "200 tenants")
	b.reportRatio(fmt.Sprintf("%d_to_10", count), rates[0], rates[2], "10 tenants")
	if err := b.reportBackends(ctx); err != nil {
		return err
	}
	var catalogue, tables float64
	err = b.database.super.QueryRow(ctx, `
		select sum(pg_total_relation_size(oid)) filter (where relnamespace = 'pg_catalog'::regnamespace) / 1048576.0, count(*)
		from pg_class
		where relkind = 'r'`).Scan(&catalogue, &tables)
	if err != nil {
		return err
	}
	b.report("catalogue", catalogue, "MB")
	b.report("tables", tables, "tables")
	return b.startBeside(ctx)
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
