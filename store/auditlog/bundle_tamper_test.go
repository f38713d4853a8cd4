package auditlog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBundleShowsDamageInTheLog(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	good := chain(t, orgA, 24, nil)
	rebuild := func(i int) []Row {
		rows := cloneRows(good)
		e := entryOf(t, rows[i])
		e.ActorName = "Eve"
		rows[i] = rowOf(t, e)
		relink(t, rows, i+1)
		return rows
	}
	cases := []struct {
		name, reason string
		seq          int64
		rows         []Row
	}{
		{"bit in body", "does not match its hash", 7, harmed(good, func(r []Row) { r[6].Body[50] ^= 1 })},
		{"bit in hash", "does not match its hash", 7, harmed(good, func(r []Row) { r[6].Hash[0] ^= 1 })},
		{"bit in prev", "previous hash", 7, harmed(good, func(r []Row) { r[6].Prev[0] ^= 1 })},
		{"time", "does not match its hash", 7, harmed(good, func(r []Row) {
			r[6].Body = bytes.Replace(r[6].Body, []byte("08:00:07"), []byte("07:00:07"), 1)
		})},
		{"deleted", "Entry 7 is missing", 7, append(cloneRows(good)[:6], good[7:]...)},
		{"swapped", "Entry 7 is missing", 7, harmed(good, func(r []Row) { r[6], r[7] = r[7], r[6] })},
		{"duplicated", "second time", 7, append(cloneRows(good)[:7:7], good[6:]...)},
		{"inserted", "Entry 9 holds the content of entry 8", 9, inserted(t, good)},
		{"cut tail", "only 15 are left", 16, good[:15]},
		{"cut to nothing", "only 0 are left", 1, nil},
		{"rebuilt from 12", "rebuilt: somewhere in entries 11 to 20", 11, rebuild(11)},
		{"rebuilt from 1", "rebuilt: somewhere in entries 1 to 10", 1, rebuild(0)},
		{"old data restored, then used", "rebuilt: somewhere in entries 11 to 20", 11, append(good[:14:14], rebuildTail(t, good[:14], 10)...)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := check(t, bundleOf(t, s, c.rows, good, 10, 20), VerifyOptions{TrustedKey: s.VerifierKey()})
			if r.OK() || r.FirstBad.Seq != c.seq || !strings.Contains(r.FirstBad.Reason, c.reason) {
				t.Fatalf("%+v", r.FirstBad)
			}
			if text := strings.Join(r.Lines(), "\n"); !r.SealHolds || !strings.Contains(text, "damage was in the log by then") {
				t.Fatalf("the file is honest, the log is not:\n%s", text)
			}
		})
	}
}

func harmed(rows []Row, harm func([]Row)) []Row {
	out := cloneRows(rows)
	harm(out)
	return out
}

func inserted(t testing.TB, good []Row) []Row {
	e := entryOf(t, good[7])
	e.Action = "sop.certified"
	out := append(cloneRows(good)[:7:7], rowOf(t, e))
	for _, r := range good[7:] {
		r.Seq++
		out = append(out, r)
	}
	return out
}

// rebuildTail continues old data with n other entries, as an organisation does that goes on working
// on a restored backup.
func rebuildTail(t testing.TB, old []Row, n int) []Row {
	prev := entryOf(t, old[len(old)-1])
	rows := append([]Row(nil), old...)
	for range n {
		e := prev
		e.Seq, e.Prev, e.ActorName, e.At = prev.Seq+1, Hash(rows[len(rows)-1].Hash), "Bob", prev.At.Add(1e9)
		rows = append(rows, rowOf(t, e))
		prev = e
	}
	return rows[len(old):]
}

