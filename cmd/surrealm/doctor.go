package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/pgserver"
)

type doctorCommand struct {
	listenSettings
	dataSettings
	databaseSettings
	keySettings
	mailSettings
	doorSettings
	logSettings
}

// Help is what surrealm doctor --help says beside the flags.
func (doctorCommand) Help() string {
	return `Reads the same settings as surrealm serve and changes nothing that matters: it makes the data folder if need be, and starts the private database for the checks if no server runs. One line for each check; with a problem, the exit code is 1.`
}

// examination is one run of the doctor.
type examination struct {
	doctorCommand
	*process
	problems int
	accepted []string
}

// Run makes every check that can be made.
func (c doctorCommand) Run(p *process) error {
	x := &examination{doctorCommand: c, process: p}
	x.settings()
	x.folder()
	x.keys()
	x.port()
	x.mail()
	if err := x.database(); err != nil {
		x.problem("database", err.Error(), "")
	}
	if x.problems > 0 {
		fmt.Fprintf(p.out, "\n%s.\n", count(x.problems, "problem"))
		return errReported
	}
	fmt.Fprintln(p.out, "\nAll is well.")
	return nil
}

func (x *examination) ok(name, format string, args ...any) {
	fmt.Fprintf(x.out, "ok       %-16s %s\n", name, fmt.Sprintf(format, args...))
}

// note is about something that works and that the operator may want to know.
func (x *examination) note(name, format string, args ...any) {
	fmt.Fprintf(x.out, "note     %-16s %s\n", name, fmt.Sprintf(format, args...))
}

func (x *examination) problem(name, what, advice string) {
	x.problems++
	fmt.Fprintf(x.out, "PROBLEM  %-16s %s\n", name, what)
	if advice != "" {
		fmt.Fprintf(x.out, "         %-16s %s\n", "", advice)
	}
}

func (x *examination) settings() {
	var bad mistakes
	x.logger(x.err, &bad)
	x.listenSettings.check(&bad)
	x.proxies(&bad)
	x.databaseSettings.check(&bad)
	x.keySettings.check(&bad)
	x.mailer(&bad)
	x.accepted = x.doorSettings.accepted(&bad)
	for _, mistake := range bad {
		x.problem("settings", mistake, "")
	}
	if len(bad) == 0 {
		x.ok("settings", "all can be used")
	}
}

func (x *examination) folder() {
	if err := x.dataSettings.make(); err != nil {
		x.problem("data folder", err.Error(), "")
		return
	}
	x.ok("data folder", "%s can be written to", x.DataDir)
}

func (x *examination) keys() {
	if master, err := x.keySettings.load(x.DataDir); err != nil {
		x.problem("master key", err.Error(), "")
	} else {
		x.ok("master key", "%s; keep a copy of it apart from the database's backups", master.ID())
	}
	if signer, err := auditlog.LoadOrCreateKey(x.DataDir); err != nil {
		x.problem("checkpoint key", err.Error(), "")
	} else {
		x.ok("checkpoint key", "verify exports with --key %s", signer.VerifierKey())
	}
}

// port looks whether the address is free, or used by this product.
func (x *examination) port() {
	listener, err := net.Listen("tcp", x.Listen)
	if err == nil {
		_ = listener.Close() // it was only a question
		x.ok("address", "%s is free", x.Listen)
		return
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		x.problem("address", err.Error(), "Choose another with LISTEN_ADDR.")
		return
	}
	ctx, cancel := context.WithTimeout(x.ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+x.Listen+"/healthz", nil)
	if err == nil {
		var response *http.Response
		if response, err = http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close() // the status says it all
			if response.StatusCode == http.StatusOK {
				x.ok("address", "a server answers at %s", x.Listen)
				return
			}
		}
	}
	x.problem("address", x.Listen+" is in use by another program", "Stop that, or choose another with LISTEN_ADDR.")
}

func (x *examination) mail() {
	switch {
	case x.SMTPURL == "":
		x.note("mail", "no mail server is configured: mail stays in the outbox (SMTP_URL, SMTP_FROM)")
	default:
		x.ok("mail", "sent from %s", x.SMTPFrom)
	}
}

