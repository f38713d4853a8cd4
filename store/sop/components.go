package sop

// components numbers the strongly connected components of the graph's
// unlimited edges: two steps share a number when each leads to the other.
// It is Tarjan's algorithm ("Depth-First Search and Linear Graph Algorithms",
// SIAM Journal on Computing 1, 1972) with its own stack of visits, so that a
// chain of any length costs no goroutine stack.
func (c *checker) components() []int {
	t := tarjan{
		checker: c,
		order:   make([]int, len(c.graph.Nodes)),
		low:     make([]int, len(c.graph.Nodes)),
		group:   make([]int, len(c.graph.Nodes)),
		onStack: make([]bool, len(c.graph.Nodes)),
	}
	for i := range c.graph.Nodes {
		if t.order[i] == 0 {
			t.visit(i)
		}
	}
	return t.group
}

type tarjan struct {
	*checker
	order   []int // when a step was first visited, from 1
	low     []int // the earliest step on the stack that it leads to
	group   []int
	onStack []bool
	stack   []int
	clock   int
	groups  int
}

// call is a visit in progress: the step and the exit to look at next.
type call struct{ node, exit int }

func (t *tarjan) visit(root int) {
	calls := []call{t.enter(root)}
	for len(calls) > 0 {
		top := &calls[len(calls)-1]
		if top.exit == len(t.exits[top.node]) {
			done := top.node
			t.leave(done)
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				parent := calls[len(calls)-1].node
				t.low[parent] = min(t.low[parent], t.low[done])
			}
			continue
		}
		e := t.graph.Edges[t.exits[top.node][top.exit]]
		top.exit++
		if e.MaxIterations != 0 {
			continue
		}
		to := t.index[e.To]
		if t.order[to] == 0 {
			calls = append(calls, t.enter(to))
		} else if t.onStack[to] {
			t.low[top.node] = min(t.low[top.node], t.order[to])
		}
	}
}

func (t *tarjan) enter(i int) call {
	t.clock++
	t.order[i], t.low[i] = t.clock, t.clock
	t.stack = append(t.stack, i)
	t.onStack[i] = true
	return call{node: i}
}

// leave closes the component whose earliest step is i.
func (t *tarjan) leave(i int) {
	if t.low[i] != t.order[i] {
		return
	}
	for {
		last := len(t.stack) - 1
		member := t.stack[last]
		t.stack = t.stack[:last]
		t.onStack[member] = false
		t.group[member] = t.groups
		if member == i {
			break
		}
	}
	t.groups++
}
