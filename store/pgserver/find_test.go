package pgserver

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// install makes a folder that looks like that of a PostgreSQL server.
func install(t *testing.T, version, vector string) string {
	t.Helper()
	dir := t.TempDir()
	script := func(name, says string) {
		text := fmt.Sprintf("#!/bin/sh\necho '%s'\n", says)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script("initdb", "")
	script("postgres", "postgres (PostgreSQL) "+version+" (Debian)")
	script("pg_config", dir)
	if vector != "" {
		extension := filepath.Join(dir, "extension")
		if err := os.Mkdir(extension, 0o755); err != nil {
			t.Fatal(err)
		}
		control := "comment = 'vectors'\ndefault_version = '" + vector + "'\n"
		if err := os.WriteFile(filepath.Join(extension, "vector.control"), []byte(control), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	t.Parallel()
	old, bare := install(t, "14.2", "0.8.0"), install(t, "16.1", "")
	outdated, good := install(t, "17.0", "0.6.2"), install(t, "15.18", "0.10.1")

	for name, test := range map[string]struct {
		dirs []string
		want string // the folder
		err  error
		says string
	}{
		"nothing": {nil, "", ErrNotInstalled,
			"PostgreSQL is not installed: run make setup, or install the server of PostgreSQL 15 or newer"},
		"not a server": {[]string{t.TempDir(), "/nowhere"}, "", ErrNotInstalled,
			"PostgreSQL is not installed: run make setup, or install the server of PostgreSQL 15 or newer"},
		"too old": {[]string{old}, "", ErrTooOld,
			"PostgreSQL is too old: version 14.2 was found in " + old + "; run make setup, or install version 15 or newer"},
		"no pgvector": {[]string{old, bare}, "", ErrNoVector,
			"pgvector is not installed for PostgreSQL 16: run make setup, or install pgvector 0.7 or newer"},
		"old pgvector": {[]string{outdated}, "", ErrNoVector,
			"pgvector is not installed in a version that is new enough: 0.6.2 was found; run make setup, or install pgvector 0.7 or newer for PostgreSQL 17"},
		"the newest that can be used": {[]string{bare, old, good, outdated}, good, nil, ""},
	} {
		got, err := choose(installed(test.dirs))
		if got.Dir != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
		if err != nil && err.Error() != test.says {
			t.Errorf("%s: the message is\n%s\nwant\n%s", name, err, test.says)
		}
	}
}

func TestFindOnThisMachine(t *testing.T) {
	t.Parallel()
	if found, err := Find(); err != nil || found.Major < OldestMajor {
		t.Errorf("got %+v, %v", found, err)
	}
}
