package signature

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"surrealm/store/sop"
)

const graph = `{"edges":[{"condition":null,"from":"ask","id":"e1","label":null,"to":"note"}],"nodes":[` +
	`{"config":{"limit":100,"text":"<b> & \u2028"},"description":"","id":"ask","label":"Ask","type":"INFORMATION_GATHER"},` +
	`{"config":{},"description":"","id":"note","label":"Note","type":"DOCUMENTATION"}]}`

// chainOf makes n versions of one line, the last one with the graph above.
func chainOf(t testing.TB, n int) []VersionRecord {
	t.Helper()
	canonical := []byte(strings.ReplaceAll(graph, `\u2028`, "\u2028"))
	var records []VersionRecord
	previous := ""
	for version := 1; version <= n; version++ {
		r := sop.VersionRecord{Org: orgA, Line: line, Version: version, Title: "Refund <over> 100 €", GraphHash: sop.GraphHash(canonical), Previous: previous}
		if version < n {
			r.GraphHash = sop.GraphHash([]byte{byte(version)})
		}
		previous = sop.VersionHash(r)
		records = append(records, VersionRecord{Version: version, Title: r.Title, GraphHash: r.GraphHash, VersionHash: previous, PreviousHash: r.Previous})
	}
	return records
}

// newFile is version 3 of a line, certified by Ada and approved, as a change to version 2, by Bob.
func newFile(t testing.TB) File {
	t.Helper()
	records := chainOf(t, 3)
	now, base := records[2], records[1]
	certified, approved := certification(), approval()
	certified.GraphHash, certified.VersionHash = now.GraphHash, now.VersionHash
	approved.GraphHash, approved.Version, approved.VersionHash = now.GraphHash, base.Version, base.VersionHash
	approved.Signer, approved.SignerName, approved.Role = bob, "Bob", "OWNER"
	return File{
		Org: orgA, OrgName: "Acme & Söhne", Line: line, SOP: sopID, Version: now, Graph: json.RawMessage(graph), Earlier: records[:2],
		Signatures: []FileSignature{fileSignature(t, signBy(t, fixedKey(t, 1), certified)), fileSignature(t, signBy(t, fixedKey(t, 2), approved))},
	}
}

