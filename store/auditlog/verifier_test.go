package auditlog

import (
	"strings"
	"testing"
	"time"
)

func TestWholeChainVerifies(t *testing.T) {
	t.Parallel()
	rows := chain(t, orgA, 200, nil)
	if f := verify(t, orgA, rows, checkpointOf(t, orgA, rows, 64), checkpointOf(t, orgA, rows, 199)); f != nil {
		t.Fatal(f)
	}
}

func TestTreeAndVerifierAgreeOnEveryRoot(t *testing.T) {
	t.Parallel()
	rows := chain(t, orgA, 130, nil)
	v, tree := NewVerifier(orgA), &Tree{}
	if v.Root() != tree.Root() {
		t.Fatal("empty roots differ")
	}
	for _, r := range rows {
		if err := v.Add(r); err != nil {
			t.Fatal(err)
		}
		if err := tree.Append(Hash(r.Hash)); err != nil {
			t.Fatal(err)
		}
		if v.Root() != tree.Root() {
			t.Fatalf("roots differ at %d", v.Size())
		}
	}
}

func TestVerifierNamesTheFirstBadEntry(t *testing.T) {
	t.Parallel()
	good := chain(t, orgA, 12, nil)
	cases := []struct {
		name   string
		seq    int64
		reason string
		harm   func(rows []Row) []Row
	}{
		{"bit in body", 5, "does not match its hash", func(r []Row) []Row { r[4].Body[40] ^= 1; return r }},
		{"bit in time", 5, "does not match its hash", func(r []Row) []Row {
			r[4].Body = []byte(strings.Replace(string(r[4].Body), "08:00:05", "08:00:06", 1))
			return r
		}},
		{"bit in hash", 5, "does not match its hash", func(r []Row) []Row { r[4].Hash[7] ^= 8; return r }},
		{"bit in prev", 5, "previous hash beside it", func(r []Row) []Row { r[4].Prev[31] ^= 128; return r }},
		{"body and hash of one entry", 5, "was replaced", func(r []Row) []Row {
			e := entryOf(t, r[4])
			e.ActorName = "Eve"
			r[4] = rowOf(t, e)
			return r
		}},
		{"deleted", 5, "Entry 5 is missing", func(r []Row) []Row { return append(r[:4], r[5:]...) }},
		{"first deleted", 1, "begins with entry 2", func(r []Row) []Row { return r[1:] }},
		{"deleted and renumbered", 5, "holds the content of entry 6", func(r []Row) []Row {
			r = append(r[:4], r[5:]...)
			for i := range r {
				r[i].Seq = int64(i + 1)
			}
			return r
		}},
		{"swapped", 5, "Entry 5 is missing", func(r []Row) []Row { r[4], r[5] = r[5], r[4]; return r }},
		{"swapped contents", 5, "holds the content of entry 6", func(r []Row) []Row {
			r[4], r[5] = r[5], r[4]
			r[4].Seq, r[5].Seq = 5, 6
			return r
		}},
		{"duplicated", 5, "a second time", func(r []Row) []Row {
			return append(r[:5:5], r[4:]...)
		}},
		{"inserted", 6, "was replaced", func(r []Row) []Row {
			e := entryOf(t, r[5])
			e.Action = "sop.certified"
			out := append(r[:5:5], rowOf(t, e))
			for _, later := range r[5:] {
				shifted := entryOf(t, later)
				shifted.Seq++
				out = append(out, rowOf(t, shifted))
			}
			return out
		}},
		{"beginning cut and renumbered", 1, "beginning of the log is missing", func(r []Row) []Row {
			e := entryOf(t, r[4])
			e.Seq = 1
			return []Row{rowOf(t, e)}
		}},
		{"another organisation's entry", 3, "another organisation", func(r []Row) []Row {
			e := entryOf(t, r[2])
			e.Org = orgB
			r[2] = rowOf(t, e)
			return r
		}},
		{"time runs back", 7, "dated before", func(r []Row) []Row {
			e := entryOf(t, r[6])
			e.At = e.At.Add(-time.Hour)
			r[6] = rowOf(t, e)
			relink(t, r, 7)
			return r
		}},
		{"not canonical, hashed afresh", 5, "cannot be read", func(r []Row) []Row {
			r[4].Body = append([]byte(" "), r[4].Body...)
			h := LeafHash(r[4].Body)
			r[4].Hash = h[:]
			return r
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fault := verify(t, orgA, c.harm(cloneRows(good)))
			if fault == nil {
				t.Fatal("not detected")
			}
			if fault.Seq != c.seq || !strings.Contains(fault.Reason, c.reason) {
				t.Fatalf("got entry %d: %s", fault.Seq, fault.Reason)
			}
		})
	}
}