func TestBundleShowsStrangersKeysAndCheckpoints(t *testing.T) {
	t.Parallel()
	s, stranger := newSigner(t), newSigner(t)
	rows, foreign := chain(t, orgA, 12, nil), chain(t, orgB, 12, nil)
	kept := signed(t, s, checkpointOf(t, orgA, rows, 12)).Note
	write := func(signer Signer, rows []Row, c ...SignedCheckpoint) []byte {
		var b bytes.Buffer
		if _, err := WriteBundle(&b, export(rows, c), signer); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	byStranger := write(stranger, rows, signed(t, stranger, checkpointOf(t, orgA, rows, 10)))
	if r := check(t, byStranger, VerifyOptions{}); !r.OK() {
		t.Fatalf("consistent, and nothing to compare with: %v", r.FirstBad)
	}
	for name, c := range map[string]struct {
		bundle []byte
		opts   VerifyOptions
		reason string
	}{
		"key replaced":                {byStranger, VerifyOptions{TrustedKey: s.VerifierKey()}, "not with the key"},
		"key replaced, kept note":     {byStranger, VerifyOptions{TrustedCheckpoints: [][]byte{kept}}, "does not fit"},
		"stranger's checkpoint":       {write(s, rows, signed(t, stranger, checkpointOf(t, orgA, rows, 10))), VerifyOptions{}, "cannot be trusted"},
		"other tenant's checkpoint":   {write(s, rows, signed(t, s, checkpointOf(t, orgB, foreign, 10))), VerifyOptions{}, "belongs to surrealm/" + orgB},
		"kept one of other tenant":    {write(s, rows), VerifyOptions{TrustedCheckpoints: [][]byte{signed(t, s, checkpointOf(t, orgB, foreign, 10)).Note}}, "belongs to"},
		"old bundle":                  {write(s, rows[:8], signed(t, s, checkpointOf(t, orgA, rows, 8))), VerifyOptions{TrustedCheckpoints: [][]byte{kept}}, "only 8 are left"},
		"checkpoints twice":           {write(s, rows, signed(t, s, checkpointOf(t, orgA, rows, 8)), signed(t, s, checkpointOf(t, orgA, rows, 8))), VerifyOptions{}, "not in order"},
		"other tenant's entries":      {write(s, foreign), VerifyOptions{}, "another organisation"},
		"kept one is not a note":      {write(s, rows), VerifyOptions{TrustedCheckpoints: [][]byte{[]byte("x")}}, "not a signed note"},
		"trusted key is not one":      {write(s, rows), VerifyOptions{TrustedKey: "x"}, "(no key)"},
		"checkpoint of another split": {write(s, rows, signed(t, s, checkpointOf(t, orgA, rebuildAll(t, rows), 10))), VerifyOptions{}, "rebuilt"},
	} {
		if r := check(t, c.bundle, c.opts); r.OK() || !strings.Contains(r.FirstBad.Reason, c.reason) {
			t.Errorf("%s: %+v", name, r.FirstBad)
		}
	}
}

func rebuildAll(t testing.TB, rows []Row) []Row {
	out := cloneRows(rows)
	e := entryOf(t, out[0])
	e.ActorName = "Eve"
	out[0] = rowOf(t, e)
	relink(t, out, 1)
	return out
}

// reseal writes lines as a file whose seal is signed by s, as someone who holds the key could.
func reseal(t testing.TB, s Signer, org string, lines []string) []byte {
	content := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(content))
	n, err := SignNote(sealText(org, sum[:]), s)
	if err != nil {
		t.Fatal(err)
	}
	line, err := encodeLine(sealLine{string(n)})
	if err != nil {
		t.Fatal(err)
	}
	return append([]byte(content), line...)
}

