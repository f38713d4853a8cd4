// Package synthesis writes about signals: what one says, what runs through many. The built-in provider is extractive: it
// chooses sentences and counts, and never makes one up, so that every sentence of a text can be shown in the signal that it
// came from. It needs no outside service and is no language model. The package holds no SQL.
package synthesis

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Type is what is asked for.
type Type string

// The types. The first two are for one signal, the last for a cluster, the others for both.
const (
	Surface   Type = "SURFACE"
	Structure Type = "STRUCTURE"
	Mirror    Type = "MIRROR"
	Symbolic  Type = "SYMBOLIC"
	Narrative Type = "NARRATIVE"
	Lineage   Type = "LINEAGE"
	Patterns  Type = "PATTERNS"
)

// OfSignal and OfCluster are the types that can be asked for.
var (
	OfSignal  = []Type{Surface, Structure, Mirror, Symbolic, Narrative, Lineage}
	OfCluster = []Type{Mirror, Symbolic, Narrative, Lineage, Patterns}
)

// Label is the type in plain words; "" for an unknown one.
func (t Type) Label() string {
	return map[Type]string{Surface: "Surface", Structure: "Structure", Mirror: "Mirror", Symbolic: "Symbols", Narrative: "Narrative",
		Lineage: "Lineage", Patterns: "Patterns"}[t]
}

// Allows says what a text of the type tells.
func (t Type) Allows() string {
	return map[Type]string{
		Surface:   "Who and what is named, what is done, when, and which words matter",
		Structure: "How the text is built, and what recurs in it",
		Mirror:    "The sentences that stand for the whole",
		Symbolic:  "The words and images that return",
		Narrative: "How it began, where it turned, and where it ended",
		Lineage:   "What a later signal takes up from earlier ones",
		Patterns:  "Themes, times, and what is related to what",
	}[t]
}

// Signal is what a provider reads of one signal.
type Signal struct {
	ID    uuid.UUID
	Title string
	Text  string // plain; passages are places in it
	At    time.Time
}

// Request is what a provider works on.
type Request struct {
	Type    Type
	Subject uuid.UUID // the signal that it is about; uuid.Nil for a cluster. Other signals are earlier ones that it may build on.
	Signals []Signal
}

// IDs are the signals that it holds. A provider outside this server sends nothing once one of them may not be used any more.
func (r Request) IDs() []uuid.UUID {
	ids := make([]uuid.UUID, 0, len(r.Signals))
	for _, s := range r.Signals {
		ids = append(ids, s.ID)
	}
	return ids
}

// Passage is a place in a signal's text, from one byte to before another.
type Passage struct {
	Signal uuid.UUID `json:"signal"`
	From   int       `json:"from"`
	To     int       `json:"to"`
}

// Statement is a sentence and the passage that it stands in, word for word; only white space may differ.
type Statement struct {
	Text   string
	Source Passage
}

// Result is what a provider wrote.
type Result struct {
	Statements []Statement
	Content    Content
}

// Provider writes syntheses. The same request gives the same result, as far as the provider can help it.
type Provider interface {
	Name() string   // of the provider, for people
	Model() string  // with its version
	External() bool // whether texts leave this server
	Write(ctx context.Context, r Request) (Result, error)
}

// Text joins statements to a body, one to a line, each with the number of its source in brackets.
func Text(statements []Statement) (body string, sources []Passage) {
	lines := make([]string, 0, len(statements))
	for i, s := range statements {
		lines, sources = append(lines, fmt.Sprintf("%s [%d]", s.Text, i+1)), append(sources, s.Source)
	}
	return strings.Join(lines, "\n"), sources
}

// Line is a line of a body as a person may have left it.
type Line struct {
	Text   string
	Number int      // of the source, from 1; 0 without one
	Source *Passage // nil without one
}

var lastNumber = regexp.MustCompile(`^(.*?)\s*\[(\d{1,4})\]$`)

// Lines reads a body and its sources. Blank lines are left out, and a number without a source is text.
func Lines(body string, sources []Passage) []Line {
	var lines []Line
	for text := range strings.Lines(body) {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		line := Line{Text: text}
		if found := lastNumber.FindStringSubmatch(text); found != nil {
			if n, err := strconv.Atoi(found[2]); err == nil && n >= 1 && n <= len(sources) {
				line = Line{Text: found[1], Number: n, Source: &sources[n-1]}
			}
		}
		lines = append(lines, line)
	}
	return lines
}
