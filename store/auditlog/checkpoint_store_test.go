package auditlog

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func treeOf(t testing.TB, rows []Row) *Tree {
	t.Helper()
	tree := &Tree{}
	for _, r := range rows {
		if err := tree.Append(Hash(r.Hash)); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

func newStore(t testing.TB) (*CheckpointStore, string) {
	t.Helper()
	dir := t.TempDir()
	return NewCheckpointStore(dir, newSigner(t)), dir
}

func mustSign(t testing.TB, s *CheckpointStore, org string, log Roots) SignedCheckpoint {
	t.Helper()
	c, err := s.Sign(org, log, noon)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCheckpointsAreKeptInOrder(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	rows := chain(t, orgA, 120, nil)
	if c, err := store.Latest(orgA); err != nil || c.Size != 0 {
		t.Fatalf("a new store: %+v, %v", c, err)
	}
	for _, n := range []int{5, 90, 100, 120} {
		mustSign(t, store, orgA, treeOf(t, rows[:n]))
	}
	again := mustSign(t, store, orgA, treeOf(t, rows))
	all, err := store.All(orgA)
	if err != nil || len(all) != 4 || all[0].Size != 5 || all[3].Size != 120 || string(again.Note) != string(all[3].Note) {
		t.Fatalf("%d checkpoints, %v", len(all), err)
	}
	if latest, err := store.Latest(orgA); err != nil || latest.Size != 120 {
		t.Fatalf("latest: %+v, %v", latest, err)
	}
	if other, err := store.All(orgB); err != nil || len(other) != 0 {
		t.Fatalf("another organisation has %d, %v", len(other), err)
	}
	if _, err := os.Stat(filepath.Join(dir, "audit", orgA, "100.checkpoint")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Sign(orgB, &Tree{}, noon); !errors.Is(err, ErrEmptyLog) {
		t.Fatalf("empty log: %v", err)
	}
	if _, err := store.Sign("../"+orgB, treeOf(t, rows), noon); err == nil {
		t.Fatal("a path is accepted as an organisation")
	}
}

func TestAClockSetBackDoesNotShow(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t)
	rows := chain(t, orgA, 4, nil)
	mustSign(t, store, orgA, treeOf(t, rows[:2]))
	c, err := store.Sign(orgA, treeOf(t, rows), noon.Add(-time.Hour))
	if err != nil || !c.Time.Equal(noon) {
		t.Fatalf("%v, %v", c.Time, err)
	}
}

func TestADamagedLogIsNotSigned(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t)
	rows := chain(t, orgA, 20, nil)
	mustSign(t, store, orgA, treeOf(t, rows[:10]))

	rebuilt := cloneRows(rows)
	e := entryOf(t, rebuilt[3])
	e.ActorName = "Eve"
	rebuilt[3] = rowOf(t, e)
	relink(t, rebuilt, 4)
	var fault *Fault
	if _, err := store.Sign(orgA, treeOf(t, rebuilt), noon); !errors.As(err, &fault) || !strings.Contains(fault.Reason, "rebuilt") {
		t.Fatalf("rebuilt: %v", err)
	}
	if _, err := store.Sign(orgA, treeOf(t, rows[:8]), noon); !errors.Is(err, ErrBehind) {
		t.Fatalf("cut: %v", err)
	}
	if latest, err := store.Latest(orgA); err != nil || latest.Size != 10 {
		t.Fatalf("a checkpoint was added: %+v, %v", latest, err)
	}
}

func TestAVerifierThatSawTheLastCheckpointMaySign(t *testing.T) {
	t.Parallel()
	store, _ := newStore(t)
	rows := chain(t, orgA, 20, nil)
	first := mustSign(t, store, orgA, treeOf(t, rows[:10]))

	blind, seeing := NewVerifier(orgA), NewVerifier(orgA)
	if err := seeing.Expect(first.Checkpoint); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := errors.Join(blind.Add(r), seeing.Add(r)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Sign(orgA, blind, noon); !errors.Is(err, ErrRootUnknown) {
		t.Fatalf("a verifier without the last checkpoint: %v", err)
	}
	second := mustSign(t, store, orgA, seeing)
	if second.Size != 20 || second.Root != treeOf(t, rows).Root() {
		t.Fatalf("%+v", second)
	}
}

func TestAChangedCheckpointFileIsAFault(t *testing.T) {
	t.Parallel()
	store, dir := newStore(t)
	rows := chain(t, orgA, 3, nil)
	c := mustSign(t, store, orgA, treeOf(t, rows[:2]))
	path := func(org, name string) string { return filepath.Join(dir, "audit", org, name) }
	if err := os.MkdirAll(path(orgB, ""), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, attack := range map[string]struct{ org, file, content string }{
		"other size":         {orgA, "3.checkpoint", string(c.Note)},
		"other organisation": {orgB, "2.checkpoint", string(c.Note)},
		"changed":            {orgA, "2.checkpoint", strings.Replace(string(c.Note), "\n2\n", "\n3\n", 1)},
		"empty":              {orgA, "2.checkpoint", ""},
	} {
		if err := os.WriteFile(path(attack.org, attack.file), []byte(attack.content), 0o600); err != nil {
			t.Fatal(err)
		}
		var fault *Fault
		if _, err := store.All(attack.org); !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
		}
		if err := os.Remove(path(attack.org, attack.file)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProcessesThatSignTogetherKeepOneHistory(t *testing.T) {
	t.Parallel()
	dir, signer := t.TempDir(), newSigner(t)
	rows := chain(t, orgA, 64, nil)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			own := NewCheckpointStore(dir, signer)
			for n := 1 + i; n <= len(rows); n += 8 {
				// A process that lags behind is told so; it is neither an alarm nor a second history.
				if _, err := own.Sign(orgA, treeOf(t, rows[:n]), noon); err != nil && !errors.Is(err, ErrBehind) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	all, err := NewCheckpointStore(dir, signer).All(orgA)
	if err != nil || all[len(all)-1].Size != 64 {
		t.Fatalf("%d checkpoints, %v", len(all), err)
	}
	checkpoints := make([]Checkpoint, len(all))
	for i, c := range all {
		checkpoints[i] = c.Checkpoint
	}
	if f := verify(t, orgA, rows, checkpoints...); f != nil {
		t.Fatal(f)
	}
}
