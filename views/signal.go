package views

import (
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalView is the page of a signal, with what was wrong in one of its forms.
type SignalView struct {
	Org    string
	Role   store.Role
	Signal store.SignalPage
	Late   Late
	Bad    store.Invalid
	Note   string // what was typed as a note that was refused
}

// inBin says that the signal waits in the bin.
func (v SignalView) inBin() bool { return v.Signal.DeletedAt != nil }

// edits says whether the page offers to change the signal.
func (v SignalView) edits() bool {
	return v.Signal.Editable && v.Role.Can(store.UseRealms)
}

// annotates says whether the page offers to add a note.
func (v SignalView) annotates() bool {
	return v.Role.Can(store.UseRealms) && v.Signal.Open && !v.inBin()
}

func (v SignalView) url(action string) string { return SignalActionURL(v.Org, v.Signal.ID, action) }

// subtitle is the kind of signal in few words.
func (v SignalView) subtitle() string {
	d := v.Signal.Draft
	return d.Type.Label() + " · " + d.Context.Label()
}

// about are the facts beside the content: whose it is, where it stands and when it came.
func (v SignalView) about() []Fact {
	s, d := v.Signal, v.Signal.Draft
	realm := Fact{Term: "Realm", Value: fromElsewhere}
	if s.RealmName != "" {
		realm = Fact{Term: "Realm", Value: s.RealmName, Href: SignalRealmURL(v.Org, s.RealmSlug)}
	}
	facts := []Fact{realm, {Term: "Who may see it", Value: d.Visibility.Label()}, {Term: "Written by", Value: s.Author}}
	facts = optionalFact(facts, "Source", d.Source)
	facts = append(facts, Fact{Term: "Captured", Value: shortTime(d.CapturedAt)})
	if s.ImportedAt != nil {
		facts = append(facts, Fact{Term: "Imported", Value: shortTime(*s.ImportedAt)})
	} else {
		facts = append(facts, Fact{Term: "Added", Value: shortTime(s.CreatedAt)})
	}
	if s.Revision > 1 {
		facts = append(facts, Fact{Term: "Changed", Value: shortTime(s.UpdatedAt)})
	}
	if d.Place != nil {
		facts = append(facts, Fact{Term: "Place", Value: placeText(*d.Place)})
	}
	facts = optionalFact(facts, "Temperature", chargeText(d.Temperature))
	facts = optionalFact(facts, "Density", chargeText(d.Density))
	facts = optionalFact(facts, "Id where it comes from", d.ExternalID)
	return facts
}

func optionalFact(facts []Fact, term, value string) []Fact {
	if value == "" {
		return facts
	}
	return append(facts, Fact{Term: term, Value: value})
}

// placeText is a place in degrees, to about a metre.
func placeText(p signal.Place) string {
	return degrees(p.Latitude, "N", "S") + ", " + degrees(p.Longitude, "E", "W")
}

func degrees(n float64, positive, negative string) string {
	if n < 0 {
		n, positive = -n, negative
	}
	return strconv.FormatFloat(n, 'f', 5, 64) + "° " + positive
}

// chargeText is a number from -1 to 1 with its sign, "" for none.
func chargeText(n *float64) string {
	if n == nil {
		return ""
	}
	text := strconv.FormatFloat(*n, 'f', 2, 64)
	if *n > 0 {
		text = "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

// known are the facts about the content that have a value.
func (v SignalView) known() []Fact {
	var facts []Fact
	for _, field := range factFields(v.Signal.Draft.Metadata) {
		if n, err := strconv.ParseInt(field.Value, 10, 64); field.Key == "file_size" && err == nil {
			facts = append(facts, Fact{Term: "File size, as it came", Value: sizeText(n)})
		} else if field.Kind != "lines" {
			facts = optionalFact(facts, field.Label, field.Value)
		}
	}
	if p, ok := v.Signal.Draft.Payload.(signal.Photo); ok {
		facts = optionalFact(facts, "Name of the file", p.OriginalName)
	}
	return facts
}

// found are the fields that an analysis fills, as far as they are there.
func (v SignalView) found() []Fact {
	d := v.Signal.Draft
	facts := optionalFact(nil, "Surroundings", d.Environment)
	facts = optionalFact(facts, "Energy", d.Energy)
	facts = optionalFact(facts, "Inner state", d.InnerState)
	facts = optionalFact(facts, "Orientation", d.Orientation)
	facts = optionalFact(facts, "Ground", d.Substrate)
	facts = optionalFact(facts, "States of being", strings.Join(d.OntologicalStates, ", "))
	facts = optionalFact(facts, "Symbols", strings.Join(d.SymbolicElements, ", "))
	facts = optionalFact(facts, "Parts of the whole", strings.Join(d.Subsystems, ", "))
	return optionalFact(facts, "Ways of speaking", strings.Join(d.DominantLanguage, ", "))
}

// file is a stored file of the signal by its id; nil when it is not there for this reader.
func (v SignalView) file(id uuid.UUID) *store.SignalFile {
	for i := range v.Signal.Files {
		if v.Signal.Files[i].ID == id {
			return &v.Signal.Files[i]
		}
	}
	return nil
}

// shareable are the realms with which the signal may be shared: not the private ones, and not those that have it.
func (v SignalView) shareable() []Option {
	var open []store.RealmChoice
	for _, r := range v.Signal.Realms {
		if r.Type != "PRIVATE" {
			open = append(open, r)
		}
	}
	return realmOptionsOf(open)
}

// mayBeShared says whether the visibility lets the signal go into other realms.
func (v SignalView) mayBeShared() bool {
	d := v.Signal.Draft.Visibility
	return d == signal.Shared || d == signal.Public
}

// SimilarView is the signals that are like one.
type SimilarView struct {
	Org      string
	ID       uuid.UUID
	Near     []store.SignalSummary
	Spelling bool // compared by spelling, because the model that knows meanings is not there
}

// SignalNoteForm is a note to add.
type SignalNoteForm struct {
	Note string `form:"note"`
}

// SignalShareForm is a realm to share with or to take back from, and how far the signal goes there.
type SignalShareForm struct {
	Realm string `form:"realm"`
	Scope string `form:"scope"`
}
