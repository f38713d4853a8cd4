package main

import (
	"fmt"
	"runtime/debug"
	"testing"

	"surrealm/store"
)

func TestVersionNamesProgramAndTables(t *testing.T) {
	t.Parallel()
	out, _ := expect(t, 0, nil, "--version")
	platform, tenants := store.SchemaVersions()
	contains(t, out, "surrealm ", fmt.Sprintf("tables of the platform %d, of an organisation %d\n", platform, tenants))
	if platform < 9 || tenants < 23 {
		t.Errorf("versions %d and %d", platform, tenants)
	}
}

func TestVersionNamesTheCommit(t *testing.T) {
	t.Parallel()
	settings := []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.time", Value: "2026-11-22T05:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}
	contains(t, commitOf(settings), "commit 0123456789ab of 2026-11-22T05:00:00Z", "in no commit")
	if text := commitOf(nil); text != "" {
		t.Errorf("a build without version control says %q", text)
	}
}
