package handlers_test

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/hostiletest"
)

// Input that no page would send. Whatever it is, the answer is one of ours, never a failure of the server.

// hostileTo chooses six of the hostile values for one place, and others for the next place in the same list. Each list begins elsewhere, so that over all places every value is sent many times; sending all of them everywhere
// would take most of the time of the suite.
func hostileTo(list string, place int) []string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(list)) // never fails
	chosen, first := make([]string, 6), int(hash.Sum32()%uint32(len(hostiletest.Values)))
	for n := range chosen {
		chosen[n] = hostiletest.Values[(first+place*len(chosen)+n)%len(hostiletest.Values)]
	}
	return chosen
}

// queries are the names of everything that a page reads from its query.
var queries = []string{
	"q", "status", "domain", "jurisdiction", "sort", "cursor", "surrogate", "role", "state", "who", "action", "object", "type", "from", "until",
	"before", "after", "tab", "revision", "all", "with", "scope", "node", "edge", "place", "template", "copy_of", "next", "org_name", "slug", "onto", "choice",
}

func TestHostileQueriesAreAnswered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	member := w.person(t, store.Owner)
	b := a.as(t, member)
	for n, r := range handlers.Routes() {
		if r.Method != http.MethodGet || r.Guard != "tenant" {
			continue
		}
		path := "/o/" + w.slug() + usesOf(t, r)[0](t, w, member).path
		for _, value := range hostileTo("queries", n) {
			query := url.Values{}
			for _, name := range queries {
				query.Set(name, value)
			}
			answered(t, b, b.request(t, http.MethodGet, withQuery(path, query), nil), r.Path, fmt.Sprintf("all of the query = %.40q", value))
		}
	}
	for _, r := range handlers.Routes() {
		if r.Method != http.MethodGet || r.Guard == "tenant" {
			continue
		}
		for _, value := range hostiletest.Values {
			path := strings.NewReplacer(":token", url.PathEscape(value), ":id", url.PathEscape(value)).Replace(r.Path)
			query := url.Values{"next": {value}, "org_name": {value}, "slug": {value}}
			answered(t, b, b.request(t, http.MethodGet, withQuery(path, query), nil), r.Path, fmt.Sprintf("%.40q", value))
		}
	}
}

// withQuery adds to a path's query what it has not.
func withQuery(path string, more url.Values) string {
	path, own, _ := strings.Cut(path, "?")
	query, _ := url.ParseQuery(own)
	for name, values := range more {
		if !query.Has(name) {
			query[name] = values
		}
	}
	return path + "?" + query.Encode()
}

func TestHostileIdsAreUnknown(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b := a.as(t, w.person(t, store.Owner))
	for n, r := range routesOf("tenant") {
		if !strings.Contains(strings.TrimPrefix(r.Path, "/o/:org"), ":") {
			continue
		}
		for _, value := range hostileTo("ids", n) {
			if value == "" || r.Path == "/o/:org/audit/:seq" && value == "1" {
				continue
			}
			path := strings.NewReplacer(":org", w.slug(), ":id", url.PathEscape(value), ":thread", url.PathEscape(value), ":note", url.PathEscape(value), ":file", url.PathEscape(value), ":seq", url.PathEscape(value)).Replace(r.Path)
			if page := answered(t, b, b.request(t, r.Method, path, url.Values{}), r.Path, fmt.Sprintf("%.40q", value)); page.response.StatusCode < 400 && !strings.HasSuffix(r.Path, "/compare") { // which asks for the other version first
				t.Errorf("%s %s with the id %.40q: %d", r.Method, r.Path, value, page.response.StatusCode)
			}
		}
	}
}

// Every field of every form, one after the other spoilt, the rest right.
func TestHostileFormsAreAnswered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	for _, r := range routesOf("tenant") {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(r.Path, func(t *testing.T) {
			t.Parallel()
			place := 0
			for _, use := range usesOf(t, r) {
				actor, c, in := w.prepare(t, r, use)
				b := a.as(t, actor)
				all := url.Values{"unknown": slices.Repeat([]string{"x"}, 200)}
				for _, field := range append(slices.Sorted(maps.Keys(c.form)), "unknown") {
					for _, value := range hostileTo(r.Path, place) {
						form := maps.Clone(c.form)
						form[field] = []string{value}
						answered(t, b, b.request(t, http.MethodPost, "/o/"+in.slug()+c.path, form), r.Path, fmt.Sprintf("%s = %.40q", field, value))
					}
					place++
					all[field] = slices.Repeat([]string{"x"}, 200)
				}
				answered(t, b, b.request(t, http.MethodPost, "/o/"+in.slug()+c.path, all), r.Path, "every field two hundred times")
			}
		})
	}
}