func fileSignature(t testing.TB, signed Signed) FileSignature {
	t.Helper()
	f, err := NewFileSignature(signed)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func write(t testing.TB, f File) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verify(t testing.TB, f File, trusted ...string) FileReport {
	t.Helper()
	r, err := VerifyFile(bytes.NewReader(write(t, f)), trusted...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnHonestFileVerifies(t *testing.T) {
	t.Parallel()
	r := verify(t, newFile(t))
	text := strings.Join(r.Lines(), "\n")
	if !r.OK() || len(r.Signatures) != 2 || r.KeysTrusted {
		t.Fatal(text)
	}
	for _, want := range []string{
		"every signature holds", "version 3, said to be of Acme & Söhne", "continues 2 earlier versions",
		"Ada Löfgren (REVIEWER) certified this version on 22 November 2026, 12:00 UTC, key SHA256:", "Bob (OWNER) approved the change", "cannot prove whose keys",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	one, two := Fingerprint(fixedKey(t, 1).Public()), Fingerprint(fixedKey(t, 2).Public())
	if r := verify(t, newFile(t), one, two); !r.OK() || !r.KeysTrusted {
		t.Errorf("with trusted keys: %s", strings.Join(r.Lines(), "\n"))
	}
	if r := verify(t, newFile(t), one); r.OK() || r.Signatures[1].Verdict.OK || !strings.Contains(r.Signatures[1].line(), "you trust") {
		t.Error("a key that is not trusted passes")
	}
}

// The file is byte for byte what the first version of this program wrote; its graph hash, version hashes
// and signatures were also verified by a program in another language.
func TestAFileFromTheBeginningStillVerifies(t *testing.T) {
	t.Parallel()
	old, err := os.ReadFile("testdata/version.json")
	if err != nil {
		t.Fatal(err)
	}
	if now := write(t, newFile(t)); !bytes.Equal(now, old) {
		t.Errorf("the form of the file changed:\n%s", now)
	}
	if r, err := VerifyFile(bytes.NewReader(old)); err != nil || !r.OK() {
		t.Errorf("%v %v", r.Lines(), err)
	}
}

func TestAFirstVersionHasNoEarlierOnes(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	f.Version, f.Earlier = chainOf(t, 1)[0], nil
	s := certification()
	s.Version, s.GraphHash, s.VersionHash = 1, f.Version.GraphHash, f.Version.VersionHash
	f.Signatures = []FileSignature{fileSignature(t, signBy(t, fixedKey(t, 1), s))}
	if r := verify(t, f); !r.OK() || !strings.Contains(strings.Join(r.Lines(), " "), "no earlier one") {
		t.Fatal(r.Lines())
	}
}

func TestAChangedFileIsNoticed(t *testing.T) {
	t.Parallel()
	other := chainOf(t, 4)
	for name, c := range map[string]struct {
		harm   func(f *File)
		reason string
	}{
		"graph":                {func(f *File) { f.Graph = json.RawMessage(strings.Replace(graph, "100", "1000", 1)) }, "graph of version 3"},
		"graph and its hash":   {changeGraph, "does not match its own hash"},
		"title":                {func(f *File) { f.Version.Title = "Pay" }, "does not match its own hash"},
		"number":               {func(f *File) { f.Version.Version = 4 }, "does not match its own hash"},
		"organisation":         {func(f *File) { f.Org = orgB }, "does not match its own hash"},
		"line":                 {func(f *File) { f.Line = sopID }, "does not match its own hash"},
		"version id":           {func(f *File) { f.SOP = line }, "another record of the version"},
		"earlier one dropped":  {func(f *File) { f.Earlier = f.Earlier[1:] }, "continues a version that is missing"},
		"last earlier dropped": {func(f *File) { f.Earlier = f.Earlier[:1] }, "does not continue version 1"},
		"earlier title":        {func(f *File) { f.Earlier[0].Title = "Pay" }, "Version 1 does not match"},
		"later version": {func(f *File) {
			f.Version, f.Earlier = other[3], other[:3]
			f.Earlier[2].GraphHash = sop.GraphHash([]byte{3})
		}, "version 3, not version 4"},
		"signature":           {func(f *File) { f.Signatures[0].Signature[0] ^= 1 }, "does not belong to the statement"},
		"signatures swapped":  {func(f *File) { swapSignatures(f.Signatures) }, "does not belong to the statement"},
		"public key":          {func(f *File) { f.Signatures[0].PublicKey[0] ^= 1 }, "another key"},
		"short public key":    {func(f *File) { f.Signatures[0].PublicKey = nil }, "right length"},
		"statement":           {func(f *File) { edit(f, `"REVIEWER"`, `"OWNER"`) }, "does not belong to the statement"},
		"statement's form":    {func(f *File) { f.Signatures[0].Statement += " " }, "canonical form"},
		"no statement":        {func(f *File) { f.Signatures[0].Statement = "" }, "known form"},
		"name":                {func(f *File) { f.Signatures[0].SignerName = "Eve" }, "another name"},
		"twice the same":      {func(f *File) { f.Signatures = append(f.Signatures, f.Signatures[0]) }, "twice"},
		"state without time":  {func(f *File) { f.Signatures[0].KeyState = Revoked }, "contradicts itself"},
		"time without state":  {func(f *File) { f.Signatures[0].RevokedAt = &noon }, "revoked"},
		"approval of another": {func(f *File) { foreignApproval(t, f) }, "does not continue"},
		"key of two people":   {func(f *File) { sameKey(t, f) }, "two people"},
		"signatures dropped":  {func(f *File) { f.Signatures = nil }, "no signature"},
		"graph is not JSON":   {func(f *File) { f.Graph = json.RawMessage(`{"a":1,"a":1}`) }, "cannot be read"},
	} {
		f := newFile(t)
		c.harm(&f)
		if r := verify(t, f); r.OK() || !strings.Contains(strings.Join(r.Lines(), "\n"), c.reason) {
			t.Errorf("%s: %s", name, strings.Join(r.Lines(), "\n"))
		}
	}
}

// changeGraph is an attacker who also corrects the graph's hash, but not the version's.
func changeGraph(f *File) {
	f.Graph = json.RawMessage(`{"edges":[],"nodes":[]}`)
	f.Version.GraphHash = sop.GraphHash(f.Graph)
}

func swapSignatures(s []FileSignature) {
	s[0].Signature, s[1].Signature = s[1].Signature, s[0].Signature
}

func edit(f *File, old, new string) {
	f.Signatures[0].Statement = strings.Replace(f.Signatures[0].Statement, old, new, 1)
}

// foreignApproval carries Bob's approval of the same text on another line of thought: a base version
// that is not in this version's history.
func foreignApproval(t testing.TB, f *File) {
	s, err := ParseStatement([]byte(f.Signatures[1].Statement))
	if err != nil {
		t.Fatal(err)
	}
	s.VersionHash = strings.Repeat("ef", 32)
	f.Signatures[1] = fileSignature(t, signBy(t, fixedKey(t, 2), s))
}

func sameKey(t testing.TB, f *File) {
	s, err := ParseStatement([]byte(f.Signatures[1].Statement))
	if err != nil {
		t.Fatal(err)
	}
	f.Signatures[1] = fileSignature(t, signBy(t, fixedKey(t, 1), s))
}

func TestTheFileCarriesTheKeysHistory(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	signed := Signed{Statement: []byte(f.Signatures[0].Statement), Signature: f.Signatures[0].Signature, Key: Key{Public: f.Signatures[0].PublicKey, Owner: ada}}
	signed.Key.RetiredAt = noon.Add(time.Hour)
	f.Signatures[0] = fileSignature(t, signed)
	if r := verify(t, f); !r.OK() || f.Signatures[0].KeyState != Retired {
		t.Errorf("retired later: %v", r.Lines())
	}
	signed.Key.RevokedAt, signed.Key.RevokeReason = noon.Add(2*time.Hour), "Laptop stolen"
	f.Signatures[0] = fileSignature(t, signed)
	r := verify(t, f)
	if text := strings.Join(r.Lines(), "\n"); r.OK() || !r.Signatures[0].Verdict.Genuine || !strings.Contains(text, "1 of 2") || !strings.Contains(text, "Laptop stolen") {
		t.Errorf("revoked: %s", text)
	}
	if _, err := NewFileSignature(Signed{}); err == nil {
		t.Error("an empty signature becomes part of a file")
	}
}

func TestAVerdictAgainstIsNoSupport(t *testing.T) {
	t.Parallel()
	for _, d := range []Decision{Reject, RequestChanges} {
		f := newFile(t)
		s, err := ParseStatement([]byte(f.Signatures[1].Statement))
		if err != nil {
			t.Fatal(err)
		}
		s.Decision = d
		f.Signatures = []FileSignature{fileSignature(t, signBy(t, fixedKey(t, 2), s))}
		if r := verify(t, f); r.OK() || !r.Signatures[0].Verdict.OK || !strings.Contains(r.Lines()[0], "nobody has certified") {
			t.Errorf("%s: %v", d, r.Lines())
		}
	}
}

func TestOtherFilesAreRefused(t *testing.T) {
	t.Parallel()
	good := string(write(t, newFile(t)))
	for name, text := range map[string]string{
		"empty": "", "list": "[]", "object": "{}", "trailing": good + "{}",
		"other format":  strings.Replace(good, "signatures.v1", "signatures.v2", 1),
		"unknown field": strings.Replace(good, `"org":`, `"extra": 1, "org":`, 1),
		"half":          good[:len(good)/2],
		"too long":      good + strings.Repeat(" ", maxFile),
	} {
		if _, err := VerifyFile(strings.NewReader(text)); !errors.Is(err, ErrNotFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("disk gone")
	if _, err := VerifyFile(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// Whatever byte of a file is changed: either it shows, or nothing that was signed or hashed changed.
func TestNoSignedByteOfAFileCanChange(t *testing.T) {
	t.Parallel()
	f := newFile(t)
	good := write(t, f)
	rapid.Check(t, func(t *rapid.T) {
		bad := bytes.Clone(good)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		r, err := VerifyFile(bytes.NewReader(bad))
		if err != nil || !r.OK() {
			return
		}
		same := r.File.Version == f.Version && r.File.Org == f.Org && r.File.Line == f.Line && r.File.SOP == f.SOP
		for i, s := range r.Signatures {
			want, err := ParseStatement([]byte(f.Signatures[i].Statement))
			same = same && err == nil && s.Verdict.Statement == want
		}
		if !same {
			t.Fatalf("not noticed:\n%s", bad)
		}
	})
}
