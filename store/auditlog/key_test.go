package auditlog

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func newSigner(t testing.TB) Signer {
	t.Helper()
	s, err := LoadOrCreateKey(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheCheckpointKeyIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := LoadOrCreateKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := LoadOrCreateKey(dir)
	if err != nil || first.VerifierKey() != second.VerifierKey() {
		t.Fatalf("another key: %v", err)
	}
	path := filepath.Join(dir, keyFileName)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKey(dir); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Fatalf("a key that others may read: %v", err)
	}
}

func TestHalvesOfTwoKeysAreRefused(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), newSigner(t)
	if _, err := LoadOrCreateKey(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, keyFileName)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	secret, _, _ := strings.Cut(string(content), "\n")
	for _, bad := range []string{secret, secret + "\n" + other.VerifierKey() + "\n", "nonsense\n"} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadOrCreateKey(dir); err == nil {
			t.Errorf("accepted %.20q", bad)
		}
	}
}

func TestTheCheckpointKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := LoadOrCreateKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, keyFileName))
	if err != nil {
		t.Fatal(err)
	}
	secret, _, _ := strings.Cut(string(content), "\n")
	secret = strings.SplitN(secret, "+", 5)[4] // PRIVATE+KEY+name+hash+key, and the key, being base64, may have a + of its own
	if len(secret) < 40 {
		t.Fatalf("this is no key to look for: %d characters", len(secret))
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "signer", s, "store", *NewCheckpointStore(dir, s))
	asJSON, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(asJSON), s.String()}
	for verb := range strings.FieldsSeq("%v %+v %#v %s %q %x %X %d %b %o %t %c %U %p %e") {
		for _, arg := range []any{s, &s, struct{ s Signer }{s}, []Signer{s}, NewCheckpointStore(dir, s), *NewCheckpointStore(dir, s)} {
			texts = append(texts, fmt.Sprintf(verb, arg))
		}
	}
	for _, text := range texts {
		if strings.Contains(text, secret) || strings.Contains(text, "PRIVATE") {
			t.Errorf("the key is in %q", text)
		}
	}
}

func TestCheckpointsRoundTrip(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 3, nil)
	for _, c := range []Checkpoint{checkpointOf(t, orgA, rows, 3), {Origin: Origin(orgA), Size: 1, Root: Hash(rows[0].Hash)}} {
		signed, err := SignCheckpoint(c, s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := OpenCheckpoint(signed, s.VerifierKey())
		if err != nil || back != c {
			t.Fatalf("%+v, %v", back, err)
		}
	}
}

func TestOpenCheckpointIsStrict(t *testing.T) {
	t.Parallel()
	s, other := newSigner(t), newSigner(t)
	c := checkpointOf(t, orgA, chain(t, orgA, 3, nil), 3)
	signed, err := SignCheckpoint(c, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(signed, other.VerifierKey()); err == nil {
		t.Error("another key is accepted")
	}
	if _, err := OpenCheckpoint(signed, "nonsense"); err == nil {
		t.Error("nonsense is accepted as a key")
	}
	for i := range signed {
		for bit := range 8 {
			harmed := append([]byte(nil), signed...)
			harmed[i] ^= 1 << bit
			if _, err := OpenCheckpoint(harmed, s.VerifierKey()); err == nil {
				t.Fatalf("byte %d bit %d may be flipped: %q", i, bit, harmed)
			}
		}
	}
	twice, err := SignCheckpoint(c, other)
	if err != nil {
		t.Fatal(err)
	}
	_, sig, _ := strings.Cut(string(twice), "\n\n")
	for _, more := range []string{string(signed) + sig, string(signed) + "\n", " " + string(signed)} {
		if _, err := OpenCheckpoint([]byte(more), s.VerifierKey()); err == nil {
			t.Errorf("accepted %q", more)
		}
	}
	for name, text := range map[string]string{
		"size zero":      strings.Replace(c.text(), "\n3\n", "\n0\n", 1),
		"leading zero":   strings.Replace(c.text(), "\n3\n", "\n03\n", 1),
		"negative":       strings.Replace(c.text(), "\n3\n", "\n-3\n", 1),
		"no root":        Origin(orgA) + "\n3\n",
		"other origin":   strings.Replace(c.text(), "surrealm/", "elsewhere/", 1),
		"no origin":      strings.Replace(c.text(), "surrealm/", "", 1),
		"unknown line":   c.text() + "more\n",
		"other time":     strings.Replace(c.text(), "12:00:00Z", "12:00:00+00:00", 1),
		"unnamed time":   strings.Replace(c.text(), "time ", "", 1),
		"seal of bundle": sealText(orgA, make([]byte, 32)),
	} {
		signed, err := SignNote(text, s)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := OpenCheckpoint(signed, s.VerifierKey()); err == nil {
			t.Errorf("%s is accepted: %+v", name, got)
		}
	}
	if _, err := SignCheckpoint(Checkpoint{Origin: "x", Size: 1, Root: Hash{}, Time: time.Time{}}, s); err == nil {
		t.Error("a checkpoint that cannot be read back is signed")
	}
	if _, err := SignCheckpoint(c, Signer{}); err == nil {
		t.Error("signed without a key")
	}
}

func TestKeyNamesAreShort(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"surrealm+6c662c43+AbKutSY65UL0": "surrealm+6c662c43",
		"surrealm+0fd116ae+Ad+l5KZ7+Rk/": "surrealm+0fd116ae", // base64 has plus signs of its own
		"surrealm+0fd116ae":              "(no key)",
		"+0fd116ae+Ad":                   "(no key)",
		"":                               "(no key)",
	} {
		if got := KeyName(key); got != want {
			t.Errorf("%q is called %q", key, got)
		}
	}
}
