package handlers_test

import (
	"maps"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// Other ways to ask: methods, headers and spellings of a path that the tables do not foresee, and other sites.

// Every tenant route by every method that it does not have, as an owner, whom nothing else would stop, with input that
// would be accepted.
func TestOtherMethodsDoNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	owner := a.as(t, w.person(t, store.Owner))
	type attempt struct {
		route handlers.Route
		call  call
	}
	var attempts []attempt
	has := map[string]bool{}
	for _, r := range routesOf("tenant") {
		has[r.Method+" "+r.Path] = true
	}
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodPost {
			attempts = append(attempts, attempt{r, usesOf(t, r)[0](t, w, w.owner)})
		}
	}
	before := digest(t, w)
	for _, try := range attempts {
		address := "/o/" + w.slug() + try.call.path
		for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodPatch, http.MethodDelete, "PROPFIND", "post"} {
			// An entry of the audit log is looked for at any address below it, and a signal directly below theirs.
			named := path.Dir(try.route.Path) == "/o/:org/signals"
			page, allow := has["GET "+try.route.Path] || strings.HasPrefix(try.route.Path, "/o/:org/audit/") || named, "POST"
			if page && method == http.MethodHead {
				continue
			} else if page {
				allow = "GET, HEAD, POST"
			}
			answer := owner.do(t, owner.request(t, method, address, try.call.form))
			guarded(t, answer)
			if answer.response.StatusCode != http.StatusMethodNotAllowed || answer.header("Allow") != allow {
				t.Errorf("%s %s: %d, allow %q, want 405 and %q", method, try.route.Path, answer.response.StatusCode, answer.header("Allow"), allow)
			}
		}
		for _, header := range []string{"X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"} {
			request := owner.request(t, http.MethodGet, address+"?_method=POST&"+try.call.form.Encode(), nil)
			request.Header.Set(header, http.MethodPost)
			page := owner.do(t, request)
			if page.response.StatusCode >= 500 || page.response.StatusCode < 400 && !has["GET "+try.route.Path] {
				t.Errorf("GET %s with %s: %d", try.route.Path, header, page.response.StatusCode)
			}
		}
	}
	if after := digest(t, w); !maps.Equal(after, before) {
		t.Errorf("a method that is none of the route's changed %s", differing(before, after))
	}
}

// Every change, asked for by a page of another site in the browser of an owner.
func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	owner := a.as(t, w.person(t, store.Owner))
	prepared := map[string]call{}
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodPost {
			prepared[r.Path] = usesOf(t, r)[0](t, w, w.owner)
		}
	}
	before := digest(t, w)
	for path, c := range prepared {
		for name, from := range map[string]http.Header{
			"another site":          {"Sec-Fetch-Site": {"cross-site"}},
			"a sibling of ours":     {"Sec-Fetch-Site": {"same-site"}},
			"an old browser":        {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}},
			"no origin to speak of": {"Sec-Fetch-Site": nil, "Origin": {"null"}},
		} {
			request := owner.request(t, http.MethodPost, "/o/"+w.slug()+c.path, c.form)
			request.Header.Del("Sec-Fetch-Site")
			for header, values := range from {
				if values != nil {
					request.Header[header] = values
				}
			}
			page := owner.do(t, request)
			guarded(t, page)
			if page.response.StatusCode != http.StatusForbidden {
				t.Errorf("POST %s from %s: %d, want 403", path, name, page.response.StatusCode)
			}
		}
	}
	for _, r := range append(routesOf("public"), routesOf("user")...) {
		if r.Method != http.MethodPost {
			continue
		}
		request := owner.request(t, http.MethodPost, strings.NewReplacer(":token", "x", ":id", "x").Replace(r.Path), url.Values{})
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		if page := owner.do(t, request); page.response.StatusCode != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d, want 403", r.Path, page.response.StatusCode)
		}
	}
	if after := digest(t, w); !maps.Equal(after, before) {
		t.Errorf("another site changed %s", differing(before, after))
	}
}

