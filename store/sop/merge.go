package sop

import "slices"

// Merge brings two changes of the same base together: ours, the work that is
// brought up to date, and theirs, what the line has become meanwhile. Every
// field that only one side changed is taken from that side, settings of config
// one by one. Where both sides changed the same thing differently, or one
// deleted what the other changed, there is a Conflict and the merged graph
// holds ours; Resolve puts other choices in.
//
// Both sides may have added different steps under one id, because both took the
// next free one. These are two steps: theirs keeps the id, ours gets a new one
// in the merged graph, and a Conflict of kind Renamed says so. It needs no
// choice.
//
// If one side is the base, the result is the other side. The merge of two valid
// graphs need not be valid: the caller validates.
func Merge(base, ours, theirs Graph) (Graph, []Conflict) {
	var conflicts []Conflict
	ours, conflicts = separate(base, ours, theirs)
	nodes, more := nodeKind.merge(base.Nodes, ours.Nodes, theirs.Nodes)
	conflicts = append(conflicts, more...)
	edges, more := edgeKind.merge(base.Edges, ours.Edges, theirs.Edges)
	return Graph{Nodes: nodes, Edges: edges}, append(conflicts, more...)
}

// separate gives a new id to every element of ours that theirs holds another
// new element under.
func separate(base, ours, theirs Graph) (Graph, []Conflict) {
	var conflicts []Conflict
	ours = ours.clone()
	renamed := map[string]string{}
	for _, i := range nodeKind.clashes(base.Nodes, ours.Nodes, theirs.Nodes) {
		old := ours.Nodes[i]
		ours.Nodes[i].ID = NextNodeID(base, ours, theirs)
		renamed[old.ID] = ours.Nodes[i].ID
		conflicts = append(conflicts, Conflict{
			Kind: Renamed, NodeID: old.ID, Name: old.Name(), Ours: ours.Nodes[i].ID, Theirs: old.ID,
		})
	}
	for i, e := range ours.Edges {
		if to, ok := renamed[e.From]; ok {
			ours.Edges[i].From = to
		}
		if to, ok := renamed[e.To]; ok {
			ours.Edges[i].To = to
		}
	}
	for _, i := range edgeKind.clashes(base.Edges, ours.Edges, theirs.Edges) {
		old := ours.Edges[i]
		ours.Edges[i].ID = NextEdgeID(base, ours, theirs)
		conflicts = append(conflicts, Conflict{
			Kind: Renamed, EdgeID: old.ID, Name: edgeName(old), Ours: ours.Edges[i].ID, Theirs: old.ID,
		})
	}
	return ours, conflicts
}

// clone copies the lists, not the config maps: nothing here writes into a map
// that it did not make.
func (g Graph) clone() Graph {
	return Graph{Nodes: slices.Clone(g.Nodes), Edges: slices.Clone(g.Edges)}
}

// clashes are the places in ours of elements that both sides added under one
// id and made different.
func (k kind[T]) clashes(base, ours, theirs []T) []int {
	inBase, inTheirs := indexByKey(base, k.id), indexByKey(theirs, k.id)
	var list []int
	for i, key := range keys(ours, k.id) {
		_, old := inBase[key]
		at, both := inTheirs[key]
		if !old && both && !k.equal(ours[i], theirs[at]) {
			list = append(list, i)
		}
	}
	return list
}

// merge works on one list. Element by element it decides what stays; then it
// brings what stays into order.
func (k kind[T]) merge(base, ours, theirs []T) ([]T, []Conflict) {
	m := merger[T]{
		kind: k,
		base: byKey(base, k.id), ours: byKey(ours, k.id), theirs: byKey(theirs, k.id),
		kept: map[elementKey]T{},
	}
	order := mergeOrder(keys(base, k.id), keys(ours, k.id), keys(theirs, k.id))
	m.order = order.merged
	for _, key := range order.merged {
		m.element(key)
	}
	if order.conflict {
		m.conflicts = append(m.conflicts, Conflict{
			Kind: Reordered, Field: positionField, list: k.name,
			Base: k.listText(base), Ours: k.listText(ours), Theirs: k.listText(theirs),
			order: order.theirs,
		})
	}
	merged := make([]T, 0, len(m.kept))
	for _, key := range order.merged {
		if item, ok := m.kept[key]; ok {
			merged = append(merged, item)
		}
	}
	return merged, m.conflicts
}

type merger[T any] struct {
	kind[T]
	base, ours, theirs map[elementKey]T
	order              []elementKey
	kept               map[elementKey]T
	conflicts          []Conflict
}

func (m *merger[T]) element(key elementKey) {
	b, inBase := m.base[key]
	o, inOurs := m.ours[key]
	t, inTheirs := m.theirs[key]
	switch {
	case inBase && inOurs && inTheirs:
		m.kept[key] = m.fields(key, b, o, t)
	case inBase && inOurs:
		if !m.equal(b, o) {
			m.kept[key] = o
			m.conflict(key, Conflict{Kind: TheyDeleted, Name: m.text(b), Base: m.text(b), Ours: m.text(o)})
		}
	case inBase && inTheirs:
		if !m.equal(b, t) {
			m.conflict(key, m.withTheirs(Conflict{Kind: WeDeleted, Name: m.text(b), Base: m.text(b), Theirs: m.text(t)}, t))
		}
	case inOurs:
		m.kept[key] = o // also when both added the same
	case inTheirs:
		m.kept[key] = t
	}
}

// fields starts from ours and takes over what only theirs changed.
func (m *merger[T]) fields(key elementKey, b, o, t T) T {
	oursChanged := map[string]bool{}
	for _, f := range m.compare(b, o) {
		oursChanged[f.Field] = true
	}
	differ := map[string]bool{}
	for _, f := range m.compare(o, t) {
		differ[f.Field] = true
	}
	merged := o
	for _, f := range m.compare(b, t) {
		switch {
		case !oursChanged[f.Field]:
			merged = m.set(merged, f.Field, t)
		case differ[f.Field]:
			texts := m.fieldTexts(f.Field, b, o, t)
			m.conflict(key, m.withTheirs(Conflict{
				Kind: BothChanged, Field: f.Field, Name: m.text(o), Base: texts[0], Ours: texts[1], Theirs: texts[2],
			}, t))
		}
	}
	return merged
}

func (m *merger[T]) conflict(key elementKey, c Conflict) {
	c.list, c.key, c.order = m.name, key, m.order
	if m.name == nodeList {
		c.NodeID = key.id
	} else {
		c.EdgeID = key.id
	}
	m.conflicts = append(m.conflicts, c)
}

func byKey[T any](list []T, id func(T) string) map[elementKey]T {
	index := make(map[elementKey]T, len(list))
	for i, key := range keys(list, id) {
		index[key] = list[i]
	}
	return index
}
