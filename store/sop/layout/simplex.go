package layout

// simplex finds whole numbers for its variables so that every constraint
// value[head] - value[tail] >= length holds and the sum of
// weight * (value[head] - value[tail]) is least. It is the network simplex
// method of Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed
// Graphs" (IEEE Transactions on Software Engineering 19, 1993), section 2.
//
// The method holds a spanning tree of constraints that are met exactly, which
// fixes all values, and exchanges one constraint at a time for a better one.
// The constraints must join all variables.
type simplex struct {
	value       []int
	constraints []constraint

	leaving, entering [][]int // constraints at each variable, by direction
	tree              [][]int // tree constraints at each variable
	inTree            []bool
	cut               []int // of a tree constraint: what a unit of slack in it would cost
	parent            []int // the tree constraint towards the root, -1 at the root
	low, lim          []int // the variables below v are those with lim in low[v]..lim[v]
	visits            int   // to variables, a measure of the work done
	next              int   // where to look for the next constraint to take out
}

type constraint struct{ tail, head, length, weight int }

// newSimplex begins with values that meet no constraint yet.
func newSimplex(values int) *simplex { return &simplex{value: make([]int, values)} }

// variable adds a variable and returns it.
func (s *simplex) variable(value int) int {
	s.value = append(s.value, value)
	return len(s.value) - 1
}

// require adds value[head] - value[tail] >= length, at a weight.
func (s *simplex) require(tail, head, length, weight int) {
	s.constraints = append(s.constraints, constraint{tail, head, length, weight})
}

// attract adds the cost weight * |value[a] - value[b] - offset| by way of a
// third variable that is never above either of them.
func (s *simplex) attract(a, b, offset, weight int) {
	least := s.variable(min(s.value[a], s.value[b]+offset))
	s.require(least, a, 0, weight)
	s.require(least, b, -offset, weight)
}

// solve improves values that meet every constraint until they are best, or
// until so many visits to variables are used up. The values then still meet
// every constraint.
func (s *simplex) solve(visits int) {
	if len(s.value) < 2 {
		return
	}
	s.prepare()
	s.growTree()
	s.number(0)
	s.cutValues()
	for s.visits = 0; s.visits < visits; {
		out := s.leave()
		if out < 0 {
			return
		}
		in := s.enter(out)
		if in < 0 {
			return
		}
		s.exchange(out, in)
	}
}

func (s *simplex) prepare() {
	n := len(s.value)
	s.leaving, s.entering, s.tree = make([][]int, n), make([][]int, n), make([][]int, n)
	s.parent, s.low, s.lim = make([]int, n), make([]int, n), make([]int, n)
	s.inTree, s.cut = make([]bool, len(s.constraints)), make([]int, len(s.constraints))
	for i, c := range s.constraints {
		s.leaving[c.tail] = append(s.leaving[c.tail], i)
		s.entering[c.head] = append(s.entering[c.head], i)
	}
}

func (s *simplex) slack(i int) int {
	c := s.constraints[i]
	return s.value[c.head] - s.value[c.tail] - c.length
}

// other is the far end of a constraint.
func (s *simplex) other(i, v int) int {
	if s.constraints[i].tail == v {
		return s.constraints[i].head
	}
	return s.constraints[i].tail
}

// below reports whether v is in the part of the tree under root.
func (s *simplex) below(v, root int) bool {
	return s.low[root] <= s.lim[v] && s.lim[v] <= s.lim[root]
}

// leave looks for a tree constraint that costs less when it is not met exactly:
// the worst of the first few, going round so that none starves.
func (s *simplex) leave() int {
	const enough = 30
	best, found := -1, 0
	for range s.constraints {
		i := s.next
		s.next = (s.next + 1) % len(s.constraints)
		if s.inTree[i] && s.cut[i] < 0 {
			if best < 0 || s.cut[i] < s.cut[best] {
				best = i
			}
			if found++; found == enough {
				break
			}
		}
	}
	return best
}

// enter finds the constraint that is met first when the two halves of the tree
// around a constraint move apart. It looks through the half below only.
func (s *simplex) enter(out int) int {
	c := s.constraints[out]
	root, lists, toward := c.tail, s.leaving, false
	if s.parent[c.tail] != out {
		root = c.head
	}
	// Moving apart: the half with the tail falls, the half with the head rises.
	// What stops it is a constraint from the head's half to the tail's half.
	if root == c.tail {
		lists, toward = s.entering, true
	}
	best, least := -1, 0
	s.walk(root, func(v int) {
		for _, i := range lists[v] {
			far := s.constraints[i].head
			if toward {
				far = s.constraints[i].tail
			}
			if s.below(far, root) {
				continue
			}
			if slack := s.slack(i); best < 0 || slack < least || slack == least && i < best {
				best, least = i, slack
			}
		}
	})
	return best
}

// exchange puts one constraint out of the tree and another in. Only the part
// of the tree under their common ancestor changes.
func (s *simplex) exchange(out, in int) {
	c := s.constraints[out]
	root, shift := c.tail, -s.slack(in)
	if s.parent[c.tail] != out {
		root, shift = c.head, s.slack(in)
	}
	if shift != 0 {
		s.walk(root, func(v int) { s.value[v] += shift })
	}
	cost := s.cut[out]
	top := s.updateCuts(s.constraints[in].tail, s.constraints[in].head, cost)
	s.cut[in], s.cut[out] = -cost, 0
	s.inTree[in], s.inTree[out] = true, false
	s.unlink(c.tail, out)
	s.unlink(c.head, out)
	s.tree[s.constraints[in].tail] = append(s.tree[s.constraints[in].tail], in)
	s.tree[s.constraints[in].head] = append(s.tree[s.constraints[in].head], in)
	s.number(top)
}

func (s *simplex) unlink(v, constraint int) {
	list := s.tree[v]
	for k, i := range list {
		if i == constraint {
			s.tree[v] = append(list[:k], list[k+1:]...)
			return
		}
	}
}

// updateCuts carries the cost along the tree path from tail to head of the
// entering constraint, and returns the top of the path.
func (s *simplex) updateCuts(tail, head, cost int) int {
	top := s.climb(tail, head, cost, true)
	s.climb(head, tail, cost, false)
	return top
}

// climb goes up from v until the other end is below.
func (s *simplex) climb(v, until, cost int, fromTail bool) int {
	for !s.below(until, v) {
		i := s.parent[v]
		if (s.constraints[i].tail == v) == fromTail {
			s.cut[i] += cost
		} else {
			s.cut[i] -= cost
		}
		v = s.other(i, v)
	}
	return v
}
