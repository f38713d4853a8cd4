package synthesis

import (
	"cmp"
	"slices"

	"github.com/google/uuid"
)

const mostTurns = 3

// narrative is how it began, where what is said turned most, and how it ended: over the signals in the order of time, or
// over the sentences of a single one.
func (m material) narrative() Result {
	var steps []int // sentences
	if len(m.signals) == 1 {
		steps = m.all()
	} else {
		for _, sentences := range m.of() {
			if i := m.stands(sentences); i >= 0 {
				steps = append(steps, i)
			}
		}
	}
	inner := make([]int, 0, len(steps))
	for n := 1; n < len(steps)-1; n++ {
		inner = append(inner, n)
	}
	slices.SortStableFunc(inner, func(a, b int) int {
		return cmp.Compare(m.alike(steps[a-1], steps[a]), m.alike(steps[b-1], steps[b]))
	})
	turns := inner[:min(mostTurns, len(inner))]
	c := m.sizes()
	var chosen []int
	for n, i := range steps {
		role := "turn"
		switch {
		case n == 0:
			role = "first"
		case n == len(steps)-1:
			role = "last"
		case !slices.Contains(turns, n):
			continue
		}
		s := m.signals[m.sentences[i].signal]
		c.Moments, chosen = append(c.Moments, Moment{role, s.ID, s.At}), append(chosen, i)
	}
	return Result{m.cite(chosen), c}
}

const mostRelations = 5

// lineage is what later signals take up from earlier ones: for each the earlier signal with the sentence most like one of
// its own, where they are related at all. With a subject it is about that signal alone.
func (m material) lineage(subject uuid.UUID) Result {
	type link struct {
		relation Relation
		a, b     int
	}
	of := m.of()
	var links []link
	for later := range m.signals {
		if subject != uuid.Nil && m.signals[later].ID != subject {
			continue
		}
		for earlier := range later {
			a, b, similarity := m.nearest(of[earlier], of[later])
			if similarity >= m.floor {
				links = append(links, link{Relation{m.signals[earlier].ID, m.signals[later].ID, similarity, m.common(a, b)}, a, b})
			}
		}
	}
	slices.SortStableFunc(links, func(a, b link) int { return cmp.Compare(b.relation.Similarity, a.relation.Similarity) })
	c := m.sizes()
	var chosen []int
	for _, l := range links[:min(mostRelations, len(links))] {
		c.Relations, chosen = append(c.Relations, l.relation), append(chosen, l.a, l.b)
	}
	return Result{m.cite(chosen), c}
}

// nearest returns the two sentences of two signals that are most alike.
func (m material) nearest(first, second []int) (a, b int, similarity float64) {
	a, b, similarity = -1, -1, -1
	for _, i := range first {
		for _, j := range second {
			if near := m.alike(i, j); near > similarity {
				a, b, similarity = i, j, near
			}
		}
	}
	return a, b, similarity
}

// common are the telling words of two sentences.
func (m material) common(a, b int) []string {
	var both []string
	for _, word := range m.sentences[a].words {
		if slices.Contains(m.sentences[b].words, word) {
			both = append(both, word)
		}
	}
	return both
}
