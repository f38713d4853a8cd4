package pgserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

const (
	port       = "5432" // only part of the socket's name
	socketFile = ".s.PGSQL." + port
	// longestSocket is how long the path of a Unix socket can be.
	longestSocket = 107
)

// folders are the places of one server, and the user it runs as.
type folders struct {
	root string // Options.DataDir
	data string // PostgreSQL's own data directory
	account
}

// newFolders works out the places for a data folder; it changes nothing.
func newFolders(dataDir string) (folders, error) {
	root, err := filepath.Abs(dataDir)
	if err != nil {
		return folders{}, fmt.Errorf("find the data folder %s: %w", dataDir, err)
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved // one folder, one name: the socket folder is named after it
	}
	dirs := folders{root: root, data: filepath.Join(root, "data")}
	dirs.account, err = accountFor(dirs.data)
	return dirs, err
}

// binaries returns the server for the data: if there is data, one of the same major
// version that wrote it, else the newest.
func (f folders) binaries() (Binaries, error) {
	text, err := os.ReadFile(filepath.Join(f.data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return Find()
	}
	if err != nil {
		return Binaries{}, f.unusable(err)
	}
	major := strings.TrimSpace(string(text))
	var same []Binaries
	for _, b := range installed(candidates()) {
		if strconv.Itoa(b.Major) == major {
			same = append(same, b)
		}
	}
	if len(same) == 0 {
		return Binaries{}, fmt.Errorf("%w in the version of the data: PostgreSQL %s wrote %s; install that version, or move the data with pg_upgrade",
			ErrNotInstalled, major, f.data)
	}
	return choose(same)
}

// make makes the data folder if it is not there and hands it to the server's user.
// Folders above it that are missing are made so that this user can pass through.
func (f folders) make() error {
	if err := os.MkdirAll(filepath.Dir(f.root), 0o711); err != nil {
		return f.unusable(err)
	}
	if err := os.Mkdir(f.root, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return f.unusable(err)
	}
	if err := f.take(); err != nil {
		return f.unusable(err)
	}
	return f.canEnter(f.root)
}

// take hands the data folder to the server's user if it is empty. One that is not
// and belongs to someone else may be any folder, given by mistake.
func (f folders) take() error {
	info, err := os.Stat(f.root)
	if err != nil {
		return err
	}
	if ownerOf(info) == f.uid {
		return nil
	}
	entries, err := os.ReadDir(f.root)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("it is not empty and does not belong to %s", f.name)
	}
	return f.own(f.root)
}

// unusable says that the data folder cannot be used, and why.
func (f folders) unusable(err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return fmt.Errorf("the data folder %s cannot be used by %s: %w", f.root, f.us, err)
}

// lock makes sure that no other Surrealm process uses the data folder. The kernel
// gives the lock up when the process ends, however it ends.
func (f folders) lock() (release func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.root, "lock"), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, f.unusable(err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		holder, _ := os.ReadFile(file.Name()) // only for the message
		file.Close()
		return nil, f.inUse(strings.TrimSpace(string(holder)))
	}
	if err == nil {
		err = f.own(file.Name())
	}
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(file, os.Getpid())
	}
	if err != nil {
		file.Close()
		return nil, f.unusable(err)
	}
	return func() { file.Close() }, nil
}

// inUse says that another process uses the data folder.
func (f folders) inUse(pid string) error {
	return fmt.Errorf("the data folder %s is %w by process %s", f.root, ErrInUse, pid)
}

// makeSocketDir makes the folder of the server's socket, which only the server's
// user (and root) can enter. Its name follows from the data folder, so a restart
// finds it again. If someone else has taken that name, it gets one at random.
func (f folders) makeSocketDir() (string, error) {
	name := fmt.Sprintf("surrealm-%.6x", sha256.Sum256([]byte(f.root)))
	parent := os.TempDir()
	if len(filepath.Join(parent, name+"-0123456789", socketFile)) > longestSocket {
		parent = "/tmp"
	}
	dir := filepath.Join(parent, name)
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && info.Mode().Perm() == 0o700 && ownerOf(info) == f.uid {
			return dir, nil
		}
		dir, err = os.MkdirTemp(parent, name+"-")
	}
	if err == nil {
		err = f.own(dir)
	}
	if err == nil {
		err = f.canEnter(dir)
	}
	if err != nil {
		return "", fmt.Errorf("make the folder for the database's socket: %w", err)
	}
	return dir, nil
}

// command returns a command that runs one of the server's programs as its user.
// The environment is empty but for the bare minimum: what the user has set for
// PostgreSQL's tools must not change this server.
func (f folders) command(b Binaries, name string, args ...string) *exec.Cmd {
	return f.commandContext(context.Background(), b, name, args...)
}

// commandContext is command for a program that is killed when ctx ends.
func (f folders) commandContext(ctx context.Context, b Binaries, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(b.Dir, name), args...)
	cmd.Dir = f.root
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	cmd.SysProcAttr = attributes(f.credential)
	return cmd
}
