package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"surrealm/store"
	"surrealm/store/pgserver"
)

// databaseName is the database of the private server.
const databaseName = "surrealm"

// database is where the data is: at the addresses of the settings, or on the private server.
type database struct {
	web, control, migrate string
	superuser             string           // "" for somebody else's database
	server                *pgserver.Server // nil for somebody else's database
}

// errNoDatabase says that nothing was ever stored here.
var errNoDatabase = errors.New("there is no database here yet: surrealm serve or surrealm migrate makes one")

// openDatabase finds the database and starts the private server if need be. make says whether to make one where there is
// none; a command that only reads passes false.
func openDatabase(p *process, data dataSettings, settings databaseSettings, make bool) (*database, error) {
	if settings.external() {
		return &database{web: settings.DatabaseURL, control: settings.ControlURL, migrate: settings.MigrateURL}, nil
	}
	dir := filepath.Join(data.DataDir, "database")
	if _, err := os.Stat(dir); err != nil && !make {
		return nil, fmt.Errorf("%s: %w", data.DataDir, errNoDatabase)
	}
	if running, err := pgserver.Attach(dir); err == nil {
		return private(running), nil
	}
	return startDatabase(p, data)
}

// startDatabase starts the private server, which then is this process's own.
func startDatabase(p *process, data dataSettings) (*database, error) {
	if err := data.make(); err != nil {
		return nil, err
	}
	server, err := store.StartServer(p.ctx, filepath.Join(data.DataDir, "database"), databaseName)
	if err != nil {
		return nil, err
	}
	return private(server), nil
}

func private(server *pgserver.Server) *database {
	return &database{
		web:       server.DSN(store.RoleWeb, databaseName),
		control:   server.DSN(store.RoleControl, databaseName),
		migrate:   server.DSN(store.RoleMigrator, databaseName),
		superuser: server.DSN("postgres", databaseName),
		server:    server,
	}
}

// shutdownFor is how long the private server may take to write everything into its files. When it takes longer, nothing
// is lost: the next start does it.
const shutdownFor = time.Minute

// close stops the private server if this process started it; p tells when somebody is in a hurry.
func (d *database) close(p *process) error {
	if d.server == nil {
		return nil
	}
	ctx, cancel := p.patience(shutdownFor)
	defer cancel()
	err := d.server.Stop(ctx)
	if p.hurried() {
		return nil // that it was cut short is what was asked for
	}
	return err
}

// died delivers an error if the private server ends by itself; it is nil for other databases.
func (d *database) died() <-chan error {
	if d.server == nil {
		return nil
	}
	return d.server.Done()
}

// make makes the data folder. Others may pass through it, because the private server may run as another user; they can
// list nothing, and every secret in it is a file that only its owner reads.
func (d dataSettings) make() error {
	err := os.MkdirAll(d.DataDir, 0o711)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(d.DataDir, ".probe-*"); err == nil {
			err = errors.Join(probe.Close(), os.Remove(probe.Name()))
		}
	}
	if err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return fmt.Errorf("the data folder %s cannot be written to: %w; choose another with DATA_DIR", d.DataDir, err)
	}
	return nil
}
