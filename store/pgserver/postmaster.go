package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrInUse means that another process uses the data folder; the message names it.
var ErrInUse = errors.New("already in use")

// ErrNotRunning means that no server runs on the data folder.
var ErrNotRunning = errors.New("the database is not running")

// Attach returns the server that another process started on a data folder, for
// commands that run beside it. Stop does nothing to such a server, and Done is nil.
// Without a running server it returns ErrNotRunning.
func Attach(dataDir string) (*Server, error) {
	dirs, err := newFolders(dataDir)
	if err != nil {
		return nil, err
	}
	running, err := readPostmaster(dirs.data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotRunning
	}
	if err != nil {
		return nil, dirs.unusable(err)
	}
	if running.status != "ready" || !running.alive(dirs.data) {
		return nil, ErrNotRunning
	}
	return &Server{dirs: dirs, socketDir: running.socketDir, release: func() {}}, nil
}

// postmaster is what a server writes about itself into postmaster.pid.
type postmaster struct {
	pid       int
	socketDir string
	status    string // starting, ready or stopping
}

// readPostmaster reads the file postmaster.pid of a data directory.
func readPostmaster(data string) (postmaster, error) {
	path := filepath.Join(data, "postmaster.pid")
	text, err := os.ReadFile(path)
	if err != nil {
		return postmaster{}, err
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		return postmaster{}, fmt.Errorf("read %s: %w", path, err)
	}
	p := postmaster{pid: pid}
	if len(lines) > 4 {
		p.socketDir = lines[4]
	}
	if len(lines) > 7 {
		p.status = strings.TrimSpace(lines[7])
	}
	return p, nil
}

// alive tells whether the server still runs, as opposed to another process that got
// its number later: a server works in its data directory.
func (p postmaster) alive(data string) bool {
	if err := syscall.Kill(p.pid, 0); errors.Is(err, syscall.ESRCH) {
		return false
	}
	dir, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", p.pid))
	if err == nil {
		return dir == data
	}
	_, noProc := os.Stat("/proc/self")
	return noProc != nil || !errors.Is(err, fs.ErrNotExist) // a dead process that nobody waits for has no folder
}

// awaitStopped waits for a server that is shutting down. A server that keeps on
// running makes the data folder unusable for us.
//
// Our lock on the folder says that the program which started that server is gone, so
// the server has been told to shut down, unless it was started by hand. It gets a
// moment to notice.
func (f folders) awaitStopped(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	patience := time.Now().Add(2 * time.Second)
	for {
		running, err := readPostmaster(f.data)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			return nil
		}
		if err != nil {
			return f.unusable(err)
		}
		if !running.alive(f.data) {
			return nil // PostgreSQL itself clears up after a crash
		}
		if running.status != "stopping" && time.Now().After(patience) {
			return f.inUse(strconv.Itoa(running.pid))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the database to finish shutting down: %w", ctx.Err())
		}
	}
}
