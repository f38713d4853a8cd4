package synthesis

import (
	"cmp"
	"slices"
	"strings"
)

// sizes is what every text has.
func (m material) sizes() Content {
	c := Content{Sentences: len(m.sentences)}
	for _, s := range m.sentences {
		c.Words += len(wordsOf(s.text))
	}
	return c
}

// names are the words that stand with a capital inside a sentence somewhere.
func (m material) names() map[string]bool {
	known := map[string]bool{}
	for _, s := range m.sentences {
		_, inside, _ := strings.Cut(s.text, " ")
		for _, name := range nameRun.FindAllString(inside, -1) {
			known[name] = true
		}
	}
	return known
}

// surface is who and what is named, what is done, when, and which words matter; and the sentences that tell most of it.
func (m material) surface() Result {
	c, known := m.sizes(), m.names()
	var entities, actions, dates, terms tally
	told := make([]int, len(m.sentences))
	for i, s := range m.sentences {
		before := len(entities.counts) + len(dates.counts) + len(actions.counts)
		entitiesOf(s.text, known, &entities)
		for _, found := range date.FindAllString(s.text, -1) {
			dates.add(found, "")
		}
		for _, word := range wordsOf(s.text) {
			if verb, is := actionForms[word]; is {
				actions.add(verb, "")
			}
		}
		for _, word := range s.words {
			terms.add(word, "")
		}
		told[i] = len(entities.counts) + len(dates.counts) + len(actions.counts) - before
	}
	c.Entities, c.Actions, c.Dates, c.Terms = entities.best(1), actions.best(1), dates.best(1), terms.best(1)
	chosen := m.all()
	slices.SortStableFunc(chosen, func(a, b int) int { return cmp.Compare(told[b], told[a]) })
	return Result{m.cite(chosen[:min(3, len(chosen))]), c}
}

// structure is how a text is built. What needs understanding, such as its energy or its state, is left to people.
func (m material) structure() Result {
	c := m.sizes()
	var terms tally
	for _, s := range m.sentences {
		if strings.HasSuffix(s.text, "?") {
			c.Questions++
		}
		for _, word := range s.words {
			terms.add(word, "")
		}
	}
	for _, s := range m.signals {
		for _, block := range strings.Split(s.Text, "\n\n") {
			if strings.TrimSpace(block) != "" {
				c.Blocks++
			}
		}
	}
	c.Terms, c.Recurring = terms.best(1), terms.best(2)
	ends := []int{0, len(m.sentences) - 1}
	return Result{m.cite(append(ends, m.central(m.all(), 1)...)), c}
}

// symbolic is the words that return, each with the first sentence that holds it and is not yet cited.
func (m material) symbolic() Result {
	c := m.sizes()
	c.Recurring = m.recurring()
	var chosen []int
	for _, word := range c.Recurring[:min(6, len(c.Recurring))] {
		for i, s := range m.sentences {
			if slices.Contains(s.words, word.Text) && !slices.Contains(chosen, i) {
				chosen = append(chosen, i)
				break
			}
		}
	}
	return Result{m.cite(chosen), c}
}

// recurring counts the words that stand in several signals, or in several sentences when there is one signal.
func (m material) recurring() []Count {
	var found tally
	last := map[string]int{}
	for _, s := range m.sentences {
		for _, word := range s.words {
			if before, seen := last[word]; seen && before == s.signal && len(m.signals) > 1 {
				continue
			}
			last[word] = s.signal
			found.add(word, "")
		}
	}
	return found.best(2)
}
