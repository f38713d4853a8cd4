package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"surrealm/store/auditlog"
	"surrealm/store/datadir"
	"surrealm/store/embed"
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
	x.model()
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

func (x *examination) model() {
	dir := datadir.Models(x.DataDir)
	encoder, err := embed.Open(dir)
	switch {
	case errors.Is(err, embed.ErrNoWeights):
		x.note("model", "texts are compared by their spelling, not by their meaning: %v", err)
	case err != nil:
		x.problem("model", err.Error(), "")
	default:
		x.ok("model", "%s is in %s", encoder.Model(), dir)
	}
}
