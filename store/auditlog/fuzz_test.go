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
