package clustering

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// blocks are the items of a run tied together by constraints: a block moves as one. Most blocks are a
// single item. Items are meant by their index in the sorted list, blocks by theirs.
type blocks struct {
	items   []Item // by id
	index   map[uuid.UUID]int
	of      []int         // block of each item
	members [][]int       // items of each block, ascending
	foes    [][]int       // blocks that must not be in the same group, ascending
	pin     []uuid.UUID   // cluster that a block is pinned to, or zero
	outside [][]uuid.UUID // clusters that a block must not be in
	refused [][2]uuid.UUID
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// sortedItems returns the items by id and where each is.
func sortedItems(items []Item) ([]Item, map[uuid.UUID]int, error) {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b Item) int { return compareIDs(a.ID, b.ID) })
	index := make(map[uuid.UUID]int, len(items))
	for i, item := range items {
		if _, twice := index[item.ID]; twice {
			return nil, nil, fmt.Errorf("item %s is given twice", item.ID)
		}
		index[item.ID] = i
	}
	return items, index, nil
}

// newBlocks ties items by the constraints in order of their strength, and notes those that contradict a
// stronger one.
func newBlocks(items []Item, c Constraints) (*blocks, error) {
	sorted, index, err := sortedItems(items)
	if err != nil {
		return nil, err
	}
	ties := newForest(len(sorted))
	pinned := pinnedItems(sorted, c.Pinned)
	for n, group := range pinned {
		for _, i := range group[1:] {
			ties.join(group[0], i)
		}
		for _, other := range pinned[:n] {
			ties.part(group[0], other[0])
		}
	}
	b := &blocks{items: sorted, index: index}
	b.apply(c.Apart, ties.part)
	b.apply(c.Together, ties.join)
	b.build(ties, c)
	return b, nil
}

// apply hands each pair whose items both exist to do, which says whether it could be obeyed.
func (b *blocks) apply(pairs [][2]uuid.UUID, do func(i, j int) bool) {
	for _, pair := range pairs {
		i, hasI := b.index[pair[0]]
		j, hasJ := b.index[pair[1]]
		if hasI && hasJ && !do(i, j) {
			b.refused = append(b.refused, pair)
		}
	}
}

// build numbers the blocks by their first item and carries pins, separations and exclusions over to them.
func (b *blocks) build(ties *forest, c Constraints) {
	number := map[int]int{}
	b.of = make([]int, len(b.items))
	for i, item := range b.items {
		root := ties.root(i)
		block, seen := number[root]
		if !seen {
			block = len(b.members)
			number[root] = block
			b.members = append(b.members, nil)
			b.pin = append(b.pin, uuid.Nil)
			b.outside = append(b.outside, nil)
		}
		b.of[i] = block
		b.members[block] = append(b.members[block], i)
		if cluster, pinned := c.Pinned[item.ID]; pinned {
			b.pin[block] = cluster
		}
		b.outside[block] = append(b.outside[block], c.Outside[item.ID]...)
	}
	b.foes = make([][]int, len(b.members))
	for root, block := range number {
		for _, foe := range ties.foes[root] {
			b.foes[block] = append(b.foes[block], number[ties.root(foe)])
		}
		slices.Sort(b.foes[block])
		b.foes[block] = slices.Compact(b.foes[block])
	}
}

// pinnedItems are the items of each pinned cluster, clusters in the order of their first item.
func pinnedItems(items []Item, pinned map[uuid.UUID]uuid.UUID) [][]int {
	var groups [][]int
	at := map[uuid.UUID]int{}
	for i, item := range items {
		cluster, ok := pinned[item.ID]
		if !ok {
			continue
		}
		g, seen := at[cluster]
		if !seen {
			g = len(groups)
			at[cluster] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}
