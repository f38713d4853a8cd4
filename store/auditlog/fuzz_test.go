package auditlog

import (
	"bytes"
	"os"
	"testing"
)

func FuzzParseCheckpoint(f *testing.F) {
	rows := chain(f, orgA, 3, nil)
	f.Add(checkpointOf(f, orgA, rows, 3).text())
	f.Add((Checkpoint{Origin: Origin(orgA), Size: 1}).text())
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseCheckpoint(text); err == nil && c.text() != text {
			t.Fatalf("two texts for one checkpoint: %q", text)
		}
	})
}

// The only bundle that verifies under the key of the one in testdata is that one.
func FuzzVerifyBundle(f *testing.F) {
	good, err := os.ReadFile("testdata/bundle.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	key := "surrealm+160b1f09+AWi1eAyAwF3ls7WGYJNM5Fmi1mBMrIiNTm2vdx/pb4PV"
	f.Add(good)
	f.Add(good[:200])
	f.Add(bytes.Replace(good, []byte(`"checkpoints":2`), []byte(`"checkpoints":9000000000000`), 1))
	f.Fuzz(func(t *testing.T, bundle []byte) {
		r, err := VerifyBundle(bytes.NewReader(bundle), VerifyOptions{TrustedKey: key})
		if err == nil && r.OK() && !bytes.Equal(bundle, good) {
			t.Fatalf("verifies: %q", bundle)
		}
	})
}

// A proof is accepted for the entry it was made for and for no other body, whatever is done to its path.
func FuzzProofCheck(f *testing.F) {
	s := newSigner(f)
	rows := chain(f, orgA, 21, nil)
	tree := treeOf(f, rows)
	c := signed(f, s, checkpointOf(f, orgA, rows, 21))
	for _, seq := range []int64{1, 8, 16, 17, 21} {
		p, err := tree.Prove(seq, c)
		if err != nil {
			f.Fatal(err)
		}
		var path []byte
		for _, hash := range p.Path {
			path = append(path, hash[:]...)
		}
		f.Add(seq, path, rows[seq-1].Body, []byte(p.Checkpoint))
	}
	f.Add(int64(-1), []byte{}, []byte(`{}`), []byte("x\n1\n\n\n"))
	f.Fuzz(func(t *testing.T, seq int64, path, body, note []byte) {
		p := Proof{Seq: seq, Checkpoint: string(note)}
		for ; len(path) >= len(Hash{}); path = path[len(Hash{}):] {
			p.Path = append(p.Path, Hash(path[:len(Hash{})]))
		}
		if _, err := p.Check(orgA, body, s.VerifierKey()); err == nil && (seq < 1 || seq > 21 || !bytes.Equal(body, rows[seq-1].Body)) {
			t.Fatalf("entry %d is proven to be %q", seq, body)
		}
	})
}
