package handlers

import (
	"slices"

	"surrealm/store"
)

// Route is one line of the route tables, as the guard tests read it.
type Route struct {
	Guard     string // public, user or tenant
	Method    string
	Path      string // with /o/:org in front, where a tenant guards it
	Need      store.Permission
	Records   []store.Action
	Unaudited string
}

// Routes is every line of the three tables.
func Routes() []Route {
	var all []Route
	for _, r := range publicRoutes {
		all = append(all, Route{Guard: "public", Method: r.method, Path: r.path, Records: slices.Clone(r.records)})
	}
	for _, r := range userRoutes {
		all = append(all, Route{Guard: "user", Method: r.method, Path: r.path, Records: slices.Clone(r.records)})
	}
	for _, r := range tenantRoutes {
		all = append(all, Route{"tenant", r.method, "/o/:org" + r.path, r.need, slices.Clone(r.records), r.unaudited})
	}
	return all
}

// TakesFiles says whether a route takes more than a form, in which files are.
func TakesFiles(path string) bool {
	_, large := bodyLimits[path]
	return large
}
