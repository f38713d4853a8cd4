package clustering

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

// explanation is what a method knows about one member of a group, by index.
type explanation struct {
	confidence float64
	nearest    int // -1 if not known
	similarity float64
	gap        float64 // seconds
	metres     float64
}

// explainer tells about the members of one group (ascending) in their order, and which of them is central.
type explainer func(members []int) (facts []explanation, central int)

// finish settles a partition and describes its groups.
func finish(b *blocks, part []int, known []Known, o Options, explain explainer) Result {
	drafts := settle(b, part, known, o)
	var members [][]int
	for _, d := range drafts {
		members = append(members, b.itemsOf(d.blocks))
	}
	words := distinguish(b.items, members)
	result := Result{Refused: b.refused}
	grouped := make([]bool, len(b.items))
	for g, d := range drafts {
		facts, central := explain(members[g])
		group := Group{ID: d.id, Known: d.known, Terms: words.terms[g], Central: b.items[central].ID}
		for m, i := range members[g] {
			grouped[i] = true
			group.Members = append(group.Members, b.member(i, facts[m], words.of(i, g)))
		}
		slices.SortFunc(group.Members, func(x, y Member) int {
			return cmp.Or(cmp.Compare(y.Confidence, x.Confidence), compareIDs(x.ID, y.ID))
		})
		result.Groups = append(result.Groups, group)
	}
	for i, item := range b.items {
		if !grouped[i] {
			result.Unclustered = append(result.Unclustered, item.ID)
		}
	}
	return result
}

func (b *blocks) member(i int, fact explanation, terms []string) Member {
	m := Member{
		ID:         b.items[i].ID,
		Confidence: min(max(fact.confidence, 0), 1),
		Pinned:     b.pin[b.of[i]] != uuid.Nil,
		Terms:      terms,
		Similarity: fact.similarity,
		Gap:        seconds(fact.gap),
		Metres:     fact.metres,
	}
	if fact.nearest >= 0 {
		m.Nearest = b.items[fact.nearest].ID
	}
	if m.Pinned {
		m.Confidence = 1
	}
	return m
}