func TestColumnsForSearchingAreHeldAgainstTheContent(t *testing.T) {
	t.Parallel()
	rows := chain(t, orgA, 6, nil)
	for i, r := range rows {
		e := entryOf(t, r)
		rows[i].Copies = &Copies{
			At: e.At.In(time.FixedZone("elsewhere", 3600)), Actor: e.Actor, ActorName: e.ActorName, Action: e.Action,
			ObjectType: e.Object.Type, ObjectID: e.Object.ID, ObjectLabel: e.Object.Label,
		}
	}
	if f := verify(t, orgA, rows); f != nil {
		t.Fatal(f)
	}
	for name, harm := range map[string]func(c *Copies){
		"time":   func(c *Copies) { c.At = c.At.Add(time.Microsecond) },
		"actor":  func(c *Copies) { c.Actor = "" },
		"name":   func(c *Copies) { c.ActorName = "Eve" },
		"action": func(c *Copies) { c.Action = "sop.certified" },
		"type":   func(c *Copies) { c.ObjectType = "surrogate" },
		"id":     func(c *Copies) { c.ObjectID = ada },
		"label":  func(c *Copies) { c.ObjectLabel += "." },
	} {
		harmed := cloneRows(rows)
		copies := *rows[3].Copies
		harm(&copies)
		harmed[3].Copies = &copies
		if f := verify(t, orgA, harmed); f == nil || f.Seq != 4 {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestCheckpointsCatchWhatTheChainCannot(t *testing.T) {
	t.Parallel()
	good := chain(t, orgA, 20, nil)
	at5, at10, at20 := checkpointOf(t, orgA, good, 5), checkpointOf(t, orgA, good, 10), checkpointOf(t, orgA, good, 20)
	all := []Checkpoint{at5, at10, at20}

	rebuilt := cloneRows(good)
	e := entryOf(t, rebuilt[7])
	e.ActorName = "Eve"
	rebuilt[7] = rowOf(t, e)
	relink(t, rebuilt, 8)
	if f := verify(t, orgA, rebuilt); f != nil {
		t.Fatalf("the rebuilt chain should fit together: %v", f)
	}
	if f := verify(t, orgA, rebuilt, all...); f == nil || f.Seq != 6 || !strings.Contains(f.Reason, "entries 6 to 10") {
		t.Fatalf("rebuilt: %v", f)
	}
	if f := verify(t, orgA, good[:17], all...); f == nil || f.Seq != 18 || !strings.Contains(f.Reason, "only 17 are left") {
		t.Fatalf("cut tail: %v", f)
	}
	if f := verify(t, orgA, good, checkpointOf(t, orgB, chain(t, orgB, 20, nil), 20)); f == nil || f.Seq != 0 {
		t.Fatalf("another organisation's checkpoint: %v", f)
	}
	// Two histories of the same length, each signed: whoever holds both sees it.
	if f := verify(t, orgA, good, at10, checkpointOf(t, orgA, rebuilt, 10)); f == nil {
		t.Fatal("two checkpoints of one size with different roots pass")
	}
}

func TestVerifierCanBeKeptAndFedLater(t *testing.T) {
	t.Parallel()
	rows := chain(t, orgA, 30, nil)
	v := NewVerifier(orgA)
	for _, r := range rows[:20] {
		if err := v.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.Expect(checkpointOf(t, orgA, rows, 20)); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows[20:] {
		if err := v.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if root, err := v.RootAt(20); err != nil || root != checkpointOf(t, orgA, rows, 20).Root {
		t.Fatal("the root at a checkpoint is forgotten")
	}
	if _, err := v.RootAt(19); err == nil {
		t.Fatal("a root is known that was not kept")
	}
}

func BenchmarkVerify(b *testing.B) {
	rows := chain(b, orgA, 10000, nil)
	b.ResetTimer()
	for b.Loop() {
		if f := verify(b, orgA, rows); f != nil {
			b.Fatal(f)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10000, "µs/entry")
}
