package synthesis

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"surrealm/store/clustering"
)

const mostListed = 12 // of each kind

// tally counts texts in the order in which they were first seen.
type tally struct {
	counts []Count
	place  map[string]int
}

func (t *tally) add(text, kind string) {
	if t.place == nil {
		t.place = map[string]int{}
	}
	key := kind + "\x00" + strings.ToLower(text)
	n, seen := t.place[key]
	if !seen {
		n = len(t.counts)
		t.place[key], t.counts = n, append(t.counts, Count{Text: text, Kind: kind})
	}
	t.counts[n].Count++
}

// best returns what occurs at least some times, the most frequent first; ties keep their order.
func (t *tally) best(least int) []Count {
	kept := slices.DeleteFunc(slices.Clone(t.counts), func(c Count) bool { return c.Count < least })
	slices.SortStableFunc(kept, func(a, b Count) int { return cmp.Compare(b.Count, a.Count) })
	return kept[:min(len(kept), mostListed)]
}

// wordsOf returns the words of a text in lower case.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != '-'
	})
}

// tellingWords are the words of a text that say what it is about, each once, in their order.
func tellingWords(text string) []string {
	var telling []string
	for _, word := range wordsOf(text) {
		word = strings.Trim(word, "'’-")
		if utf8.RuneCountInString(word) >= 3 && strings.ContainsFunc(word, unicode.IsLetter) && !clustering.StopWord(word) && !slices.Contains(telling, word) {
			telling = append(telling, word)
		}
	}
	return telling
}

var (
	nameRun = regexp.MustCompile(`\p{Lu}[\p{L}\p{N}’'-]*(?:[ ]\p{Lu}[\p{L}\p{N}’'-]*)*`)
	email   = regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
	link    = regexp.MustCompile(`https?://[^\s<>"')\]]+`)
	amount  = regexp.MustCompile(`[€$£]\s?\d[\d.,]*\d|[€$£]\s?\d|\d[\d.,]*\s?(?:%|°C|km|kg|bar|EUR|USD)`)
	date    = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|(?i)\b(?:\d{1,2}(?:st|nd|rd|th)? )?` +
		`(?:january|february|march|april|june|july|august|september|october|november|december|(?-i:May))(?: \d{1,2}(?:st|nd|rd|th)?)?(?:,? \d{4})?\b|` +
		`(?i)\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b`)
)

// entitiesOf counts what is named in a sentence. A capital at its beginning tells nothing unless more follow or the word
// is named elsewhere, which known says.
func entitiesOf(sentence string, known map[string]bool, into *tally) {
	for _, found := range []struct {
		pattern *regexp.Regexp
		kind    string
	}{{email, "email"}, {link, "link"}, {amount, "amount"}} {
		for _, text := range found.pattern.FindAllString(sentence, -1) {
			into.add(strings.TrimRight(text, ".,"), found.kind)
		}
		sentence = found.pattern.ReplaceAllString(sentence, " ")
	}
	sentence = date.ReplaceAllString(sentence, " . ")
	for _, name := range namesIn(sentence, known) {
		into.add(name, "name")
	}
}

// namesIn returns the runs of words with a capital.
func namesIn(sentence string, known map[string]bool) []string {
	var names []string
	for _, at := range nameRun.FindAllStringIndex(sentence, -1) {
		name := sentence[at[0]:at[1]]
		first, rest, more := strings.Cut(name, " ")
		if lower := strings.ToLower(first); clustering.StopWord(lower) || lower == "yesterday" || lower == "tomorrow" {
			if name = rest; !more {
				continue
			}
		} else if strings.TrimSpace(sentence[:at[0]]) == "" && !more && !known[name] {
			continue // it only begins the sentence
		}
		if utf8.RuneCountInString(name) > 1 {
			names = append(names, name)
		}
	}
	return names
}

// actionForms are the verbs that are looked for, each with its forms.
var actionForms = func() map[string]string {
	forms := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(`
add adds added adding|agree agrees agreed|arrive arrives arrived|ask asks asked asking|begin begins began|break breaks broke broken|build builds built building
buy buys bought|call calls called calling|cancel cancels cancelled|change changes changed changing|check checks checked checking|choose chooses chose chosen
clean cleans cleaned cleaning|close closes closed closing|decide decides decided deciding|deliver delivers delivered|discuss discusses discussed|fail fails failed failing
find finds found|finish finishes finished|fix fixes fixed fixing|inspect inspects inspected|install installs installed installing|learn learns learned
leave leaves left leaving|measure measures measured measuring|meet meets met meeting|move moves moved moving|notice notices noticed|open opens opened opening
order orders ordered|plan plans planned planning|prepare prepares prepared|promise promises promised|receive receives received|remove removes removed removing
repair repairs repaired repairing|replace replaces replaced replacing|report reports reported reporting|review reviews reviewed reviewing|send sends sent sending
start starts started starting|stop stops stopped stopping|switch switches switched|test tests tested testing|visit visits visited|wait waits waited waiting
walk walks walked walking|write writes wrote written writing`), "\n") {
		for _, verb := range strings.Split(line, "|") {
			all := strings.Fields(verb)
			for _, form := range all {
				forms[form] = all[0]
			}
		}
	}
	return forms
}()
