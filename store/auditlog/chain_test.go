package auditlog

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

const (
	orgA = "0192f0c1-1111-7000-8000-000000000001"
	orgB = "0192f0c1-2222-7000-8000-000000000002"
	ada  = "0192f0c1-aaaa-7000-8000-00000000000a"
)

// chain builds n rows as the database would. edit may change entry seq before it is hashed.
func chain(t testing.TB, org string, n int, edit func(e *Entry)) []Row {
	t.Helper()
	start := time.Date(2026, 11, 22, 8, 0, 0, 123456000, time.UTC)
	rows := make([]Row, 0, n)
	var prev Hash
	for seq := int64(1); seq <= int64(n); seq++ {
		e := Entry{
			Seq: seq, Prev: prev, Org: org, At: start.Add(time.Duration(seq) * time.Second),
			Actor: ada, ActorName: "Ada \"the\" Löfgren\n", Action: "sop.submitted",
			Object:  Object{ID: fmt.Sprintf("0192f0c1-bbbb-7000-8000-%012d", seq), Label: "Intake <v1> 🧭", Type: "sop"},
			Details: json.RawMessage(`{"from":"DRAFT","to":"REVIEW","version":1}`),
		}
		if edit != nil {
			edit(&e)
		}
		rows = append(rows, rowOf(t, e))
		prev = Hash(rows[seq-1].Hash)
	}
	return rows
}

func rowOf(t testing.TB, e Entry) Row {
	t.Helper()
	body, err := e.Body()
	if err != nil {
		t.Fatal(err)
	}
	hash := LeafHash(body)
	return Row{Seq: e.Seq, Body: body, Hash: hash[:], Prev: append([]byte(nil), e.Prev[:]...)}
}

// relink makes rows from index i on fit together again, as an attacker with all rights would.
func relink(t testing.TB, rows []Row, i int) {
	t.Helper()
	for ; i < len(rows); i++ {
		e := entryOf(t, rows[i])
		e.Seq = int64(i + 1)
		e.Prev = Hash{}
		if i > 0 {
			e.Prev = Hash(rows[i-1].Hash)
		}
		rows[i] = rowOf(t, e)
	}
}

func entryOf(t testing.TB, r Row) Entry {
	t.Helper()
	e, err := ParseEntry(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func cloneRows(rows []Row) []Row {
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = Row{
			Seq: r.Seq, Body: append([]byte(nil), r.Body...),
			Hash: append([]byte(nil), r.Hash...), Prev: append([]byte(nil), r.Prev...),
		}
	}
	return out
}

// verify runs rows through a fresh verifier and returns its fault.
func verify(t testing.TB, org string, rows []Row, checkpoints ...Checkpoint) *Fault {
	t.Helper()
	v := NewVerifier(org)
	err := func() error {
		for _, c := range checkpoints {
			if err := v.Expect(c); err != nil {
				return err
			}
		}
		for _, r := range rows {
			if err := v.Add(r); err != nil {
				return err
			}
		}
		return v.Finish()
	}()
	if err == nil {
		return nil
	}
	fault, ok := err.(*Fault)
	if !ok {
		t.Fatalf("error is not a fault: %v", err)
	}
	return fault
}

func checkpointOf(t testing.TB, org string, rows []Row, size int) Checkpoint {
	t.Helper()
	var tree Tree
	for _, r := range rows[:size] {
		if err := tree.Append(Hash(r.Hash)); err != nil {
			t.Fatal(err)
		}
	}
	return Checkpoint{Origin: Origin(org), Size: int64(size), Root: tree.Root(), Time: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)}
}
