package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/datadir"
	"surrealm/store/embed"
)

// start brings up one part after the other.
func (s *server) start(ctx context.Context) (err error) {
	if err := s.dataSettings.make(); err != nil {
		return err
	}
	if s.master, err = s.keySettings.load(s.DataDir); err != nil {
		return err
	}
	if s.signer, err = auditlog.LoadOrCreateKey(s.DataDir); err != nil {
		return err
	}
	s.checkpoints = auditlog.NewCheckpointStore(s.DataDir, s.signer)
	if s.listener, err = listen(s.Listen); err != nil {
		return err
	}
	if s.external() {
		s.db, err = openDatabase(s.process, s.dataSettings, s.databaseSettings, true)
	} else {
		s.db, err = startDatabase(s.process, s.dataSettings)
	}
	if err != nil {
		return err
	}
	if !s.SkipMigrate {
		if err := migrate(ctx, s.db, s.log); err != nil {
			return err
		}
	}
	encoder, err := embed.Open(datadir.Models(s.DataDir))
	s.noMeaning = err
	if err != nil {
		s.log.Warn("texts are compared by their spelling, not by their meaning", "err", err)
	}
	s.store, err = store.Open(ctx, store.Options{WebURL: s.db.web, ControlURL: s.db.control, WebConns: s.WebConns, Master: s.master, Encoder: encoder, Outbound: s.outbound})
	if err != nil {
		return err
	}
	for _, check := range []func(context.Context) error{s.store.CheckSchema, s.store.CheckMaster, s.checkDoor} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	s.live = s.store.StartLive(s.log)
	s.jobs, err = s.store.StartJobs(ctx, store.JobOptions{Log: s.log, Mailer: s.mailer, Checkpoints: s.checkpoints})
	if err != nil {
		return err
	}
	if s.MetricsAddr != "" {
		if s.metrics, err = serveMetrics(s.MetricsAddr, s.store, s.live, s.jobs, s.log); err != nil {
			return err
		}
	}
	return s.site()
}

// parts is what /readyz tells of. Listening ends before jobs do, so a server that is stopping says so only to those who
// are connected already.
func (s *server) parts() []handlers.Part {
	return []handlers.Part{
		{Name: "database", Check: s.store.Ping},
		{Name: "schema", Check: s.store.CheckSchema},
		{Name: "jobs", Check: s.jobs.Running},
		{Name: "encoder", Optional: true, Check: func(context.Context) error { return s.noMeaning }},
		{Name: "running", Check: func(context.Context) error { return context.Cause(s.ctx) }},
	}
}

// listen opens the port, or says in a sentence why it cannot.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("the address %s is in use by another program; stop that, or choose another with LISTEN_ADDR", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s; choose a port above 1023 with LISTEN_ADDR", address)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener, nil
}

// checkDoor refuses to serve from a database that would let one organisation into another.
func (s *server) checkDoor(ctx context.Context) error {
	checks, err := s.store.CheckDoor(ctx)
	if err != nil {
		return fmt.Errorf("check the isolation: %w", err)
	}
	var broken []string
	for _, check := range checks {
		switch {
		case check.OK():
		case slices.Contains(s.accepted, check.Name):
			s.log.Warn("WEAKER ISOLATION, accepted by ACCEPT_WEAKER_DOOR", "check", check.Name, "promise", check.Promise, "found", check.Problem)
		default:
			broken = append(broken, fmt.Sprintf("  %s: it shall hold that %s, but %s. %s", check.Name, check.Promise, check.Problem, check.Advice))
		}
	}
	if len(broken) > 0 {
		return fmt.Errorf("the database does not keep organisations apart, so nothing is served:\n%s", strings.Join(broken, "\n"))
	}
	return nil
}

// site builds the handler, which needs to know the address that people use.
func (s *server) site() error {
	handler, err := handlers.New(handlers.Options{
		Store:       s.store,
		Log:         s.log,
		BaseURL:     s.address(),
		Proxies:     s.proxies,
		Outbox:      s.SMTPURL == "" && s.loopback(),
		Checkpoints: s.checkpoints,
		Signer:      s.signer,
		Ready:       s.parts(),
		Observe:     s.metrics.observe,
		Live:        s.live,
		Rates:       handlers.RatesOf(s.RequestsPerSecond),
	})
	if err != nil {
		return err
	}
	s.http = newHTTPServer(handler, usualPatience, s.log)
	return nil
}

// address is how people reach the server.
func (s *server) address() string {
	if s.BaseURL != "" {
		return strings.TrimRight(s.BaseURL, "/")
	}
	host, _, _ := net.SplitHostPort(s.Listen)
	_, port, _ := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
