package auditlog

import (
	"fmt"
	"time"
)

// Report is the outcome of VerifyBundle.
type Report struct {
	Manifest            Manifest
	Entries             int64  // checked and found whole
	FirstBad            *Fault // nil when everything holds
	From, To            time.Time
	CheckpointsVerified int
	LastCheckpoint      Checkpoint // the greatest one that held; zero when none did
	NewerThanCheckpoint int64      // entries that no checkpoint covers
	KeyTrusted          bool       // the key was given by the person checking
	SealHolds           bool       // the file is exactly what was exported
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return r.FirstBad == nil }

// Lines returns the report in plain sentences, the verdict first.
func (r Report) Lines() []string {
	m := r.Manifest
	lines := []string{r.verdict(), fmt.Sprintf("Organisation: %s (%s, %s), exported %s.", m.Name, m.Slug, m.Org, stamp(m.ExportedAt))}
	if r.Entries > 0 {
		lines = append(lines, fmt.Sprintf("Entries checked: 1 to %d, from %s to %s.", r.Entries, stamp(r.From), stamp(r.To)))
	}
	if !r.OK() && r.SealHolds {
		lines = append(lines, "The file is exactly what was exported: the damage was in the log by then.")
	}
	switch {
	case r.CheckpointsVerified > 0:
		lines = append(lines, fmt.Sprintf("Signed checkpoints that hold: %d, the last over %d entries%s.",
			r.CheckpointsVerified, r.LastCheckpoint.Size, signedAt(r.LastCheckpoint.Time)))
	case r.OK():
		lines = append(lines, "No signed checkpoint was checked: whether all of the log was rebuilt, this bundle cannot show.")
	}
	if r.NewerThanCheckpoint > 0 && r.OK() {
		lines = append(lines, fmt.Sprintf("Newer than the last checkpoint: %s. Had more been removed before the export, this bundle would not show it.",
			count(r.NewerThanCheckpoint)))
	}
	if r.KeyTrusted {
		return append(lines, fmt.Sprintf("Key: %s, the one that you trust.", KeyName(m.VerifierKey)))
	}
	return append(lines, fmt.Sprintf("Key: %s, taken from the bundle itself. Compare it with the one that you were given: %s", KeyName(m.VerifierKey), m.VerifierKey))
}

func (r Report) verdict() string {
	if r.OK() {
		return "The audit log is whole."
	}
	if r.FirstBad.Seq > 0 {
		return fmt.Sprintf("The audit log is NOT whole. First bad entry: %d. %s", r.FirstBad.Seq, r.FirstBad.Reason)
	}
	return "The audit log is NOT proven. " + r.FirstBad.Reason
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func signedAt(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", signed " + stamp(t)
}

func count(n int64) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}
