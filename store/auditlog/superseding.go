package auditlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Superseding is a plan to set checkpoints aside. Whoever restores an older copy of a log writes it down before the restore is
// committed, because the checkpoints are in files and the log is in the database: no transaction changes both. It holds from
// the moment at which the log has the entry that tells of the restore, and does no harm when that moment never comes.
type Superseding struct {
	Size int64 // checkpoints over more entries than these are given up
	Next Hash  // of the entry after them
}

// PlanSuperseding keeps a plan, in place of one that was kept before.
func (s *CheckpointStore) PlanSuperseding(org string, plan Superseding) error {
	unlock, err := s.lock(org)
	if err != nil {
		return err
	}
	defer unlock()
	return s.keep(org, s.planPath(org), fmt.Appendf(nil, "%d %x\n", plan.Size, plan.Next[:]))
}

// PlannedSuperseding returns the plan that was neither carried out nor dropped, nil for none.
func (s *CheckpointStore) PlannedSuperseding(org string) (*Superseding, error) {
	text, err := os.ReadFile(s.planPath(org))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var plan Superseding
	var next []byte
	if n, err := fmt.Sscanf(string(text), "%d %x\n", &plan.Size, &next); err != nil || n != 2 || len(next) != len(plan.Next) {
		return nil, faultf(0, "The file %s cannot be read: %q.", s.planPath(org), strings.TrimSpace(string(text)))
	}
	copy(plan.Next[:], next)
	return &plan, nil
}

// DropSuperseding forgets a plan, if there is one: its restore was not committed.
func (s *CheckpointStore) DropSuperseding(org string) error {
	if err := os.Remove(s.planPath(org)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Supersede sets the checkpoints over more than size entries aside, under names that say so, and with that carries out the
// plan: whoever restores an older copy of a log gives up the entries after it, and the checkpoints stay as proof that they
// existed. It may run again when it did not come to its end.
func (s *CheckpointStore) Supersede(org string, size int64) error {
	unlock, err := s.lock(org)
	if err != nil {
		return err
	}
	defer unlock()
	plan, err := s.PlannedSuperseding(org)
	if err != nil || plan == nil || plan.Size != size {
		return err // another process was here first, and may have signed a checkpoint over the log as it is now
	}
	sizes, err := s.sizes(org)
	for _, n := range sizes {
		if n > size && err == nil {
			err = os.Rename(s.path(org, n), fmt.Sprintf("%s.superseded-%d", s.path(org, n), time.Now().Unix()))
		}
	}
	if err != nil {
		return err
	}
	return s.DropSuperseding(org)
}

func (s *CheckpointStore) planPath(org string) string {
	return filepath.Join(s.orgDir(org), "superseding")
}
