package auditlog

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof shows that one entry is part of the log a checkpoint was signed over, without the rest of the
// log: about twenty hashes for a million entries.
type Proof struct {
	Seq        int64  `json:"seq"`
	Path       []Hash `json:"path"`
	Checkpoint string `json:"checkpoint"` // the signed note
}

// Prove returns the proof that entry seq is among those the checkpoint was signed over.
func (t *Tree) Prove(seq int64, c SignedCheckpoint) (Proof, error) {
	if seq < 1 || seq > c.Size || c.Size > t.size {
		return Proof{}, fmt.Errorf("entry %d is not covered by a checkpoint over %d of %d entries", seq, c.Size, t.size)
	}
	path, err := tlog.ProveRecord(c.Size, seq-1, t)
	if err != nil {
		return Proof{}, fmt.Errorf("prove entry %d: %w", seq, err)
	}
	return Proof{Seq: seq, Path: path, Checkpoint: string(c.Note)}, nil
}

// Check verifies that body is entry Seq of the organisation's log, and returns the checkpoint that
// vouches for it.
func (p Proof) Check(org string, body []byte, verifierKey string) (Checkpoint, error) {
	c, err := OpenCheckpoint([]byte(p.Checkpoint), verifierKey)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint cannot be trusted: %w", err)
	}
	if c.Origin != Origin(org) {
		return Checkpoint{}, errors.New("the checkpoint belongs to another organisation")
	}
	e, err := ParseEntry(body)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the entry cannot be read: %w", err)
	}
	if e.Seq != p.Seq || e.Org != org {
		return Checkpoint{}, errors.New("the proof is about another entry")
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Seq-1, LeafHash(body)); err != nil {
		return Checkpoint{}, errors.New("the entry is not part of the log that the checkpoint was signed over")
	}
	return c, nil
}
