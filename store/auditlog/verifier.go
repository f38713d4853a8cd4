package auditlog

import (
	"bytes"
	"fmt"
	"time"
)

// Verifier checks a chain as its rows stream past, in memory that grows with the logarithm of their
// number. Feed every row in order to Add, then call Finish. Both return a *Fault for the first bad
// entry; after one, the verifier only repeats it.
//
// A Verifier may be kept and fed new rows later: it is then a cheap way to follow a growing chain.
type Verifier struct {
	org      string
	last     Hash
	lastAt   time.Time
	tree     frontier
	expected []promise // of checkpoints, by size
	kept     int       // how many of expected have been reached and held
	fault    *Fault
}

// promise is what a checkpoint says: at this size the tree has this root.
type promise struct {
	size int64
	root Hash
}

// NewVerifier starts a check of the chain of one organisation.
func NewVerifier(org string) *Verifier { return &Verifier{org: org} }

// Expect makes the verifier hold the chain against a checkpoint, whose signature the caller has
// checked (OpenCheckpoint). Checkpoints are given before the rows they cover, smallest first.
func (v *Verifier) Expect(c Checkpoint) error {
	if c.Origin != Origin(v.org) {
		return faultf(0, "A checkpoint belongs to %s, not to this organisation.", c.Origin)
	}
	if n := len(v.expected); n > 0 && c.Size < v.expected[n-1].size {
		return fmt.Errorf("checkpoints are not in order: size %d after size %d", c.Size, v.expected[n-1].size)
	}
	if c.Size < v.Size() {
		root, err := v.RootAt(c.Size)
		if err != nil {
			return err
		}
		if root != c.Root {
			return v.fail(v.differs(promise{c.Size, c.Root}))
		}
		return nil
	}
	v.expected = append(v.expected, promise{c.Size, c.Root})
	return v.settle()
}

// Add checks the next row: its number, its hash, its link to the row before, its organisation and its
// time. It returns the *Fault as an error, or nil.
func (v *Verifier) Add(r Row) error {
	if v.fault != nil {
		return v.fault
	}
	hash, at, fault := v.checkRow(r)
	if fault != nil {
		return v.fail(fault)
	}
	v.last, v.lastAt = hash, at
	v.tree.add(hash)
	return v.settle()
}

// Finish reports what is missing at the end: a checkpoint promised more entries than there were.
func (v *Verifier) Finish() error {
	if v.fault != nil {
		return v.fault
	}
	if n := len(v.expected); v.kept < n {
		return v.fail(faultf(v.Size()+1, "Entry %d is missing: a checkpoint was signed over %d entries, and only %d are left.",
			v.Size()+1, v.expected[n-1].size, v.Size()))
	}
	return nil
}

// Size returns the number of entries checked so far.
func (v *Verifier) Size() int64 { return v.tree.size }

// Root returns the root of the tree over the entries checked so far.
func (v *Verifier) Root() Hash { return v.tree.root() }

// Last returns the hash and the time of the newest entry checked so far.
func (v *Verifier) Last() (Hash, time.Time) { return v.last, v.lastAt }

// RootAt returns the root at an earlier size. A Verifier keeps no history, so it knows only the
// present size and the sizes given to Expect; a Tree knows them all.
func (v *Verifier) RootAt(size int64) (Hash, error) {
	if size == v.Size() {
		return v.Root(), nil
	}
	for _, p := range v.expected[:v.kept] {
		if p.size == size {
			return p.root, nil
		}
	}
	return Hash{}, fmt.Errorf("root at size %d is not known: %w", size, ErrRootUnknown)
}

func (v *Verifier) checkRow(r Row) (Hash, time.Time, *Fault) {
	want := v.Size() + 1
	if fault := checkSeq(r.Seq, want); fault != nil {
		return Hash{}, time.Time{}, fault
	}
	hash := LeafHash(r.Body)
	if !bytes.Equal(hash[:], r.Hash) {
		return hash, time.Time{}, faultf(want, "Entry %d was changed: its content does not match its hash.", want)
	}
	e, err := ParseEntry(r.Body)
	if err != nil {
		return hash, time.Time{}, faultf(want, "Entry %d cannot be read: %v.", want, err)
	}
	switch {
	case e.Seq != want:
		return hash, e.At, faultf(want, "Entry %d holds the content of entry %d.", want, e.Seq)
	case e.Org != v.org:
		return hash, e.At, faultf(want, "Entry %d belongs to another organisation.", want)
	case !bytes.Equal(r.Prev, e.Prev[:]):
		return hash, e.At, faultf(want, "Entry %d was changed: the previous hash beside it is not the one in its content.", want)
	case e.Prev != v.last:
		return hash, e.At, brokenLink(want)
	case e.At.Before(v.lastAt):
		return hash, e.At, faultf(want, "Entry %d is dated before entry %d.", want, want-1)
	case r.Copies != nil && !r.Copies.match(e):
		return hash, e.At, faultf(want, "Entry %d was changed: the columns kept for searching do not match its content.", want)
	}
	return hash, e.At, nil
}

// settle compares the tree with the checkpoints of exactly its size.
func (v *Verifier) settle() error {
	for v.kept < len(v.expected) && v.expected[v.kept].size == v.Size() {
		if p := v.expected[v.kept]; p.root != v.Root() {
			return v.fail(v.differs(p))
		}
		v.kept++
	}
	return nil
}

// differs blames the first entry after the last checkpoint that held: only a range can be named,
// because the whole chain fits together.
func (v *Verifier) differs(p promise) *Fault {
	first := int64(1)
	for _, held := range v.expected[:v.kept] {
		if held.size < p.size {
			first = held.size + 1
		}
	}
	if first == p.size {
		return faultf(first, "Entry %d was replaced: it is not the entry that the checkpoint of size %d was signed over.", first, p.size)
	}
	return faultf(first, "The log was rebuilt: somewhere in entries %d to %d it is not what the checkpoint of size %d was signed over.", first, p.size, p.size)
}

func (v *Verifier) fail(f *Fault) error {
	v.fault = f
	return f
}

func checkSeq(got, want int64) *Fault {
	switch {
	case got == want:
		return nil
	case got > want && want == 1:
		return faultf(want, "Entry 1 is missing: the log begins with entry %d.", got)
	case got > want:
		return faultf(want, "Entry %d is missing: entry %d follows entry %d.", want, got, want-1)
	default:
		return faultf(got, "Entry %d stands in the log a second time, after entry %d.", got, want-1)
	}
}

// brokenLink is about two entries that are each whole but do not fit. The later one names its
// predecessor as it was when it was written, so the earlier one is the one that changed.
func brokenLink(seq int64) *Fault {
	if seq == 1 {
		return faultf(1, "Entry 1 names an entry before it: the beginning of the log is missing.")
	}
	return faultf(seq-1, "Entry %d was replaced: entry %d was written after another entry %d.", seq-1, seq, seq-1)
}
