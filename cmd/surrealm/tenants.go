package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"time"

	"surrealm/store"
)

type tenantsCommand struct {
	List   tenantsListCommand   `cmd:"" help:"List all organisations."`
	Create tenantsCreateCommand `cmd:"" help:"Make an organisation, and an account for its owner if there is none."`
	Drop   tenantsDropCommand   `cmd:"" help:"Delete an organisation with all its data, at once."`
	Check  tenantsCheckCommand  `cmd:"" help:"Compare the tables of every organisation with what they should be."`

	Export  tenantsExportCommand  `cmd:"" help:"Write everything that one organisation owns to a file."`
	Restore tenantsRestoreCommand `cmd:"" help:"Put an organisation back from such a file."`
}

type tenantsListCommand struct{ storeSettings }

// Run prints a line for each organisation.
func (c tenantsListCommand) Run(p *process) error {
	return c.with(p, false, func(s *store.Store) error {
		orgs, err := s.Orgs(p.ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "ADDRESS\tNAME\tMEMBERS\tCREATED\tVERSION\tSTATE")
		for _, org := range orgs {
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\t%s\n", org.Slug, org.Name, org.Members, org.CreatedAt.Format(time.DateOnly), org.SchemaVersion, stateOf(org, s.Latest()))
		}
		return table.Flush()
	})
}

// stateOf is the most urgent thing about an organisation.
func stateOf(org store.OrgOverview, latest int) string {
	switch {
	case org.Fault != nil:
		return "audit log damaged: " + *org.Fault
	case org.MigrateError != nil:
		return "not migrated: " + *org.MigrateError
	case org.SchemaVersion < latest:
		return "waits for surrealm migrate"
	case org.DeleteAfter != nil:
		return "will be deleted on " + org.DeleteAfter.Format(time.DateOnly)
	}
	return "active"
}

type tenantsCreateCommand struct {
	storeSettings
	Slug         string `arg:"" name:"address" help:"Its address in URLs: 3 to 48 lower-case letters, digits and single hyphens. It never changes."`
	Name         string `required:"" placeholder:"NAME" help:"What it is called."`
	OwnerEmail   string `required:"" placeholder:"ADDRESS" help:"E-mail address of its owner."`
	OwnerName    string `placeholder:"NAME" help:"Name of its owner, for a new account."`
	PasswordFile string `placeholder:"FILE" help:"File with the password for a new account. Without it, the password is asked for."`
}

// Run makes the organisation. An account that exists already becomes its owner as it is.
func (c tenantsCreateCommand) Run(p *process) error {
	return c.with(p, true, func(s *store.Store) error {
		org := store.NewOrg{Name: c.Name, Slug: c.Slug}
		err := s.CreateOrgFor(p.ctx, c.OwnerEmail, org)
		if errors.Is(err, store.ErrNotFound) {
			err = c.register(p, s, org)
		}
		var invalid store.Invalid
		if errors.As(err, &invalid) {
			return mistakesIn(invalid)
		}
		if err == nil {
			fmt.Fprintf(p.out, "%s is made. %s owns it.\n", c.Slug, c.OwnerEmail)
		}
		return err
	})
}

// mistakesIn names the arguments that the store did not take.
func mistakesIn(invalid store.Invalid) error {
	var bad mistakes
	for _, field := range []struct{ name, argument string }{
		{"slug", "the address"}, {"org_name", "--name"}, {"email", "--owner-email"}, {"name", "--owner-name"}, {"password", "the password"},
	} {
		if problem := invalid[field.name]; problem != "" {
			bad.addf("%s: %s", field.argument, problem)
		}
	}
	if len(bad) == 0 {
		bad.addf("%v", invalid)
	}
	return bad.orNil()
}

func (c tenantsCreateCommand) register(p *process, s *store.Store, org store.NewOrg) error {
	if c.OwnerName == "" {
		return usageError{[]string{fmt.Sprintf("there is no account with the address %s; give --owner-name to make one.", c.OwnerEmail)}}
	}
	password, err := p.password(c.PasswordFile)
	if err != nil {
		return err
	}
	_, err = s.Register(p.ctx, store.NewAccount{Name: c.OwnerName, Email: c.OwnerEmail, Password: password}, org)
	return err
}

type tenantsDropCommand struct {
	storeSettings
	Slug string `arg:"" name:"address" help:"The organisation's address in URLs."`
	Yes  string `placeholder:"ADDRESS" help:"The address again, instead of typing it when asked."`
}

// Run deletes the organisation after its address was typed.
func (c tenantsDropCommand) Run(p *process) error {
	return c.with(p, false, func(s *store.Store) error {
		org, err := s.OrgBySlug(p.ctx, c.Slug)
		if err != nil {
			return err
		}
		typed := c.Yes
		if typed == "" {
			fmt.Fprintf(p.out, "This deletes %s (%s, %s) with everything that it owns. It cannot be undone.\nType its address to go on: ",
				org.Name, org.Slug, count(org.Members, "member"))
			typed, _ = bufio.NewReader(p.in).ReadString('\n') // no answer is not the address
		}
		if strings.TrimSpace(typed) != org.Slug {
			return errors.New("that is not its address; nothing was deleted")
		}
		if err := s.DropOrg(p.ctx, org.ID, "dropped by the operator "+operator(p.env)); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s is deleted. A record of it is kept, and its signed checkpoints stay in %s.\n", org.Slug, c.DataDir)
		return nil
	})
}

// operator is who runs the command, as the system says it, for the record: not proof, because whoever may run it may run
// it as somebody else.
func operator(env []string) string {
	name := "unknown"
	if account, err := user.Current(); err == nil {
		name = account.Username
	}
	if behind := newEnvironment(env).get("SUDO_USER"); behind != "" && behind != name {
		name = behind + " as " + name
	}
	if host, err := os.Hostname(); err == nil {
		name += " on " + host
	}
	return name
}

type tenantsCheckCommand struct {
	dataSettings
	databaseSettings
	Only []string `placeholder:"ADDRESS" help:"Only these organisations."`
}

// Help is what surrealm tenants check --help says beside the flags.
func (tenantsCheckCommand) Help() string {
	return `Makes an organisation's tables afresh in a transaction that is rolled back, and compares every organisation with them: columns, constraints, indexes, triggers, row security, owners, rights, and the role. Each difference is a line; with any, the exit code is 1.`
}

// Run prints how each organisation differs.
func (c tenantsCheckCommand) Run(p *process) (err error) {
	var bad mistakes
	c.databaseSettings.check(&bad)
	if err := bad.orNil(); err != nil {
		return err
	}
	db, err := openDatabase(p, c.dataSettings, c.databaseSettings, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.close(p)) }()
	migrator, err := store.OpenMigrator(p.ctx, db.migrate, 5)
	if err != nil {
		return err
	}
	defer migrator.Close()
	checked, drift, err := migrator.CheckTenants(p.ctx, c.Only)
	if err != nil {
		return err
	}
	for _, d := range drift {
		fmt.Fprintf(p.out, "%s:\n  %s\n", d.Slug, strings.Join(d.Lines, "\n  "))
	}
	if len(drift) > 0 {
		fmt.Fprintf(p.err, "surrealm: %s compared, and there are differences in %d\n", count(checked, "organisation"), len(drift))
		return errReported
	}
	fmt.Fprintf(p.out, "%s compared, no differences.\n", count(checked, "organisation"))
	return nil
}
