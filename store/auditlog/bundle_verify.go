package auditlog

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
)

// ErrNotBundle says that a file is something else than a bundle.
var ErrNotBundle = errors.New("this is not a Surrealm audit bundle")

// VerifyOptions is what the person checking a bundle knows from elsewhere. Both may be empty, but a
// bundle alone cannot prove that it was not made by someone with another key.
type VerifyOptions struct {
	TrustedKey         string   // the verifier key, received by another way than the bundle
	TrustedCheckpoints [][]byte // signed checkpoints kept from earlier, for instance from a mail
}

// VerifyBundle checks a bundle without any database and in memory that does not grow with its entries.
// What is wrong with the log or the file is in the report; an error means that there was nothing to
// check: the file could not be read or is not a bundle.
func VerifyBundle(r io.Reader, opts VerifyOptions) (Report, error) {
	c := &bundleCheck{lines: newLineReader(r), opts: opts}
	if err := c.manifest(); err != nil {
		return Report{}, err
	}
	err := c.contents()
	var fault *Fault
	if err != nil && !errors.As(err, &fault) {
		return Report{}, err
	}
	if c.report.FirstBad = fault; fault != nil && !c.report.SealHolds {
		c.report.SealHolds = c.sealAfterFault()
	}
	c.finish()
	return c.report, nil
}

type bundleCheck struct {
	lines    *lineReader
	opts     VerifyOptions
	report   Report
	verifier *Verifier
	key      string
	promises []Checkpoint
}

func (c *bundleCheck) manifest() error {
	line, err := c.lines.next()
	var fault *Fault
	if err == io.EOF || errors.As(err, &fault) || err == nil && !bytes.HasPrefix(line, []byte(`{"format":"surrealm.audit.bundle.`)) {
		return ErrNotBundle
	}
	if err != nil {
		return err
	}
	var m Manifest
	if err := decodeLine(line, &m); err != nil {
		return fmt.Errorf("%w: its first line: %w", ErrNotBundle, err)
	}
	if m.Format != BundleFormat {
		return fmt.Errorf("%w of the form %s that this program knows", ErrNotBundle, BundleFormat)
	}
	if !isUUID(m.Org) || m.Entries < 0 || m.Checkpoints < 0 || m.FirstSeq != min(1, m.Entries) || m.LastSeq != m.Entries {
		return fmt.Errorf("%w: its first line contradicts itself", ErrNotBundle)
	}
	c.report.Manifest = m
	c.verifier = NewVerifier(m.Org)
	c.key = cmp.Or(c.opts.TrustedKey, m.VerifierKey)
	return nil
}

// contents checks everything after the manifest and stops at the first fault.
func (c *bundleCheck) contents() error {
	m := c.report.Manifest
	if c.key != m.VerifierKey {
		return faultf(0, "The bundle is signed with the key %s, not with the key %s that you trust.", KeyName(m.VerifierKey), KeyName(c.key))
	}
	for _, step := range []func() error{c.trustedCheckpoints, c.checkpoints, c.expect, c.entries, c.seal} {
		if err := step(); err != nil {
			return err
		}
	}
	last, _ := c.verifier.Last()
	if c.verifier.Root() != m.Root || hex.EncodeToString(last[:]) != m.LastHash {
		return faultf(0, "The first line of the bundle describes another log than the bundle holds.")
	}
	return nil
}

func (c *bundleCheck) trustedCheckpoints() error {
	for _, signed := range c.opts.TrustedCheckpoints {
		cp, err := OpenCheckpoint(signed, c.key)
		if err != nil {
			return faultf(0, "A checkpoint that you kept does not fit the bundle's key: %v.", err)
		}
		c.promises = append(c.promises, cp)
	}
	return nil
}

func (c *bundleCheck) checkpoints() error {
	previous := int64(0)
	for n := range c.report.Manifest.Checkpoints {
		line, err := c.line()
		if err != nil {
			return err
		}
		var l checkpointLine
		if err := decodeLine(line, &l); err != nil {
			return faultf(0, "Checkpoint %d of the bundle cannot be read: %v.", n+1, err)
		}
		cp, err := OpenCheckpoint([]byte(l.Checkpoint), c.key)
		if err != nil {
			return faultf(0, "Checkpoint %d of the bundle cannot be trusted: %v.", n+1, err)
		}
		if cp.Size <= previous {
			return faultf(0, "Checkpoint %d of the bundle is not in order.", n+1)
		}
		previous = cp.Size
		c.promises = append(c.promises, cp)
	}
	return nil
}

func (c *bundleCheck) expect() error {
	slices.SortStableFunc(c.promises, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	for _, cp := range c.promises {
		if err := c.verifier.Expect(cp); err != nil {
			return err
		}
	}
	return nil
}

func (c *bundleCheck) entries() error {
	for seq := int64(1); seq <= c.report.Manifest.Entries; seq++ {
		line, err := c.line()
		if err != nil {
			return at(seq, err)
		}
		row, err := parseEntryLine(line)
		if err != nil {
			return faultf(seq, "Entry %d cannot be read: %v.", seq, err)
		}
		if err := c.verifier.Add(row); err != nil {
			return err
		}
		_, c.report.To = c.verifier.Last()
		if seq == 1 {
			c.report.From = c.report.To
		}
	}
	return c.verifier.Finish()
}

// line is the next line of a file that must not end yet.
func (c *bundleCheck) line() ([]byte, error) {
	line, err := c.lines.next()
	if err == io.EOF {
		return nil, faultf(0, "The bundle ends too early: its end is missing.")
	}
	return line, err
}

func (c *bundleCheck) finish() {
	c.report.Entries = c.verifier.Size()
	c.report.KeyTrusted = c.opts.TrustedKey != ""
	c.report.CheckpointsVerified = c.verifier.kept
	for _, cp := range c.promises[:c.verifier.kept] {
		c.report.LastCheckpoint = cp
	}
	c.report.NewerThanCheckpoint = c.report.Entries - c.report.LastCheckpoint.Size
}

// at names the entry at which a file that is itself broken stops.
func at(seq int64, err error) error {
	var fault *Fault
	if errors.As(err, &fault) && fault.Seq == 0 {
		return faultf(seq, "Entry %d is missing. %s", seq, fault.Reason)
	}
	return err
}
