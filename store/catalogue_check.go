package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// TenantDrift says how one organisation's schema differs from what it should be.
type TenantDrift struct {
	Slug  string // or the name of a schema that belongs to nobody
	Lines []string
}

// checkWorkers is how many organisations are compared at once.
const checkWorkers = 4

// CheckTenants compares the catalogue of every organisation with that of a fresh one, and looks for schemas
// without an organisation. only are slugs; empty means all. It returns how many organisations were compared, and those
// that differ, by slug.
func (m *Migrator) CheckTenants(ctx context.Context, only []string) (checked int, drift []TenantDrift, err error) {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer conn.Release()
	if err := knowAll(ctx, conn, only); err != nil {
		return 0, nil, err
	}
	want, err := template(ctx, conn.Conn())
	if err != nil {
		return 0, nil, err
	}
	orgs, err := many[fleetOrg](ctx, conn, `
		select slug, schema_name, schema_version, (select coalesce(max(version), 0) from public.tenant_migrations) as latest
		from public.orgs
		where cardinality($1::text[]) = 0 or slug = any ($1)
		order by slug`, append([]string{}, only...))
	if err != nil {
		return 0, nil, fmt.Errorf("list the organisations: %w", err)
	}
	found, err := m.compareAll(ctx, orgs, want)
	if err == nil && len(only) == 0 {
		var strays []TenantDrift
		strays, err = ownerless(ctx, conn.Conn())
		found = append(found, strays...)
	}
	return len(orgs), found, err
}

type fleetOrg struct {
	Slug          string `db:"slug"`
	SchemaName    string `db:"schema_name"`
	SchemaVersion int    `db:"schema_version"`
	Latest        int    `db:"latest"`
}

// compareAll compares several at once and keeps their order.
func (m *Migrator) compareAll(ctx context.Context, orgs []fleetOrg, want []catalogueItem) ([]TenantDrift, error) {
	lines := make([][]string, len(orgs))
	errs := make([]error, len(orgs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(checkWorkers, len(orgs)) {
		workers.Go(func() {
			for i := range next {
				lines[i], errs[i] = m.compare(ctx, orgs[i], want)
			}
		})
	}
	for i := range orgs {
		next <- i
	}
	close(next)
	workers.Wait()
	var drift []TenantDrift
	for i, org := range orgs {
		if len(lines[i]) > 0 {
			drift = append(drift, TenantDrift{Slug: org.Slug, Lines: lines[i]})
		}
	}
	return drift, errors.Join(errs...)
}

// compare says how one organisation differs. One that waits to be migrated is not compared: it would differ everywhere.
func (m *Migrator) compare(ctx context.Context, org fleetOrg, want []catalogueItem) ([]string, error) {
	if org.SchemaVersion < org.Latest {
		return []string{fmt.Sprintf("version %d of %d: run surrealm migrate", org.SchemaVersion, org.Latest)}, nil
	}
	var have []catalogueItem
	err := pgx.BeginTxFunc(ctx, m.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		have, err = catalogue(ctx, tx, org.SchemaName)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(have) == 0 {
		return []string{"its schema " + org.SchemaName + " is missing"}, nil
	}
	return compareCatalogues(want, have), nil
}

// ownerless finds schemas that look like a tenant's and belong to no organisation.
func ownerless(ctx context.Context, conn *pgx.Conn) ([]TenantDrift, error) {
	names, err := texts(ctx, conn, `
		select n.nspname from pg_catalog.pg_namespace n
		where n.nspname ~ '^tenant_' and not exists (select from public.orgs o where o.schema_name = n.nspname)
			and not exists (select from public.spare_tenants s where s.schema_name = n.nspname)
		order by n.nspname`)
	if err != nil {
		return nil, fmt.Errorf("look for schemas without an organisation: %w", err)
	}
	var strays []TenantDrift
	for _, name := range names {
		strays = append(strays, TenantDrift{Slug: name, Lines: []string{"this schema belongs to no organisation"}})
	}
	return strays, nil
}
