package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"surrealm/store"
)

type migrateCommand struct {
	dataSettings
	databaseSettings
	Workers      int      `default:"4" placeholder:"N" help:"How many organisations to migrate at once. Default: ${default}."`
	Only         []string `placeholder:"ADDRESS" help:"Only these organisations, by the address in their URL."`
	DryRun       bool     `help:"Print what would be applied, and change nothing."`
	BootstrapURL string   `name:"bootstrap-url" env:"BOOTSTRAP_DATABASE_URL" placeholder:"URL" help:"First make roles, extension and door, logged in as this superuser. Needed once for each database, and after an upgrade that says so."`
}

// Help is what surrealm migrate --help says beside the flags.
func (migrateCommand) Help() string {
	return `Brings the platform's tables up to date, then those of every organisation: each in a transaction of its own, several at once. An organisation that fails stays as it was, and the others go on; in the end the failures are listed, and the exit code is 1. It may be interrupted and run again at any time, also beside another one.

With --bootstrap-url it first prepares an empty database of your own server: it makes the roles surrealm_web, surrealm_ctl and surrealm_migrator with the passwords that stand in the three database addresses.`
}

// Run migrates.
func (c migrateCommand) Run(p *process) (err error) {
	var bad mistakes
	c.databaseSettings.check(&bad)
	if c.Workers < 1 || c.Workers > 100 {
		bad.addf("--workers: %d is not a number from 1 to 100.", c.Workers)
	}
	if c.BootstrapURL != "" && !c.external() {
		bad.addf("--bootstrap-url prepares a database of your own, so the three database addresses have to be given as well.")
	}
	if err := bad.orNil(); err != nil {
		return err
	}
	if c.BootstrapURL != "" && !c.DryRun {
		if err := c.bootstrap(p.ctx); err != nil {
			return err
		}
		fmt.Fprintln(p.out, "The database is prepared: roles, extension, door.")
	}
	db, err := openDatabase(p, c.dataSettings, c.databaseSettings, !c.DryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p)) }()
	migrator, err := store.OpenMigrator(p.ctx, db.migrate, c.Workers)
	if err != nil {
		return err
	}
	defer migrator.Close()
	if c.DryRun {
		return c.preview(p, migrator)
	}
	return c.migrate(p, migrator)
}

func (c migrateCommand) bootstrap(ctx context.Context) error {
	passwords := map[string]string{}
	for _, setting := range c.byRole() {
		if password := store.Password(setting.url); password != "" {
			passwords[setting.role] = password
		}
	}
	return store.Bootstrap(ctx, c.BootstrapURL, passwords)
}

// preview prints what would be applied.
func (c migrateCommand) preview(p *process, migrator *store.Migrator) error {
	files, err := migrator.PlatformPending(p.ctx)
	if err != nil {
		return err
	}
	for _, file := range files {
		fmt.Fprintf(p.out, "platform: would apply %s\n", file)
	}
	report, err := migrator.Tenants(p.ctx, store.FleetOptions{Only: c.Only, DryRun: true})
	if err != nil {
		return err
	}
	for _, step := range report.Pending {
		fmt.Fprintf(p.out, "%s: would go from version %d to %d\n", step.Slug, step.From, step.To)
	}
	fmt.Fprintf(p.out, "%s and %s would be applied or migrated.\n", count(len(files), "platform file"), count(len(report.Pending), "organisation"))
	return nil
}

func (c migrateCommand) migrate(p *process, migrator *store.Migrator) error {
	if err := migrator.Platform(p.ctx); err != nil {
		return err
	}
	line := newProgress(p.out)
	report, err := migrator.Tenants(p.ctx, store.FleetOptions{Workers: c.Workers, Only: c.Only, Report: line.step})
	line.end()
	if err != nil {
		return fmt.Errorf("%w; %s migrated before that, run it again for the others", err, count(report.Migrated, "organisation"))
	}
	if len(report.Failed) == 0 {
		fmt.Fprintf(p.out, "Up to date: %s migrated to version %d.\n", count(report.Migrated, "organisation"), report.Latest)
		return nil
	}
	fmt.Fprintf(p.err, "surrealm: %s migrated to version %d, %d failed and stay as they were:\n", count(report.Migrated, "organisation"), report.Latest, len(report.Failed))
	for _, step := range report.Failed {
		fmt.Fprintf(p.err, "  %s (version %d): %v\n", step.Slug, step.From, step.Err)
	}
	return errReported
}

// migrate brings the platform and every organisation up to date before the server starts. An organisation that fails
// does not keep the others from being served: its members are told that it is being upgraded.
func migrate(ctx context.Context, db *database, log *slog.Logger) error {
	migrator, err := store.OpenMigrator(ctx, db.migrate, 2)
	if err != nil {
		return err
	}
	defer migrator.Close()
	if err := migrator.Platform(ctx); err != nil {
		return err
	}
	report, err := migrator.Tenants(ctx, store.FleetOptions{Workers: 2})
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if report.Migrated > 0 {
		log.Info("organisations migrated", "count", report.Migrated, "version", report.Latest)
	}
	for _, step := range report.Failed {
		log.Error("organisation not migrated; surrealm migrate tries again", "org", step.Slug, "from", step.From, "to", step.To, "err", step.Err)
	}
	return nil
}
