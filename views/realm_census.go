package views

import "surrealm/store"

// RealmCensusForm is the query of the census.
type RealmCensusForm struct {
	Query    string `form:"q"`
	Orphaned string `form:"left"` // "1": only realms that can be handed over
}

// Filter is the query as the store takes it.
func (f RealmCensusForm) Filter() store.CensusFilter {
	return store.CensusFilter{Query: f.Query, Takeable: f.Orphaned == "1"}
}

// HandOverForm names who gets a realm.
type HandOverForm struct {
	To string `form:"to"`
}

// RealmCensusView is what the census needs beside the realms.
type RealmCensusView struct {
	Org    string
	Filter RealmCensusForm
	Late   Late
}

var censusFilter = []Option{{Value: "", Label: "All owners"}, {Value: "1", Label: "Can be handed over"}}

func heirOptions(people []store.Person) []Option {
	options := candidateOptions(people)
	options[0].Label = "Choose who gets it"
	return options
}

// RealmCensusURL is the page of all realms, for those who run the organisation.
func RealmCensusURL(org string) string { return RealmsURL(org) + "/all" }

// HandOverURL is where a realm is handed over. The handle names the realm without telling its id.
func HandOverURL(org, handle string) string { return RealmCensusURL(org) + "/" + handle + "/hand-over" }

// takeable counts the realms that can be handed over.
func takeable(c store.RealmCensus) string {
	n := 0
	for _, r := range c.Realms {
		if r.Takeable {
			n++
		}
	}
	return counted(n, "realm") + " can be handed over."
}
