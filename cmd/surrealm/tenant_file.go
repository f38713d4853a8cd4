package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/keyfile"
	"surrealm/store/orgfile"
	"surrealm/store/seal"
)

type tenantsExportCommand struct {
	dataSettings
	databaseSettings
	Slug   string `arg:"" name:"address" help:"The organisation's address in URLs."`
	Output string `short:"o" placeholder:"FILE" help:"File to write; - is standard output. Default: ADDRESS.surrealm. An existing file is left alone."`
}

// Help is what surrealm tenants export --help says beside the flags.
func (tenantsExportCommand) Help() string {
	return `The file holds everything that the organisation owns, as it was at one moment, and nothing of any other. People may go on working meanwhile.

Keep it safe: it is not encrypted. Only the organisation's secrets, such as private signing keys, stay sealed, under this installation's master key, which is not in the file. Keep a copy of the master key elsewhere: without it the file cannot be restored.`
}

// Run writes the file. Messages go to standard error, because the file may go to standard output.
func (c tenantsExportCommand) Run(p *process) error {
	if c.Output == "" {
		c.Output = c.Slug + ".surrealm"
	}
	signer, kept, err := checkpointsIn(c.dataSettings)
	if err != nil {
		return err
	}
	return withMigrator(p, c.dataSettings, c.databaseSettings, false, func(m *store.Migrator) error {
		var manifest orgfile.Manifest
		err := p.write(c.Output, func(w io.Writer) (err error) {
			manifest, err = m.ExportOrg(p.ctx, w, store.OrgExport{Slug: c.Slug, Signer: signer, Kept: kept})
			var damage *auditlog.Fault
			if errors.As(err, &damage) { // a file that could not be restored is no use
				err = fmt.Errorf("nothing was written, because the audit log of %s is damaged: %s", c.Slug, damage.Reason)
			}
			return err
		})
		if err != nil {
			return err
		}
		rows := int64(0)
		for _, table := range manifest.Tables {
			rows += table.Rows
		}
		fmt.Fprintf(p.err, "%s is in %s: %d rows of %d tables, %d entries of its audit log.\nRestoring it elsewhere needs the master key %s and --signed-by %s\n",
			c.Slug, c.Output, rows, len(manifest.Tables), manifest.Entries, c.masterID(p), signer.VerifierKey())
		return nil
	})
}

// masterID names the master key for whoever keeps it, when it is in its usual file.
func (c tenantsExportCommand) masterID(p *process) string {
	k := keySettings{MasterKey: newEnvironment(p.env).get("MASTER_KEY"), MasterKeyFile: newEnvironment(p.env).get("MASTER_KEY_FILE")}
	if k.MasterKey == "" {
		content, err := keyfile.Load(k.path(c.DataDir))
		if err != nil {
			return "of this installation"
		}
		k.MasterKey = string(content)
	}
	master, err := seal.ParseMasterKey(k.MasterKey)
	if err != nil {
		return "of this installation"
	}
	return master.ID()
}

type tenantsRestoreCommand struct {
	storeSettings
	File        string `arg:"" help:"A file that surrealm tenants export wrote."`
	Slug        string `required:"" placeholder:"ADDRESS" help:"Its address in URLs from now on; it may be another than before."`
	Owner       string `placeholder:"ADDRESS" help:"E-mail address of an account here that shall own it as well."`
	SignedBy    string `placeholder:"KEY" help:"Verifier key of the installation that wrote the file. Default: this one's."`
	Former      string `name:"former-master-key-file" placeholder:"FILE" help:"Master key of the installation that wrote the file, when it is another."`
	AcceptOlder bool   `help:"Restore although the file lacks entries of the audit log that this installation remembers. They are lost."`
}

// Help is what surrealm tenants restore --help says beside the flags.
func (tenantsRestoreCommand) Help() string {
	return `Puts the organisation back in one transaction: all of it or nothing. It keeps its id, which its signatures name, so it cannot be restored where it still is: drop it first. A file of an older version is migrated; one of a newer version is refused.

The file has to be sealed by the installation that you trust, and its audit log has to verify against its own checkpoints and those kept here. Members find their accounts; who has none gets one without a password and starts with "Forgot password". A member whose address belongs to another account here stays in the history as a former member: invite them again. Open invitations do not come back.`
}