func TestBundleShowsDamageToTheFile(t *testing.T) {
	t.Parallel()
	s, stranger := newSigner(t), newSigner(t)
	rows := chain(t, orgA, 12, nil)
	good := bundleOf(t, s, rows, rows, 10)
	lines := strings.SplitAfter(strings.TrimSuffix(string(good), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	body := lines[:len(lines)-1]
	edit := func(i int, old, new string) []string {
		out := append([]string(nil), body...)
		out[i] = strings.Replace(out[i], old, new, 1)
		if out[i] == body[i] {
			t.Fatalf("%q is not in line %d", old, i)
		}
		return out
	}
	for name, c := range map[string]struct {
		bundle []byte
		seq    int64
		reason string
	}{
		"last entry cut":           {[]byte(strings.Join(append(body[:len(body)-1:len(body)-1], lines[len(lines)-1]), "")), 12, "cannot be read"},
		"seal cut":                 {[]byte(strings.Join(body, "")), 0, "ends too early"},
		"end cut":                  {[]byte(strings.Join(body[:9], "")), 8, "Entry 8 is missing"},
		"middle of a line":         {good[:len(good)-700], 0, ""},
		"last newline":             {good[:len(good)-1], 0, "middle of a line"},
		"more after the seal":      {append(good[:len(good):len(good)], "{}\n"...), 0, "goes on"},
		"seal twice":               {append(good[:len(good):len(good)], lines[len(lines)-1]...), 0, "goes on"},
		"name changed":             {[]byte(strings.Replace(string(good), "Acme", "Acne", 1)), 0, "changed after it was exported"},
		"stranger's seal":          {reseal(t, stranger, orgA, body), 0, "seal of the bundle cannot be trusted"},
		"seal of another org":      {reseal(t, s, orgB, body), 0, "other content"},
		"long line":                {append([]byte(strings.Join(body[:5], "")), strings.Repeat("x", MaxLine+1)...), 4, "more than"},
		"checkpoint line dropped":  {reseal(t, s, orgA, append([]string{body[0]}, body[2:]...)), 0, "Checkpoint 1"},
		"space in an entry":        {reseal(t, s, orgA, edit(4, `,"body"`, `, "body"`)), 3, "cannot be read"},
		"upper-case hash":          {reseal(t, s, orgA, edit(4, hexOf(rows[2].Hash), strings.ToUpper(hexOf(rows[2].Hash)))), 3, "cannot be read"},
		"field added to an entry":  {reseal(t, s, orgA, edit(4, "\"}\n", "\",\"x\":1}\n")), 3, "cannot be read"},
		"plus before the number":   {reseal(t, s, orgA, edit(4, `"seq":3`, `"seq":+3`)), 3, "cannot be read"},
		"space in a checkpoint":    {reseal(t, s, orgA, edit(1, `":"`, `": "`)), 0, "cannot be read"},
		"other root in the claims": {reseal(t, s, orgA, edit(0, Hash(treeOf(t, rows).Root()).String(), Hash{}.String())), 0, "describes another log"},
	} {
		r := check(t, c.bundle, VerifyOptions{TrustedKey: s.VerifierKey()})
		if r.OK() || c.seq > 0 && r.FirstBad.Seq != c.seq || !strings.Contains(r.FirstBad.Reason, c.reason) {
			t.Errorf("%s: %+v", name, r.FirstBad)
		}
	}
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

// Any change to any byte of a bundle shows, with or without a trusted key.
func TestNoByteOfABundleIsNeutral(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 4, nil)
	good := bundleOf(t, s, rows, rows, 2)
	detected := func(bundle []byte, opts VerifyOptions) bool {
		r, err := VerifyBundle(bytes.NewReader(bundle), opts)
		return err != nil || !r.OK()
	}
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(good)-1).Draw(t, "at")
		opts := VerifyOptions{}
		if rapid.Bool().Draw(t, "trusted") {
			opts.TrustedKey = s.VerifierKey()
		}
		b := rapid.Byte().Draw(t, "byte")
		var bad []byte
		switch rapid.SampledFrom([]string{"replace", "insert", "delete", "cut", "swap"}).Draw(t, "kind") {
		case "replace":
			bad = append([]byte(nil), good...)
			bad[i] = b
		case "insert":
			bad = append(append(append([]byte(nil), good[:i]...), b), good[i:]...)
		case "delete":
			bad = append(append([]byte(nil), good[:i]...), good[i+1:]...)
		case "cut":
			bad = good[:i]
		case "swap":
			j := rapid.IntRange(0, len(good)-1).Draw(t, "with")
			bad = append([]byte(nil), good...)
			bad[i], bad[j] = bad[j], bad[i]
		}
		if !bytes.Equal(bad, good) && !detected(bad, opts) {
			t.Fatalf("not detected at byte %d", i)
		}
	})
	seal := bytes.LastIndex(good[:len(good)-1], []byte("\n")) + 1
	for i := seal; i < len(good); i++ { // the one line that the seal itself does not cover
		for bit := range 8 {
			bad := append([]byte(nil), good...)
			if bad[i] ^= 1 << bit; !detected(bad, VerifyOptions{}) {
				t.Fatalf("seal: byte %d bit %d may be flipped", i-seal, bit)
			}
		}
	}
}
