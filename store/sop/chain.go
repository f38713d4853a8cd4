package sop

import (
	"encoding/json"
	"fmt"
)

// versionDomain keeps the hash of a version from ever being the hash of
// anything else that is written as canonical JSON.
const versionDomain = "surrealm.sop.version.v1"

// VersionRecord is what the hash of a version covers. Org and Line are UUIDs in
// their usual lower-case form; Previous is the hash of the version before it in
// the line, and empty for the first.
type VersionRecord struct {
	Org       string
	Line      string
	Version   int
	Title     string
	GraphHash string
	Previous  string
}

// VersionHash is the lower-case hexadecimal SHA-256 of the record as canonical
// JSON with its domain. Because it covers the hash before it, one version's
// hash vouches for every version up to it.
//
// The record's text must be valid UTF-8, as everything from the database is.
func VersionHash(r VersionRecord) string {
	data, err := json.Marshal(map[string]any{
		"domain":     versionDomain,
		"org":        r.Org,
		"line":       r.Line,
		"version":    r.Version,
		"title":      r.Title,
		"graph_hash": r.GraphHash,
		"previous":   r.Previous,
	})
	if err == nil {
		data, err = canonicalJSON(data)
	}
	if err != nil {
		// Strings and an int always have a JSON form and a canonical one.
		panic(fmt.Sprintf("hash version record: %v", err))
	}
	return GraphHash(data)
}

// StoredVersion is a version as it was found in storage: its record, the hash
// stored beside it and, if at hand, the stored canonical graph. A nil Graph is
// not checked against GraphHash.
type StoredVersion struct {
	VersionRecord
	Hash  string
	Graph []byte
}

// ChainProblem says what is wrong with one version of a line.
type ChainProblem struct {
	Version int
	Message string
}

// VerifyChain checks the versions of one line, oldest first: every graph
// against its hash, every version against its hash, and every version against
// the one before it. The first problem returned belongs to the first bad
// version. An intact chain, also an empty one, has no problem.
func VerifyChain(versions []StoredVersion) []ChainProblem {
	var found []ChainProblem
	report := func(v StoredVersion, format string, args ...any) {
		found = append(found, ChainProblem{Version: v.Version, Message: fmt.Sprintf(format, args...)})
	}
	for i, v := range versions {
		if v.Graph != nil && GraphHash(v.Graph) != v.GraphHash {
			report(v, "The graph of version %d is not the one that was submitted: its hash differs.", v.Version)
		}
		if VersionHash(v.VersionRecord) != v.Hash {
			report(v, "Version %d does not match its own hash: its number, title, graph or place was changed after it was submitted.", v.Version)
		}
		if i == 0 {
			if v.Previous != "" {
				report(v, "Version %d continues a version that is missing.", v.Version)
			}
			continue
		}
		before := versions[i-1]
		switch {
		case v.Org != before.Org || v.Line != before.Line:
			report(v, "Version %d belongs to another procedure than version %d.", v.Version, before.Version)
		case v.Version <= before.Version:
			report(v, "Version %d stands after version %d.", v.Version, before.Version)
		case v.Previous != before.Hash:
			report(v, "Version %d does not continue version %d: one was changed, or a version between them is missing.", v.Version, before.Version)
		}
	}
	return found
}
