package sop

import "slices"

// order is the outcome for the order of one list. merged and theirs hold every
// element of either side, also those that the merge drops, so that a dropped
// element can be put back where it stood.
type order struct {
	merged   []elementKey
	theirs   []elementKey // as merged, had theirs decided
	conflict bool
}

// mergeOrder follows the side that moved elements of the base; if none did,
// theirs, and if both did and differ, ours, with a conflict. What only the
// other side has goes after the element that it follows there.
func mergeOrder(base, ours, theirs []elementKey) order {
	oursMoved := movedFrom(base, ours)
	theirsMoved := movedFrom(base, theirs)
	o := order{theirs: weave(theirs, ours)}
	o.merged = o.theirs
	if oursMoved {
		o.merged = weave(ours, theirs)
	}
	o.conflict = oursMoved && theirsMoved && !slices.Equal(restrict(ours, theirs), restrict(theirs, ours))
	return o
}

func movedFrom(base, side []elementKey) bool {
	return !slices.Equal(restrict(base, side), restrict(side, base))
}

// restrict keeps of list what other has, too.
func restrict(list, other []elementKey) []elementKey {
	has := setOf(other)
	var kept []elementKey
	for _, key := range list {
		if has[key] {
			kept = append(kept, key)
		}
	}
	return kept
}

func setOf(list []elementKey) map[elementKey]bool {
	set := make(map[elementKey]bool, len(list))
	for _, key := range list {
		set[key] = true
	}
	return set
}

// weave is skeleton with what only other has put after its predecessor there.
func weave(skeleton, other []elementKey) []elementKey {
	has := setOf(skeleton)
	follow := map[elementKey][]elementKey{}
	front := []elementKey{}
	var anchor *elementKey
	for i, key := range other {
		switch {
		case has[key]:
			anchor = &other[i]
		case anchor == nil:
			front = append(front, key)
		default:
			follow[*anchor] = append(follow[*anchor], key)
		}
	}
	list := front
	for _, key := range skeleton {
		list = append(list, key)
		list = append(list, follow[key]...)
	}
	return list
}
