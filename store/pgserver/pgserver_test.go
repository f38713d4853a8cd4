package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// newDataDir returns a folder that the server's user can get to, which the ones of
// t.TempDir are not when the tests run as root.
func newDataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "surrealm-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return filepath.Join(dir, "database")
}

// startServer starts a server and stops it when the test ends.
func startServer(t *testing.T, dataDir string) *Server {
	t.Helper()
	server, err := Start(t.Context(), Options{DataDir: dataDir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopServer(t, server) })
	return server
}

func stopServer(t *testing.T, server *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// query runs statements as a role and returns the one value that the last one gives.
func query(t *testing.T, server *Server, role string, statements ...string) (value string, err error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN(role, "postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(context.Background())
	last := len(statements) - 1
	for _, statement := range statements[:last] {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			return "", fmt.Errorf("%s: %w", statement, err)
		}
	}
	err = conn.QueryRow(t.Context(), statements[last]).Scan(&value)
	return value, err
}

// mustQuery is query as postgres for statements that must succeed.
func mustQuery(t *testing.T, server *Server, statements ...string) string {
	t.Helper()
	value, err := query(t, server, "postgres", statements...)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestDataOutlivesARestart(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)

	first := startServer(t, dir)
	mustQuery(t, first, "create table notes (body text)", "insert into notes values ('kept') returning body")
	stopServer(t, first)
	if err, died := <-first.Done(); died {
		t.Errorf("a server that was told to stop reports %v", err)
	}
	second := startServer(t, dir)

	if got := mustQuery(t, second, "select body from notes"); got != "kept" {
		t.Errorf("after a restart the table holds %q", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	server := startServer(t, newDataDir(t))

	for setting, want := range map[string]string{
		"listen_addresses": "", "data_checksums": "on", "fsync": "on", "full_page_writes": "on",
		"synchronous_commit": "on", "TimeZone": "UTC", "server_encoding": "UTF8",
		"max_connections": "100", "max_locks_per_transaction": "256", "shared_buffers": "256MB",
	} {
		if got := mustQuery(t, server, "show "+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if got := mustQuery(t, server, "select lower('ÄÉΩ')"); got != "äéω" {
		t.Errorf("lower case of ÄÉΩ is %q", got)
	}
	if got := mustQuery(t, server, "create extension vector", "select '[1,2]'::halfvec(2)::text"); got != "[1,2]" {
		t.Errorf("pgvector says %q", got)
	}
}

func TestOnlyTheNamedRolesLogIn(t *testing.T) {
	t.Parallel()
	server := startServer(t, newDataDir(t))
	mustQuery(t, server, "create role surrealm_web login", "create role somebody login", "select ''")

	if got, err := query(t, server, "surrealm_web", "select current_user::text"); got != "surrealm_web" {
		t.Errorf("surrealm_web logs in as %q: %v", got, err)
	}
	if _, err := query(t, server, "somebody", "select ''"); err == nil {
		t.Error("a role that is not on the list can log in")
	}
	info, err := os.Stat(server.socketDir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder has mode %v", info.Mode().Perm())
	}
}

func TestTheServerHasAProcessGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	server := startServer(t, newDataDir(t))

	group, err := syscall.Getpgid(server.process.pid)
	if err != nil {
		t.Fatal(err)
	}
	if group != server.process.pid {
		t.Errorf("the server %d is in the group %d, so Ctrl-C would reach it", server.process.pid, group)
	}
}

func TestASecondStartIsRefused(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	startServer(t, dir)

	_, err := Start(t.Context(), Options{DataDir: dir})

	if !errors.Is(err, ErrInUse) || !strings.HasSuffix(err.Error(), fmt.Sprintf("by process %d", os.Getpid())) {
		t.Errorf("got %v", err)
	}
}

func TestAServerStartedByHandIsRefused(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	server := startServer(t, dir)
	server.release()

	_, err := Start(t.Context(), Options{DataDir: dir})

	if !errors.Is(err, ErrInUse) || !strings.HasSuffix(err.Error(), fmt.Sprintf("by process %d", server.process.pid)) {
		t.Errorf("got %v", err)
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	if _, err := Attach(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without a server: %v", err)
	}
	server := startServer(t, dir)

	attached, err := Attach(dir)
	if err != nil {
		t.Fatal(err)
	}
	stopServer(t, attached)

	if got := mustQuery(t, attached, "select 'here'"); got != "here" {
		t.Errorf("the server says %q", got)
	}
	stopServer(t, server)
	if _, err := Attach(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the server stopped: %v", err)
	}
}

func TestDoneReportsADeath(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	server := startServer(t, dir)

	server.process.signal(syscall.SIGKILL)

	select {
	case err := <-server.Done():
		if err == nil {
			t.Error("the death was taken for a stop")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the death was not noticed")
	}
	stopServer(t, server)
	startServer(t, dir)
}

func TestStartGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	_, err := Start(ctx, Options{DataDir: dir})

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	startServer(t, dir)
}

func TestStartTemporary(t *testing.T) {
	t.Parallel()
	server, err := StartTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := mustQuery(t, server, "show fsync"); got != "off" {
		t.Errorf("fsync is %s", got)
	}

	stopServer(t, server)

	if _, err := os.Stat(server.dirs.root); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}
