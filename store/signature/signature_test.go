package signature

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const (
	orgA     = "0192f0c1-1111-7000-8000-000000000001"
	orgB     = "0192f0c1-2222-7000-8000-000000000002"
	line     = "0192f0c1-3333-7000-8000-000000000003"
	sopID    = "0192f0c1-4444-7000-8000-000000000004"
	proposal = "0192f0c1-5555-7000-8000-000000000005"
	ada      = "0192f0c1-aaaa-7000-8000-00000000000a"
	bob      = "0192f0c1-bbbb-7000-8000-00000000000b"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)

func fixedKey(t testing.TB, fill byte) PrivateKey {
	t.Helper()
	priv, err := ParsePrivateKey(bytes.Repeat([]byte{fill}, ed25519.SeedSize))
	if err != nil {
		t.Fatal(err)
	}
	return priv
}

func certification() Statement {
	return Statement{
		Org: orgA, Line: line, SOP: sopID, Proposal: "", Version: 3, Revision: 2, Title: "Refund <over> 100 €",
		GraphHash: strings.Repeat("ab", 32), VersionHash: strings.Repeat("cd", 32), Role: "REVIEWER", Decision: Certify,
		Signer: ada, SignerName: "Ada Löfgren", Reason: "", KeyFingerprint: "", SignedAt: noon,
	}
}

func approval() Statement {
	s := certification()
	s.Decision, s.Proposal, s.Reason = Approve, proposal, "Clearer than before."
	return s
}

func expect(s Statement) Expected {
	return Expected{
		Org: s.Org, Line: s.Line, SOP: s.SOP, Proposal: s.Proposal, Version: s.Version, Revision: s.Revision, Title: s.Title,
		GraphHash: s.GraphHash, VersionHash: s.VersionHash, Decision: s.Decision, Signer: s.Signer, Reason: s.Reason,
	}
}

func signBy(t testing.TB, priv PrivateKey, s Statement) Signed {
	t.Helper()
	statement, sig, err := Sign(priv, s)
	if err != nil {
		t.Fatal(err)
	}
	return Signed{Statement: statement, Signature: sig, Key: Key{Public: priv.Public(), Owner: s.Signer}}
}

func TestASignatureHoldsForWhatItIsAbout(t *testing.T) {
	t.Parallel()
	for _, s := range []Statement{certification(), approval()} {
		v := Check(signBy(t, fixedKey(t, 1), s), expect(s))
		if !v.OK || !v.Genuine || v.Reason != "" || v.Statement.SignerName != "Ada Löfgren" || !v.Statement.SignedAt.Equal(noon) {
			t.Fatalf("%+v", v)
		}
	}
}

// The signature was also verified with openssl pkeyutl -verify -rawin over these exact bytes.
func TestGoldenSignature(t *testing.T) {
	t.Parallel()
	const (
		statement = `{"decision":"APPROVE","domain":"surrealm.signature.v1","graph_hash":"abababababababababababababababababababababababababababababababab","key_fingerprint":"SHA256:/oEsEvOrTOasXbaaw1L5BssbEe9D+zPiUu9/9VImOIk","line":"0192f0c1-3333-7000-8000-000000000003","org":"0192f0c1-1111-7000-8000-000000000001",` +
			`"proposal":"0192f0c1-5555-7000-8000-000000000005","reason":"Clearer than before.","revision":2,"role":"REVIEWER","signed_at":"2026-11-22T12:00:00.123456Z","signer":"0192f0c1-aaaa-7000-8000-00000000000a","signer_name":"Ada Löfgren","sop":"0192f0c1-4444-7000-8000-000000000004","title":"Refund <over> 100 €","version":3,"version_hash":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"}`
		public      = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
		sig         = "dfb2e0c8db0c1008a2f015f526c0cd8bbdbf14eb9bee76568ceff8e698929cf5c39f8ed8864e12dd9ae53a3ff4f6e8d60bb4eaba5d6871bc9657d67dd2ff5607"
		fingerprint = "SHA256:/oEsEvOrTOasXbaaw1L5BssbEe9D+zPiUu9/9VImOIk"
	)
	got := signBy(t, fixedKey(t, 7), approval())
	if string(got.Statement) != statement {
		t.Errorf("statement %s", got.Statement)
	}
	if hex.EncodeToString(got.Key.Public) != public || hex.EncodeToString(got.Signature) != sig || Fingerprint(got.Key.Public) != fingerprint {
		t.Errorf("key %x, signature %x, fingerprint %s", got.Key.Public, got.Signature, Fingerprint(got.Key.Public))
	}
}

