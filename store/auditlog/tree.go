package auditlog

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrRootUnknown says that the root at an earlier size was asked of something that kept no history.
var ErrRootUnknown = errors.New("the earlier hashes were not kept")

// Roots is anything that knows the root of a log at its present size and at earlier ones.
type Roots interface {
	Size() int64
	Root() Hash
	RootAt(size int64) (Hash, error)
}

// Tree keeps every hash of a log (64 bytes an entry) and so knows the root at any size and can prove
// that an entry belongs to it. Append the entries' hashes in order. The zero Tree is empty.
type Tree struct {
	size   int64
	hashes []Hash // in tlog's storage order
}

// Append adds the hash of the next entry.
func (t *Tree) Append(leaf Hash) error {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	if err != nil {
		return fmt.Errorf("append to the tree: %w", err)
	}
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return nil
}

// Size returns the number of entries.
func (t *Tree) Size() int64 { return t.size }

// Root returns the root over all entries.
func (t *Tree) Root() Hash {
	root, err := t.RootAt(t.size)
	if err != nil {
		panic(err) // the tree's own size is always known
	}
	return root
}

// RootAt returns the root over the first size entries.
func (t *Tree) RootAt(size int64) (Hash, error) {
	if size < 0 || size > t.size {
		return Hash{}, fmt.Errorf("root at size %d of a log of %d", size, t.size)
	}
	return tlog.TreeHash(size, t)
}

// ReadHashes makes a Tree a tlog.HashReader.
func (t *Tree) ReadHashes(indexes []int64) ([]Hash, error) {
	out := make([]Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(t.hashes)) {
			return nil, fmt.Errorf("hash %d is not in a log of %d", index, t.size)
		}
		out[i] = t.hashes[index]
	}
	return out, nil
}

// frontier is the least state from which a growing tree's root can be computed: the roots of its
// complete subtrees, largest first, one for each bit of its size.
type frontier struct {
	size  int64
	roots []Hash
}

func (f *frontier) add(leaf Hash) {
	for n := f.size; n&1 == 1; n >>= 1 {
		last := len(f.roots) - 1
		leaf = tlog.NodeHash(f.roots[last], leaf)
		f.roots = f.roots[:last]
	}
	f.roots = append(f.roots, leaf)
	f.size++
}

func (f *frontier) root() Hash {
	if f.size == 0 {
		root, _ := tlog.TreeHash(0, nil) // reads nothing, so it cannot fail
		return root
	}
	root := f.roots[len(f.roots)-1]
	for i := len(f.roots) - 2; i >= 0; i-- {
		root = tlog.NodeHash(f.roots[i], root)
	}
	return root
}
