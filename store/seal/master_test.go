package seal

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"surrealm/store/keyfile"
)

func TestAnotherMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	m := masterOf(t, countingKey())
	other := countingKey()
	other[0] ^= 1
	wrapped, err := m.WrapKey(orgA)
	if err != nil {
		t.Fatal(err)
	}
	_, err = masterOf(t, other).Open(orgA, wrapped)
	if !errors.Is(err, ErrWrongKey) || !strings.Contains(err.Error(), m.ID()) {
		t.Fatalf("%v", err)
	}
}

func TestRewrapKeepsTheSecrets(t *testing.T) {
	t.Parallel()
	m, nextKey := masterOf(t, countingKey()), countingKey()
	nextKey[5] = 200
	next := masterOf(t, nextKey)
	wrapped, err := m.WrapKey(orgA)
	if err != nil {
		t.Fatal(err)
	}
	k, err := m.Open(orgA, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, k, place, "a secret")
	rewrapped, err := m.Rewrap(orgA, wrapped, next)
	if err != nil {
		t.Fatal(err)
	}
	k2, err := next.Open(orgA, rewrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k2.Open(place, sealed); err != nil || string(got) != "a secret" {
		t.Fatalf("%q, %v", got, err)
	}
	if _, err := m.Open(orgA, rewrapped); !errors.Is(err, ErrWrongKey) {
		t.Errorf("the old master key still opens it: %v", err)
	}
	again, err := m.Rewrap(orgA, rewrapped, next)
	if err != nil || string(again) != string(rewrapped) {
		t.Errorf("a second run: %v", err)
	}
	if _, err := m.Rewrap(orgB, wrapped, next); !errors.Is(err, ErrDamaged) {
		t.Errorf("another organisation: %v", err)
	}
}

func TestTheMasterKeyFileIsKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "master.key")
	first, err := LoadMasterKey(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := LoadMasterKey(path)
	if err != nil || first.ID() != second.ID() || len(first.ID()) != 16 {
		t.Fatalf("%s, %s, %v", first.ID(), second.ID(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadMasterKey(path); !errors.Is(err, keyfile.ErrLoose) {
		t.Fatalf("a key that others may read: %v", err)
	}
}

func TestAMasterKeyIsReadFromText(t *testing.T) {
	t.Parallel()
	key := countingKey()
	want := masterOf(t, key).ID()
	for _, text := range []string{
		hex.EncodeToString(key), strings.ToUpper(hex.EncodeToString(key)),
		base64.StdEncoding.EncodeToString(key), " " + base64.StdEncoding.EncodeToString(key) + "\r\n",
	} {
		if m, err := ParseMasterKey(text); err != nil || m.ID() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	for name, text := range map[string]string{
		"empty": "", "short": hex.EncodeToString(key[:31]), "long": base64.StdEncoding.EncodeToString(append(key, 1)),
		"a word": "correct horse battery staple", "zeros": strings.Repeat("0", 64), "zeros in base64": base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"inner space": hex.EncodeToString(key[:16]) + " " + hex.EncodeToString(key[16:]), "no padding": base64.RawStdEncoding.EncodeToString(key),
	} {
		_, err := ParseMasterKey(text)
		if err == nil {
			t.Errorf("%s is accepted", name)
		} else if len(text) > 8 && strings.Contains(err.Error(), text[:8]) {
			t.Errorf("%s: the error repeats the key: %v", name, err)
		}
	}
	path := filepath.Join(t.TempDir(), "master.key")
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadMasterKey(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a broken file: %v", err)
	}
}
