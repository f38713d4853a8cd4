package auditlog

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestEveryEntryIsProvenUnderEveryCheckpoint(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 33, nil)
	tree := treeOf(t, rows)
	for size := 1; size <= len(rows); size++ {
		c := signed(t, s, checkpointOf(t, orgA, rows, size))
		for seq := 1; seq <= size; seq++ {
			p, err := tree.Prove(int64(seq), c)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.Check(orgA, rows[seq-1].Body, s.VerifierKey()); err != nil || got != c.Checkpoint {
				t.Fatalf("entry %d under %d: %v", seq, size, err)
			}
		}
	}
}

func signed(t testing.TB, s Signer, c Checkpoint) SignedCheckpoint {
	t.Helper()
	n, err := SignCheckpoint(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return SignedCheckpoint{Checkpoint: c, Note: n}
}

// The ways to falsify a proof follow the probes that transparency-log implementations share.
func TestFalseProofsAreRefused(t *testing.T) {
	t.Parallel()
	s, other := newSigner(t), newSigner(t)
	rows, foreign := chain(t, orgA, 21, nil), chain(t, orgB, 21, nil)
	tree, size := treeOf(t, rows), 19
	c := signed(t, s, checkpointOf(t, orgA, rows, size))
	for seq := 1; seq <= size; seq++ {
		p, err := tree.Prove(int64(seq), c)
		if err != nil {
			t.Fatal(err)
		}
		body := rows[seq-1].Body
		variant := func(change func(q *Proof)) Proof {
			q := Proof{Seq: p.Seq, Path: slices.Clone(p.Path), Checkpoint: p.Checkpoint}
			change(&q)
			return q
		}
		n := len(p.Path)
		bad := map[string]Proof{
			"next entry":        variant(func(q *Proof) { q.Seq++ }),
			"entry zero":        variant(func(q *Proof) { q.Seq = 0 }),
			"beyond the tree":   variant(func(q *Proof) { q.Seq = 20 }),
			"far beyond":        variant(func(q *Proof) { q.Seq += 1 << 32 }),
			"no path":           variant(func(q *Proof) { q.Path = nil }),
			"missing last":      variant(func(q *Proof) { q.Path = q.Path[:n-1] }),
			"missing first":     variant(func(q *Proof) { q.Path = q.Path[1:] }),
			"extra empty":       variant(func(q *Proof) { q.Path = append(q.Path, Hash{}) }),
			"extra root":        variant(func(q *Proof) { q.Path = append(q.Path, c.Root) }),
			"extra leaf before": variant(func(q *Proof) { q.Path = append([]Hash{Hash(rows[seq-1].Hash)}, q.Path...) }),
			"last twice":        variant(func(q *Proof) { q.Path = append(q.Path, q.Path[n-1]) }),
			"bit":               variant(func(q *Proof) { q.Path[n/2][3] ^= 4 }),
			"other size":        variant(func(q *Proof) { q.Checkpoint = string(signed(t, s, checkpointOf(t, orgA, rows, 21)).Note) }),
			"other key":         variant(func(q *Proof) { q.Checkpoint = string(signed(t, other, c.Checkpoint).Note) }),
			"other tenant":      variant(func(q *Proof) { q.Checkpoint = string(signed(t, s, checkpointOf(t, orgB, foreign, size)).Note) }),
			"no checkpoint":     variant(func(q *Proof) { q.Checkpoint = "" }),
		}
		if n > 1 {
			bad["reordered"] = variant(func(q *Proof) { q.Path[0], q.Path[1] = q.Path[1], q.Path[0] })
			bad["reversed"] = variant(func(q *Proof) { slices.Reverse(q.Path) })
		}
		for name, q := range bad {
			if _, err := q.Check(orgA, body, s.VerifierKey()); err == nil {
				t.Errorf("entry %d, %s: accepted", seq, name)
			}
		}
		if _, err := p.Check(orgA, rows[seq%size].Body, s.VerifierKey()); err == nil {
			t.Errorf("entry %d: proves another body", seq)
		}
		if _, err := p.Check(orgB, body, s.VerifierKey()); err == nil {
			t.Errorf("entry %d: proves for another organisation", seq)
		}
	}
	if _, err := tree.Prove(20, c); err == nil {
		t.Error("an entry newer than the checkpoint is proven")
	}
}

func TestAProofTravelsAsJSON(t *testing.T) {
	t.Parallel()
	s := newSigner(t)
	rows := chain(t, orgA, 9, nil)
	p, err := treeOf(t, rows).Prove(4, signed(t, s, checkpointOf(t, orgA, rows, 9)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Proof
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if _, err := back.Check(orgA, rows[3].Body, s.VerifierKey()); err != nil {
		t.Fatal(err)
	}
}
