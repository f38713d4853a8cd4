package synthesis

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostBytes bounds a sentence: a longer one is cut between words, so that a citation stays readable.
const mostBytes = 600

// span is a sentence in a text, from one byte to before another.
type span struct{ from, to int }

// sentencesOf cuts a text into its sentences. One ends with its mark before white space, behind which quotes and brackets
// may be closed, and at an empty line or a list's next line. Spans begin and end with no white space.
func sentencesOf(text string) []span {
	var spans []span
	from, word := -1, -1 // where the sentence began, and where its last word before mostBytes ended
	end := func(to int) {
		if from >= 0 && to > from {
			spans = append(spans, span{from, to})
		}
		from, word = -1, -1
	}
	for at := 0; at < len(text); {
		char, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unicode.IsSpace(char):
			next := afterSpace(text, at)
			if from >= 0 && (endsSentence(text[from:at]) || breaksHere(text[at:next], text[next:])) {
				end(at)
			} else if from >= 0 {
				word = at
			}
			at = next
			continue
		case from < 0:
			from = at
		case at+size-from > mostBytes:
			if word > from {
				at = afterSpace(text, word)
				end(word)
			} else {
				end(at)
			}
			continue
		}
		at += size
		if char == '。' || char == '！' || char == '？' {
			end(at)
		}
	}
	end(len(text))
	return spans
}

func afterSpace(text string, at int) int {
	return len(text) - len(strings.TrimLeftFunc(text[at:], unicode.IsSpace))
}

// endsSentence tells whether read ends with the mark of a sentence, and not with an initial or a short form.
func endsSentence(read string) bool {
	bare := strings.TrimRightFunc(read, func(r rune) bool { return unicode.In(r, unicode.Quotation_Mark, unicode.Pe, unicode.Pf) })
	char, _ := utf8.DecodeLastRuneInString(bare)
	if !unicode.Is(unicode.Sentence_Terminal, char) {
		return false
	}
	word := bare[strings.LastIndexFunc(bare, unicode.IsSpace)+1:]
	return char != '.' || !shortForms[strings.ToLower(word)] && utf8.RuneCountInString(word) != 2
}

var shortForms = map[string]bool{"e.g.": true, "i.e.": true, "dr.": true, "mr.": true, "mrs.": true, "ms.": true, "no.": true, "st.": true,
	"vs.": true, "cf.": true, "prof.": true, "approx.": true, "fig.": true}

// breaksHere tells whether white space parts two sentences by itself: an empty line, or a line that begins an item.
func breaksHere(space, rest string) bool {
	lines := strings.Count(space, "\n")
	return lines > 1 || lines == 1 && (strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "* ") || strings.HasPrefix(rest, "• "))
}

// plain is a sentence on one line.
func plain(sentence string) string { return strings.Join(strings.Fields(sentence), " ") }
