package signal

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Normalised is the draft as it is stored: defaults filled in, tags tidied, no white space around texts and one kind of line end in them, times in UTC to the
// microsecond, nil instead of empty lists. The content is never touched. It does nothing to a draft that comes from the store.
func (d Draft) Normalised() Draft {
	fresh := NewDraft(d.Type)
	d.Context = either(d.Context, fresh.Context)
	d.Status = either(d.Status, fresh.Status)
	d.Visibility = either(d.Visibility, fresh.Visibility)
	if d.Payload == nil {
		d.Payload = fresh.Payload
	}
	if d.Metadata == nil {
		d.Metadata = fresh.Metadata
	}
	d.ExternalID, d.Source = oneLine(d.ExternalID), oneLine(d.Source)
	d.Title, d.Summary = oneLine(d.Title), paragraph(d.Summary)
	d.Environment, d.Substrate = paragraph(d.Environment), paragraph(d.Substrate)
	d.Energy, d.InnerState, d.Orientation = oneLine(d.Energy), oneLine(d.InnerState), oneLine(d.Orientation)
	d.Tags = NormaliseTags(d.Tags)
	for _, list := range []*[]string{&d.OntologicalStates, &d.SymbolicElements, &d.Subsystems, &d.DominantLanguage} {
		*list = phrases(*list)
	}
	d.forgetEmptyLists()
	if !d.CapturedAt.IsZero() {
		d.CapturedAt = d.CapturedAt.UTC().Truncate(time.Microsecond)
	}
	return d
}

func (d *Draft) forgetEmptyLists() {
	for _, list := range []*[]string{&d.Tags, &d.OntologicalStates, &d.SymbolicElements, &d.Subsystems, &d.DominantLanguage} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	if len(d.Actions) == 0 {
		d.Actions = nil
	}
	if len(d.Entities) == 0 {
		d.Entities = nil
	}
}

// NormaliseTags returns the tags in NFC, each on one line without white space around it, without empty ones and without repetition.
// Tags that differ in nothing but case are one tag; the first spelling stays.
func NormaliseTags(tags []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, tag := range tags {
		tag = oneLine(norm.NFC.String(tag))
		if key := TagKey(tag); tag != "" && !seen[key] {
			seen[key] = true
			out = append(out, tag)
		}
	}
	return out
}

// TagKey is the same for two tags exactly when they are one tag.
func TagKey(tag string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(tag)))
}

// Clean removes what PostgreSQL cannot hold in a text: the character NUL, and bytes that are no UTF-8 become U+FFFD.
func Clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, string(unicode.ReplacementChar))
	}
	return strings.ReplaceAll(text, "\x00", "")
}

func oneLine(text string) string { return strings.Join(strings.Fields(Clean(text)), " ") }

// paragraph is a text of several lines as a form posts it, with the line ends that everything else uses.
func paragraph(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(Clean(text)))
}

func phrases(list []string) []string {
	var out []string
	for _, phrase := range list {
		if phrase = oneLine(phrase); phrase != "" {
			out = append(out, phrase)
		}
	}
	return out
}

func either[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
