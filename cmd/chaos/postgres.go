package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"surrealm/store"
	"surrealm/store/pgserver"
)

const databaseName = "surrealm"

// postgres is a server with a proxy before it. fsync and synchronous_commit are on, as PostgreSQL has them.
type postgres struct {
	dir    string
	server *pgserver.Server
	proxy  *proxy
}

func startPostgres(ctx context.Context, dir string) (*postgres, error) {
	p := &postgres{dir: filepath.Join(dir, "database")}
	var err error
	if p.server, err = store.StartServer(ctx, p.dir, databaseName); err != nil {
		return nil, err
	}
	if err := store.MigratePlatform(ctx, p.direct(store.RoleMigrator)); err != nil {
		return nil, err
	}
	p.proxy, err = startProxy(dir, p.socket())
	return p, err
}

func (p *postgres) start(ctx context.Context) (err error) {
	p.server, err = pgserver.Start(ctx, pgserver.Options{DataDir: p.dir})
	return err
}

// stop is what an operator does: sessions are ended, what was committed is written.
func (p *postgres) stop(ctx context.Context) error { return p.server.Stop(ctx) }

// crash ends the server as a loss of power does: nothing is written any more, and the next start recovers.
func (p *postgres) crash(ctx context.Context) error {
	pid, err := p.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return err
	}
	select {
	case <-p.server.Done():
	case <-ctx.Done():
		return ctx.Err()
	}
	_ = p.server.Stop(ctx) // it has ended; this frees the folder
	return nil
}

// revive starts the server when it has given up, as whoever runs it would. A short wait shows whether it has.
func (p *postgres) revive(ctx context.Context) error {
	select {
	case <-p.server.Done():
		_ = p.server.Stop(ctx) // it has ended; this frees the folder
		return p.start(ctx)
	case <-time.After(time.Second):
		return nil
	}
}

// pid is the postmaster's.
func (p *postgres) pid() (int, error) {
	found, err := filepath.Glob(filepath.Join(p.dir, "*", "postmaster.pid"))
	if err != nil || len(found) != 1 {
		return 0, errors.Join(fmt.Errorf("no postmaster in %s", p.dir), err)
	}
	content, err := os.ReadFile(found[0])
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(content), "\n")
	return strconv.Atoi(first)
}

// direct is the address for a role past the proxy.
func (p *postgres) direct(role string) string { return p.server.DSN(role, databaseName) }

// proxied is the address for a role through the proxy.
func (p *postgres) proxied(role string) string {
	return strings.Replace(p.direct(role), filepath.Dir(p.socket()), p.proxy.dir, 1)
}

// socket is the file that the server listens on.
func (p *postgres) socket() string {
	config, err := pgx.ParseConfig(p.direct("postgres"))
	if err != nil {
		panic(err) // the server made the address
	}
	return filepath.Join(config.Host, fmt.Sprintf(".s.PGSQL.%d", config.Port))
}

// ask returns one number as the superuser.
func (p *postgres) ask(ctx context.Context, sql string, args ...any) (n int, err error) {
	err = p.do(ctx, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, sql, args...).Scan(&n) })
	return n, err
}

// do works on a connection of the superuser.
func (p *postgres) do(ctx context.Context, work func(conn *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, p.direct("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return work(conn)
}
