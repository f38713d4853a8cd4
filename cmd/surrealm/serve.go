package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/outbound"
	"surrealm/store/seal"
)

// drainFor is how long requests and jobs under way may take to finish when the server stops.
const drainFor = 20 * time.Second

type serveCommand struct {
	listenSettings
	rateSettings
	metricsSettings
	dataSettings
	databaseSettings
	poolSettings
	keySettings
	mailSettings
	outboundSettings
	doorSettings
	logSettings
	WithDemo    bool `help:"Make the demonstration organisation on the first start, and print its logins. Only on a loopback address."`
	SkipMigrate bool `help:"Do not migrate first: surrealm migrate does it at another time."`
}

// Help is what surrealm serve --help says beside the flags.
func (serveCommand) Help() string {
	return `Without database addresses the server runs a PostgreSQL of its own in the data folder, with the machine's binaries (15 or newer) and pgvector.

It migrates, checks that the database keeps every organisation apart, and serves until Ctrl-C or SIGTERM. Then it finishes the requests under way, at most 20 seconds, and stops everything that it started; a second Ctrl-C does not wait.`
}

// server is a server under way, in the order in which its parts start; they stop in the opposite order.
type server struct {
	serveCommand
	*process
	drain       time.Duration
	log         *slog.Logger
	proxies     []*net.IPNet
	accepted    []string
	mailer      store.Mailer // nil without a mail server
	outbound    outbound.Guard
	master      seal.Master
	signer      auditlog.Signer
	checkpoints *auditlog.CheckpointStore
	listener    net.Listener
	db          *database
	store       *store.Store
	jobs        *store.Jobs
	noMeaning   error    // why texts are compared by their spelling; nil when the encoder is there
	metrics     *metrics // nil without an address for them
	live        *store.Live
	http        *http.Server
}

// Run serves until the process shall stop.
func (c serveCommand) Run(p *process) error {
	s := &server{serveCommand: c, process: p, drain: drainFor}
	if err := s.configure(); err != nil {
		return err
	}
	err := s.start(p.ctx)
	if err == nil {
		err = s.serve()
	}
	if p.ctx.Err() != nil {
		err = nil // told to stop: what that interrupted is no failure
	}
	return errors.Join(err, s.stop())
}

// configure judges every setting, and opens what is on this machine.
func (s *server) configure() error {
	var bad mistakes
	s.log = s.logger(s.err, &bad)
	s.listenSettings.check(&bad)
	s.rateSettings.check(&bad)
	s.metricsSettings.check(&bad)
	s.databaseSettings.check(&bad)
	s.poolSettings.check(&bad)
	s.proxies = s.listenSettings.proxies(&bad)
	s.accepted = s.doorSettings.accepted(&bad)
	s.keySettings.check(&bad)
	s.mailer = s.mailSettings.mailer(&bad)
	s.outbound = s.outboundSettings.guard(&bad)
	if s.WithDemo && !s.loopback() {
		bad.addf("--with-demo makes accounts whose password everybody knows, so LISTEN_ADDR has to be a loopback address such as 127.0.0.1:8080.")
	}
	return bad.orNil()
}

// serve answers requests until something ends it.
func (s *server) serve() error {
	if err := s.welcome(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(s.listener) }()
	select {
	case err := <-ended:
		return err
	case err := <-s.db.died():
		s.drain = time.Second // nothing can be finished without it
		return fmt.Errorf("the database ended by itself: %w", err)
	case <-s.ctx.Done():
		s.log.Info("stopping", "because", context.Cause(s.ctx))
		return nil
	}
}

// welcome prints where to go.
func (s *server) welcome() error {
	if s.WithDemo {
		if err := ensureDemo(s.ctx, s.store, demoPassword, s.address()); err != nil {
			return fmt.Errorf("make the demonstration organisation: %w", err)
		}
	}
	fmt.Fprintf(s.out, "\nSurrealm is ready at %s\n", s.address())
	if s.WithDemo {
		printLogins(s.out, demoPassword)
	}
	fmt.Fprintf(s.out, "Data is kept in %s. Press Ctrl-C to stop.\n\n", s.DataDir)
	return nil
}

// stop ends what was started, last first. Requests and jobs under way may finish, unless somebody is in a hurry.
func (s *server) stop() error {
	ctx, cancel := s.patience(s.drain)
	defer cancel()
	if s.live != nil {
		s.live.Stop() // the streams of events end at once: nothing of them is left to finish
	}
	if s.http != nil {
		if err := s.http.Shutdown(ctx); err != nil {
			s.log.Warn("requests were cut short", "err", err)
			_ = s.http.Close() // what cannot be closed ends with the process
		}
	} else if s.listener != nil {
		_ = s.listener.Close() // nothing was accepted on it yet
	}
	if s.metrics != nil {
		s.metrics.close()
	}
	if s.jobs != nil {
		if err := s.jobs.Stop(ctx); err != nil {
			s.log.Warn("jobs were cut short", "err", err)
		}
	}
	if s.store != nil {
		s.closeStore()
	}
	if s.db == nil {
		return nil
	}
	return s.db.close(s.process)
}

// closeStore waits for connections in use, but not for one that nobody gives back.
func (s *server) closeStore() {
	closed := make(chan struct{})
	go func() {
		s.store.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		s.log.Warn("database connections were cut")
	}
}
