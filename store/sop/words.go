package sop

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// WordOp says what happened to a run of words.
type WordOp string

// What can happen to a run of words.
const (
	WordSame   WordOp = "SAME"
	WordInsert WordOp = "INSERT"
	WordDelete WordOp = "DELETE"
)

// WordRun is a stretch of text, spaces included, to which one thing happened.
type WordRun struct {
	Op   WordOp
	Text string
}

// Words compares two texts word by word. The runs that are not inserted, put
// together, are exactly before; those that are not deleted are exactly after.
// Runs are never empty, neighbours differ in their operation, and where text
// was replaced the deleted run comes first.
func Words(before, after string) []WordRun {
	b, a := tokens(before), tokens(after)
	var w wordWriter
	at, atAfter := 0, 0
	for _, d := range lcs.DiffLines(b, a) {
		w.write(WordSame, b[at:d.Start]...)
		w.write(WordDelete, b[d.Start:d.End]...)
		w.write(WordInsert, a[d.ReplStart:d.ReplEnd]...)
		at, atAfter = d.End, d.ReplEnd
	}
	w.write(WordSame, a[atAfter:]...)
	return w.finish()
}

// wordWriter joins runs. deleted and inserted wait until some text that stayed
// ends the change; spaces alone do not end it, so that "red car" to "blue bus"
// reads as one change and not as two with a space between.
type wordWriter struct {
	runs              []WordRun
	deleted, inserted strings.Builder
	space             strings.Builder
}

func (w *wordWriter) write(op WordOp, words ...string) {
	for _, word := range words {
		switch {
		case op == WordSame && w.pending() && strings.TrimSpace(word) == "":
			w.space.WriteString(word)
		case op == WordSame:
			w.flush()
			w.add(WordSame, word)
		case op == WordDelete:
			w.takeSpace()
			w.deleted.WriteString(word)
		case op == WordInsert:
			w.takeSpace()
			w.inserted.WriteString(word)
		}
	}
}

func (w *wordWriter) pending() bool { return w.deleted.Len() > 0 || w.inserted.Len() > 0 }

// takeSpace makes a space between two changes part of both.
func (w *wordWriter) takeSpace() {
	w.deleted.WriteString(w.space.String())
	w.inserted.WriteString(w.space.String())
	w.space.Reset()
}

func (w *wordWriter) flush() {
	w.add(WordDelete, w.deleted.String())
	w.add(WordInsert, w.inserted.String())
	w.add(WordSame, w.space.String())
	w.deleted.Reset()
	w.inserted.Reset()
	w.space.Reset()
}

func (w *wordWriter) add(op WordOp, text string) {
	if text == "" {
		return
	}
	if last := len(w.runs) - 1; last >= 0 && w.runs[last].Op == op {
		w.runs[last].Text += text
		return
	}
	w.runs = append(w.runs, WordRun{Op: op, Text: text})
}

func (w *wordWriter) finish() []WordRun {
	w.flush()
	return w.runs
}

// tokens cuts text into words, stretches of space and single signs. In scripts
// that do not put spaces between words every character is a token. The tokens
// put together are the text.
func tokens(s string) []string {
	var list []string
	start, kind := 0, tokenKind(-1)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		k := kindOf(r)
		if k == signToken && insideWord(s[:i], r, s[i+size:]) {
			k = wordToken
		}
		joins := k == kind && (k == wordToken || k == spaceToken) || k == markToken && kind >= 0
		if !joins && i > start {
			list = append(list, s[start:i])
			start = i
		}
		if !joins {
			kind = k
		}
		i += size
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}

type tokenKind int

const (
	wordToken tokenKind = iota
	spaceToken
	signToken
	markToken // belongs to the character before it
)

// insideWord reports whether a sign belongs to the word or number around it, as
// in "15,000", "37.5", "10:30" and "team's".
func insideWord(before string, sign rune, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	switch sign {
	case '.', ',', ':':
		return unicode.IsDigit(last) && unicode.IsDigit(next)
	case '\'', '’':
		return unicode.IsLetter(last) && unicode.IsLetter(next)
	}
	return false
}

var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func kindOf(r rune) tokenKind {
	const zeroWidthJoiner = '\u200d'
	switch {
	case unicode.IsMark(r) || r == zeroWidthJoiner:
		return markToken
	case unicode.IsSpace(r):
		return spaceToken
	case unicode.In(r, unspaced...):
		return signToken
	case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_':
		return wordToken
	}
	return signToken
}
