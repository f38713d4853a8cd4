package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"surrealm/store"
	"surrealm/store/datadir"
	"surrealm/store/embed"
	"surrealm/store/pgserver"
	"surrealm/store/seal"
)

// withOrg runs work as the owner of a new organisation in a database of the measure's own, which is gone afterwards.
func withOrg(ctx context.Context, work func(owner *store.Tenant) error) (err error) {
	server, err := pgserver.StartTemporary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop(ctx)) }()
	if err := store.Bootstrap(ctx, server.DSN("postgres", "postgres"), nil); err != nil {
		return err
	}
	migrator, err := store.OpenMigrator(ctx, server.DSN("surrealm_migrator", "postgres"), 1)
	if err != nil {
		return err
	}
	err = migrator.Platform(ctx)
	migrator.Close()
	if err != nil {
		return err
	}
	master, err := seal.ParseMasterKey(strings.Repeat("be", 32))
	if err != nil {
		return err
	}
	encoder, err := embed.Open(datadir.Models(datadir.Find(os.Getenv)))
	if err != nil {
		return fmt.Errorf("measuring needs the sentence encoder: %w", err)
	}
	s, err := store.Open(ctx, store.Options{
		WebURL: server.DSN("surrealm_web", "postgres"), ControlURL: server.DSN("surrealm_ctl", "postgres"), Master: master, Encoder: encoder,
	})
	if err != nil {
		return err
	}
	defer s.Close()
	user, err := s.Register(ctx, store.NewAccount{Name: "Bench", Email: "bench@example.com", Password: "a password for measuring"},
		store.NewOrg{Name: "Bench", Slug: "bench"})
	if err != nil {
		return err
	}
	owner, err := s.Tenant(user, "bench")
	if err != nil {
		return err
	}
	return work(owner)
}
