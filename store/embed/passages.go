package embed

import (
	"unicode"
	"unicode/utf8"
)

const (
	passageWords = 100  // about as many as the encoder reads
	passageBytes = 1000 // for texts that have no words, or very long ones
)

// Passage is a part of a text, from one byte to before another.
type Passage struct{ From, To int }

// Passages cuts a text into passages that an encoder can read whole: at most 100 words and 1,000 bytes. A passage takes as
// many whole sentences as have room; only a sentence that is too long by itself is cut inside, between words if it can be.
// Passages come in order and never begin or end inside a character; between them is nothing but white space. A blank text
// has none.
func Passages(text string) []Passage {
	var passages []Passage
	for at := skipSpace(text, 0); at < len(text); {
		end := endOfPassage(text, at)
		passages = append(passages, Passage{at, end})
		at = skipSpace(text, end)
	}
	return passages
}

// endOfPassage returns where the passage that begins at from ends: after the last sentence that has room, or else after the
// last word, or else after the last character.
func endOfPassage(text string, from int) int {
	sentence, word, words, at := 0, 0, 0, from
	for at < len(text) {
		end := endOfWord(text, at)
		if words++; words > passageWords || end-from > passageBytes {
			break
		}
		at = skipSpace(text, end)
		word = end
		if at == len(text) || endsSentence(text[from:end], text[end:at]) {
			sentence = end
		}
	}
	switch {
	case sentence > 0:
		return sentence
	case word > 0:
		return word
	}
	end := from + passageBytes
	for end > from+passageBytes-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// endsSentence tells whether a sentence ends with the word that read ends with, before the white space. A sentence ends with
// its mark, behind which brackets and quotes may be closed, and at an empty line.
func endsSentence(read, space string) bool {
	lines := 0
	for _, char := range space {
		if char == '\n' {
			lines++
		}
	}
	for {
		char, size := utf8.DecodeLastRuneInString(read)
		if size == 0 || !unicode.In(char, unicode.Quotation_Mark, unicode.Pe, unicode.Pf) {
			return lines > 1 || size > 0 && unicode.Is(unicode.Sentence_Terminal, char)
		}
		read = read[:len(read)-size]
	}
}

func skipSpace(text string, at int) int {
	for at < len(text) {
		char, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsSpace(char) {
			break
		}
		at += size
	}
	return at
}

// endOfWord returns where the word ends that begins at from. Chinese and Japanese put no white space between sentences, so
// a word ends after their marks too.
func endOfWord(text string, from int) int {
	for at := from; at < len(text); {
		char, size := utf8.DecodeRuneInString(text[at:])
		if unicode.IsSpace(char) {
			return at
		}
		at += size
		if char == '。' || char == '！' || char == '？' {
			return at
		}
	}
	return len(text)
}
