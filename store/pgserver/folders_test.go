package pgserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnUnusableDataFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(filepath.Dir(newDataDir(t)), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}

	for _, dir := range []string{file, filepath.Join(file, "below")} {
		_, err := Start(t.Context(), Options{DataDir: dir})
		if err == nil || !strings.HasPrefix(err.Error(), "the data folder "+dir+" cannot be used by ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", dir, err)
		}
	}
}

func TestAFolderWithOtherThingsIsNotTaken(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // only root could take a folder from someone
	}
	parent := filepath.Dir(newDataDir(t))
	if err := os.WriteFile(filepath.Join(parent, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := Start(t.Context(), Options{DataDir: parent})

	want := "the data folder " + parent + " cannot be used by root: it is not empty and does not belong to postgres"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestDataOfAnotherVersion(t *testing.T) {
	t.Parallel()
	dir := newDataDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o711); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9\n"), 0o644); err != nil {
		t.Fatal(err)
	}

	_, err := Start(t.Context(), Options{DataDir: dir})

	if !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "PostgreSQL 9 wrote") {
		t.Errorf("got %v", err)
	}
}
