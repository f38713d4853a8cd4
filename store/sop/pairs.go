package sop

import "sort"

// pairing joins the elements of two lists that share an id. An index is -1
// where a list lacks the element. moved says that an element which both have
// changed its place among those that both have.
type pairing struct {
	id            string
	before, after int
	moved         bool
}

func (p pairing) status() ChangeStatus {
	switch {
	case p.before < 0:
		return Added
	case p.after < 0:
		return Removed
	}
	return Same
}

// pair joins two lists by id, and by occurrence where ids repeat. The result is
// in the order of after; an element that only before has follows the element
// that it followed there.
func pair[T any](before, after []T, id func(T) string) []pairing {
	inBefore := indexByKey(before, id)
	inAfter := indexByKey(after, id)
	kept := make([]pairing, 0, len(after))
	for i, key := range keys(after, id) {
		at, ok := inBefore[key]
		if !ok {
			at = -1
		}
		kept = append(kept, pairing{id: id(after[i]), before: at, after: i})
	}
	markMoved(kept)
	follow := make(map[int][]pairing) // by place in after; -1 stands for the front
	last := -1
	for i, key := range keys(before, id) {
		if at, ok := inAfter[key]; ok {
			last = at
			continue
		}
		follow[last] = append(follow[last], pairing{id: id(before[i]), before: i, after: -1})
	}
	list := append(make([]pairing, 0, len(kept)), follow[-1]...)
	for i, p := range kept {
		list = append(list, p)
		list = append(list, follow[i]...)
	}
	return list
}

// elementKey tells apart elements that share an id.
type elementKey struct {
	id         string
	occurrence int
}

func keys[T any](list []T, id func(T) string) []elementKey {
	seen := make(map[string]int, len(list))
	out := make([]elementKey, len(list))
	for i, item := range list {
		out[i] = elementKey{id(item), seen[id(item)]}
		seen[id(item)]++
	}
	return out
}

func indexByKey[T any](list []T, id func(T) string) map[elementKey]int {
	index := make(map[elementKey]int, len(list))
	for i, key := range keys(list, id) {
		index[key] = i
	}
	return index
}

// markMoved marks the fewest elements whose move explains the new order: all
// that are not part of one longest stretch that kept its order.
func markMoved(list []pairing) {
	var tails []int // tails[k]: where a rising run of k+1 elements ends lowest
	previous := make([]int, len(list))
	for i, p := range list {
		if p.before < 0 {
			continue
		}
		k := sort.Search(len(tails), func(k int) bool { return list[tails[k]].before >= p.before })
		previous[i] = -1
		if k > 0 {
			previous[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
		list[i].moved = true
	}
	if len(tails) == 0 {
		return
	}
	for i := tails[len(tails)-1]; i >= 0; i = previous[i] {
		list[i].moved = false
	}
}
