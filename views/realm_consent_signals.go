package views

import (
	"fmt"
	"slices"
	"strings"

	"surrealm/store"
)

// ConsentSignalsForm is a page of the signals to choose from: what it shows, and what was ticked on it.
type ConsentSignalsForm struct {
	Purpose  string   `form:"purpose"`
	New      string   `form:"new"`      // "on": with the terms that follow, not those of the consent in force
	External string   `form:"external"` // "on"
	Expires  string   `form:"expires"`  // the last day
	Query    string   `form:"q"`
	Show     string   `form:"show"` // "chosen", or everything
	Cursor   string   `form:"cursor"`
	Next     string   `form:"next"` // the cursor of the page after
	Shown    []string `form:"shown"`
	IDs      []string `form:"ids"`
	Go       string   `form:"go"` // "next": show the page after when this one is saved
}

// Filter is the page as the store takes it.
func (f ConsentSignalsForm) Filter() store.ConsentFilter {
	return store.ConsentFilter{Purpose: store.Purpose(f.Purpose), Query: f.Query, Chosen: f.Show == "chosen", Cursor: f.Cursor}
}

// Terms are what a new consent says, and nil for the one in force; with what is wrong with them.
func (f ConsentSignalsForm) Terms() (*store.ConsentTerms, store.Invalid) {
	if f.New != "on" {
		return nil, store.Invalid{}
	}
	input, bad := ConsentForm{Purpose: f.Purpose, External: f.External, Expires: f.Expires}.Input()
	return &store.ConsentTerms{External: input.External, Expires: input.Expires}, bad
}

// ConsentSignalsURL is the page of the signals to choose from.
func ConsentSignalsURL(org, slug string, f ConsentSignalsForm) string {
	query := queryOf("purpose", f.Purpose, "q", f.Query, "show", f.Show, "cursor", f.Cursor)
	if f.New == "on" {
		query = queryOf("purpose", f.Purpose, "new", f.New, "external", f.External, "expires", f.Expires, "q", f.Query, "show", f.Show, "cursor", f.Cursor)
	}
	return withQuery(RealmConsentsURL(org, slug)+"/signals", query)
}

// Chosen leads from the form of a consent to the page where its signals are chosen.
func (f ConsentForm) Chosen() ConsentSignalsForm {
	return ConsentSignalsForm{Purpose: f.Purpose, New: "on", External: f.External, Expires: strings.TrimSpace(f.Expires)}
}

// ConsentSignalsView is the page on which single signals are chosen for a consent.
type ConsentSignalsView struct {
	Org   string
	Form  ConsentSignalsForm
	Found store.ConsentSignals
	Bad   store.Invalid
	Typed bool // the ticks are those of the form, which could not be saved
}

func (v ConsentSignalsView) url(cursor string) string {
	f := v.Form
	f.Cursor = cursor
	return ConsentSignalsURL(v.Org, v.Found.Realm.Slug, f)
}

func (v ConsentSignalsView) pageURL(cursor string) string {
	if cursor == "" {
		return ""
	}
	return v.url(cursor)
}

func (v ConsentSignalsView) ticked(s store.ConsentSignal) bool {
	if v.Typed {
		return slices.Contains(v.Form.IDs, s.ID.String())
	}
	return s.Chosen
}

// terms says what is allowed, where and how long.
func (v ConsentSignalsView) terms() string {
	c := store.Consent{External: v.Form.External == "on"}
	if terms, bad := v.Form.Terms(); terms != nil && len(bad) == 0 {
		c.ExpiresAt = terms.Expires
	} else if v.Found.Live != nil {
		c = *v.Found.Live
	}
	return fmt.Sprintf("%s. %s. %s.", store.Purpose(v.Form.Purpose).Label(), reaches(c), until(c))
}

// standing says how many signals are chosen.
func (v ConsentSignalsView) standing() string {
	if v.Found.Chosen == 0 {
		return fmt.Sprintf("None of your %s in %s is chosen yet.", counted(v.Found.Own, "signal"), v.Found.Realm.Name)
	}
	verb := "are"
	if v.Found.Chosen == 1 {
		verb = "is"
	}
	return fmt.Sprintf("%d of your %s in %s %s chosen.", v.Found.Chosen, counted(v.Found.Own, "signal"), v.Found.Realm.Name, verb)
}

// replaces says that a consent about other signals than single ones is in force.
func (v ConsentSignalsView) replaces() bool {
	return v.Found.Live != nil && v.Found.Live.Scope != store.TheseSignals
}

var consentShows = []Option{{Value: "", Label: "All of mine"}, {Value: "chosen", Label: "The chosen ones"}}

// coversNow says how many of the reader's own signals a consent of theirs covers.
func coversNow(c store.Consent) string {
	return counted(c.Covered, "signal") + " of yours now"
}

// ChosenText is the notice after a choice was saved.
func ChosenText(covered int) string {
	if covered == 1 {
		return "Saved. 1 signal is allowed."
	}
	return fmt.Sprintf("Saved. %d signals are allowed.", covered)
}