// Run restores the organisation.
func (c tenantsRestoreCommand) Run(p *process) error {
	var bad mistakes
	c.keySettings.check(&bad)
	if err := bad.orNil(); err != nil {
		return err
	}
	signer, kept, err := checkpointsIn(c.dataSettings)
	if err != nil {
		return err
	}
	o := store.OrgRestore{FileKey: c.SignedBy, Slug: c.Slug, Owner: c.Owner, By: operator(p.env), Kept: kept, AcceptOlder: c.AcceptOlder}
	if o.FileKey == "" {
		o.FileKey = signer.VerifierKey()
	}
	if o.Former, err = c.former(); err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	about, err := file.Stat()
	if err != nil {
		return err
	}
	if o.File, err = orgfile.Open(file, about.Size(), o.FileKey); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	return withMigrator(p, c.dataSettings, c.databaseSettings, true, func(m *store.Migrator) error {
		if o.Master, err = c.keySettings.load(c.DataDir); err != nil {
			return err
		}
		report, err := m.RestoreOrg(p.ctx, o)
		if err != nil {
			return explainRestore(err, o.File.Manifest)
		}
		c.tell(p, o.File.Manifest, report)
		return nil
	})
}

// former reads the master key of the other installation.
func (c tenantsRestoreCommand) former() (*seal.Master, error) {
	if c.Former == "" {
		return nil, nil
	}
	content, err := keyfile.Load(c.Former)
	if err != nil {
		return nil, err
	}
	master, err := seal.ParseMasterKey(string(content))
	return &master, err
}

// explainRestore says what to do about an error.
func explainRestore(err error, file orgfile.Manifest) error {
	var invalid store.Invalid
	switch {
	case errors.As(err, &invalid) && invalid["owner"] != "":
		return usageError{[]string{"--owner: " + invalid["owner"]}}
	case errors.As(err, &invalid) && invalid["slug"] != "":
		return usageError{[]string{"--slug: " + invalid["slug"]}}
	case errors.Is(err, seal.ErrWrongKey):
		return fmt.Errorf("%w; give the other installation's key with --former-master-key-file", err)
	case errors.Is(err, store.ErrOlderFile):
		return fmt.Errorf("%w, of %s; look for a newer file, or give them up with --accept-older", err, file.ExportedAt.Format("2006-01-02 15:04"))
	}
	return err
}

func (c tenantsRestoreCommand) tell(p *process, file orgfile.Manifest, report store.RestoreReport) {
	fmt.Fprintf(p.out, "%s is back at the address %s, as it was on %s. Its audit log of %d entries is whole.\n",
		file.Name, c.Slug, file.ExportedAt.Format("2006-01-02 15:04 MST"), report.Entries)
	if report.Lost > 0 {
		fmt.Fprintf(p.out, "%d later entries are lost. The checkpoints over them are kept beside the others, as superseded.\n", report.Lost)
	}
	for _, email := range report.Made {
		fmt.Fprintf(p.out, "An account was made for %s, without a password.\n", email)
	}
	for _, email := range report.Former {
		fmt.Fprintf(p.out, "%s is a former member now, because another account here has that address. Invite them again.\n", email)
	}
}

// checkpointsIn opens the checkpoints of the data folder and the key that signs them.
func checkpointsIn(data dataSettings) (auditlog.Signer, *auditlog.CheckpointStore, error) {
	if err := data.make(); err != nil {
		return auditlog.Signer{}, nil, err
	}
	signer, err := auditlog.LoadOrCreateKey(data.DataDir)
	return signer, auditlog.NewCheckpointStore(data.DataDir, signer), err
}

// withMigrator opens the database as its migrator for one piece of work. make says to make one where there is none.
func withMigrator(p *process, data dataSettings, settings databaseSettings, make bool, work func(*store.Migrator) error) (err error) {
	var bad mistakes
	settings.check(&bad)
	if err := bad.orNil(); err != nil {
		return err
	}
	db, err := openDatabase(p, data, settings, make)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p)) }()
	if make && !settings.external() { // as everywhere: another's database is migrated by surrealm migrate alone
		if err := migrate(p.ctx, db, slog.New(slog.DiscardHandler)); err != nil {
			return err
		}
	}
	migrator, err := store.OpenMigrator(p.ctx, db.migrate, 1)
	if err != nil {
		return err
	}
	defer migrator.Close()
	return work(migrator)
}
