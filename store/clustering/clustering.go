// Package clustering finds groups among signals and draws the map of a realm. It holds no SQL and no
// HTTP: callers hand it items and get groups, reasons and coordinates back.
//
// Three ways to group, each a function: Thematic (what the texts are about), Temporal (gaps in time) and
// Spatial (distance on the ground). They share one path:
//
//  1. What people decided (Constraints) ties items into blocks that always move as one, and says which
//     blocks must never meet (blocks.go).
//  2. The method partitions the blocks (louvain.go, linkage.go) and never joins two that must not meet.
//  3. Groups take over the identity of the known clusters they continue, pinned items go to their
//     cluster, and what is too small to be a group is honestly left unclustered (identity.go).
//  4. Every group gets its terms and every member its confidence and the facts that explain it.
//
// Thematic and Project both start from Nearest, the graph of each item's nearest neighbours, so a caller
// computes it once. Everything is deterministic: the same items, in any order, and the same seed give the
// same answer whatever the number of processors. Every function that can take long checks its context
// and reports progress.
package clustering

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Item is one signal as the machine sees it.
type Item struct {
	ID uuid.UUID
	// Vector is the embedding; its length does not matter, it is normalised here. Nil means not
	// embedded yet: no thematic group and no place on the map. All items must come from one model.
	Vector []float32
	At     time.Time // zero means unknown: no temporal group
	Place  *Place    // nil means unknown: no spatial group
	Text   string    // what terms are taken from; may be empty
}

// Place is a position on the earth in degrees.
type Place struct{ Lat, Lon float64 }

// Known is a cluster of an earlier run, whose identity should live on.
type Known struct {
	ID      uuid.UUID
	Members []uuid.UUID
}

// Options tune a run. The zero value is good: every zero field takes the default named here.
type Options struct {
	// Floor is the cosine similarity under which two items are not related at all, 0.45; see FloorFor. It
	// is raised to what half of all pairs reach, at most to 0.6.
	Floor float64
	// Resolution is how fine thematic groups are: above 1 more and smaller ones. 1.
	Resolution float64
	// Reach is the greatest distance in metres between neighbours in one spatial group, 500.
	Reach float64
	// Pause is the shortest gap that can part two temporal groups, ten minutes.
	Pause time.Duration
	// MinSize is how many items make a group, 3. What people tied together is a group at any size.
	MinSize int
	// Seed of every random choice.
	Seed uint64
	// NewID makes the id of a group that continues no known cluster, a UUIDv7 by default.
	NewID func() uuid.UUID
}

func (o Options) withDefaults() Options {
	if o.Floor == 0 {
		o.Floor = 0.45
	}
	if o.Resolution == 0 {
		o.Resolution = 1
	}
	if o.Reach == 0 {
		o.Reach = 500
	}
	if o.Pause == 0 {
		o.Pause = 10 * time.Minute
	}
	if o.MinSize == 0 {
		o.MinSize = 3
	}
	if o.NewID == nil {
		o.NewID = func() uuid.UUID { return uuid.Must(uuid.NewV7()) }
	}
	return o
}

// Result is one grouping. Every item is in exactly one group or in Unclustered.
type Result struct {
	Groups      []Group     // largest first
	Unclustered []uuid.UUID // by id
	// Refused are the ties and separations that contradict a stronger one, so that they could not be
	// obeyed (see Constraints). Both items of each exist.
	Refused [][2]uuid.UUID
}

// Group is items that belong together.
type Group struct {
	ID      uuid.UUID
	Known   bool      // continues a known cluster or is one that people pinned items to
	Members []Member  // most confident first, then by id
	Terms   []string  // what sets the texts of this group apart, best first, at most 6
	Central uuid.UUID // the member that stands for the group best
}

// Member is one item of a group and the facts that say why it is there. The caller words them.
type Member struct {
	ID         uuid.UUID
	Confidence float64 // 0..1; 1 for what people pinned
	Pinned     bool
	Terms      []string  // of the group's terms, those that this item has
	Nearest    uuid.UUID // the closest other member; zero if there is none or it is not known
	// How close Nearest is: one of these, after the kind of grouping.
	Similarity float64       // cosine, thematic
	Gap        time.Duration // temporal
	Metres     float64       // spatial
}

// Progress is told how much of the work is done. It is called from one goroutine, with done rising to of.
// A nil Progress is fine.
type Progress func(done, of int)

func (p Progress) report(done, of int) {
	if p != nil {
		p(done, of)
	}
}

// every calls check on each nth step of a long loop, so that cancelling is quick and checking is cheap.
func every(ctx context.Context, step, n int) error {
	if step%n == 0 {
		return ctx.Err()
	}
	return nil
}
