package layout

import (
	"testing"

	"pgregory.net/rapid"
)

// attraction is a term of the cost in the test's own words.
type attraction struct{ a, b, offset, weight int }

// TestSimplexFindsTheBest compares with a search of all values in reach.
func TestSimplexFindsTheBest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "variables")
		s := newSimplex(n)
		for i := range s.value {
			s.value[i] = 5 * i
			if i > 0 {
				s.require(i-1, i, rapid.IntRange(0, 2).Draw(t, "gap"), 0)
			}
		}
		for range rapid.IntRange(0, 2).Draw(t, "constraints") {
			a := rapid.IntRange(0, n-2).Draw(t, "tail")
			b := rapid.IntRange(a+1, n-1).Draw(t, "head")
			s.require(a, b, rapid.IntRange(0, 4).Draw(t, "length"), rapid.IntRange(0, 3).Draw(t, "weight"))
		}
		var terms []attraction
		for range rapid.IntRange(0, 5).Draw(t, "attractions") {
			a := rapid.IntRange(0, n-1).Draw(t, "a")
			b := (a + rapid.IntRange(1, n-1).Draw(t, "b")) % n
			term := attraction{a, b, rapid.IntRange(-4, 4).Draw(t, "offset"), rapid.IntRange(1, 4).Draw(t, "pull")}
			s.attract(term.a, term.b, term.offset, term.weight)
			terms = append(terms, term)
		}
		best := cheapest(s, terms, make([]int, n), 1)
		s.solve(1_000_000)
		if got, ok := cost(s, terms, s.value[:n]); !ok || got != best {
			t.Fatalf("cost %d (allowed: %t), but %d is possible", got, ok, best)
		}
	})
}

// cost is that of the values, if they meet the constraints between variables.
func cost(s *simplex, terms []attraction, value []int) (int, bool) {
	sum := 0
	for _, c := range s.constraints {
		if c.head >= len(value) || c.tail >= len(value) {
			continue // of an attraction
		}
		length := value[c.head] - value[c.tail]
		if length < c.length {
			return 0, false
		}
		sum += c.weight * length
	}
	for _, term := range terms {
		d := value[term.a] - value[term.b] - term.offset
		sum += term.weight * max(d, -d)
	}
	return sum, true
}

// cheapest tries all values from variable k on, each up to 9 above the last.
func cheapest(s *simplex, terms []attraction, value []int, k int) int {
	if k == len(value) {
		if sum, ok := cost(s, terms, value); ok {
			return sum
		}
		return 1 << 30
	}
	best := 1 << 30
	for step := range 10 {
		value[k] = value[k-1] + step
		best = min(best, cheapest(s, terms, value, k+1))
	}
	return best
}

func TestSimplexStopsAnywhereWithAllowedValues(t *testing.T) {
	t.Parallel()
	for visits := range 60 {
		s := newSimplex(12)
		for i := range s.value {
			s.value[i] = 7 * i
			if i > 0 {
				s.require(i-1, i, 3, 0)
			}
			s.attract(i, (i*5)%12, 0, 1+i)
		}
		s.solve(visits)
		for i := range s.constraints {
			if s.slack(i) < 0 {
				t.Fatalf("constraint %d is broken after %d visits", i, visits)
			}
		}
	}
}
