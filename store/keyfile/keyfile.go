// Package keyfile keeps one secret in one file: made once, never half written, readable by its owner
// only. The master key and the checkpoint key live in such files.
package keyfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// maxSize is far above any key and keeps a wrong path from being read into memory.
const maxSize = 64 << 10

// ErrLoose says that others than its owner may read or write a key file.
var ErrLoose = errors.New("others may read or write it; run chmod 600 on it and consider the key known")

// Load reads the secret. It refuses a file that is not a regular file or that anyone but its owner may
// read or write, because such a key may already be known. A missing file is fs.ErrNotExist.
func Load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Mode().Perm()&loose(path) != 0:
		return nil, fmt.Errorf("%s has permissions %04o: %w", path, info.Mode().Perm(), ErrLoose)
	case info.Size() == 0:
		return nil, fmt.Errorf("%s is empty", path)
	case info.Size() > maxSize:
		return nil, fmt.Errorf("%s is too long for a key", path)
	}
	return io.ReadAll(io.LimitReader(f, maxSize))
}

// loose is which permissions a key file must not have. A credential that systemd hands to a service may show the group's
// right to read: there it is the mask of an access list with the service's user alone on it, in a folder of its own.
func loose(path string) fs.FileMode {
	if folder := os.Getenv("CREDENTIALS_DIRECTORY"); folder != "" && filepath.Dir(path) == filepath.Clean(folder) {
		return 0o037
	}
	return 0o077
}

// LoadOrCreate reads the secret, or writes the one that generate returns when the file is missing and
// returns what is in the file then. When several processes start at once, one of them writes and all
// return the same secret; the file appears whole or not at all, also when the machine stops half-way.
func LoadOrCreate(path string, generate func() ([]byte, error)) ([]byte, error) {
	secret, err := Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	secret, err = generate()
	if err != nil {
		return nil, err
	}
	if err := create(path, secret); err != nil {
		return nil, err
	}
	return Load(path)
}

// create writes a temporary file beside path and links it into place: a link fails when the name is
// taken, where a rename would replace another process's key. Losing that race is no error.
func create(path string, secret []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".key-*") // CreateTemp uses O_EXCL and mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := writeSynced(tmp, secret); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(dir)
}

func writeSynced(f *os.File, content []byte) error {
	_, err := f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a new name in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Replace puts the secret in the file next into the place of the one at path, which stays readable at kept. There is a
// whole secret at path at every moment, also when the machine stops half-way; then Replace can be called again.
func Replace(path, next, kept string) error {
	if _, err := Load(next); err != nil {
		return err
	}
	if err := os.Link(path, kept); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}
