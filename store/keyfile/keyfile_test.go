package keyfile

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func random() ([]byte, error) {
	b := make([]byte, 32)
	_, err := rand.Read(b)
	return b, err
}

func TestASecretIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deep", "key")
	first, err := LoadOrCreate(path, random)
	if err != nil {
		t.Fatal(err)
	}
	second, err := LoadOrCreate(path, random)
	if err != nil || !bytes.Equal(first, second) {
		t.Fatalf("the secret changed: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("permissions %v, %v", info.Mode(), err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Fatalf("temporary files are left: %v, %v", left, err)
	}
}

func TestProcessesThatStartTogetherGetOneSecret(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "key")
	got := make([][]byte, 16)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			secret, err := LoadOrCreate(path, random)
			if err != nil {
				t.Error(err)
			}
			got[i] = secret
		})
	}
	wg.Wait()
	for _, secret := range got {
		if !bytes.Equal(secret, got[0]) {
			t.Fatal("two secrets were handed out")
		}
	}
}

func TestAKnownOrBrokenFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o666, 0o620} {
		if _, err := LoadOrCreate(write("loose", "secret", mode), random); !errors.Is(err, ErrLoose) {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
	if _, err := Load(write("empty", "", 0o600)); err == nil {
		t.Error("an empty file is accepted")
	}
	if _, err := Load(write("long", string(make([]byte, maxSize+1)), 0o600)); err == nil {
		t.Error("a long file is accepted")
	}
	if _, err := Load(dir); err == nil {
		t.Error("a folder is accepted")
	}
	if _, err := Load(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	failing := errors.New("no randomness")
	if _, err := LoadOrCreate(filepath.Join(dir, "missing"), func() ([]byte, error) { return nil, failing }); !errors.Is(err, failing) {
		t.Errorf("generate: %v", err)
	}
}

func TestReplaceKeepsTheFormerSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, next, kept := filepath.Join(dir, "key"), filepath.Join(dir, "key.next"), filepath.Join(dir, "key.1")
	for name, secret := range map[string]string{path: "former", next: "following"} {
		if err := os.WriteFile(name, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := Replace(path, filepath.Join(dir, "missing"), kept); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("replaced by nothing: %v", err)
	}
	if err := os.Link(path, kept); err != nil { // as an interrupted call leaves it
		t.Fatal(err)
	}
	if err := Replace(path, next, kept); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{path: "following", kept: "former"} {
		if secret, err := Load(name); err != nil || string(secret) != want {
			t.Errorf("%s holds %q (%v), want %q", name, secret, err, want)
		}
	}
	if _, err := os.Stat(next); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file of the next key is still there: %v", err)
	}
}

// A credential of systemd may show a right of the group, and nothing that others may do.
func TestACredentialOfAServiceIsRead(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	for mode, fits := range map[os.FileMode]bool{0o440: true, 0o400: true, 0o444: false, 0o460: false} {
		path := filepath.Join(dir, "key")
		if err := errors.Join(os.RemoveAll(path), os.WriteFile(path, []byte("secret"), 0o600), os.Chmod(path, mode)); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); (err == nil) != fits {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}
