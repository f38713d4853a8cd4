package signature

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"
)

func canonical(t testing.TB, s Statement) []byte {
	t.Helper()
	s.KeyFingerprint = Fingerprint(fixedKey(t, 1).Public())
	data, err := s.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestStatementsRoundTrip(t *testing.T) {
	t.Parallel()
	fingerprint := Fingerprint(fixedKey(t, 1).Public())
	rapid.Check(t, func(t *rapid.T) {
		s := approval()
		s.KeyFingerprint = fingerprint
		s.Title, s.SignerName = rapid.StringN(1, 50, -1).Draw(t, "title"), rapid.StringN(1, 50, -1).Draw(t, "name")
		s.Reason = rapid.String().Draw(t, "reason")
		s.Version, s.Revision = rapid.IntRange(1, 1<<40).Draw(t, "version"), rapid.IntRange(1, 1<<40).Draw(t, "revision")
		s.SignedAt = time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "at")).UTC()
		data, err := s.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		again, err := jcs.Transform(data)
		if err != nil || !bytes.Equal(again, data) {
			t.Fatalf("not canonical: %s", data)
		}
		if back, err := ParseStatement(data); err != nil || back != s {
			t.Fatalf("%+v, %v", back, err)
		}
	})
}

func TestParseStatementIsStrict(t *testing.T) {
	t.Parallel()
	good := string(canonical(t, approval()))
	swap := func(old, new string) string {
		out := strings.Replace(good, old, new, 1)
		if out == good {
			t.Fatalf("%q is not in %s", old, good)
		}
		return out
	}
	for name, text := range map[string]string{
		"empty":          "",
		"list":           "[]",
		"space":          swap(`,"line"`, `, "line"`),
		"newline":        good + "\n",
		"second value":   good + good,
		"unknown field":  swap(`"version":3`, `"version":3,"versions":3`),
		"missing field":  swap(`"reason":"Clearer than before.",`, ``),
		"field twice":    swap(`"version":3`, `"version":3,"version":3`),
		"other case":     swap(`"title"`, `"Title"`),
		"order":          swap(`{"decision":"APPROVE","domain":"surrealm.signature.v1"`, `{"domain":"surrealm.signature.v1","decision":"APPROVE"`),
		"escape":         swap(`<over>`, `\u003cover\u003e`),
		"number form":    swap(`"version":3`, `"version":3.0`),
		"other domain":   swap(`surrealm.signature.v1`, `surrealm.signature.v2`),
		"other time":     swap(`.123456Z`, `.123Z`),
		"invalid UTF-8":  swap(`Löfgren`, "L\xf6fgren"),
		"a bundle's key": swap(`SHA256:`, `MD5:`),
		"too long":       swap(`Clearer`, strings.Repeat("x", maxStatement)),
	} {
		if _, err := ParseStatement([]byte(text)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func TestIncompleteStatementsAreNotSigned(t *testing.T) {
	t.Parallel()
	priv := fixedKey(t, 1)
	for name, change := range map[string]func(s *Statement){
		"no organisation":       func(s *Statement) { s.Org = "" },
		"upper-case id":         func(s *Statement) { s.Org = strings.ToUpper("0192f0c1-abcd-7000-8000-000000000001") },
		"no line":               func(s *Statement) { s.Line = "" },
		"no version id":         func(s *Statement) { s.SOP = "" },
		"no proposal":           func(s *Statement) { s.Proposal = "" },
		"proposal on a version": func(s *Statement) { s.Decision = Certify },
		"version zero":          func(s *Statement) { s.Version = 0 },
		"revision zero":         func(s *Statement) { s.Revision = 0 },
		"no title":              func(s *Statement) { s.Title = "" },
		"no name":               func(s *Statement) { s.SignerName = "" },
		"no signer":             func(s *Statement) { s.Signer = "" },
		"no graph hash":         func(s *Statement) { s.GraphHash = "" },
		"upper-case hash":       func(s *Statement) { s.GraphHash = strings.Repeat("AB", 32) },
		"no version hash":       func(s *Statement) { s.VersionHash = "" },
		"unknown role":          func(s *Statement) { s.Role = "KING" },
		"unknown decision":      func(s *Statement) { s.Decision = "MAYBE" },
		"no time":               func(s *Statement) { s.SignedAt = time.Time{} },
		"invalid UTF-8":         func(s *Statement) { s.Title = "\xff" },
		"too long":              func(s *Statement) { s.Reason = strings.Repeat("x", maxStatement) },
	} {
		s := approval()
		change(&s)
		if _, _, err := Sign(priv, s); err == nil {
			t.Errorf("%s is signed", name)
		}
	}
}

func FuzzParseStatement(f *testing.F) {
	f.Add(canonical(f, approval()))
	f.Add(canonical(f, certification()))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseStatement(data)
		if err != nil {
			return
		}
		if again, err := s.Canonical(); err != nil || !bytes.Equal(again, data) {
			t.Fatalf("accepted a text that is not canonical: %q", data)
		}
	})
}
