package main

import (
	"fmt"
	"runtime/debug"

	"surrealm/store"
)

// versionText is what surrealm --version says: the module's version, the commit that it was built from, and the tables
// that it works with. A build without version control knows only the last.
func versionText() string {
	module, commit := "(development)", ""
	if build, ok := debug.ReadBuildInfo(); ok {
		if build.Main.Version != "" && build.Main.Version != "(devel)" {
			module = build.Main.Version
		}
		commit = commitOf(build.Settings)
	}
	platform, tenants := store.SchemaVersions()
	return fmt.Sprintf("surrealm %s%s\ntables of the platform %d, of an organisation %d", module, commit, platform, tenants)
}

// commitOf names the commit of a build, and says whether anything was changed since; "" when the build does not know.
func commitOf(settings []debug.BuildSetting) string {
	found := map[string]string{}
	for _, s := range settings {
		found[s.Key] = s.Value
	}
	revision := found["vcs.revision"]
	if revision == "" {
		return ""
	}
	text := ", commit " + revision[:min(len(revision), 12)] + " of " + found["vcs.time"]
	if found["vcs.modified"] == "true" {
		text += ", with changes that are in no commit"
	}
	return text
}
