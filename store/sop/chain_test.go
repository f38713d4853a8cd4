package sop

import (
	"fmt"
	"strings"
	"testing"
)

const (
	someOrg  = "0190b5a0-0000-7000-8000-000000000001"
	someLine = "0190b5a0-0000-7000-8000-000000000002"
)

// chain is three intact versions; the second version's number is skipped, as
// when a draft was discarded.
func chain(t *testing.T) []StoredVersion {
	t.Helper()
	var versions []StoredVersion
	previous := ""
	for _, number := range []int{1, 3, 4} {
		g := refund(t).Graph
		g.Nodes[0].Label = fmt.Sprintf("Take in complaint %d", number)
		data := []byte(canonical(t, g))
		r := VersionRecord{Org: someOrg, Line: someLine, Version: number, Title: "Refund", GraphHash: GraphHash(data), Previous: previous}
		previous = VersionHash(r)
		versions = append(versions, StoredVersion{VersionRecord: r, Hash: previous, Graph: data})
	}
	return versions
}

func TestVersionHashIsTheDocumentedOne(t *testing.T) {
	t.Parallel()
	r := VersionRecord{Org: someOrg, Line: someLine, Version: 2, Title: "A <title>", GraphHash: "aa", Previous: "bb"}
	want := GraphHash([]byte(`{"domain":"surrealm.sop.version.v1","graph_hash":"aa","line":"` + someLine +
		`","org":"` + someOrg + `","previous":"bb","title":"A <title>","version":2}`))
	if got := VersionHash(r); got != want {
		t.Errorf("got %s", got)
	}
}

func TestVersionHashCoversEveryField(t *testing.T) {
	t.Parallel()
	base := VersionRecord{Org: "o", Line: "l", Version: 1, Title: "t", GraphHash: "g", Previous: "p"}
	seen := map[string]bool{VersionHash(base): true}
	for _, change := range []func(*VersionRecord){
		func(r *VersionRecord) { r.Org = "x" },
		func(r *VersionRecord) { r.Line = "x" },
		func(r *VersionRecord) { r.Version = 2 },
		func(r *VersionRecord) { r.Title = "x" },
		func(r *VersionRecord) { r.GraphHash = "x" },
		func(r *VersionRecord) { r.Previous = "x" },
	} {
		r := base
		change(&r)
		seen[VersionHash(r)] = true
	}
	if len(seen) != 7 {
		t.Errorf("only %d different hashes", len(seen))
	}
}

func TestVerifyChain(t *testing.T) {
	t.Parallel()
	rehash := func(v *StoredVersion) { v.Hash = VersionHash(v.VersionRecord) }
	for _, c := range []struct {
		name   string
		change func([]StoredVersion) []StoredVersion
		bad    int // the first bad version, 0 for none
		says   string
	}{
		{"intact", func(v []StoredVersion) []StoredVersion { return v }, 0, ""},
		{"empty", func([]StoredVersion) []StoredVersion { return nil }, 0, ""},
		{"without graphs", func(v []StoredVersion) []StoredVersion { v[1].Graph = nil; return v }, 0, ""},
		{"another title", func(v []StoredVersion) []StoredVersion { v[1].Title = "x"; return v }, 3, "does not match its own hash"},
		{"another title, hashed again", func(v []StoredVersion) []StoredVersion { v[1].Title = "x"; rehash(&v[1]); return v }, 4, "does not continue version 3"},
		{"another graph", func(v []StoredVersion) []StoredVersion { v[1].Graph = v[0].Graph; return v }, 3, "not the one that was submitted"},
		{"a version cut out", func(v []StoredVersion) []StoredVersion { return append(v[:1], v[2]) }, 4, "does not continue version 1"},
		{"the first cut off", func(v []StoredVersion) []StoredVersion { return v[1:] }, 3, "continues a version that is missing"},
		{"swapped", func(v []StoredVersion) []StoredVersion { v[1], v[2] = v[2], v[1]; return v }, 4, "does not continue version 1"},
		{"the same number again", func(v []StoredVersion) []StoredVersion { v[2].Version = 3; rehash(&v[2]); return v }, 3, "stands after version 3"},
		{"from another line", func(v []StoredVersion) []StoredVersion { v[2].Line = someOrg; rehash(&v[2]); return v }, 4, "another procedure"},
	} {
		found := VerifyChain(c.change(chain(t)))
		switch {
		case c.bad == 0 && len(found) > 0:
			t.Errorf("%s: found %v", c.name, found)
		case c.bad != 0 && (len(found) == 0 || found[0].Version != c.bad || !strings.Contains(found[0].Message, c.says)):
			t.Errorf("%s: found %v", c.name, found)
		}
	}
}
