package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// temporarySettings make a server fast that nobody will ask for its data again.
var temporarySettings = []string{
	"fsync = off",
	"full_page_writes = off",
	"synchronous_commit = off",
	"wal_level = minimal",
	"max_wal_senders = 0",
	"max_connections = 300", // many tests run side by side, each with pools of its own
	"checkpoint_timeout = '1h'",
	"max_wal_size = '4GB'",
}

// temporaryPrefix begins the names of the folders of temporary servers.
const temporaryPrefix = "surrealm-temporary-"

// StartTemporary starts a server for tests: fast, in a folder of its own that is
// removed by Stop, and without any care for the data. What a test process left
// behind when it was killed is removed by the next one.
func StartTemporary(ctx context.Context) (*Server, error) {
	removeAbandoned()
	dir, err := os.MkdirTemp("", temporaryPrefix)
	if err != nil {
		return nil, fmt.Errorf("make a folder for a temporary database: %w", err)
	}
	server, err := Start(ctx, Options{DataDir: dir, temporary: true})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	release := server.release
	server.release = func() {
		_ = os.RemoveAll(dir) // a leftover is harmless, see removeAbandoned
		release()
	}
	return server, nil
}

// removeAbandoned removes the folders of temporary servers that no longer run.
// Whose lock can be had is abandoned.
func removeAbandoned() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), temporaryPrefix+"*")) // the pattern is well-formed
	for _, dir := range dirs {
		info, err := os.Stat(filepath.Join(dir, "lock"))
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // another user's, or only just being made
		}
		found, err := newFolders(dir)
		if err != nil {
			continue
		}
		release, err := found.lock()
		if err != nil {
			continue
		}
		if running, err := readPostmaster(found.data); err != nil || !running.alive(found.data) {
			_ = os.RemoveAll(dir) // the next one tries again
		}
		release()
	}
}