// Spellings of a guarded path, as a member of another organisation. @o is the organisation, @own the attacker's, @s a
// surrogate's id.
var spellings = []string{
	"/o/@o/surrogates/@s",
	"/o/%6frg-x/../@o/surrogates/@s",
	"//o/@o/surrogates/@s",
	"/o//@o/surrogates/@s",
	"/o/@o//surrogates/@s",
	"/./o/@o/surrogates/@s",
	"/o/@own/../@o/surrogates/@s",
	"/o/@own/%2e%2e/@o/surrogates/@s",
	"/o/@own%2f..%2f@o/surrogates/@s",
	"/o/@own/surrogates/../../@o/surrogates/@s",
	"/%6f/@o/surrogates/@s",
	"/o/@o%2fsurrogates%2f@s",
	"/o/@o/surrogates%2f@s",
	"/o%2f@o%2fsurrogates%2f@s",
	"/O/@o/surrogates/@s",
	"/o/@O/surrogates/@s",
	"/o/@o/surrogates/@s/",
	"/o/@o/surrogates/@s%00",
	"/o/@o%00/surrogates/@s",
	"/o/@o%20/surrogates/@s",
	"/o/@o;x=1/surrogates/@s",
	"/o/@o%3b/surrogates/@s",
	"/o/@o/surrogates/@s%3fa=b",
	"/o/@o%252fsurrogates/@s",
	"/o/@own\\..\\@o/surrogates/@s",
	"/o/@own%5c..%5c@o/surrogates/@s",
	"/static/../o/@o/surrogates/@s",
	"/static/..%2fo/@o/surrogates/@s",
	"/static/%2e%2e/o/@o/surrogates/@s",
	"/healthz/../o/@o/surrogates/@s",
	"/o/@o/surrogates/@s?org=@own",
	"/o/@own/surrogates/@s?org=@o",
	"/o/@own/surrogates/@s",
	"/o/@own/surrogates/@S",
	"/o/@own/audit?object=@s",
	"http://127.0.0.1/o/@o/surrogates/@s",
}

func TestNoSpellingOfAPathGetsPastTheGuard(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	outsider := storetest.Owner(t)
	b, owner := a.as(t, outsider), a.as(t, w.person(t, store.Owner))
	fill := strings.NewReplacer("@own", outsider.Org.Slug, "@o", w.slug(), "@O", strings.ToUpper(w.slug()), "@s", w.surrogate.String(),
		"@S", strings.ToUpper(w.surrogate.String()))
	secrets := []string{"Recall lead", w.owner.Org.Name}
	raw := func(b *browser, path string) *page {
		request := b.request(t, http.MethodGet, "/", nil)
		request.URL.Opaque = "//" + b.base.Host + path
		if strings.HasPrefix(path, "http") {
			request.URL.Opaque = path
		}
		return b.do(t, request)
	}
	if page := raw(owner, fill.Replace(spellings[0])); page.response.StatusCode != http.StatusOK || !strings.Contains(page.body, secrets[0]) {
		t.Fatalf("the owner does not see the page, so the probe proves nothing: %d", page.response.StatusCode)
	}
	for _, spelling := range spellings {
		page := raw(b, fill.Replace(spelling))
		if page.response.StatusCode == http.StatusOK && !strings.Contains(spelling, "/audit?") || page.response.StatusCode >= 500 {
			t.Errorf("%s: %d", spelling, page.response.StatusCode)
		}
		for _, secret := range secrets {
			if strings.Contains(page.body, secret) {
				t.Errorf("%s shows %q", spelling, secret)
			}
		}
	}
}

