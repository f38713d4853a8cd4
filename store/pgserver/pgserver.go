// Package pgserver runs a private PostgreSQL server, so that Surrealm needs no
// database to be set up beforehand.
//
// The server belongs to the process that starts it. It listens on a Unix socket
// in a folder that only its own user can enter, never on a network port, and lets
// in only the operating system user who started it (peer authentication). It never
// runs as root: started by root, it becomes the owner of its data, and that is the
// user postgres if there is no data yet.
//
// It has a process group of its own. Ctrl-C in a terminal goes to the whole
// foreground group; the server must not hear it, because the program has to finish
// its requests before the database goes away. If the program is killed, the kernel
// tells the server to shut down (see process_linux.go), so no server is left over.
package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// loginRoles are the database roles that the user who started the server may log in as.
var loginRoles = []string{"postgres", "surrealm_web", "surrealm_ctl", "surrealm_migrator"}

// Options say where a server keeps its data and where it reports.
type Options struct {
	// DataDir is the folder for everything of the server: its data, its log files
	// and its lock. It is made if it does not exist. Nothing else may be in it.
	DataDir string
	// Log receives what the server says. Without it the server writes a log file
	// for each day of the week in DataDir/log.
	Log io.Writer

	// temporary trades safety of the data for speed, see StartTemporary.
	temporary bool
}

// Server is a running PostgreSQL server.
type Server struct {
	dirs      folders
	socketDir string
	process   *process // nil when another process runs the server, see Attach
	release   func()   // gives up the lock of the data folder
}

// Start starts the server of the data folder and returns when it accepts
// connections; the first time it makes the data. ctx bounds the start, not the
// server's life: that ends with Stop.
//
// It returns ErrNotInstalled, ErrTooOld or ErrNoVector when the machine lacks what
// is needed, and ErrInUse when another process uses the data folder.
func Start(ctx context.Context, options Options) (*Server, error) {
	dirs, err := newFolders(options.DataDir)
	if err != nil {
		return nil, err
	}
	binaries, err := dirs.binaries()
	if err != nil {
		return nil, err
	}
	if err := dirs.make(); err != nil {
		return nil, err
	}
	release, err := dirs.lock()
	if err != nil {
		return nil, err
	}
	server, err := start(ctx, dirs, binaries, options)
	if err != nil {
		release()
		return nil, err
	}
	server.release = release
	return server, nil
}

// start does the part of Start for which the data folder must be locked.
func start(ctx context.Context, dirs folders, binaries Binaries, options Options) (*Server, error) {
	if err := dirs.awaitStopped(ctx); err != nil {
		return nil, err
	}
	if err := dirs.initialise(ctx, binaries, options); err != nil {
		return nil, err
	}
	socketDir, err := dirs.makeSocketDir()
	if err != nil {
		return nil, err
	}
	if err := dirs.configure(socketDir, options); err != nil {
		return nil, err
	}
	cmd := dirs.command(binaries, "postgres", "-D", dirs.data)
	process, err := startProcess(cmd, options.Log)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	server := &Server{dirs: dirs, socketDir: socketDir, process: process, release: func() {}}
	if err := server.awaitReady(ctx); err != nil {
		server.leave()
		return nil, err
	}
	return server, nil
}

// DSN returns the connection string for a login role and a database.
func (s *Server) DSN(role, database string) string {
	quote := func(value string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
	}
	return fmt.Sprintf("host=%s port=%s user=%s dbname=%s",
		quote(s.socketDir), port, quote(role), quote(database))
}

// Done delivers an error if the server ends without being told to, and is closed
// when the server has ended for whatever reason.
func (s *Server) Done() <-chan error {
	if s.process == nil {
		return nil
	}
	return s.process.died
}

// Stop shuts the server down and returns when it has ended. Open transactions are
// rolled back. When ctx ends first, the server is stopped the hard way, which loses
// nothing that was committed, and an error is returned. Stop may be called again.
func (s *Server) Stop(ctx context.Context) error {
	if s.process == nil {
		return nil
	}
	defer s.leave()
	s.process.stopping.Store(true)
	s.process.signal(syscall.SIGINT) // "fast": does not wait for clients to leave
	select {
	case <-s.process.ended:
		return nil
	case <-ctx.Done():
	}
	s.process.signal(syscall.SIGQUIT) // "immediate": the next start replays the log
	select {
	case <-s.process.ended:
	case <-time.After(5 * time.Second):
		s.process.signal(syscall.SIGKILL)
		<-s.process.ended
	}
	return fmt.Errorf("stop PostgreSQL: it took too long and was cut short: %w", ctx.Err())
}

// leave gives up what a server that has ended held outside its data.
func (s *Server) leave() {
	_ = os.Remove(s.socketDir) // not empty after a crash; the next start uses it again
	s.release()
}

// awaitReady returns when the server accepts connections. The server writes its
// state into its pid file, so no connection has to be tried.
func (s *Server) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-s.process.ended:
			return fmt.Errorf("PostgreSQL did not start: %s; its log is in %s",
				s.process.lastWords(), filepath.Join(s.dirs.root, "log"))
		case <-ctx.Done():
			patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			return errors.Join(fmt.Errorf("start PostgreSQL: %w", ctx.Err()), s.Stop(patience))
		case <-tick.C:
			postmaster, err := readPostmaster(s.dirs.data)
			if err == nil && postmaster.pid == s.process.pid && postmaster.status == "ready" {
				return nil
			}
		}
	}
}