func TestAMovedSignatureDoesNotHold(t *testing.T) {
	t.Parallel()
	s := approval()
	signed := signBy(t, fixedKey(t, 1), s)
	for name, c := range map[string]struct {
		move   func(e *Expected)
		reason string
	}{
		"organisation":   {func(e *Expected) { e.Org = orgB }, "another organisation"},
		"line":           {func(e *Expected) { e.Line = sopID }, "another SOP"},
		"version record": {func(e *Expected) { e.SOP = line }, "another record"},
		"proposal":       {func(e *Expected) { e.Proposal = sopID }, "another proposal"},
		"no proposal":    {func(e *Expected) { e.Proposal = "" }, "another proposal"},
		"version":        {func(e *Expected) { e.Version = 4 }, "version 3, not version 4"},
		"revision":       {func(e *Expected) { e.Revision = 3 }, "revision 2, not revision 3"},
		"title":          {func(e *Expected) { e.Title += "." }, "another title"},
		"graph":          {func(e *Expected) { e.GraphHash = e.VersionHash }, "another graph"},
		"version hash":   {func(e *Expected) { e.VersionHash = e.GraphHash }, "another version hash"},
		"person":         {func(e *Expected) { e.Signer = bob }, "another person"},
		"decision":       {func(e *Expected) { e.Decision = Reject }, "APPROVE, not REJECT"},
		"reason":         {func(e *Expected) { e.Reason = "Fine." }, "another reason"},
		"nothing":        {func(e *Expected) { *e = Expected{} }, "another organisation"},
	} {
		want := expect(s)
		c.move(&want)
		if v := Check(signed, want); v.OK || v.Genuine || !strings.Contains(v.Reason, c.reason) {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAStatementEditedToFitDoesNotHold(t *testing.T) {
	t.Parallel()
	priv := fixedKey(t, 1)
	for name, edit := range map[string]func(s *Statement){
		"organisation": func(s *Statement) { s.Org = orgB }, "line": func(s *Statement) { s.Line = sopID },
		"version record": func(s *Statement) { s.SOP = line }, "proposal": func(s *Statement) { s.Proposal = sopID },
		"version": func(s *Statement) { s.Version++ }, "revision": func(s *Statement) { s.Revision++ },
		"title": func(s *Statement) { s.Title += " " }, "graph": func(s *Statement) { s.GraphHash = strings.Repeat("00", 32) },
		"version hash": func(s *Statement) { s.VersionHash = strings.Repeat("00", 32) }, "role": func(s *Statement) { s.Role = "OWNER" },
		"decision": func(s *Statement) { s.Decision = Reject }, "signer": func(s *Statement) { s.Signer = bob },
		"name": func(s *Statement) { s.SignerName = "Bob" }, "reason": func(s *Statement) { s.Reason = "" },
		"time": func(s *Statement) { s.SignedAt = s.SignedAt.Add(time.Microsecond) },
	} {
		s := approval()
		signed := signBy(t, priv, s)
		edit(&s)
		s.KeyFingerprint = Fingerprint(priv.Public())
		edited, err := s.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		signed.Statement, signed.Key.Owner = edited, s.Signer
		if v := Check(signed, expect(s)); v.OK || v.Genuine {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAnotherKeyDoesNotVerify(t *testing.T) {
	t.Parallel()
	s := certification()
	signed, other := signBy(t, fixedKey(t, 1), s), fixedKey(t, 2)
	swapped := signed
	swapped.Key.Public = other.Public()
	if v := Check(swapped, expect(s)); v.OK || !strings.Contains(v.Reason, "another key") {
		t.Errorf("key swapped: %+v", v)
	}
	// Bob signs in Ada's name with his own key.
	forged := signBy(t, other, s)
	forged.Key.Owner = bob
	if v := Check(forged, expect(s)); v.OK || v.Genuine || !strings.Contains(v.Reason, "another person") {
		t.Errorf("in another's name: %+v", v)
	}
	for name, bad := range map[string]Signed{
		"no key":          {signed.Statement, signed.Signature, Key{Owner: ada}},
		"short signature": {signed.Statement, signed.Signature[:63], signed.Key},
		"no statement":    {nil, signed.Signature, signed.Key},
	} {
		if v := Check(bad, expect(s)); v.OK || v.Reason == "" {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestEveryChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	s := approval()
	signed := signBy(t, fixedKey(t, 1), s)
	rapid.Check(t, func(t *rapid.T) {
		statement, sig := bytes.Clone(signed.Statement), bytes.Clone(signed.Signature)
		target := statement
		if rapid.Bool().Draw(t, "signature") {
			target = sig
		}
		target[rapid.IntRange(0, len(target)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := Verify(signed.Key.Public, statement, sig); err == nil {
			t.Fatalf("not noticed: %s", statement)
		}
	})
}

func TestTheKeysStateDecides(t *testing.T) {
	t.Parallel()
	s := certification()
	signed := signBy(t, fixedKey(t, 1), s)
	for name, c := range map[string]struct {
		key    func(k *Key)
		state  KeyState
		ok     bool
		reason string
	}{
		"live":                  {func(*Key) {}, Live, true, ""},
		"retired later":         {func(k *Key) { k.RetiredAt = noon.Add(time.Hour) }, Retired, true, ""},
		"retired at the moment": {func(k *Key) { k.RetiredAt = noon }, Retired, true, ""},
		"retired before":        {func(k *Key) { k.RetiredAt = noon.Add(-time.Hour) }, Retired, false, "dated after its key was retired"},
		"revoked later": {func(k *Key) { k.RevokedAt, k.RevokeReason = noon.Add(24*time.Hour), "Laptop stolen" }, Revoked, false,
			"revoked on 23 November 2026, 12:00 UTC: Laptop stolen"},
		"revoked, no reason":  {func(k *Key) { k.RevokedAt = noon }, Revoked, false, "genuine, but its key was revoked"},
		"retired and revoked": {func(k *Key) { k.RetiredAt, k.RevokedAt = noon.Add(time.Hour), noon.Add(2*time.Hour) }, Revoked, false, "revoked"},
	} {
		signed := signed
		c.key(&signed.Key)
		v := Check(signed, expect(s))
		if signed.Key.State() != c.state || v.OK != c.ok || !v.Genuine || !strings.Contains(v.Reason, c.reason) || (v.Reason == "") != c.ok {
			t.Errorf("%s: %s, %+v", name, signed.Key.State(), v)
		}
	}
}

func TestKeysComeBackFromTheirBytes(t *testing.T) {
	t.Parallel()
	priv, err := GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParsePrivateKey(priv.Bytes())
	if err != nil || !again.Public().Equal(priv.Public()) {
		t.Fatal(err)
	}
	for _, n := range []int{0, 31, 33, 64} {
		if _, err := ParsePrivateKey(make([]byte, n)); err == nil {
			t.Errorf("%d bytes are a key", n)
		}
	}
	if _, _, err := Sign(PrivateKey{}, certification()); err == nil {
		t.Error("signed without a key")
	}
}

func TestPrivateKeysAreNeverPrinted(t *testing.T) {
	t.Parallel()
	priv := fixedKey(t, 0x41) // AAAA…
	nested := struct {
		priv PrivateKey
		List []PrivateKey
	}{priv, []PrivateKey{priv}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", priv, "all", nested)
	asJSON, err := json.Marshal(map[string]any{"key": priv, "all": nested})
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{log.String(), string(asJSON), fmt.Errorf("%v: %w", priv, errors.New("x")).Error()}
	for verb := range strings.FieldsSeq("%v %+v %#v %s %q %x %X %d %b %o %t %c %U %p %e") {
		for _, arg := range []any{priv, &priv, nested, &nested, []any{nested}} {
			texts = append(texts, fmt.Sprintf(verb, arg))
		}
	}
	for _, text := range texts {
		for _, secret := range []string{"AAAA", "41414141", "65 65 65", "0x41, 0x41", "QUFB", "65, 65", "101 101", "1000001 1000001", "U+0041"} {
			if strings.Contains(text, secret) {
				t.Errorf("the key is in %q", text)
			}
		}
	}
}
