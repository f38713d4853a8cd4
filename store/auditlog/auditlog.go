// Package auditlog is the knowledge behind the audit: how one entry looks, how entries form a chain
// that shows tampering, and how anyone can check that chain without our program's database.
//
// Three layers answer three different attacks.
//
//  1. The chain. Every entry carries the hash of the one before it, and its own hash covers its whole
//     body. Changing, deleting, swapping or inserting an entry breaks a link. Verifier walks the rows in
//     order and names the first bad one.
//  2. The tree. The same hashes are the leaves of a Merkle tree as in RFC 6962, so one 32-byte root
//     stands for the whole history, and a Proof shows that one entry is part of it.
//  3. Checkpoints. A chain alone proves nothing against someone who can rewrite all of it or cut its
//     tail. So the root is signed now and then with a key the database never sees, and kept outside the
//     database (CheckpointStore). A rebuilt chain has another root, a cut chain has too few entries.
//
// Entries newer than the last checkpoint are protected by the chain only; reports say how many they are.
//
// A bundle (WriteBundle, VerifyBundle) is all of that in one file of JSON lines that can be handed to
// an outsider. The package holds no SQL and no HTTP.
package auditlog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a SHA-256 value: of an entry, or of a node or the root of the tree.
type Hash = tlog.Hash

// MaxBody is the greatest length of an entry's body in bytes. It keeps a bundle's line under MaxLine.
const MaxBody = 512 << 10

// LeafHash returns the hash of an entry: SHA-256 over a zero byte and the body, the leaf hash of
// RFC 6962. The zero byte keeps an entry from ever being mistaken for an inner node of the tree.
func LeafHash(body []byte) Hash { return tlog.RecordHash(body) }

// Fault names the first bad entry of a log and says in a plain sentence what is wrong with it. Seq 0
// means that the fault is not about one entry, for example a checkpoint signed by a stranger.
type Fault struct {
	Seq    int64
	Reason string
}

// Error returns the sentence, which already names the entry.
func (f *Fault) Error() string { return f.Reason }

func faultf(seq int64, format string, args ...any) *Fault {
	return &Fault{Seq: seq, Reason: fmt.Sprintf(format, args...)}
}
