package main

import (
	"context"
	"fmt"
	"log/slog"

	"surrealm/store"
)

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
