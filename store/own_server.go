package store

import (
	"context"
	"errors"

	"surrealm/store/pgserver"
)

// StartServer starts the private server of a data folder, with a database of that name which PrepareDatabase made. ctx
// bounds the start only; the caller stops the server.
func StartServer(ctx context.Context, dataDir, database string) (*pgserver.Server, error) {
	server, err := pgserver.Start(ctx, pgserver.Options{DataDir: dataDir})
	if err != nil {
		return nil, err
	}
	if err := PrepareDatabase(ctx, server, database); err != nil {
		return nil, errors.Join(err, server.Stop(context.WithoutCancel(ctx)))
	}
	return server, nil
}

// PrepareDatabase makes a database on a server of ours unless it is there, with the roles, the extensions and the door.
// It may run again at any time. What is in the tables it leaves to a Migrator.
func PrepareDatabase(ctx context.Context, server *pgserver.Server, database string) error {
	if err := MakeDatabase(ctx, server.DSN("postgres", "postgres"), database); err != nil {
		return err
	}
	return Bootstrap(ctx, server.DSN("postgres", database), nil)
}

// MigratePlatform brings the platform's tables up to date, and no organisation. url logs in as surrealm_migrator.
func MigratePlatform(ctx context.Context, url string) error {
	migrator, err := OpenMigrator(ctx, url, 1)
	if err != nil {
		return err
	}
	defer migrator.Close()
	return migrator.Platform(ctx)
}