// A route below one's own organisation with the id of another one's object is the same as with an id that nobody has.
func TestForeignIdsAreUnknownIds(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w, attacker := newWorld(t, a), newWorld(t, a)
	b := a.as(t, attacker.person(t, store.Owner))
	prepared := map[string]call{}
	routes := routesOf("tenant")
	for _, r := range routes {
		prepared[r.Method+" "+r.Path] = usesOf(t, r)[0](t, w, w.owner)
	}
	before := digest(t, w)
	tried := 0
	for _, r := range routes {
		c := prepared[r.Method+" "+r.Path]
		if !strings.Contains(strings.TrimPrefix(r.Path, "/o/:org"), ":") || r.Path == "/o/:org/audit/:seq" {
			continue
		}
		foreign := b.do(t, b.request(t, r.Method, "/o/"+attacker.slug()+c.path, c.form))
		unknown := b.do(t, b.request(t, r.Method, "/o/"+attacker.slug()+otherIDs(c.path), c.form))
		if foreign.response.StatusCode != unknown.response.StatusCode || foreign.response.StatusCode != http.StatusNotFound {
			t.Errorf("%s %s: %d for a foreign id, %d for an unknown one, want 404 for both: %s", r.Method, r.Path,
				foreign.response.StatusCode, unknown.response.StatusCode, foreign.summary())
		}
		if foreign.body != unknown.body {
			t.Errorf("%s %s answers otherwise for a foreign id than for an unknown one", r.Method, r.Path)
		}
		tried++
	}
	if after := digest(t, w); !maps.Equal(after, before) {
		t.Errorf("a stranger changed %s", differing(before, after))
	}
	if tried < 30 {
		t.Errorf("only %d routes were tried", tried)
	}
}

// otherIDs is a path with ids that nobody has in the place of its own.
func otherIDs(path string) string {
	parts := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/?=&", r) })
	for _, part := range parts {
		if _, err := uuid.Parse(part); err == nil {
			path = strings.ReplaceAll(path, part, uuid.NewString())
		}
	}
	return path
}

// The pages of the platform, by whether somebody is signed in.
func TestPagesOfThePlatform(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	signedIn, _ := a.owner(t)
	for _, r := range handlers.Routes() {
		if r.Guard == "tenant" {
			continue
		}
		path := strings.NewReplacer(":token", "unknown", ":id", "unknown").Replace(r.Path)
		stranger := a.browser(t)
		page := stranger.do(t, stranger.request(t, r.Method, path, url.Values{}))
		guarded(t, page)
		if status := page.response.StatusCode; r.Guard == "user" && (status != http.StatusSeeOther || !strings.HasPrefix(page.location(), "/login")) {
			t.Errorf("%s %s as a stranger: %d to %q, want the login", r.Method, r.Path, status, page.location())
		} else if r.Guard == "public" && (status == http.StatusUnauthorized || status >= 500) {
			t.Errorf("%s %s as a stranger: %d", r.Method, r.Path, status)
		}
		if r.Path == "/logout" {
			continue
		}
		page = signedIn.do(t, signedIn.request(t, r.Method, path, url.Values{}))
		guarded(t, page)
		if status := page.response.StatusCode; status == http.StatusUnauthorized || status == http.StatusForbidden || strings.HasPrefix(page.location(), "/login") {
			t.Errorf("%s %s as somebody signed in: %d to %q", r.Method, r.Path, status, page.location())
		}
	}
	for path, allow := range map[string]string{"/login": "GET, HEAD, POST", "/logout": "POST", "/healthz": "GET, HEAD", "/static/app.css": "OPTIONS, GET, HEAD", "/nothing": ""} {
		stranger, want := a.browser(t), http.StatusMethodNotAllowed
		if allow == "" {
			want = http.StatusNotFound
		}
		page := stranger.do(t, stranger.request(t, http.MethodDelete, path, nil))
		guarded(t, page)
		if page.response.StatusCode != want || page.header("Allow") != allow {
			t.Errorf("DELETE %s: %d, allow %q", path, page.response.StatusCode, page.header("Allow"))
		}
	}
	for _, path := range []string{"/healthz", "/nothing", "/static/nothing", "/o", "/o/", "/static/", "/%"} {
		stranger := a.browser(t)
		request := stranger.request(t, http.MethodGet, "/", nil)
		request.URL.Opaque = "//" + stranger.base.Host + path
		if page := stranger.do(t, request); path != "/%" { // a path that cannot be parsed does not reach the site
			guarded(t, page)
		} else if page.response.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", path, page.response.StatusCode)
		}
	}
}
