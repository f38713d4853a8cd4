package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"surrealm/store"
	"surrealm/store/auditlog"
)

type auditCommand struct {
	Export auditExportCommand `cmd:"" help:"Write an organisation's audit log to a file that proves itself."`
	Verify auditVerifyCommand `cmd:"" help:"Verify such a file, without any database."`
}

type auditExportCommand struct {
	storeSettings
	Slug   string `arg:"" name:"address" help:"The organisation's address in URLs."`
	Output string `short:"o" placeholder:"FILE" help:"File to write; - is standard output. Default: audit-ADDRESS.jsonl. An existing file is left alone."`
}

// Run writes the bundle. Messages go to standard error, because the bundle may go to standard output.
func (c auditExportCommand) Run(p *process) error {
	return c.with(p, false, func(s *store.Store) error {
		org, err := s.OrgBySlug(p.ctx, c.Slug)
		if err != nil {
			return err
		}
		signer, err := auditlog.LoadOrCreateKey(c.DataDir)
		if err != nil {
			return err
		}
		if c.Output == "" {
			c.Output = "audit-" + org.Slug + ".jsonl"
		}
		var manifest auditlog.Manifest
		err = p.write(c.Output, func(w io.Writer) (err error) {
			manifest, err = s.ExportAudit(p.ctx, w, org, signer, auditlog.NewCheckpointStore(c.DataDir, signer))
			return err
		})
		var damage *auditlog.Fault
		if err != nil && !errors.As(err, &damage) {
			return err
		}
		fmt.Fprintf(p.err, "%d entries and %d checkpoints written to %s.\nCheck it anywhere with: surrealm audit verify %s --key %s\n",
			manifest.Entries, manifest.Checkpoints, c.Output, c.Output, manifest.VerifierKey)
		return err
	})
}

// write lets fill write a new file, or standard output. The file is removed when it could not be filled; one that shows
// damage is whole.
func (p *process) write(path string, fill func(io.Writer) error) error {
	if path == "-" {
		return fill(p.out)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; choose another file with -o", path)
	}
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(file, 1<<20)
	err = fill(buffered)
	var damage *auditlog.Fault
	if ended := errors.Join(buffered.Flush(), file.Close()); ended != nil || err != nil && !errors.As(err, &damage) {
		return errors.Join(err, ended, os.Remove(path))
	}
	return err
}

type auditVerifyCommand struct {
	Bundle      string   `arg:"" help:"The exported file; - is standard input."`
	Key         string   `placeholder:"KEY" help:"The verifier key that you were given by another way than the file."`
	Checkpoints []string `name:"checkpoint" placeholder:"FILE" help:"A signed checkpoint that you kept from earlier. Can be repeated."`
}

// Help is what surrealm audit verify --help says beside the flags.
func (auditVerifyCommand) Help() string {
	return `Needs no database and no data folder. It checks every entry, every link between entries, every signed checkpoint and the seal of the file, and names the first bad entry. The exit code is 0 only when all holds. A file alone cannot prove who made it: give the key that you know with --key.`
}

// Run prints the report.
func (c auditVerifyCommand) Run(p *process) error {
	options := auditlog.VerifyOptions{TrustedKey: c.Key}
	for _, path := range c.Checkpoints {
		signed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		options.TrustedCheckpoints = append(options.TrustedCheckpoints, signed)
	}
	file, err := p.open(c.Bundle)
	if err != nil {
		return err
	}
	defer file.Close()
	report, err := auditlog.VerifyBundle(file, options)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Bundle, err)
	}
	return p.report(report.Lines(), report.OK())
}

// open opens a file to read; - is standard input.
func (p *process) open(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(p.in), nil
	}
	return os.Open(path)
}

// report prints a verdict with its reasons, and ends with 1 when it is a bad one.
func (p *process) report(lines []string, ok bool) error {
	for _, line := range lines {
		fmt.Fprintln(p.out, line)
	}
	if !ok {
		return errReported
	}
	return nil
}
