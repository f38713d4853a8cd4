package signal

import (
	"strings"
	"unicode"
)

// TitleOf makes a title of a text: its first line that says something, without the marks of Markdown before it, cut at a word. It is ""
// for a text without words.
func TitleOf(text string) string {
	for line := range strings.Lines(Clean(text)) {
		line = oneLine(strings.TrimLeft(strings.TrimSpace(line), "#>*-+= \t"))
		if strings.IndexFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
			continue
		}
		return shortened(line, 90)
	}
	return ""
}

// shortened cuts a line to so many characters, at a word where one ends in its second half.
func shortened(line string, limit int) string {
	runes := []rune(line)
	if len(runes) <= limit {
		return line
	}
	cut := limit - 1
	for at := cut; at > limit/2; at-- {
		if unicode.IsSpace(runes[at]) {
			cut = at
			break
		}
	}
	return strings.TrimSpace(string(runes[:cut])) + "…"
}
