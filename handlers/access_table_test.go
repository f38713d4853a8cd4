package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

func TestEveryRouteIsDeclaredWhole(t *testing.T) {
	t.Parallel()
	seen, granted := map[string]bool{}, map[store.Permission]bool{}
	for _, grant := range store.Grants {
		granted[grant.Permission] = true
	}
	for _, r := range handlers.Routes() {
		name := r.Method + " " + r.Path
		if seen[name] {
			t.Errorf("%s is declared twice", name)
		}
		seen[name] = true
		changes := r.Method == http.MethodPost
		if !changes && r.Method != http.MethodGet {
			t.Errorf("%s: a route reads by GET or changes by POST", name)
		}
		if !changes && (len(r.Records) > 0 || r.Unaudited != "") {
			t.Errorf("%s reads, and says that it records something", name)
		}
		for _, action := range r.Records {
			if _, known := store.Actions[action]; !known {
				t.Errorf("%s records %s, which is not registered", name, action)
			}
		}
		if r.Guard != "tenant" {
			continue
		}
		if !granted[r.Need] {
			t.Errorf("%s needs %q, which is in no grant", name, r.Need)
		}
		if changes && (len(r.Records) > 0) == (r.Unaudited != "") {
			t.Errorf("%s has to have either records or the reason for none", name)
		}
	}
	used := map[store.Permission]bool{}
	for _, r := range routesOf("tenant") {
		used[r.Need] = true
	}
	for permission := range granted {
		if !used[permission] {
			t.Errorf("no route needs %s", permission)
		}
	}
}

// The server has the routes of the tables, and no others but files and the two checks of its health.
func TestTheServerHasNoOtherRoutes(t *testing.T) {
	t.Parallel()
	site, err := handlers.New(handlers.Options{Store: storetest.Store(t), BaseURL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{"GET /static/*": true, "GET /healthz": true, "GET /readyz": true}
	for _, r := range handlers.Routes() {
		declared[r.Method+" "+r.Path] = true
	}
	served := map[string]bool{}
	for _, r := range site.(*echo.Echo).Routes() {
		if r.Method == echo.RouteNotFound {
			continue
		}
		served[r.Method+" "+r.Path] = true
		if r.Method == http.MethodHead { // as GET, without the body
			r.Method = http.MethodGet
		}
		if !declared[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served and stands in no table", r.Method, r.Path)
		}
	}
	for name := range declared {
		if path, reads := strings.CutPrefix(name, "GET "); !served[name] || reads && !served["HEAD "+path] {
			t.Errorf("%s is declared and not served", name)
		}
	}
}