// database examines PostgreSQL, and everything that is in it.
func (x *examination) database() error {
	if !x.external() {
		found, err := pgserver.Find()
		if err != nil {
			x.problem("postgresql", err.Error(), "")
			return nil
		}
		x.ok("postgresql", "the newest on this machine is %s with pgvector %s, in %s", found.Version, found.Vector, found.Dir)
		if _, err := os.Stat(filepath.Join(x.DataDir, "database")); err != nil {
			x.note("database", "none yet: surrealm serve or surrealm migrate makes it")
			return nil
		}
	}
	db, err := openDatabase(x.ctx, x.dataSettings, x.databaseSettings, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.close(x.ctx) }() // a server that was started for this and does not end is ended by the kernel
	return x.data(db)
}

// data examines what is in the database.
func (x *examination) data(db *database) error {
	migrator, err := store.OpenMigrator(x.ctx, db.migrate, 1)
	if err != nil {
		return err
	}
	versions, err := migrator.Versions(x.ctx)
	migrator.Close()
	if err != nil {
		return err
	}
	x.ok("server", "PostgreSQL %s with pgvector %s", versions.Postgres, versions.Vector)
	master, err := x.keySettings.load(x.DataDir)
	if err != nil {
		return nil // told above
	}
	s, err := store.Open(x.ctx, store.Options{WebURL: db.web, ControlURL: db.control, WebConns: 2, CtlConns: 2, Master: master})
	if err != nil {
		return err
	}
	defer s.Close()
	x.ok("database", "all three roles get in")
	if err := s.CheckSchema(x.ctx); err != nil {
		x.problem("tables", err.Error(), "")
		return nil
	}
	x.ok("tables", "the platform is up to date")
	if err := s.CheckMaster(x.ctx); err != nil {
		x.problem("master key", err.Error(), "Give the key that this database was made with: MASTER_KEY or MASTER_KEY_FILE.")
	}
	if err := x.door(s); err != nil {
		return err
	}
	return x.orgs(s)
}

func (x *examination) door(s *store.Store) error {
	checks, err := s.CheckDoor(x.ctx)
	if err != nil {
		return err
	}
	for _, check := range checks {
		switch {
		case check.OK():
			x.ok(check.Name, "%s", check.Promise)
		case slices.Contains(x.accepted, check.Name):
			x.note(check.Name, "WEAKER ISOLATION, accepted by ACCEPT_WEAKER_DOOR: not so that %s; %s", check.Promise, check.Problem)
		default:
			x.problem(check.Name, fmt.Sprintf("not so that %s: %s", check.Promise, check.Problem), check.Advice)
		}
	}
	return nil
}

// orgs examines the organisations, and the mail that they wait for.
func (x *examination) orgs(s *store.Store) error {
	orgs, err := s.Orgs(x.ctx)
	if err != nil {
		return err
	}
	var behind, damaged []string
	for _, org := range orgs {
		if org.SchemaVersion < s.Latest() || org.MigrateError != nil {
			behind = append(behind, org.Slug)
		}
		if org.Fault != nil {
			damaged = append(damaged, fmt.Sprintf("%s: %s", org.Slug, *org.Fault))
		}
	}
	if len(behind) > 0 {
		x.problem("organisations", fmt.Sprintf("%d of %d are not up to date: %s", len(behind), len(orgs), strings.Join(behind, ", ")), "Run surrealm migrate.")
	} else {
		x.ok("organisations", "%d, all up to date; surrealm tenants check compares their tables", len(orgs))
	}
	if len(damaged) > 0 {
		x.problem("audit logs", strings.Join(damaged, "; "), "Export it as evidence with surrealm audit export, then look for who changed it.")
	} else {
		x.ok("audit logs", "no damage was found when they were last verified")
	}
	refused, newest, err := s.UnsentMail(x.ctx)
	if err == nil && refused > 0 {
		x.problem("outbox", fmt.Sprintf("%s refused by the mail server: %s", count(refused, "mail"), newest), "Look at SMTP_URL and SMTP_FROM.")
	}
	return err
}
