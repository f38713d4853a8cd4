package clustering

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostTerms = 6
	mostWords = 400 // of one text
	// pairWorth is how much more a pair of words says than one word.
	pairWorth = 1.25
)

// distinction is the terms of each group and of each item.
type distinction struct {
	terms [][]string
	top   [][]int // the same as numbers
	items [][]int // terms of each item, ascending
}

// distinguish finds the words and pairs of words that set each group apart, by class-based TF-IDF
// (Grootendorst 2022): how many of the group's items have the term, against how common it is everywhere.
// Items are counted, not occurrences, so that one long text cannot name a group.
func distinguish(items []Item, groups [][]int) distinction {
	v := newVocabulary(items)
	d := distinction{items: v.items}
	average := 0.0
	for _, group := range groups {
		average += float64(len(group)) / float64(len(groups))
	}
	for _, group := range groups {
		top := v.best(group, average)
		names := make([]string, len(top))
		for n, term := range top {
			names[n] = v.names[term]
		}
		d.top, d.terms = append(d.top, top), append(d.terms, names)
	}
	return d
}

// of returns the terms of group g that item i has.
func (d distinction) of(i, g int) []string {
	var has []string
	for n, term := range d.top[g] {
		if _, found := slices.BinarySearch(d.items[i], term); found {
			has = append(has, d.terms[g][n])
		}
	}
	return has
}

// vocabulary numbers the terms of all items: words first, then pairs.
type vocabulary struct {
	names []string
	items [][]int // terms of each item, ascending, each once
	count []int   // items that have the term
	words int     // how many of the terms are words
}

func newVocabulary(items []Item) *vocabulary {
	v := &vocabulary{items: make([][]int, len(items))}
	numbers := map[string]int{}
	texts := make([][]int, len(items)) // words in their order, -1 where a pair ends
	for i, item := range items {
		for _, word := range words(item.Text) {
			if word == "" {
				texts[i] = append(texts[i], -1)
				continue
			}
			texts[i] = append(texts[i], v.number(numbers, word))
		}
		v.add(i, texts[i])
	}
	pairs := map[[2]int]int{}
	count := slices.Clone(v.count)
	v.words = len(count)
	for i, text := range texts {
		var found []int
		for at := 1; at < len(text); at++ {
			a, b := text[at-1], text[at]
			if a < 0 || b < 0 || a == b || count[a] < 2 || count[b] < 2 {
				continue // a pair that only one text has cannot mark a group
			}
			number, seen := pairs[[2]int{a, b}]
			if !seen {
				number = v.append(v.names[a] + " " + v.names[b])
				pairs[[2]int{a, b}] = number
			}
			found = append(found, number)
		}
		v.add(i, found)
	}
	return v
}

func (v *vocabulary) number(numbers map[string]int, word string) int {
	n, seen := numbers[word]
	if !seen {
		n = v.append(word)
		numbers[word] = n
	}
	return n
}

func (v *vocabulary) append(name string) int {
	v.names, v.count = append(v.names, name), append(v.count, 0)
	return len(v.names) - 1
}

// add notes that item i has the terms. Numbers must be higher than those it already has.
func (v *vocabulary) add(i int, terms []int) {
	terms = slices.Clone(terms)
	slices.Sort(terms)
	for _, term := range slices.Compact(terms) {
		if term >= 0 {
			v.items[i] = append(v.items[i], term)
			v.count[term]++
		}
	}
}

// best returns the terms that set the group apart, none twice in another form. A term must be in two
// items of the group, or in its only one.
func (v *vocabulary) best(group []int, average float64) []int {
	inside := map[int]int{}
	for _, i := range group {
		for _, term := range v.items[i] {
			inside[term]++
		}
	}
	type scored struct {
		term  int
		score float64
	}
	var all []scored
	for term, count := range inside {
		if count >= min(2, len(group)) {
			share := float64(count) / float64(len(group))
			if term >= v.words {
				share *= pairWorth
			}
			all = append(all, scored{term, share * math.Log1p(average/float64(v.count[term]))})
		}
	}
	slices.SortFunc(all, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(v.names[a.term], v.names[b.term]))
	})
	var top []int
	used := map[string]bool{}
	for _, candidate := range all {
		stems := stems(v.names[candidate.term])
		if len(top) == mostTerms || slices.ContainsFunc(stems, func(s string) bool { return used[s] }) {
			continue
		}
		for _, stem := range stems {
			used[stem] = true
		}
		top = append(top, candidate.term)
	}
	return top
}

// stems are the words of a term without the endings of English plurals, to notice "patch" and "patches".
func stems(term string) []string {
	list := strings.Fields(term)
	for i, word := range list {
		word = strings.TrimSuffix(word, "s")
		list[i] = strings.TrimSuffix(word, "e")
	}
	return list
}

// words splits a text into lower-case words. An empty word stands where neighbours are not a pair:
// at a stop word or any sign but white space. Words have a letter, 3 to 30 runes, and are no stop words.
func words(text string) []string {
	var list []string
	gap := func() {
		if len(list) > 0 && list[len(list)-1] != "" {
			list = append(list, "")
		}
	}
	rest := strings.ToLower(text)
	for rest != "" && len(list) < mostWords {
		end := strings.IndexFunc(rest, func(r rune) bool { return !isWordRune(r) })
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			r, size := utf8.DecodeRuneInString(rest)
			if !unicode.IsSpace(r) {
				gap()
			}
			rest = rest[size:]
			continue
		}
		word := strings.Trim(rest[:end], "'’")
		rest = rest[end:]
		if isTerm(word) {
			list = append(list, word)
		} else {
			gap()
		}
	}
	return list
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || r == '\'' || r == '’'
}

func isTerm(word string) bool {
	runes := utf8.RuneCountInString(word)
	return runes >= 3 && runes <= 30 && strings.ContainsFunc(word, unicode.IsLetter) && !stopWords[word]
}
