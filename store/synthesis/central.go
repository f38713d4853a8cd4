package synthesis

import (
	"cmp"
	"slices"
)

const (
	damping  = 0.85 // as in PageRank
	rounds   = 30
	tooAlike = 0.85 // cosine from which a sentence says what another has said
)

// central returns the most central sentences by TextRank (Mihalcea and Tarau, 2004) over the cosines of their vectors, best
// first: at most some, and none that says what a better one says. Those that can stand by themselves come first.
func (m material) central(among []int, most int) []int {
	among = slices.DeleteFunc(slices.Clone(among), func(i int) bool { return m.sentences[i].vector == nil })
	if fit := slices.DeleteFunc(slices.Clone(among), func(i int) bool { return !m.sentences[i].fit() }); len(fit) > 0 {
		among = fit
	}
	rank := m.rank(among)
	order := make([]int, len(among))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[b], rank[a]) })
	var chosen []int
	for _, n := range order {
		i := among[n]
		said := slices.ContainsFunc(chosen, func(c int) bool { return m.alike(i, c) > tooAlike })
		if len(chosen) < most && !said {
			chosen = append(chosen, i)
		}
	}
	return chosen
}

// rank walks at random from sentence to sentence, the likelier the more alike they are.
func (m material) rank(among []int) []float64 {
	n := len(among)
	weight, sum := make([][]float64, n), make([]float64, n)
	for a := range among {
		weight[a] = make([]float64, n)
		for b := range a {
			w := max(0, m.alike(among[a], among[b]))
			weight[a][b], weight[b][a] = w, w
			sum[a], sum[b] = sum[a]+w, sum[b]+w
		}
	}
	rank := make([]float64, n)
	for a := range rank {
		rank[a] = 1
	}
	for range rounds {
		next := make([]float64, n)
		for a := range next {
			next[a] = 1 - damping
			for b, w := range weight[a] {
				if w > 0 {
					next[a] += damping * rank[b] * w / sum[b]
				}
			}
		}
		rank = next
	}
	return rank
}

// alike is the cosine of two sentences; 0 where one has no vector.
func (m material) alike(a, b int) float64 { return dot(m.sentences[a].vector, m.sentences[b].vector) }

func dot(a, b []float32) float64 {
	if a == nil || b == nil {
		return 0
	}
	sum := float32(0)
	for i, x := range a {
		sum += x * b[i]
	}
	return float64(sum)
}

// all numbers every sentence.
func (m material) all() []int {
	all := make([]int, len(m.sentences))
	for i := range all {
		all[i] = i
	}
	return all
}

// of numbers the sentences of each signal.
func (m material) of() [][]int {
	of := make([][]int, len(m.signals))
	for i, s := range m.sentences {
		of[s.signal] = append(of[s.signal], i)
	}
	return of
}

// stands is the sentence that stands for a signal best; -1 when it has none.
func (m material) stands(sentences []int) int {
	if best := m.central(sentences, 1); len(best) == 1 {
		return best[0]
	}
	if len(sentences) > 0 {
		return sentences[0]
	}
	return -1
}

// mirror is the central sentences of the whole.
func (m material) mirror() Result {
	most := min(7, max(1, (len(m.sentences)+3)/4))
	chosen := m.central(m.all(), most)
	if len(chosen) == 0 {
		chosen = []int{0}
	}
	return Result{Statements: m.cite(chosen), Content: m.sizes()}
}
