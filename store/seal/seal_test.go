package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	orgA = "0192f0c1-1111-7000-8000-000000000001"
	orgB = "0192f0c1-2222-7000-8000-000000000002"
)

var place = AAD{Org: orgA, Table: "signing_keys", Column: "sealed_private_key", Row: "row-1"}

// countingKey is 01 02 … 20.
func countingKey() []byte {
	key := make([]byte, keySize)
	for i := range key {
		key[i] = byte(i + 1)
	}
	return key
}

func masterOf(t testing.TB, key []byte) Master {
	t.Helper()
	m, err := ParseMasterKey(base64.StdEncoding.EncodeToString(key))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newKey(t testing.TB, m Master, org string) DataKey {
	t.Helper()
	wrapped, err := m.WrapKey(org)
	if err != nil {
		t.Fatal(err)
	}
	k, err := m.Open(org, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func mustSeal(t testing.TB, k DataKey, aad AAD, plaintext string) []byte {
	t.Helper()
	sealed, err := k.Seal(aad, []byte(plaintext))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestASecretComesBack(t *testing.T) {
	t.Parallel()
	k := newKey(t, masterOf(t, countingKey()), orgA)
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "secret")
		sealed, err := k.Seal(place, secret)
		if err != nil {
			t.Fatal(err)
		}
		if len(secret) > 8 && bytes.Contains(sealed, secret) {
			t.Fatal("the secret is readable")
		}
		got, err := k.Open(place, sealed)
		if err != nil || !bytes.Equal(got, secret) {
			t.Fatalf("%q, %v", got, err)
		}
	})
	if bytes.Equal(mustSeal(t, k, place, "x"), mustSeal(t, k, place, "x")) {
		t.Fatal("sealing twice gives the same bytes")
	}
}

// The values were made by another implementation (Node's crypto, which is OpenSSL).
func TestGoldenValues(t *testing.T) {
	t.Parallel()
	const (
		wrappedHex = "01ae216c2ef5247a37070707070707070707070707153dd4af90118d10a183d28d8ac767731b28a12226bf6b78155024f6c5f4c4f48633905578694399cb589fdf8b731969"
		sealedHex  = "011865c00831e73f7e0909090909090909090909090510b2b69830d9cee6d4e280f0a2eb10f2baa3d7afbc4bcd"
	)
	wrapped, err := hex.DecodeString(wrappedHex)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := hex.DecodeString(sealedHex)
	if err != nil {
		t.Fatal(err)
	}
	k, err := masterOf(t, countingKey()).Open(orgA, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open(place, sealed); err != nil || string(got) != "a secret" {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestAMovedSecretDoesNotOpen(t *testing.T) {
	t.Parallel()
	m := masterOf(t, countingKey())
	wrapped, err := m.WrapKey(orgA)
	if err != nil {
		t.Fatal(err)
	}
	a, err := m.Open(orgA, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, a, place, "a secret")
	for name, aad := range map[string]AAD{
		"row":            {orgA, place.Table, place.Column, "row-2"},
		"column":         {orgA, place.Table, "public_key", place.Row},
		"table":          {orgA, "webhooks", place.Column, place.Row},
		"shifted border": {orgA, place.Table + "s", place.Column[1:], place.Row},
	} {
		if _, err := a.Open(aad, sealed); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := newKey(t, m, orgB)
	if _, err := b.Open(AAD{orgB, place.Table, place.Column, place.Row}, sealed); !errors.Is(err, ErrWrongKey) {
		t.Errorf("another organisation's key: %v", err)
	}
	if _, err := b.Open(place, sealed); err == nil {
		t.Error("another organisation's key with the first one's place opens it")
	}
	if _, err := m.Open(orgB, wrapped); !errors.Is(err, ErrDamaged) {
		t.Errorf("a wrapped key moved to another organisation: %v", err)
	}
	// The same data key under another organisation's name, which only a bug could produce.
	stolen := DataKey{box: a.box, org: orgB}
	if _, err := stolen.Open(AAD{orgB, place.Table, place.Column, place.Row}, sealed); !errors.Is(err, ErrDamaged) {
		t.Errorf("organisation: %v", err)
	}
}

func TestAPlaceMustBeFullyNamed(t *testing.T) {
	t.Parallel()
	m := masterOf(t, countingKey())
	k := newKey(t, m, orgA)
	for _, aad := range []AAD{{}, {orgA, "", "c", "r"}, {orgA, "t", "", "r"}, {orgA, "t", "c", ""}, {"", "t", "c", "r"}, {orgB, "t", "c", "r"}} {
		if _, err := k.Seal(aad, []byte("x")); err == nil {
			t.Errorf("sealed for %+v", aad)
		}
	}
	if _, err := m.WrapKey(""); err == nil {
		t.Error("wrapped a key for nobody")
	}
	if _, err := (DataKey{}).Seal(place, nil); err == nil {
		t.Error("sealed without a key")
	}
	if _, err := (Master{}).WrapKey(orgA); err == nil {
		t.Error("wrapped without a key")
	}
	if _, err := (DataKey{}).Open(place, nil); err == nil {
		t.Error("opened without a key")
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	m := masterOf(t, countingKey())
	wrapped, err := m.WrapKey(orgA)
	if err != nil {
		t.Fatal(err)
	}
	k, err := m.Open(orgA, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	openValue := func(b []byte) error { _, err := k.Open(place, b); return err }
	openKey := func(b []byte) error { _, err := m.Open(orgA, b); return err }
	for name, c := range map[string]struct {
		sealed []byte
		open   func([]byte) error
	}{"value": {mustSeal(t, k, place, "a secret"), openValue}, "key": {wrapped, openKey}} {
		for i := range c.sealed {
			for bit := range 8 {
				harmed := bytes.Clone(c.sealed)
				harmed[i] ^= 1 << bit
				if c.open(harmed) == nil {
					t.Fatalf("%s: byte %d bit %d may be flipped", name, i, bit)
				}
			}
			if c.open(c.sealed[:i]) == nil || c.open(c.sealed[i+1:]) == nil {
				t.Fatalf("%s: may be cut at %d", name, i)
			}
		}
		if c.open(append(bytes.Clone(c.sealed), 0)) == nil {
			t.Fatalf("%s: may be longer", name)
		}
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	t.Parallel()
	m := masterOf(t, countingKey())
	wrapped, err := m.wrap(orgA, countingKey())
	if err != nil {
		t.Fatal(err)
	}
	k, err := m.Open(orgA, wrapped)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	nested := struct {
		m  Master
		k  *DataKey
		Ks []DataKey
	}{m, &k, []DataKey{k}}
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "m", m, "k", k, "pk", &k, "all", nested)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "m", m, "k", k, "pk", &k, "all", nested)
	asJSON, err := json.Marshal(map[string]any{"m": m, "k": &k, "all": nested})
	if err != nil {
		t.Fatal(err)
	}
	const anyVerb = "%v %+v %#v %s %q %x %X %d %b %o %t %c %U %p %e"
	texts := []string{log.String(), string(asJSON), m.String(), k.String(), fmt.Errorf("%v %w", k, errNoKey).Error()}
	for verb := range strings.FieldsSeq(anyVerb) {
		for _, arg := range []any{m, k, &k, nested, &nested, []any{nested}, map[string]Master{"m": m}} {
			texts = append(texts, fmt.Sprintf(verb, arg))
		}
	}
	secrets := []string{"0102030405", "01020304 05", "1 2 3 4 5", "[1 2 3", "0x1, 0x2, 0x3", "AQIDBAUG", "16909060", "67305985", "4030201", string(countingKey()[:6])}
	for _, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("the key is in %q", text)
			}
		}
	}
	if !strings.Contains(string(asJSON), hidden) || fmt.Sprintf("%v %#v", m, k) != hidden+" "+hidden {
		t.Errorf("not hidden: %s", asJSON)
	}
}
