package views

import (
	"strings"
	"time"

	"surrealm/store"
)

// RealmConsentsURL is what the members of a realm allow.
func RealmConsentsURL(org, slug string) string { return RealmActionURL(org, slug, "consents") }

// ConsentForm is what a person allows, as it was typed. Dates are days, in UTC; the last one is included.
type ConsentForm struct {
	Purpose  string `form:"purpose"`
	Scope    string `form:"scope"`
	Tags     string `form:"tags"`
	From     string `form:"from"`
	Until    string `form:"until"`
	Expires  string `form:"expires"`
	External string `form:"external"` // "on": also outside this server
}

// Input is the form as the store takes it, with what is wrong with its dates.
func (f ConsentForm) Input() (store.NewConsent, store.Invalid) {
	bad := store.Invalid{}
	day := func(field, text string, after int) *time.Time {
		if strings.TrimSpace(text) == "" {
			return nil
		}
		at, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
		if err != nil {
			bad[field] = "Enter a date, such as 2026-01-31."
			return nil
		}
		at = at.AddDate(0, 0, after)
		return &at
	}
	n := store.NewConsent{Purpose: store.Purpose(f.Purpose), Scope: store.ConsentScope(f.Scope), External: f.External == "on",
		From: day("from", f.From, 0), To: day("until", f.Until, 1), Expires: day("expires", f.Expires, 1)}
	if n.Scope == store.WithTags {
		n.Tags = strings.Split(f.Tags, ",")
	}
	return n, bad
}

// RealmConsentsView is what the members of a realm allow.
type RealmConsentsView struct {
	RealmView
	Realm    store.Realm
	Consents []store.Consent
	Form     ConsentForm
	Bad      store.Invalid
}

func purposeOptions() []Option {
	options := make([]Option, len(store.Purposes))
	for i, p := range store.Purposes {
		options[i] = Option{Value: string(p), Label: p.Label()}
	}
	return options
}

var consentScopes = []Option{{Value: "ALL", Label: "Everything of mine in this realm"}, {Value: "SIGNALS", Label: "Only the signals I choose"}, {Value: "TAGS", Label: "Those of mine with certain tags"}, {Value: "RANGE", Label: "Those of mine from a span of time"}}

// covers says which signals a consent is about.
func covers(c store.Consent) string {
	switch c.Scope {
	case store.WithTags:
		return "Tagged " + strings.Join(c.Tags, ", ")
	case store.FromTo:
		words := "Captured"
		if c.From != nil {
			words += " from " + c.From.UTC().Format("2 Jan 2006")
		}
		if c.Until != nil {
			words += " until before " + c.Until.UTC().Format("2 Jan 2006")
		}
		return words
	case store.TheseSignals:
		return counted(c.Signals, "chosen signal")
	}
	return "All"
}

func until(c store.Consent) string {
	if c.ExpiresAt == nil {
		return "Until revoked"
	}
	return "Until " + c.ExpiresAt.UTC().Format("2 Jan 2006")
}

func reaches(c store.Consent) string {
	if c.External {
		return "This server and outside providers"
	}
	return "This server only"
}
