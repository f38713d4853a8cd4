package layout

import "container/heap"

// growTree makes the first spanning tree. It grows from one variable; when no
// constraint at its border is met exactly, the whole tree moves until the one
// with the least slack is.
func (s *simplex) growTree() {
	g := grower{simplex: s, in: make([]bool, len(s.value))}
	g.join(0)
	for len(g.members) < len(s.value) && g.grow() {
	}
	for _, v := range g.members {
		s.value[v] += g.moved
	}
}

// grower is the tree while it grows. Values inside are kept relative to how far
// the tree has moved, and so are the slacks of the constraints that lead up from
// it and down to it.
type grower struct {
	*simplex
	in       []bool
	members  []int
	moved    int
	up, down slackHeap
}

// grow adds one variable, and reports whether there was one to add.
func (g *grower) grow() bool {
	g.up.dropJoined(func(i int) bool { return g.in[g.constraints[i].head] })
	g.down.dropJoined(func(i int) bool { return g.in[g.constraints[i].tail] })
	switch {
	case g.up.Len() == 0 && g.down.Len() == 0:
		return false // nothing joins the rest, which keeps its values
	case g.down.Len() == 0 || g.up.Len() > 0 && g.up[0].slack-g.moved <= g.down[0].slack+g.moved:
		next := heap.Pop(&g.up).(slackOf)
		g.moved = next.slack
		g.link(next.constraint)
		g.join(g.constraints[next.constraint].head)
	default:
		next := heap.Pop(&g.down).(slackOf)
		g.moved = -next.slack
		g.link(next.constraint)
		g.join(g.constraints[next.constraint].tail)
	}
	return true
}

func (g *grower) join(v int) {
	g.in[v] = true
	g.members = append(g.members, v)
	for _, i := range g.leaving[v] {
		if !g.in[g.constraints[i].head] {
			heap.Push(&g.up, slackOf{g.slack(i) + g.moved, i})
		}
	}
	for _, i := range g.entering[v] {
		if !g.in[g.constraints[i].tail] {
			heap.Push(&g.down, slackOf{g.slack(i) - g.moved, i})
		}
	}
	g.value[v] -= g.moved
}

func (s *simplex) link(i int) {
	c := s.constraints[i]
	s.inTree[i] = true
	s.tree[c.tail] = append(s.tree[c.tail], i)
	s.tree[c.head] = append(s.tree[c.head], i)
}

// slackOf is a constraint at the border of the growing tree with its slack,
// corrected by how far the tree had moved.
type slackOf struct{ slack, constraint int }

type slackHeap []slackOf

func (h slackHeap) Len() int { return len(h) }

// Less orders by slack, then by constraint, so that the tree is always the same.
func (h slackHeap) Less(i, j int) bool {
	if h[i].slack != h[j].slack {
		return h[i].slack < h[j].slack
	}
	return h[i].constraint < h[j].constraint
}

func (h slackHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is for container/heap.
func (h *slackHeap) Push(x any) { *h = append(*h, x.(slackOf)) }

// Pop is for container/heap.
func (h *slackHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// dropJoined takes constraints off the top that lie inside the tree by now.
func (h *slackHeap) dropJoined(joined func(constraint int) bool) {
	for h.Len() > 0 && joined((*h)[0].constraint) {
		heap.Pop(h)
	}
}

// number gives the variables under root their parents and numbers. The numbers
// are those that this part of the tree had before, in another order; for the
// root of the whole tree they are given for the first time.
func (s *simplex) number(root int) {
	next := s.low[root]
	if root == 0 && s.lim[0] == 0 {
		next = 1
		s.parent[0] = -1
	}
	type visit struct{ v, at int }
	s.low[root] = next
	stack := []visit{{v: root}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if top.at == len(s.tree[top.v]) {
			s.lim[top.v] = next
			next++
			s.visits++
			stack = stack[:len(stack)-1]
			continue
		}
		i := s.tree[top.v][top.at]
		top.at++
		if i == s.parent[top.v] {
			continue
		}
		child := s.other(i, top.v)
		s.parent[child] = i
		s.low[child] = next
		stack = append(stack, visit{v: child})
	}
}

// walk visits the variables of the tree from root downwards.
func (s *simplex) walk(root int, visit func(v int)) {
	stack := []int{root}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		visit(v)
		s.visits++
		for _, i := range s.tree[v] {
			if i != s.parent[v] {
				stack = append(stack, s.other(i, v))
			}
		}
	}
}

// cutValues computes what a unit of slack in each tree constraint would cost:
// the weights that lead out of the part below it, less those that lead in.
func (s *simplex) cutValues() {
	order := make([]int, 0, len(s.value))
	s.walk(0, func(v int) { order = append(order, v) })
	flow := make([]int, len(s.value))
	for _, c := range s.constraints {
		flow[c.tail] += c.weight
		flow[c.head] -= c.weight
	}
	for k := len(order) - 1; k > 0; k-- {
		v := order[k]
		i := s.parent[v]
		s.cut[i] = flow[v]
		if s.constraints[i].head == v {
			s.cut[i] = -flow[v]
		}
		flow[s.other(i, v)] += flow[v]
	}
}
