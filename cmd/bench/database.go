package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"surrealm/store"
	"surrealm/store/datadir"
	"surrealm/store/embed"
	"surrealm/store/pgserver"
	"surrealm/store/seal"
)

const databaseName = "surrealm"

// database is a PostgreSQL server with the settings of one that keeps people's data: fsync and synchronous_commit are on.
type database struct {
	dir    string
	server *pgserver.Server
	store  *store.Store
	super  *pgxpool.Pool   // logs in as postgres: to fill tables, and for the bare statements that ours are compared with
	orgs   []*store.Tenant // those that orgs made
	built  bool            // whether the program is in dir

	encoder embed.Encoder // of every store that is opened: reading it takes a second
}

// db is the database of the measures. The first that asks has it started.
func (b *bench) db(ctx context.Context) (*database, error) {
	if b.database != nil {
		return b.database, nil
	}
	d, err := startDatabase(ctx)
	if err != nil {
		return nil, err
	}
	b.database = d
	return d, nil
}

func startDatabase(ctx context.Context) (_ *database, err error) {
	d := &database{}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close(ctx))
		}
	}()
	if d.dir, err = os.MkdirTemp("", "surrealm-bench-"); err != nil {
		return nil, err
	}
	if d.server, err = store.StartServer(ctx, d.dir, databaseName); err != nil {
		return nil, err
	}
	if err := store.MigratePlatform(ctx, d.url(store.RoleMigrator)); err != nil {
		return nil, err
	}
	if d.super, err = pgxpool.New(ctx, d.url("postgres")); err != nil {
		return nil, err
	}
	d.store, err = d.open(ctx, nil)
	return d, err
}

// url is how to log in as a role.
func (d *database) url(role string) string { return d.server.DSN(role, databaseName) }

// open opens a store on the database, beside the one that it has.
func (d *database) open(ctx context.Context, tracer pgx.QueryTracer) (*store.Store, error) {
	master, err := seal.ParseMasterKey(strings.Repeat("be", 32))
	if err != nil {
		return nil, err
	}
	if d.encoder == nil {
		if d.encoder, err = embed.Open(datadir.Models(datadir.Find(os.Getenv))); err != nil {
			return nil, fmt.Errorf("measuring needs the sentence encoder: %w", err)
		}
	}
	return store.Open(ctx, store.Options{
		WebURL: d.url(store.RoleWeb), ControlURL: d.url(store.RoleControl), Master: master, Encoder: d.encoder, Tracer: tracer,
	})
}

// close ends everything and removes it.
func (d *database) close(ctx context.Context) (err error) {
	if d.store != nil {
		d.store.Close()
	}
	if d.super != nil {
		d.super.Close()
	}
	if d.server != nil {
		err = d.server.Stop(ctx)
	}
	return errors.Join(err, os.RemoveAll(d.dir))
}
