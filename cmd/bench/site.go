package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/alexedwards/scs/v2"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/auditlog"
)

// site is the whole product behind a port of this machine, with the access log that it has in use.
type site struct {
	address string
	http    *http.Server
	log     *os.File
}

// startSite serves a store of the database.
func (d *database) startSite(s *store.Store) (*site, error) {
	log, err := os.Create(filepath.Join(d.dir, "access.log"))
	if err != nil {
		return nil, err
	}
	signer, err := auditlog.LoadOrCreateKey(d.dir)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := listener.Addr().String()
	handler, err := handlers.New(handlers.Options{
		Store: s, Log: slog.New(slog.NewTextHandler(log, nil)), BaseURL: "http://" + address,
		Checkpoints: auditlog.NewCheckpointStore(d.dir, signer), Signer: signer,
	})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	found := &site{address: address, log: log, http: &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}}
	go func() { _ = found.http.Serve(listener) }() // it ends when close is called
	return found, nil
}

func (s *site) close() error { return errors.Join(s.http.Close(), s.log.Close()) }

// signIn returns the cookie of a new session of the tenant's user.
func signIn(ctx context.Context, s *store.Store, t *store.Tenant) (string, error) {
	sessions := scs.New()
	sessions.Store = s.WebSessions()
	sessions.Codec = store.SessionCodec{}
	sessions.HashTokenInStore = true
	sessions.Lifetime = store.SessionLifetime
	ctx, err := sessions.Load(ctx, "")
	if err != nil {
		return "", err
	}
	store.SignIn(ctx, sessions, t.User, store.Place{Address: "127.0.0.1", Device: "bench"}, time.Now())
	token, _, err := sessions.Commit(ctx)
	return "session=" + token, err
}
