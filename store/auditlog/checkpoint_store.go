package auditlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const checkpointSuffix = ".checkpoint"

// ErrEmptyLog says that a log without entries has nothing to sign.
var ErrEmptyLog = errors.New("the log has no entries yet")

// ErrBehind says that the log at hand is shorter than the last checkpoint. Another process may have
// signed newer entries meanwhile, so this alone is no damage: read the new entries and try again. To
// tell whether entries are gone, call Latest first, give it to Verifier.Expect, then read the rows.
var ErrBehind = errors.New("the log at hand has fewer entries than its last checkpoint")

// SignedCheckpoint is a checkpoint together with the signed note it was read from.
type SignedCheckpoint struct {
	Checkpoint
	Note []byte
}

// CheckpointStore keeps the signed checkpoints of all organisations in the data folder, one small file
// each: audit/<org>/<size>.checkpoint. Files are only ever added, and renamed by Supersede. They are the memory that the database
// cannot rewrite, so they belong on another disk than the database, and into the backups.
type CheckpointStore struct {
	dir    string
	signer Signer
}

// NewCheckpointStore returns the store in a data folder. The signer made the checkpoints in it.
func NewCheckpointStore(dataDir string, s Signer) *CheckpointStore {
	return &CheckpointStore{dir: filepath.Join(dataDir, "audit"), signer: s}
}

// Sign signs the present state of an organisation's log and keeps it. Before that it proves that the
// log still contains everything the last checkpoint was signed over, and returns a *Fault if not: a
// damaged log never gets a fresh signature. Nothing new to sign returns the last checkpoint again.
//
// log is a Tree, or a Verifier that was given the last checkpoint with Expect before the rows; one that
// was not, for instance because another process signed meanwhile, fails with ErrRootUnknown.
func (s *CheckpointStore) Sign(org string, log Roots, now time.Time) (SignedCheckpoint, error) {
	if log.Size() == 0 {
		return SignedCheckpoint{}, ErrEmptyLog
	}
	unlock, err := s.lock(org)
	if err != nil {
		return SignedCheckpoint{}, fmt.Errorf("sign checkpoint: %w", err)
	}
	defer unlock()
	last, err := s.Latest(org)
	if err != nil {
		return SignedCheckpoint{}, err
	}
	if last.Size > 0 {
		if err := continues(last.Checkpoint, log); err != nil {
			return SignedCheckpoint{}, err
		}
	}
	if last.Size == log.Size() {
		return last, nil
	}
	if now = now.UTC().Truncate(time.Second); now.Before(last.Time) {
		now = last.Time // a clock set back must not make history look out of order
	}
	c := Checkpoint{Origin: Origin(org), Size: log.Size(), Root: log.Root(), Time: now}
	signed, err := SignCheckpoint(c, s.signer)
	if err != nil {
		return SignedCheckpoint{}, err
	}
	if err := s.keep(org, s.path(org, c.Size), signed); err != nil {
		return SignedCheckpoint{}, fmt.Errorf("keep checkpoint: %w", err)
	}
	return SignedCheckpoint{Checkpoint: c, Note: signed}, nil
}

// Latest returns the checkpoint over the most entries, or the zero SignedCheckpoint when there is none.
func (s *CheckpointStore) Latest(org string) (SignedCheckpoint, error) {
	sizes, err := s.sizes(org)
	if err != nil || len(sizes) == 0 {
		return SignedCheckpoint{}, err
	}
	return s.read(org, sizes[len(sizes)-1])
}

// All returns every checkpoint of an organisation, smallest first. A file that was changed is a *Fault.
func (s *CheckpointStore) All(org string) ([]SignedCheckpoint, error) {
	sizes, err := s.sizes(org)
	if err != nil {
		return nil, err
	}
	all := make([]SignedCheckpoint, 0, len(sizes))
	for _, size := range sizes {
		c, err := s.read(org, size)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func continues(last Checkpoint, log Roots) error {
	if log.Size() < last.Size {
		return fmt.Errorf("%w: %d and %d", ErrBehind, log.Size(), last.Size)
	}
	root, err := log.RootAt(last.Size)
	if err != nil {
		return fmt.Errorf("compare with the last checkpoint: %w", err)
	}
	if root != last.Root {
		return faultf(1, "The log was rebuilt: somewhere in entries 1 to %d it is not what the last checkpoint was signed over.", last.Size)
	}
	return nil
}

func (s *CheckpointStore) read(org string, size int64) (SignedCheckpoint, error) {
	path := s.path(org, size)
	signed, err := os.ReadFile(path)
	if err != nil {
		return SignedCheckpoint{}, fmt.Errorf("read checkpoint: %w", err)
	}
	c, err := OpenCheckpoint(signed, s.signer.VerifierKey())
	if err != nil {
		return SignedCheckpoint{}, faultf(0, "The checkpoint file %s cannot be trusted: %v.", path, err)
	}
	if c.Size != size || c.Origin != Origin(org) {
		return SignedCheckpoint{}, faultf(0, "The checkpoint file %s holds another checkpoint than its name says.", path)
	}
	return SignedCheckpoint{Checkpoint: c, Note: signed}, nil
}

// sizes lists the checkpoints by name only, so that finding the latest does not read them all.
func (s *CheckpointStore) sizes(org string) ([]int64, error) {
	names, err := os.ReadDir(s.orgDir(org))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list checkpoints: %w", err)
	}
	var sizes []int64
	for _, name := range names {
		digits, ok := strings.CutSuffix(name.Name(), checkpointSuffix)
		size, err := strconv.ParseInt(digits, 10, 64)
		if ok && err == nil && strconv.FormatInt(size, 10) == digits && size > 0 {
			sizes = append(sizes, size)
		}
	}
	slices.Sort(sizes)
	return sizes, nil
}

// keep makes a file appear whole and stay: temporary file, its bytes on disk, its name, the folder on
// disk. The caller holds the lock.
func (s *CheckpointStore) keep(org, path string, content []byte) error {
	tmp, err := os.CreateTemp(s.orgDir(org), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	dir, err := os.Open(s.orgDir(org))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// lock keeps two processes on one data folder from signing at once. The lock is on the folder itself
// and goes away with the process, however it ends.
func (s *CheckpointStore) lock(org string) (unlock func(), err error) {
	if !isUUID(org) {
		return nil, fmt.Errorf("%q is not an organisation's id", org)
	}
	if err := os.MkdirAll(s.orgDir(org), 0o700); err != nil {
		return nil, err
	}
	dir, err := os.Open(s.orgDir(org))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX); err != nil {
		dir.Close()
		return nil, fmt.Errorf("lock %s: %w", dir.Name(), err)
	}
	return func() { dir.Close() }, nil
}

func (s *CheckpointStore) orgDir(org string) string { return filepath.Join(s.dir, filepath.Base(org)) }

func (s *CheckpointStore) path(org string, size int64) string {
	return filepath.Join(s.orgDir(org), strconv.FormatInt(size, 10)+checkpointSuffix)
}
