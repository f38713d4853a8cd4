package main

import (
	"context"
	"fmt"

	"surrealm/store"
)

// measureRegisterOrg measures making an organisation for somebody who has an account: its row, role, schema with all tables,
// data key and first audit entry, in one transaction, without the hash of a password. Servers make a few schemas in advance; the
// lines with new are of registrations that find none.
func measureRegisterOrg(b *bench) error {
	ctx := context.Background()
	d, err := b.db(ctx)
	if err != nil {
		return err
	}
	stock, without := 100, 40
	if b.Quick {
		stock, without = 10, 5
	}
	if err := d.store.KeepSpares(ctx, stock); err != nil {
		return err
	}
	if err := b.register(ctx, "", stock); err != nil {
		return err
	}
	return b.register(ctx, "new_", without)
}

// register makes count organisations and reports what each took.
func (b *bench) register(ctx context.Context, prefix string, count int) error {
	d := b.database
	var took []float64
	before, err := d.processorTime(ctx)
	if err != nil {
		return err
	}
	for range count {
		tenant, one, err := d.addOrg(ctx, len(d.orgs))
		if err != nil {
			return err
		}
		d.orgs = append(d.orgs, tenant)
		took = append(took, 1000*one)
	}
	after, err := d.processorTime(ctx)
	if err != nil {
		return err
	}
	of := fmt.Sprintf("%d organisations", count)
	b.report(prefix+"cpu_database", 1000*(after.database-before.database)/float64(count), "ms/organisation", of)
	b.report(prefix+"p50", quantile(took, 0.5), "ms", of)
	b.report(prefix+"p99", quantile(took, 0.99), "ms", of)
	return nil
}

// measureMigrateTenants measures bringing 200 organisations to a new version, by 1 and by 2 workers: a migration that adds a
// column with a check and an index.
func measureMigrateTenants(b *bench) error {
	ctx := context.Background()
	count := b.orgsEach()
	if _, err := b.orgs(ctx, count); err != nil {
		return err
	}
	var alone result
	for _, workers := range []int{1, 2} {
		took, migrated, err := b.database.migrate(ctx, workers)
		if err != nil {
			return err
		}
		part, value := fmt.Sprint(workers), 1000*took/float64(migrated)
		if workers == 1 {
			alone = b.report(part, value, "ms/tenant")
		} else {
			b.compare(part, value, "ms/tenant", alone)
		}
	}
	return nil
}

// migrate stores one more tenant migration and applies it everywhere.
func (d *database) migrate(ctx context.Context, workers int) (took float64, migrated int, err error) {
	_, err = d.super.Exec(ctx, fmt.Sprintf(`
		insert into public.tenant_migrations (version, name, sql, as_audit_owner, checksum)
		select max(version) + 1, 'bench', 'alter table surrogates add column bench_%[1]d int default 0 check (bench_%[1]d >= 0);
			create index surrogates_bench_%[1]d_idx on surrogates (bench_%[1]d)', false, 'bench'
		from public.tenant_migrations`, workers))
	if err != nil {
		return 0, 0, err
	}
	migrator, err := store.OpenMigrator(ctx, d.url(store.RoleMigrator), workers)
	if err != nil {
		return 0, 0, err
	}
	defer migrator.Close()
	var report store.FleetReport
	took, err = seconds(func() (err error) {
		report, err = migrator.Tenants(ctx, store.FleetOptions{Workers: workers})
		return err
	})
	if err == nil && len(report.Failed) > 0 {
		err = report.Failed[0].Err
	}
	return took, report.Migrated, err
}
