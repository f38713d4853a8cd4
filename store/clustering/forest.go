package clustering

// forest is a union-find structure that also knows who must not be joined: the single-linkage methods
// and the ties of constraints both grow one.
type forest struct {
	parent []int
	size   []int
	foes   map[int][]int // by root: nodes whose trees must stay apart from this one
}

func newForest(n int) *forest {
	f := &forest{parent: make([]int, n), size: make([]int, n), foes: map[int][]int{}}
	for i := range f.parent {
		f.parent[i], f.size[i] = i, 1
	}
	return f
}

func (f *forest) root(i int) int {
	for f.parent[i] != i {
		f.parent[i] = f.parent[f.parent[i]]
		i = f.parent[i]
	}
	return i
}

// join makes one tree of those of i and j. False if they must stay apart.
func (f *forest) join(i, j int) bool {
	i, j = f.root(i), f.root(j)
	if i == j {
		return true
	}
	if f.apart(i, j) {
		return false
	}
	if f.size[i] < f.size[j] {
		i, j = j, i
	}
	f.parent[j] = i
	f.size[i] += f.size[j]
	if len(f.foes[j]) > 0 {
		f.foes[i] = append(f.foes[i], f.foes[j]...)
		delete(f.foes, j)
	}
	return true
}

// part keeps the trees of i and j apart from now on. False if they are one already.
func (f *forest) part(i, j int) bool {
	i, j = f.root(i), f.root(j)
	if i == j {
		return false
	}
	f.foes[i] = append(f.foes[i], j)
	f.foes[j] = append(f.foes[j], i)
	return true
}

// apart reports whether the trees of the roots i and j must not be joined.
func (f *forest) apart(i, j int) bool {
	if len(f.foes[i]) > len(f.foes[j]) {
		i, j = j, i
	}
	for _, foe := range f.foes[i] {
		if f.root(foe) == j {
			return true
		}
	}
	return false
}
