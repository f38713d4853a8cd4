package pgserver

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The oldest versions that Surrealm works with. pgvector 0.7 is the first with halfvec.
const (
	OldestMajor  = 15
	oldestVector = "0.7"
)

// What a machine may lack. Errors wrap these and say more.
var (
	ErrNotInstalled = errors.New("PostgreSQL is not installed")
	ErrTooOld       = errors.New("PostgreSQL is too old")
	ErrNoVector     = errors.New("pgvector is not installed")
)

// Binaries is an installed PostgreSQL server.
type Binaries struct {
	Dir     string // the folder of initdb and postgres
	Version string // such as "15.8"
	Major   int    // such as 15
	Vector  string // the version of pgvector installed for it
}

// Find returns the newest PostgreSQL server of this machine that Surrealm can use.
// The error is one sentence for the user and wraps ErrNotInstalled, ErrTooOld or
// ErrNoVector.
func Find() (Binaries, error) {
	return choose(installed(candidates()))
}

// candidates returns the folders in which a server may be.
func candidates() []string {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well-formed
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	return dirs
}

// installed returns the servers that are in the folders, newest first.
func installed(dirs []string) []Binaries {
	var found []Binaries
	for _, dir := range dirs {
		if b, ok := inspect(dir); ok {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(a, b Binaries) int { return cmp.Compare(b.Major, a.Major) })
	return found
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// inspect returns the server in a folder.
func inspect(dir string) (Binaries, bool) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Binaries{}, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, false
	}
	match := versionPattern.FindStringSubmatch(string(out))
	if match == nil {
		return Binaries{}, false
	}
	major, err := strconv.Atoi(match[2])
	if err != nil {
		return Binaries{}, false
	}
	return Binaries{Dir: dir, Version: match[1], Major: major, Vector: vectorVersion(dir)}, true
}

var vectorPattern = regexp.MustCompile(`(?m)^default_version\s*=\s*'([^']*)'`)

// vectorVersion returns the version of pgvector for the server in a folder, or "".
func vectorVersion(dir string) string {
	out, err := exec.Command(filepath.Join(dir, "pg_config"), "--sharedir").Output()
	if err != nil {
		return ""
	}
	control := filepath.Join(strings.TrimSpace(string(out)), "extension", "vector.control")
	text, err := os.ReadFile(control)
	if err != nil {
		return ""
	}
	if match := vectorPattern.FindSubmatch(text); match != nil {
		return string(match[1])
	}
	return ""
}

// choose returns the first server that is good enough, or why there is none.
func choose(found []Binaries) (Binaries, error) {
	const advice = "run make setup, or install"
	if len(found) == 0 {
		return Binaries{}, fmt.Errorf("%w: %s the server of PostgreSQL %d or newer", ErrNotInstalled, advice, OldestMajor)
	}
	newest := found[0]
	if newest.Major < OldestMajor {
		return Binaries{}, fmt.Errorf("%w: version %s was found in %s; %s version %d or newer",
			ErrTooOld, newest.Version, newest.Dir, advice, OldestMajor)
	}
	for _, b := range found {
		if b.Major >= OldestMajor && vectorIsNewEnough(b.Vector) {
			return b, nil
		}
	}
	if newest.Vector != "" {
		return Binaries{}, fmt.Errorf("%w in a version that is new enough: %s was found; %s pgvector %s or newer for PostgreSQL %d",
			ErrNoVector, newest.Vector, advice, oldestVector, newest.Major)
	}
	return Binaries{}, fmt.Errorf("%w for PostgreSQL %d: %s pgvector %s or newer", ErrNoVector, newest.Major, advice, oldestVector)
}

// vectorIsNewEnough compares with oldestVector; versions are like "0.8.0".
func vectorIsNewEnough(version string) bool {
	return version != "" && slices.Compare(numbers(version), numbers(oldestVector)) >= 0
}

// numbers returns the parts of a version; a part that is no number ends it.
func numbers(version string) []int {
	var parts []int
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			break
		}
		parts = append(parts, n)
	}
	return parts
}
