package auditlog

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"iter"
	"slices"
	"time"
)

// Export says what goes into a bundle. Read the checkpoints before the rows: a checkpoint over entries
// that were added after the rows were read would look like missing entries.
type Export struct {
	Org, Slug, Name string
	ExportedAt      time.Time
	Checkpoints     []SignedCheckpoint
	// Rows yields all rows in order, from the first. It is ranged over twice, first to learn what the
	// manifest must say. Rows added between the two passes are left out.
	Rows iter.Seq2[Row, error]
}

// WriteBundle writes a log as a bundle and returns its manifest. It writes what it is given: a damaged
// log is exported as evidence, and VerifyBundle will name the damage. It holds no row in memory.
func WriteBundle(w io.Writer, x Export, s Signer) (Manifest, error) {
	m, err := x.manifest(s)
	if err != nil {
		return Manifest{}, err
	}
	b := &bundleWriter{to: w, sum: sha256.New()}
	if err := b.value(m); err != nil {
		return Manifest{}, err
	}
	for _, c := range x.sorted() {
		if err := b.value(checkpointLine{string(c.Note)}); err != nil {
			return Manifest{}, err
		}
	}
	if err := b.rows(x.Rows, m.Entries); err != nil {
		return Manifest{}, err
	}
	seal, err := SignNote(sealText(m.Org, b.sum.Sum(nil)), s)
	if err != nil {
		return Manifest{}, err
	}
	return m, b.value(sealLine{string(seal)})
}

// manifest makes the first pass over the rows.
func (x Export) manifest(s Signer) (Manifest, error) {
	var tree frontier
	last := make([]byte, sha256.Size)
	for row, err := range x.Rows {
		if err != nil {
			return Manifest{}, fmt.Errorf("read the audit log: %w", err)
		}
		tree.add(LeafHash(row.Body))
		last = row.Hash
	}
	return Manifest{
		Format: BundleFormat, Org: x.Org, Slug: x.Slug, Name: x.Name,
		ExportedAt: x.ExportedAt.UTC().Truncate(time.Second), Checkpoints: int64(len(x.Checkpoints)),
		Entries: tree.size, FirstSeq: min(1, tree.size), LastSeq: tree.size,
		LastHash: hex.EncodeToString(last), Root: tree.root(), VerifierKey: s.VerifierKey(),
	}, nil
}

func (x Export) sorted() []SignedCheckpoint {
	return slices.SortedFunc(slices.Values(x.Checkpoints), func(a, b SignedCheckpoint) int { return cmp.Compare(a.Size, b.Size) })
}

// bundleWriter writes lines and keeps the sum of them for the seal.
type bundleWriter struct {
	to   io.Writer
	sum  hash.Hash
	line []byte
}

func (b *bundleWriter) value(v any) error {
	line, err := encodeLine(v)
	if err != nil {
		return err
	}
	return b.write(line)
}

func (b *bundleWriter) rows(rows iter.Seq2[Row, error], count int64) error {
	written := int64(0)
	for row, err := range rows {
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if written == count {
			break
		}
		b.line = appendEntryLine(b.line[:0], row)
		if err := b.write(b.line); err != nil {
			return err
		}
		written++
	}
	if written != count {
		return fmt.Errorf("write the bundle: %d entries were counted and %d are there now", count, written)
	}
	return nil
}

func (b *bundleWriter) write(line []byte) error {
	if len(line) > MaxLine {
		return fmt.Errorf("write the bundle: an entry or name is too long for a line of %d bytes", MaxLine)
	}
	b.sum.Write(line)
	if _, err := b.to.Write(line); err != nil {
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}
