package signal

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// Problems says what is wrong with the draft: a sentence for each field, named as in FieldNames. What is wrong inside the payload or
// the metadata has the name of the field there after a dot, such as payload.url. It is empty for a draft that can be stored; ask it
// of a Normalised draft.
func (d Draft) Problems() map[string]string {
	bad := problems{}
	bad.check(d.Type.Valid(), "type", "Choose a type from the list.")
	bad.check(d.Context.Valid(), "context", "Choose a context from the list.")
	bad.check(d.Status.Valid(), "status", "Choose a status from the list.")
	bad.check(d.Visibility.Valid(), "visibility", "Choose who may see it from the list.")
	bad.check(d.Title != "", "title", "Give the signal a title.")
	bad.text("title", d.Title, TitleLimit)
	bad.text("source", d.Source, SourceLimit)
	bad.text("summary", d.Summary, SummaryLimit)
	bad.text("external_id", d.ExternalID, ExternalIDLimit)
	bad.check(len(d.Tags) <= TagsLimit, "tags", fmt.Sprintf("Use at most %d tags.", TagsLimit))
	for _, tag := range d.Tags {
		bad.text("tags", tag, TagLimit)
	}
	bad.surface(d)
	bad.structure(d)
	if p := d.Place; p != nil {
		bad.check(math.Abs(p.Latitude) <= 90, "latitude", "The latitude is a number from -90 to 90.")
		bad.check(math.Abs(p.Longitude) <= 180, "longitude", "The longitude is a number from -180 to 180.")
	}
	year := d.CapturedAt.Year()
	bad.check(year >= 1 && year <= 9999, "captured_at", "Choose a time between the years 1 and 9999.")
	bad.payload(d)
	bad.metadata(d)
	return bad
}

// problems is one sentence for a field; the first one found stays.
type problems map[string]string

func (bad problems) check(ok bool, field, sentence string) {
	if _, found := bad[field]; !ok && !found {
		bad[field] = sentence
	}
}

func (bad problems) text(field, text string, limit int) {
	bad.check(utf8.RuneCountInString(text) <= limit, field, fmt.Sprintf("Use at most %d characters.", limit))
	bad.check(Clean(text) == text, field, "Remove the characters that are not text.")
}

func (bad problems) list(field string, list []string) {
	bad.check(len(list) <= ListLimit, field, fmt.Sprintf("Use at most %d entries.", ListLimit))
	for _, phrase := range list {
		bad.text(field, phrase, PhraseLimit)
	}
}

func (bad problems) surface(d Draft) {
	bad.text("environment", d.Environment, ParagraphLimit)
	for field, value := range map[string]*float64{"temperature": d.Temperature, "density": d.Density} {
		bad.check(value == nil || math.Abs(*value) <= 1, field, "Choose a number from -1 to 1.")
	}
	bad.check(len(d.Actions) <= ActionsLimit, "actions", fmt.Sprintf("Use at most %d actions.", ActionsLimit))
	for _, a := range d.Actions {
		bad.check(a.Text != "", "actions", "Say what is done in each action.")
		bad.text("actions", a.Text, PhraseLimit)
		bad.check(a.Kind == "" || slices.Contains(ActionKinds, a.Kind), "actions", "An action is performed, referenced or planned.")
	}
	bad.check(len(d.Entities) <= ActionsLimit, "entities", fmt.Sprintf("Use at most %d entities.", ActionsLimit))
	for _, e := range d.Entities {
		bad.check(e.Name != "", "entities", "Give each entity a name.")
		bad.text("entities", e.Name, PhraseLimit)
		bad.text("entities", e.Kind, TagLimit)
		bad.text("entities", e.Context, PhraseLimit)
	}
	bad.json("actions", d.Actions, MetadataLimit)
	bad.json("entities", d.Entities, MetadataLimit)
}

func (bad problems) structure(d Draft) {
	bad.text("energy", d.Energy, PhraseLimit)
	bad.text("inner_state", d.InnerState, PhraseLimit)
	bad.text("orientation", d.Orientation, PhraseLimit)
	bad.text("substrate", d.Substrate, ParagraphLimit)
	bad.list("ontological_states", d.OntologicalStates)
	bad.list("symbolic_elements", d.SymbolicElements)
	bad.list("subsystems", d.Subsystems)
	bad.list("dominant_language", d.DominantLanguage)
}
