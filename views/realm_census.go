package views

import (
	"strconv"

	"surrealm/store"
)

// RealmCensusForm is the query of the census.
type RealmCensusForm struct {
	Query    string `form:"q"`
	Orphaned string `form:"left"` // "1": only realms whose owner has left
}

// Filter is the query as the store takes it.
func (f RealmCensusForm) Filter() store.CensusFilter {
	return store.CensusFilter{Query: f.Query, Orphaned: f.Orphaned == "1"}
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

var censusFilter = []Option{{Value: "", Label: "All owners"}, {Value: "1", Label: "Owner has left"}}

func heirOptions(people []store.Person) []Option {
	options := candidateOptions(people)
	options[0].Label = "Choose who gets it"
	return options
}

// RealmCensusURL is the page of all realms, for those who run the organisation.
func RealmCensusURL(org string) string { return RealmsURL(org) + "/all" }

// HandOverURL is where a realm is handed over. The handle names the realm without telling its id.
func HandOverURL(org, handle string) string { return RealmCensusURL(org) + "/" + handle + "/hand-over" }

// orphans counts the realms that nobody in the organisation answers for.
func orphans(c store.RealmCensus) string {
	n := 0
	for _, r := range c.Realms {
		if r.Orphaned() {
			n++
		}
	}
	if n == 1 {
		return "The owner of 1 realm has left the organisation."
	}
	return "The owners of " + strconv.Itoa(n) + " realms have left the organisation."
}
