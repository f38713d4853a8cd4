package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

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
	otherwise := make([]handlers.Route, 0, 2*len(routes)) // the same addresses by HEAD, and by a method that none of them takes, without htmx
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
	for n, r := range slices.Concat(routes, otherwise) {
		byHTMX := n < len(routes)
		name, c := r.Method+" "+r.Path, prepared[r.Method+" "+r.Path]
		for who, b := range map[string]*browser{"anonymous": a.browser(t), "a member whose account is switched off": lockedOut} {
			page := b.call(t, r.Method, w, c)
			if want := loginFor(r.Method, w, c); page.response.StatusCode != http.StatusSeeOther || page.location() != want {
				t.Errorf("%s as %s: %d to %q, want 303 to %q", name, who, page.response.StatusCode, page.location(), want)
			}
			cells++
			if !byHTMX {
				continue
			}
			fragment := b.hx(t, r.Method, "/o/"+w.slug()+c.path, "x", c.form)
			guarded(t, fragment)
			if fragment.response.StatusCode != http.StatusUnauthorized || fragment.header("HX-Redirect") == "" || fragment.body != "" {
				t.Errorf("%s as %s by htmx: %d to %q", name, who, fragment.response.StatusCode, fragment.header("HX-Redirect"))
			}
			cells++
		}
		for who, b := range strangers {
			page, unknown := b.call(t, r.Method, w, c), b.do(t, b.request(t, r.Method, "/o/no-such-organisation"+c.path, c.form))
			guarded(t, page)
			if page.response.StatusCode != http.StatusNotFound || page.body != unknown.body || headersOf(page) != headersOf(unknown) {
				t.Errorf("%s as %s: %d, and not the page of an unknown organisation: %s", name, who, page.response.StatusCode, page.summary())
			}
			cells++
			if !byHTMX {
				continue
			}
			fragment := b.hx(t, r.Method, "/o/"+w.slug()+c.path, "x", c.form)
			if fragment.response.StatusCode != http.StatusNotFound || strings.Contains(fragment.body, w.slug()) {
				t.Errorf("%s as %s by htmx: %d %s", name, who, fragment.response.StatusCode, fragment.body)
			}
			cells++
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
	for n, v := range visits {
		page := v.by.call(t, http.MethodGet, w, v.call)
		guarded(t, page)
		if page.response.StatusCode != http.StatusOK {
			t.Errorf("%s as %s: %d to %q, want 200: %s", v.name, v.role, page.response.StatusCode, page.location(), page.summary())
		}
		// HEAD and htmx pass the same guard: both as an owner, and one of the two as everybody else.
		if v.role == store.Owner || n%2 == 0 {
			head := v.by.call(t, http.MethodHead, w, v.call)
			guarded(t, head)
			if head.response.StatusCode != http.StatusOK || head.body != "" || head.header("Content-Type") != page.header("Content-Type") {
				t.Errorf("%s as %s by HEAD: %d, %d bytes of %q", v.name, v.role, head.response.StatusCode, len(head.body), head.header("Content-Type"))
			}
		}
		if v.role == store.Owner || n%2 == 1 {
			fragment := v.by.hx(t, http.MethodGet, "/o/"+w.slug()+v.call.path, "main", nil)
			if fragment.response.StatusCode != http.StatusOK || strings.HasPrefix(fragment.body, "<!doctype html") {
				t.Errorf("%s as %s by htmx: %d", v.name, v.role, fragment.response.StatusCode)
			}
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
