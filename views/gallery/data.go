package gallery

import "surrealm/views"

type surrogate struct{ role, domain, status, tone, place, sops string }

func surrogates() []surrogate {
	return []surrogate{
		{"Resuscitation team leader", "Healthcare", "Active", "good", "United States and Europe", "3"},
		{"Due diligence analyst", "Finance", "Paused", "warn", "European Union", "12"},
		{"Incident commander", "Security", "Draft", "neutral", "Worldwide", "0"},
		{"Theatre coordinator", "Healthcare", "Archived", "neutral", "Worldwide", "1"},
	}
}

func events() []views.Event {
	return []views.Event{
		{Icon: "check", Tone: "good", Text: "Version 3 of Adult cardiac arrest was certified", Href: "#", Who: "Jonas Berg", At: at},
		{Icon: "message-square", Text: "A comment on proposal #12", Href: "#", Who: "Amira Haddad", At: at},
		{Icon: "x", Tone: "bad", Text: "Proposal #9 was rejected", Who: "Søren Łukasiewicz", At: at},
	}
}
