package sop

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a graph. Lengths of text count characters, not bytes.
const (
	MaxGraphBytes  = 256 << 10 // of the text as given, and of the canonical form
	MaxFileBytes   = 512 << 10 // of a document that holds a graph, with its indentation
	MaxNodes       = 500
	MaxEdges       = 2000
	MaxDepth       = 32 // nesting of the graph's JSON
	MaxID          = 64
	MaxLabel       = 200
	MaxDescription = 4000
	MaxCondition   = 500
	MaxLoop        = 100 // of MaxIterations in a valid graph

	MaxTitle     = 300
	MaxRoleTitle = 200
	MaxSource    = 1000
	MaxRationale = 10000
)

// textRule says what a piece of text may be.
type textRule struct {
	name     string // as in "the label"
	max      int
	needed   bool
	newlines bool
}

var (
	labelRule       = textRule{name: "the label", max: MaxLabel, needed: true}
	descriptionRule = textRule{name: "the description", max: MaxDescription, newlines: true}
	conditionRule   = textRule{name: "the condition", max: MaxCondition}
	edgeLabelRule   = textRule{name: "the label", max: MaxLabel}
)

// check returns what is wrong with s, or an empty string. The words it returns
// are the rest of a sentence: "the label is missing".
func (r textRule) check(s string) string {
	if r.needed && strings.TrimSpace(s) == "" {
		return r.name + " is missing"
	}
	if n := utf8.RuneCountInString(s); n > r.max {
		return fmt.Sprintf("%s is %d characters long; the most is %d", r.name, n, r.max)
	}
	for _, c := range s {
		if (c == '\n' || c == '\t') && r.newlines {
			continue
		}
		if unicode.IsControl(c) && (c == '\n' || c == '\r') {
			return r.name + " must be on one line"
		}
		if hidden(c) {
			return fmt.Sprintf("%s holds the invisible control character U+%04X; remove it", r.name, c)
		}
	}
	return ""
}

// hidden reports whether c is a control character, or one that turns the
// direction of the text around it. The latter can make a reviewer read
// something else than what a surrogate will follow.
func hidden(c rune) bool {
	return unicode.IsControl(c) || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069
}

// checkID returns what is wrong with an id, or an empty string.
func checkID(id string) string {
	if id == "" {
		return "the id is missing"
	}
	if utf8.RuneCountInString(id) > MaxID {
		return fmt.Sprintf("the id is longer than %d characters", MaxID)
	}
	for _, c := range id {
		if !idCharacter(c) {
			return "the id may hold only letters a to z, digits, dot, hyphen and underscore"
		}
	}
	return ""
}

func idCharacter(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-'
}

// unixLines turns the line ends that browsers and Windows write into "\n".
func unixLines(s string) string {
	if !strings.Contains(s, "\r") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
