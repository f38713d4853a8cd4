package auditlog

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/iotest"
)

func rowSeq(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// bundleOf writes rows as a bundle of organisation A, with checkpoints signed over honest.
func bundleOf(t testing.TB, s Signer, rows, honest []Row, sizes ...int) []byte {
	t.Helper()
	var checkpoints []SignedCheckpoint
	for _, size := range sizes {
		checkpoints = append(checkpoints, signed(t, s, checkpointOf(t, orgA, honest, size)))
	}
	var b bytes.Buffer
	if _, err := WriteBundle(&b, export(rows, checkpoints), s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func export(rows []Row, checkpoints []SignedCheckpoint) Export {
	return Export{
		Org: orgA, Slug: "acme", Name: "Acme <&> \"Söhne\"\u2028", ExportedAt: noon,
		Checkpoints: checkpoints, Rows: rowSeq(rows),
	}
}

func check(t testing.TB, bundle []byte, opts VerifyOptions) Report {
	t.Helper()
	r, err := VerifyBundle(bytes.NewReader(bundle), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnHonestBundleVerifies(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 30, nil)
	r := check(t, bundleOf(t, s, rows, rows, 20, 10), VerifyOptions{TrustedKey: s.VerifierKey()})
	if !r.OK() || r.Entries != 30 || r.CheckpointsVerified != 2 || r.LastCheckpoint.Size != 20 || r.NewerThanCheckpoint != 10 || !r.KeyTrusted || !r.SealHolds {
		t.Fatalf("%+v", r)
	}
	if !r.From.Equal(entryOf(t, rows[0]).At) || !r.To.Equal(entryOf(t, rows[29]).At) {
		t.Fatalf("from %v to %v", r.From, r.To)
	}
	text := strings.Join(r.Lines(), "\n")
	for _, want := range []string{"The audit log is whole.", "1 to 30", "2, the last over 20", "10 entries", "that you trust"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	untrusted := check(t, bundleOf(t, s, rows[:11], rows, 10), VerifyOptions{})
	if text := strings.Join(untrusted.Lines(), "\n"); !untrusted.OK() || !strings.Contains(text, "1 entry") || !strings.Contains(text, "Compare it with") {
		t.Errorf("without a trusted key:\n%s", text)
	}
}

// The file in testdata was also verified by a program in another language with another Ed25519 and
// SHA-256. It must verify for ever: people keep bundles.
func TestABundleFromTheBeginningStillVerifies(t *testing.T) {
	t.Parallel()
	old, err := os.ReadFile("testdata/bundle.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	r := check(t, old, VerifyOptions{TrustedKey: "surrealm+160b1f09+AWi1eAyAwF3ls7WGYJNM5Fmi1mBMrIiNTm2vdx/pb4PV"})
	if !r.OK() || r.Entries != 5 || r.CheckpointsVerified != 2 || r.Manifest.Root.String() != "bsbC00d0rXDZGFn0SHa/7VANpPHZrRwFBLcTQRGD32Y=" {
		t.Fatalf("%+v", r)
	}
}

func TestAnEmptyLogHasABundle(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	r := check(t, bundleOf(t, s, nil, nil), VerifyOptions{TrustedKey: s.VerifierKey()})
	if !r.OK() || r.Entries != 0 || r.NewerThanCheckpoint != 0 || len(r.Lines()) < 3 {
		t.Fatalf("%+v", r)
	}
	rows := chain(t, orgA, 3, nil)
	cut := check(t, bundleOf(t, s, nil, rows, 3), VerifyOptions{})
	if cut.OK() || cut.FirstBad.Seq != 1 {
		t.Fatalf("all entries removed: %+v", cut.FirstBad)
	}
}

func TestOtherFilesAreNotBundles(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 2, nil)
	good := string(bundleOf(t, s, rows, rows))
	for name, file := range map[string]string{
		"empty":         "",
		"text":          "hello\n",
		"no newline":    good[:20],
		"other version": strings.Replace(good, "bundle.v1", "bundle.v2", 1),
		"space":         strings.Replace(good, `"org":`, `"org": `, 1),
		"negative":      strings.Replace(good, `"entries":2`, `"entries":-2`, 1),
		"first":         strings.Replace(good, `"first_seq":1`, `"first_seq":2`, 1),
		"org":           strings.Replace(good, orgA, "acme", 1),
	} {
		if _, err := VerifyBundle(strings.NewReader(file), VerifyOptions{}); !errors.Is(err, ErrNotBundle) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFailingReaderIsNotAFault(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 2, nil)
	good := bundleOf(t, s, rows, rows)
	broken := errors.New("disk gone")
	for _, n := range []int{0, len(good) / 2, len(good) - 10} {
		r := io.MultiReader(bytes.NewReader(good[:n]), iotest.ErrReader(broken))
		if _, err := VerifyBundle(r, VerifyOptions{}); !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

func TestWriteBundlePassesErrorsOn(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 3, nil)
	broken := errors.New("connection lost")
	failing := func(yield func(Row, error) bool) {
		_ = yield(rows[0], nil) && yield(Row{}, broken)
	}
	x := export(rows, nil)
	x.Rows = failing
	if _, err := WriteBundle(io.Discard, x, s); !errors.Is(err, broken) {
		t.Errorf("rows: %v", err)
	}
	pass := 0
	x.Rows = func(yield func(Row, error) bool) {
		pass++
		rowSeq(rows[:4-pass])(yield)
	}
	if _, err := WriteBundle(io.Discard, x, s); err == nil || !strings.Contains(err.Error(), "3 entries were counted and 2") {
		t.Errorf("rows went away: %v", err)
	}
	x.Rows = rowSeq(rows)
	if _, err := WriteBundle(io.Discard, x, Signer{}); err == nil {
		t.Error("written without a key")
	}
}

func BenchmarkVerifyBundle(b *testing.B) {
	s := newSigner(b)
	rows := chain(b, orgA, 100_000, nil)
	bundle := bundleOf(b, s, rows, rows, 50_000, 99_900)
	b.SetBytes(int64(len(bundle)))
	b.ReportAllocs()
	for b.Loop() {
		if r := check(b, bundle, VerifyOptions{}); !r.OK() {
			b.Fatal(r.FirstBad)
		}
	}
}
