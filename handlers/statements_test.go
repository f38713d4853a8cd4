package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// What a page that lists something may ask of the database: the session with its user, and two statements for what it shows,
// in three round trips, behind one door. The door counts for itself: it stands in place of what others ask before each page,
// whether somebody is a member and of which realms. BEGIN and COMMIT are not counted.
const statementBudget, doorBudget, tripBudget = 3, 1, 3

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
		doors := 0
		for _, s := range sent {
			if s.Door() {
				doors++
			}
		}
		if did > statementBudget || doors > doorBudget || went > tripBudget {
			var texts []string
			for _, s := range sent {
				texts = append(texts, strings.Join(strings.Fields(s.SQL), " "))
			}
			t.Errorf("%s sends %d statements through %d doors in %d round trips, allowed are %d, %d and %d:\n%s",
				r.Path, did, doors, went, statementBudget, doorBudget, tripBudget, strings.Join(texts, "\n"))
		}
	}
	if pages < 15 {
		t.Errorf("only %d pages were looked at", pages)
	}
}
