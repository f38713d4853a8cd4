package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// The access matrix: every route of the tables, as every kind of person. What is expected follows from the route's own
// permission and from nothing else, so a new route is covered as soon as calls_test.go has a use of it.

// routesOf are the lines of one table.
func routesOf(guard string) []handlers.Route {
	return slices.DeleteFunc(handlers.Routes(), func(r handlers.Route) bool { return r.Guard != guard })
}

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

// The server has the routes of the tables, and no others but files and the health check.
func TestTheServerHasNoOtherRoutes(t *testing.T) {
	t.Parallel()
	site, err := handlers.New(handlers.Options{Store: storetest.Store(t), BaseURL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{"GET /static/*": true, "GET /healthz": true}
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

// TestNobodyGetsPastTheGuards is the half of the matrix in which nothing may happen: whoever is not let in, with input
// that would be accepted from others. Not a row of the organisation changes.
func TestNobodyGetsPastTheGuards(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	disabled, removed := w.person(t, store.Admin), w.person(t, store.Admin)
	outsider, locked := storetest.Owner(t), w.person(t, store.Admin)
	strangers := map[string]*browser{"an outsider": a.as(t, outsider), "a disabled member": a.as(t, disabled), "a removed member": a.as(t, removed)}
	lockedOut := a.as(t, locked)
	if err := w.owner.DisableMember(t.Context(), disabled.User.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.owner.RemoveMember(t.Context(), removed.User.ID); err != nil {
		t.Fatal(err)
	}
	behind(t, `update users set disabled_at = now() where id = $1`, locked.User.ID)
	members := map[store.Role]*browser{}
	for _, role := range store.Roles {
		members[role] = a.as(t, w.person(t, role))
	}
	routes, prepared := routesOf("tenant"), map[string]call{}
	for _, r := range routes {
		prepared[r.Method+" "+r.Path] = usesOf(t, r)[0](t, w, w.owner)
	}
	before := digest(t, w)

	cells := 0
	otherwise := make([]handlers.Route, 0, 2*len(routes)) // the same addresses by HEAD, and by a method that none of them takes
	for _, r := range routes {
		if r.Method == http.MethodGet {
			head := r
			head.Method = http.MethodHead
			prepared["HEAD "+r.Path], otherwise = prepared["GET "+r.Path], append(otherwise, head)
		}
		if _, done := prepared["PUT "+r.Path]; !done {
			put := r
			put.Method, put.Need = http.MethodPut, ""
			prepared["PUT "+r.Path], otherwise = prepared[r.Method+" "+r.Path], append(otherwise, put)
		}
	}
	for _, r := range append(routes, otherwise...) {
		name, c := r.Method+" "+r.Path, prepared[r.Method+" "+r.Path]
		for who, b := range map[string]*browser{"anonymous": a.browser(t), "a member whose account is switched off": lockedOut} {
			page := b.call(t, r.Method, w, c)
			if want := loginFor(r.Method, w, c); page.response.StatusCode != http.StatusSeeOther || page.location() != want {
				t.Errorf("%s as %s: %d to %q, want 303 to %q", name, who, page.response.StatusCode, page.location(), want)
			}
			fragment := b.hx(t, r.Method, "/o/"+w.slug()+c.path, "x", c.form)
			guarded(t, fragment)
			if fragment.response.StatusCode != http.StatusUnauthorized || fragment.header("HX-Redirect") == "" || fragment.body != "" {
				t.Errorf("%s as %s by htmx: %d to %q", name, who, fragment.response.StatusCode, fragment.header("HX-Redirect"))
			}
			cells += 2
		}
		for who, b := range strangers {
			page, unknown := b.call(t, r.Method, w, c), b.do(t, b.request(t, r.Method, "/o/no-such-organisation"+c.path, c.form))
			guarded(t, page)
			if page.response.StatusCode != http.StatusNotFound || page.body != unknown.body || headersOf(page) != headersOf(unknown) {
				t.Errorf("%s as %s: %d, and not the page of an unknown organisation: %s", name, who, page.response.StatusCode, page.summary())
			}
			fragment := b.hx(t, r.Method, "/o/"+w.slug()+c.path, "x", c.form)
			if fragment.response.StatusCode != http.StatusNotFound || strings.Contains(fragment.body, w.slug()) {
				t.Errorf("%s as %s by htmx: %d %s", name, who, fragment.response.StatusCode, fragment.body)
			}
			cells += 2
		}
		for role, b := range members {
			if role.Can(r.Need) {
				continue
			}
			want := http.StatusForbidden
			if r.Method == http.MethodPut { // a member may know that the address is there
				want = http.StatusMethodNotAllowed
			}
			page := b.call(t, r.Method, w, c)
			guarded(t, page)
			if page.response.StatusCode != want {
				t.Errorf("%s as %s, who lacks %q: %d, want %d", name, role, r.Need, page.response.StatusCode, want)
			}
			cells++
		}
	}
	if after := digest(t, w); !maps.Equal(after, before) {
		t.Errorf("somebody who was not let in changed %s", differing(before, after))
	}
	t.Logf("%d routes, %d cells", len(routes), cells)
}

// TestWhoHasThePermissionIsLetIn is the other half: every role that has the permission, in input that is right. Pages
// show, and reading changes nothing.
func TestWhoHasThePermissionReads(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	type visit struct {
		name string
		role store.Role
		by   *browser
		call call
	}
	var visits []visit
	for _, role := range store.Roles {
		member := w.person(t, role)
		b := a.as(t, member)
		for _, r := range routesOf("tenant") {
			if r.Method == http.MethodGet && role.Can(r.Need) {
				visits = append(visits, visit{r.Method + " " + r.Path, role, b, usesOf(t, r)[0](t, w, member)})
			}
		}
	}
	before := digest(t, w)
	for _, v := range visits {
		page := v.by.call(t, http.MethodGet, w, v.call)
		guarded(t, page)
		if page.response.StatusCode != http.StatusOK {
			t.Errorf("%s as %s: %d to %q, want 200: %s", v.name, v.role, page.response.StatusCode, page.location(), page.summary())
		}
		head := v.by.call(t, http.MethodHead, w, v.call)
		guarded(t, head)
		if head.response.StatusCode != http.StatusOK || head.body != "" || head.header("Content-Type") != page.header("Content-Type") {
			t.Errorf("%s as %s by HEAD: %d, %d bytes of %q", v.name, v.role, head.response.StatusCode, len(head.body), head.header("Content-Type"))
		}
		fragment := v.by.hx(t, http.MethodGet, "/o/"+w.slug()+v.call.path, "main", nil)
		if fragment.response.StatusCode != http.StatusOK || strings.HasPrefix(fragment.body, "<!doctype html") {
			t.Errorf("%s as %s by htmx: %d", v.name, v.role, fragment.response.StatusCode)
		}
	}
	if after := digest(t, w); !maps.Equal(after, before) {
		t.Errorf("reading changed %s", differing(before, after))
	}
	if len(visits) < 80 {
		t.Errorf("only %d pages were read", len(visits))
	}
}

func TestWhoHasThePermissionChanges(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	for _, r := range routesOf("tenant") {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(r.Path, func(t *testing.T) {
			t.Parallel()
			for _, role := range store.Roles {
				if !role.Can(r.Need) {
					continue
				}
				page, _ := change(t, w, r, role, usesOf(t, r)[0])
				guarded(t, page)
				if status := page.response.StatusCode; status != http.StatusOK && status != http.StatusSeeOther {
					t.Errorf("%s as %s: %d: %s", r.Path, role, status, page.summary())
				}
			}
		})
	}
}

// change uses a route as a new member with a role, in the organisation that the use asks for.
func change(t *testing.T, w *world, r handlers.Route, role store.Role, use caller) (*page, *store.Tenant) {
	t.Helper()
	actor := w.person(t, role)
	c := use(t, w, actor)
	if c.in != nil {
		w, actor = c.in, c.in.person(t, role)
	}
	return w.app.as(t, actor).call(t, r.Method, w, c), actor
}

// call sends a call to the organisation.
func (b *browser) call(t *testing.T, method string, w *world, c call) *page {
	t.Helper()
	return b.do(t, b.request(t, method, "/o/"+w.slug()+c.path, c.form))
}

// loginFor is where somebody who is not signed in is sent: for a page, with the way back.
func loginFor(method string, w *world, c call) string {
	if method != http.MethodGet && method != http.MethodHead {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape("/o/"+w.slug()+c.path)
}

// guarded checks what every answer carries, whatever its status.
func guarded(t *testing.T, p *page) {
	t.Helper()
	place := p.response.Request.Method + " " + p.response.Request.URL.Path
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := p.header(name); got != want {
			t.Errorf("%s: %s is %q", place, name, got)
		}
	}
	if policy := p.header("Referrer-Policy"); policy != "same-origin" && policy != "no-referrer" {
		t.Errorf("%s: Referrer-Policy is %q", place, policy)
	}
	policy := p.header("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s: the policy %q lacks %s", place, policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || p.header("Permissions-Policy") == "" || p.header("X-Request-Id") == "" || p.header("Server") != "" {
		t.Errorf("%s: headers %v", place, p.response.Header)
	}
	path, status := p.response.Request.URL.RequestURI(), p.response.StatusCode
	sessionless := strings.Contains(path, "/static") || strings.HasSuffix(path, "/healthz") || status == http.StatusMethodNotAllowed || status == http.StatusNoContent
	if !sessionless && (p.header("Cache-Control") != "no-store" || !strings.Contains(strings.Join(p.response.Header["Vary"], ","), "Cookie")) {
		t.Errorf("%s: %d may be kept in a cache: %q", place, p.response.StatusCode, p.header("Cache-Control"))
	}
	if p.response.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: %d: %s", place, p.response.StatusCode, p.summary())
	}
}

// headersOf are the headers that may tell two answers apart, without those that always differ.
func headersOf(p *page) string {
	var lines []string
	for name, values := range p.response.Header {
		if name != "Date" && name != "X-Request-Id" {
			lines = append(lines, fmt.Sprintf("%s: %q", name, values))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// digest sums up every table of the organisation, and what the platform knows of it.
func digest(t *testing.T, w *world) map[string]string {
	t.Helper()
	conn := storetest.Connect(t, "postgres")
	defer conn.Close(t.Context())
	schema := "tenant_" + strings.ReplaceAll(w.slug(), "-", "_")
	var tables []string
	err := conn.QueryRow(t.Context(), `
		select array_agg(quote_ident(nspname) || '.' || quote_ident(relname)) from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where relkind = 'r' and nspname = $1`, schema).Scan(&tables)
	if err != nil || len(tables) < 30 {
		t.Fatalf("tables of %s: %d (%v)", schema, len(tables), err)
	}
	sums := map[string]string{}
	for _, table := range tables {
		var sum string
		if err := conn.QueryRow(t.Context(), `select coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r`).Scan(&sum); err != nil {
			t.Fatal(err)
		}
		sums[table] = sum
	}
	for _, table := range []string{"memberships", "invitations", "org_keys"} {
		var sum string
		err := conn.QueryRow(t.Context(), `select coalesce(md5(string_agg(r::text, '|' order by r::text)), '') from `+table+` r where org_id = $1`, w.owner.Org.ID).Scan(&sum)
		if err != nil {
			t.Fatal(err)
		}
		sums[table] = sum
	}
	var org string
	if err := conn.QueryRow(t.Context(), `select o::text from orgs o where id = $1`, w.owner.Org.ID).Scan(&org); err != nil {
		t.Fatal(err)
	}
	sums["orgs"] = org
	return sums
}

func differing(before, after map[string]string) []string {
	var tables []string
	for table, sum := range after {
		if before[table] != sum {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}
