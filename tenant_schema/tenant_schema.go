// Package tenantschema holds the tables that every organisation owns, as numbered SQL files.
//
// Each file is run once in each organisation's schema, in order, in the same transaction that records it. Names in the files are
// unqualified: the runner sets the search path to the organisation's schema and the extensions, and puts the name of the
// organisation's role in the place of @tenant. A file that starts with the line "-- run as: audit_owner" makes tables that belong
// to the audit's own role; the others belong to the owner of the schemas.
//
// Files are never changed once shipped; a change is a new file with the next number. A new organisation is made by schema.sql, what
// all files come to. The folder holds tables, indexes, constraints,
// triggers, policies and grants only: a type or a function of its own in each schema would differ from organisation to
// organisation, and prepared statements that are shared between them would break.
package tenantschema

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
)

// TenantPlaceholder stands in the files where the name of the organisation's role belongs.
const TenantPlaceholder = "@tenant"

// auditOwnerHeader as a file's first line asks for the audit's own role.
const auditOwnerHeader = "-- run as: audit_owner"

//go:embed [0-9]*.sql
var files embed.FS

// schema is what all files come to, written by make schema.
//
//go:embed schema.sql
var schema string

var fileName = regexp.MustCompile(`^([0-9]{4})_([a-z]+(?:_[a-z]+)*)\.sql$`)

// Migration is one numbered file.
type Migration struct {
	Version      int    // 1, 2, 3 ... without gaps
	Name         string // "people" for 0001_people.sql
	SQL          string // the file's text, with TenantPlaceholder still in it
	AsAuditOwner bool   // run it as audit_owner instead of surrealm_owner
	Checksum     string // SHA-256 of SQL in lower-case hex: a shipped file that changed shows
}

// All returns every migration in the order in which to run them. It fails if a file's name does not follow the pattern
// NNNN_name.sql or if a number is missing or used twice, which only an unfinished change to this folder can cause.
func All() ([]Migration, error) {
	return read(files)
}

// Latest returns the version that an up-to-date schema has.
func Latest() (int, error) {
	all, err := All()
	if err != nil {
		return 0, err
	}
	return len(all), nil
}

// read parses the SQL files at the top of fsys. ReadDir sorts by name, and names start with four digits, so versions rise.
func read(fsys fs.FS) ([]Migration, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("list tenant migrations: %w", err)
	}
	all := make([]Migration, 0, len(entries))
	for _, entry := range entries {
		migration, err := readFile(fsys, entry.Name())
		if err != nil {
			return nil, err
		}
		if want := len(all) + 1; migration.Version != want {
			return nil, fmt.Errorf("tenant migration %s: number %04d expected", entry.Name(), want)
		}
		all = append(all, migration)
	}
	return all, nil
}

func readFile(fsys fs.FS, name string) (Migration, error) {
	parts := fileName.FindStringSubmatch(name)
	if parts == nil {
		return Migration{}, fmt.Errorf("tenant migration %s: name must look like 0001_people.sql", name)
	}
	version, err := strconv.Atoi(parts[1])
	if err != nil {
		return Migration{}, fmt.Errorf("tenant migration %s: %w", name, err)
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Migration{}, fmt.Errorf("tenant migration %s: %w", name, err)
	}
	sum := sha256.Sum256(text)
	firstLine, _, _ := strings.Cut(string(text), "\n")
	return Migration{
		Version:      version,
		Name:         parts[2],
		SQL:          string(text),
		AsAuditOwner: strings.TrimSpace(firstLine) == auditOwnerHeader,
		Checksum:     hex.EncodeToString(sum[:]),
	}, nil
}

// Baseline returns one text that makes everything which the migrations up to a version make, but for the audit's own tables
// and the role and the schema themselves.
func Baseline() (version int, sql string, err error) {
	if _, err := fmt.Sscanf(schema, "-- version %d\n", &version); err != nil {
		return 0, "", fmt.Errorf("schema.sql says no version: %w", err)
	}
	var own []string
	for _, block := range strings.Split(schema, "\n\n") {
		if strings.HasPrefix(block, "-- owned by surrealm_owner") {
			own = append(own, block)
		}
	}
	return version, strings.Join(own, "\n\n"), nil
}
