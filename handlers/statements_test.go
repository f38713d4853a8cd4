package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// statementBudget is what a page that lists something asks of the database: the session with its user, and two statements for
// what it shows, in three round trips. BEGIN, the door and COMMIT do not count: they are the transaction's.
const statementBudget, tripBudget = 3, 3

// overBudget are the pages that may ask more, each with how much and why.
var overBudget = map[string]struct {
	statements, trips int
	why               string
}{
	"/o/:org":                        {4, 3, "the start page shows three things: tasks, numbers and what happened last"},
	"/o/:org/settings/work":          {3, 5, "for owners and admins alone, seldom: its statements go one after the other"},
	"/o/:org/settings/models":        {2, 4, "likewise"},
	"/o/:org/settings/models/ledger": {3, 7, "likewise, by two methods of the store"},
}

// Every page of an organisation whose address names nothing but the organisation, as its owner, once all is prepared.
func TestListPagesStayWithinTheirStatements(t *testing.T) {
	t.Parallel()
	statements := &storetest.Statements{}
	through := storetest.Second(t, func(o *store.Options) { o.WebConns, o.CtlConns, o.Tracer = 1, 1, statements })
	a := newApp(t, func(o *handlers.Options) { o.Store = through })
	w := newWorld(t, a)
	owner := a.as(t, w.owner)
	pages := 0
	for _, r := range routesOf("tenant") {
		address := strings.Replace(r.Path, ":org", w.slug(), 1)
		if r.Method != http.MethodGet || strings.Contains(address, ":") {
			continue
		}
		pages++
		for range 2 { // statements are prepared by the first, and the second finds that the first was prepared
			owner.get(t, address).status(t, http.StatusOK)
		}
		statements.Take()
		owner.get(t, address).status(t, http.StatusOK)
		sent := statements.Take()
		did, went := storetest.CountStatements(sent)
		most, trips := statementBudget, tripBudget
		if over, ok := overBudget[r.Path]; ok {
			most, trips = over.statements, over.trips
		}
		if did > most || went > trips {
			var texts []string
			for _, s := range sent {
				texts = append(texts, strings.Join(strings.Fields(s.SQL), " "))
			}
			t.Errorf("%s sends %d statements in %d round trips, at most %d in %d are allowed:\n%s", r.Path, did, went, most, trips, strings.Join(texts, "\n"))
		}
	}
	if pages < 15 {
		t.Errorf("only %d pages were looked at", pages)
	}
}
