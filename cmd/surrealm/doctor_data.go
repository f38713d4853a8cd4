package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"surrealm/store"
	"surrealm/store/pgserver"
)

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
	db, err := openDatabase(x.process, x.dataSettings, x.databaseSettings, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.close(x.process) }() // a server that was started for this and does not end is ended by the kernel
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
