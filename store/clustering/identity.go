package clustering

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// draft is a group while identity and constraints settle.
type draft struct {
	id     uuid.UUID // zero until it has one
	known  bool
	blocks []int
}

// leastOverlap is the Jaccard similarity from which a group continues a known cluster.
const leastOverlap = 0.25

// settle turns a partition of the blocks into groups with their identity: known clusters live on in the
// group that has most of them, pinned blocks go to their cluster, blocks leave clusters they were taken
// out of, and what is too small dissolves. Largest first.
func settle(b *blocks, part []int, known []Known, o Options) []draft {
	var drafts []*draft
	for _, members := range membersOf(part) {
		drafts = append(drafts, &draft{blocks: members})
	}
	matchKnown(b, drafts, known)
	drafts = b.bringPinned(drafts)
	drafts = b.takeOut(drafts)
	var groups []draft
	for _, d := range drafts {
		if b.isGroup(d, o.MinSize) {
			slices.Sort(d.blocks)
			groups = append(groups, *d)
		}
	}
	slices.SortFunc(groups, func(x, y draft) int {
		return cmp.Or(cmp.Compare(b.size(y.blocks), b.size(x.blocks)), cmp.Compare(x.blocks[0], y.blocks[0]))
	})
	for i := range groups {
		if groups[i].id == uuid.Nil {
			groups[i].id = o.NewID()
		}
	}
	return groups
}

// overlap is what a group and a known cluster share, 0..1.
type overlap struct {
	draft, known int
	share        float64
}

// matchKnown gives drafts the ids of known clusters, best overlap first. Only items that were in some
// known cluster count: a cluster that grew, or lost deleted items, is still the same cluster.
func matchKnown(b *blocks, drafts []*draft, known []Known) {
	clusters := b.knownMembers(known)
	draftOf := make([]int, len(b.items))
	for d, dr := range drafts {
		for _, block := range dr.blocks {
			for _, i := range b.members[block] {
				draftOf[i] = d
			}
		}
	}
	seen := make([]bool, len(b.items))
	old := make([]int, len(drafts)) // items of the draft that were in some known cluster
	var overlaps []overlap
	for k, cluster := range clusters {
		shared := map[int]int{}
		for _, i := range cluster.members {
			shared[draftOf[i]]++
			if !seen[i] {
				seen[i] = true
				old[draftOf[i]]++
			}
		}
		for d, count := range shared {
			overlaps = append(overlaps, overlap{d, k, float64(count)})
		}
	}
	for i := range overlaps {
		o := &overlaps[i]
		o.share /= float64(old[o.draft]) + float64(len(clusters[o.known].members)) - o.share
	}
	slices.SortFunc(overlaps, func(x, y overlap) int {
		return cmp.Or(cmp.Compare(y.share, x.share),
			compareIDs(clusters[x.known].id, clusters[y.known].id), cmp.Compare(x.draft, y.draft))
	})
	taken := map[uuid.UUID]bool{}
	for _, o := range overlaps {
		d, id := drafts[o.draft], clusters[o.known].id
		if o.share >= leastOverlap && !d.known && !taken[id] {
			d.id, d.known, taken[id] = id, true, true
		}
	}
}

type knownCluster struct {
	id      uuid.UUID
	members []int
}

// knownMembers are the known clusters as people left them: pinned items are members of the cluster they
// are pinned to and of no other.
func (b *blocks) knownMembers(known []Known) []knownCluster {
	var clusters []knownCluster
	for _, k := range known {
		cluster := knownCluster{id: k.ID}
		for _, id := range k.Members {
			if i, ok := b.index[id]; ok && b.pin[b.of[i]] == uuid.Nil {
				cluster.members = append(cluster.members, i)
			}
		}
		clusters = append(clusters, cluster)
	}
	for block, id := range b.pin {
		if id == uuid.Nil {
			continue
		}
		at := slices.IndexFunc(clusters, func(k knownCluster) bool { return k.id == id })
		if at < 0 {
			at = len(clusters)
			clusters = append(clusters, knownCluster{id: id})
		}
		clusters[at].members = append(clusters[at].members, b.members[block]...)
	}
	for i := range clusters {
		slices.Sort(clusters[i].members)
		clusters[i].members = slices.Compact(clusters[i].members)
	}
	return clusters
}

// bringPinned moves each pinned block to the group that is its cluster, and sends away what must not
// meet it there.
func (b *blocks) bringPinned(drafts []*draft) []*draft {
	for block, id := range b.pin {
		if id == uuid.Nil {
			continue
		}
		home := slices.IndexFunc(drafts, func(d *draft) bool { return d.id == id })
		if home < 0 {
			home = len(drafts)
			drafts = append(drafts, &draft{id: id, known: true})
		}
		if slices.Contains(drafts[home].blocks, block) {
			continue
		}
		drafts = b.leave(drafts, block)
		drafts = drafts[:len(drafts)-1]
		for _, foe := range b.foes[block] {
			if slices.Contains(drafts[home].blocks, foe) {
				drafts = b.leave(drafts, foe)
			}
		}
		drafts[home].blocks = append(drafts[home].blocks, block)
	}
	return drafts
}

// leave takes a block out of its group into a new one, the last.
func (b *blocks) leave(drafts []*draft, block int) []*draft {
	for _, d := range drafts {
		d.blocks = slices.DeleteFunc(d.blocks, func(other int) bool { return other == block })
	}
	return append(drafts, &draft{blocks: []int{block}})
}

// takeOut moves each block out of a cluster it must not be in.
func (b *blocks) takeOut(drafts []*draft) []*draft {
	for _, d := range slices.Clone(drafts) {
		for _, block := range slices.Clone(d.blocks) {
			if d.id != uuid.Nil && b.pin[block] != d.id && slices.Contains(b.outside[block], d.id) {
				drafts = b.leave(drafts, block)
			}
		}
	}
	return drafts
}

// isGroup reports whether a draft is large enough, or was tied together by people.
func (b *blocks) isGroup(d *draft, minSize int) bool {
	tied := slices.ContainsFunc(d.blocks, func(block int) bool {
		return b.pin[block] != uuid.Nil || len(b.members[block]) > 1
	})
	return len(d.blocks) > 0 && (tied || b.size(d.blocks) >= minSize)
}

// size is the number of items in the blocks.
func (b *blocks) size(list []int) int {
	size := 0
	for _, block := range list {
		size += len(b.members[block])
	}
	return size
}

// itemsOf are the items of the blocks, ascending.
func (b *blocks) itemsOf(list []int) []int {
	var items []int
	for _, block := range list {
		items = append(items, b.members[block]...)
	}
	slices.Sort(items)
	return items
}