// Bodies that are no form of ours.
func TestHostileBodiesAreAnswered(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	var many strings.Builder
	for n := range 20000 {
		fmt.Fprintf(&many, "f%d=1&", n)
	}
	var deep bytes.Buffer
	parts := multipart.NewWriter(&deep)
	for n := range 1200 {
		part, err := parts.CreateFormFile("upload", fmt.Sprintf("../%d.json", n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	const form = "application/x-www-form-urlencoded"
	type body struct{ name, kind, text string }
	// One function reads all bodies, and these take it long: they are sent where files are taken, and to every tenth route.
	heavy := []body{
		{"twenty thousand fields", form, many.String()},
		{"multipart of many files", parts.FormDataContentType(), deep.String()},
		{"two megabytes", form, "role_title=" + strings.Repeat("x", 2<<20)},
	}
	light := []body{
		{"a broken escape", form, "a=%zz&b=1"},
		{"a broken pair", form, "a;b;c=1"},
		{"JSON", "application/json", `{"role_title":"x"}`},
		{"no kind", "", "role_title=x"},
		{"an unknown kind", "x/y; charset=\xff", "x"},
		{"multipart without a boundary", "multipart/form-data", "x"},
		{"multipart that ends early", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx"},
		{"brackets that do not match", form, "[[[[=1&facts[=1&messages[0=1&]x[=1"},
		{"deep fields", form, "config[0][1][2][3].name=x&config[99999999].name=x&config[-1].name=y&config[x]=1"},
	}
	for n, r := range routesOf("tenant") {
		if r.Method != http.MethodPost {
			continue
		}
		actor, c, in := w.prepare(t, r, usesOf(t, r)[0])
		b := a.as(t, actor)
		bodies := []body{light[n%len(light)], light[(n+2)%len(light)], light[(n+4)%len(light)], light[(n+6)%len(light)]}
		if n%10 == 0 || handlers.TakesFiles(r.Path) {
			bodies = slices.Concat(light, heavy)
		}
		for _, body := range bodies {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.server.URL+"/o/"+in.slug()+c.path, strings.NewReader(body.text))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Sec-Fetch-Site", "same-origin")
			if body.kind != "" {
				request.Header["Content-Type"] = []string{body.kind}
			}
			answered(t, b, request, r.Path, body.name)
		}
	}
}

// A child of one parent, asked for below another one of the same organisation.
func TestAChildIsFoundBelowItsOwnParentOnly(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b := a.as(t, w.person(t, store.Owner))
	base := w.certified(t, w.owner)
	mine, other := w.submitted(t, w.owner, base.ID), w.submitted(t, w.owner, base.ID)
	thread := w.thread(t, other)
	for _, action := range []string{"resolve", "reopen"} {
		b.post(t, fmt.Sprintf("/o/%s/proposals/%s/comments/%s/%s", w.slug(), mine.ID, thread, action), url.Values{}).status(t, http.StatusNotFound)
	}
	reply := func(proposal, thread uuid.UUID, revision string) *page {
		return b.post(t, fmt.Sprintf("/o/%s/proposals/%s/comments", w.slug(), proposal), url.Values{"thread": {thread.String()}, "revision": {revision},
			"target": {"GRAPH"}, "body": {"Because."}})
	}
	reply(mine.ID, thread, "1").status(t, http.StatusNotFound)
	reply(other.ID, thread, "1").status(t, http.StatusSeeOther)
	stale := w.stale(t, w.owner)
	// A rebase onto a version of another procedure.
	b = a.as(t, w.owner)
	page := b.post(t, fmt.Sprintf("/o/%s/proposals/%s/rebase", w.slug(), stale.ID), url.Values{"revision": {fmt.Sprint(stale.EditRevision)}, "onto": {base.ID.String()}})
	if status := page.response.StatusCode; status != http.StatusConflict && status != http.StatusNotFound {
		t.Errorf("rebased onto another procedure: %d: %s", status, page.summary())
	}
	// Versions of two procedures are not compared.
	b.get(t, fmt.Sprintf("/o/%s/sops/%s/compare?with=%s", w.slug(), base.ID, stale.BaseID)).status(t, http.StatusNotFound)
}

// answered sends a request and complains about a failure of the server, or a line in the header that was let in.
func answered(t *testing.T, b *browser, request *http.Request, route, what string) *page {
	t.Helper()
	page := b.do(t, request)
	if status := page.response.StatusCode; status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable {
		t.Errorf("%s %s with %s: %d: %s", request.Method, route, what, status, page.summary())
	}
	if page.header("X-Injected") != "" {
		t.Errorf("%s %s with %s: a header was injected", request.Method, route, what)
	}
	if to := page.location(); to != "" && !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
		t.Errorf("%s %s with %s: leads to %q", request.Method, route, what, to)
	}
	if strings.Contains(page.body, "<script>alert") {
		t.Errorf("%s %s with %s: the page runs it", request.Method, route, what)
	}
	return page
}
