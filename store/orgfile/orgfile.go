// Package orgfile is the form of the file that holds one organisation: what surrealm tenants export writes and surrealm
// tenants restore reads. The package holds no SQL.
//
// The file is a zip archive:
//
//	tables/<name>    the rows of one table, in the text form of PostgreSQL's COPY
//	manifest.json    what the file holds, with the SHA-256 of every table
//	seal             the SHA-256 of the manifest, signed with the checkpoint key of the installation that made it
//
// Nothing in it is encrypted but the organisation's secrets, which stay sealed with its data key; that key is wrapped
// with the installation's master key, which is not in the file.
package orgfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Format is what a manifest of this program says first. Another format is refused.
const Format = "surrealm.org.v1"

// ErrFormat says that a file is not one of these, or of another format.
var ErrFormat = errors.New("this is not a file of surrealm tenants export, or one of another version")

// ErrChanged says that a file is not as it was exported.
var ErrChanged = errors.New("the file was changed after it was exported, or damaged")

// Manifest is what a file holds.
type Manifest struct {
	Format      string                       `json:"format"`
	Org         string                       `json:"org"` // its id, which stays: signatures and hashes name it
	Slug        string                       `json:"slug"`
	Name        string                       `json:"name"`
	ExportedAt  time.Time                    `json:"exported_at"`
	Schema      int                          `json:"schema"`    // version of its tables
	Platform    int                          `json:"platform"`  // version of the platform's
	MasterID    string                       `json:"master_id"` // which master key wraps its data key
	VerifierKey string                       `json:"verifier_key"`
	Entries     int64                        `json:"entries"`     // length of its audit log
	LastHash    []byte                       `json:"last_hash"`   // of the newest entry
	Checkpoints []string                     `json:"checkpoints"` // signed notes over its audit log, smallest first
	Tables      []Table                      `json:"tables"`
	Rows        map[string][]json.RawMessage `json:"rows"` // of the platform's tables, by table
	Jobs        []Job                        `json:"jobs"` // that waited
}

// Table is one table of the organisation.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	SHA256  []byte   `json:"sha256"`
}

// Job is a job that waited when the file was made.
type Job struct {
	Kind string          `json:"kind" db:"kind"`
	Args json.RawMessage `json:"args" db:"args"`
	At   time.Time       `json:"at" db:"at"`
}

// sealText is what the seal signs. Its form cannot be taken for a checkpoint's or a bundle's.
func sealText(org string, sum []byte) string {
	return fmt.Sprintf("%s\norg %s\nsha256 %x\n", Format, org, sum)
}
