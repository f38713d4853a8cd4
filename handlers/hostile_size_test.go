package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"surrealm/handlers"
	"surrealm/store/hostiletest"
)

// What is too large, too deep or too much, in the forms that pages show. It is refused in words, and reading it takes no more
// memory than a few times what is allowed.

// largest is how much memory may be taken in all for one such request, in bytes: the body that is read, a few copies of it,
// and the page that answers.
const largest = 64 << 20

// tooMuch are bodies of a form, made from one and the name of a field of it, with the statuses that they are refused with; nil
// for any that is not the server's fault.
var tooMuch = map[string]struct {
	body     func(values url.Values, into string) string
	statuses []int
}{
	"10 MB in one field": {func(_ url.Values, into string) string { return into + "=" + strings.Repeat("x", 10<<20) }, []int{http.StatusRequestEntityTooLarge}},
	"100,000 fields":     {func(values url.Values, _ string) string { return values.Encode() + strings.Repeat("&f=1", 100_000) }, []int{http.StatusBadRequest}},
	"200 names":          {func(values url.Values, _ string) string { return values.Encode() + manyFields(200) }, []int{http.StatusBadRequest}},
	"lists 100,000 levels deep": {func(values url.Values, into string) string {
		return with(values, into, strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))
	}, nil},
	"objects 100,000 levels deep": {func(values url.Values, into string) string {
		return with(values, into, strings.Repeat(`{"a":`, 100_000)+"1"+strings.Repeat("}", 100_000))
	}, nil},
}

func with(values url.Values, name, value string) string {
	values = maps.Clone(values)
	values.Set(name, value)
	return values.Encode()
}

// refusesTooMuch sends what is too much to the forms of pages: each kind to every third, because one function reads all of them.
func refusesTooMuch(t *testing.T, b *browser, forms []foundForm) {
	t.Helper()
	sent := 0
	for n, f := range forms {
		into := "title"
		if i := slices.IndexFunc(f.fields, field.takesText); i >= 0 {
			into = f.fields[i].name
		}
		for i, what := range slices.Sorted(maps.Keys(tooMuch)) {
			if f.multipart || (n+i)%3 > 0 {
				continue
			}
			sent++
			status, _ := b.sendsRaw(t, f.action, tooMuch[what].body(f.values, into))
			refused := tooMuch[what].statuses
			// Some are refused before they are read: to sign, the password has to be given again.
			if status >= 500 || status != 0 && status != http.StatusForbidden && refused != nil && !slices.Contains(refused, status) {
				t.Errorf("%s to %s: %d", what, f.route, status)
			}
			if status == http.StatusSeeOther { // it was taken: it is shown, too
				if status := b.get(t, f.page).response.StatusCode; status >= 500 {
					t.Errorf("%s to %s: then %s answers %d", what, f.route, f.page, status)
				}
			}
		}
	}
	if sent < 70 {
		t.Errorf("only %d were sent", sent)
	}
}

// This test has the process for itself: it counts what is allocated. Beside forms it sends files that declare, or unpack to, more
// than anybody has memory for.
func TestWhatIsTooMuchTakesLittleMemory(t *testing.T) {
	a := newApp(t)
	b, tenant := a.owner(t)
	org, realm := "/o/"+tenant.Org.Slug, homeOf(t, tenant)
	for what, one := range tooMuch {
		status, took := b.sendsRaw(t, org+"/surrogates", one.body(url.Values{"domain": {"d"}, "jurisdiction": {"EU"}}, "role_title"))
		if status != 0 && (status < 400 || status >= 500) || took > largest {
			t.Errorf("%s: %d, with %d MB of memory", what, status, took>>20)
		}
	}
	for _, file := range hostiletest.Files() {
		path, form := org+"/signals", url.Values{"type": {"PHOTO"}, "realm": {realm}, "visibility": {"PRIVATE"}}
		if slices.Contains([]string{".zip", ".json", ".jsonl", ".csv", ".md"}, filepath.Ext(file.Name)) {
			path, form = org+"/signals/imports", url.Values{"realm": {realm}, "visibility": {"PRIVATE"}, "format": {""}}
		}
		var page *page
		took := allocated(func() {
			if page = b.sendFiles(t, path, form, map[string][2]string{"file": {file.Name, string(file.Bytes)}}); page.location() != "" {
				page = page.follow(t)
			}
		})
		if page.response.StatusCode >= 500 || took > largest {
			t.Errorf("%.60q to %s: %d, with %d MB of memory: %s", file.Name, path, page.response.StatusCode, took>>20, page.summary())
		}
	}
}

// allocated is how many bytes the process allocates during some work.
func allocated(work func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Addresses that look like one that somebody has, or would lead elsewhere.
func TestLookAlikeAddressesAreRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, tenant := a.owner(t)
	slug := tenant.Org.Slug
	for _, alike := range hostiletest.Slugs(slug) {
		for path, form := range map[string]url.Values{
			"/orgs":                  {"name": {"Another"}, "slug": {alike}},
			"/o/" + slug + "/realms": {"name": {"Another"}, "slug": {alike}, "visibility": {"PRIVATE"}},
		} {
			page := b.post(t, path, form)
			if page.response.StatusCode == http.StatusSeeOther && strings.HasSuffix(path, "/realms") && isSlug(lastOf(page.location())) {
				continue // it made a proper address of it
			}
			if status := page.response.StatusCode; status < 400 || status >= 500 {
				t.Errorf("%q at %s: %d to %q: %s", alike, path, status, page.location(), page.summary())
			}
		}
		if status := b.get(t, "/o/"+url.PathEscape(alike)+"/surrogates").response.StatusCode; status != http.StatusNotFound && status != http.StatusBadRequest && status != http.StatusMovedPermanently {
			t.Errorf("/o/%q: %d", alike, status)
		}
	}
}

// Graphs that go in circles or have no end, wherever one is taken.
func TestGraphsOfNoUseAreRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	b := a.as(t, w.owner)
	base := w.certified(t, w.owner)
	step := func(id string) string { return fmt.Sprintf(`{"id":%q,"type":"ACTION_DIGITAL","label":%q}`, id, id) }
	edge := func(id, from, to string) string { return fmt.Sprintf(`{"id":%q,"from":%q,"to":%q}`, id, from, to) }
	graph := func(nodes, edges []string) string {
		return `{"nodes":[` + strings.Join(nodes, ",") + `],"edges":[` + strings.Join(edges, ",") + `]}`
	}
	var ring, links, crowd []string
	for n := range 400 {
		ring, links = append(ring, step(fmt.Sprint("n", n))), append(links, edge(fmt.Sprint("e", n), fmt.Sprint("n", n), fmt.Sprint("n", (n+1)%400)))
	}
	for n := range 50_000 {
		crowd = append(crowd, fmt.Sprintf(`{"id":"n%d"}`, n))
	}
	var dense []string
	for n := range 2001 {
		dense = append(dense, edge(fmt.Sprint("e", n), fmt.Sprint("n", n%20), fmt.Sprint("n", (n*7+1)%20)))
	}
	for what, text := range map[string]string{
		"a ring of 400 steps":   graph(ring, links),
		"a step after itself":   graph([]string{step("n0")}, []string{edge("e0", "n0", "n0")}),
		"50,000 steps":          graph(crowd, nil),
		"2,001 connections":     graph(ring[:20], dense),
		"an end that is nobody": graph([]string{step("n0")}, []string{edge("e0", "n0", "n99")}),
		"40 levels of settings": graph([]string{`{"id":"n0","type":"ACTION_DIGITAL","label":"x","config":{"a":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}}`}, nil),
		"300 KB in one label":   graph([]string{`{"id":"n0","type":"ACTION_DIGITAL","label":"` + strings.Repeat("x", 300<<10) + `"}`}, nil),
	} {
		document := `{"title":"T","domain":"d","jurisdiction":"j","role_title":"r","graph":` + text + `}`
		made := b.post(t, "/o/"+w.slug()+"/sops", url.Values{"surrogate": {base.SurrogateID.String()}, "origin": {"file"}, "title": {what}, "file": {document}})
		switch status := made.response.StatusCode; {
		case status == http.StatusSeeOther: // a draft may be of no use yet; nobody can hand it in
			version := strings.TrimSuffix(made.location(), "/edit")
			page := b.get(t, version).status(t, http.StatusOK)
			b.get(t, made.location()).status(t, http.StatusOK)
			sent := b.post(t, version+"/submit", url.Values{"revision": {"1"}})
			if page.response.StatusCode != http.StatusOK || sent.response.StatusCode < 400 || sent.response.StatusCode >= 500 {
				t.Errorf("%s is handed in: %d: %s", what, sent.response.StatusCode, sent.summary())
			}
		case status < 400 || status >= 500:
			t.Errorf("%s: %d: %s", what, status, made.summary())
		}
		change := b.post(t, "/o/"+w.slug()+"/sops/"+base.ID.String()+"/proposals", url.Values{"title": {what}, "rationale": {"x"}, "file": {`{"title":"x","rationale":"x","proposed_graph":` + text + `}`}})
		if status := change.response.StatusCode; status >= 500 || status < 400 && status != http.StatusSeeOther {
			t.Errorf("%s as a change: %d: %s", what, status, change.summary())
		}
	}
}

// What is asked of every request has a message that says what is too much.
func TestLimitsAreNamed(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, tenant := a.owner(t)
	path := "/o/" + tenant.Org.Slug + "/surrogates"
	for what, limit := range map[string]struct {
		body, says string
		status     int
	}{
		"a form of 2 MB":  {"role_title=" + strings.Repeat("x", 2<<20), "What was sent is larger than 1 MB.", http.StatusRequestEntityTooLarge},
		"101 fields":      {"x=1" + manyFields(100), "no form here has more than 100", http.StatusBadRequest},
		"5,001 values":    {"x=1" + strings.Repeat("&x=1", 5000), "no form here has more than 5000", http.StatusBadRequest},
		"20,000 values":   {"x=1" + strings.Repeat("&x=1", 20_000), "The form could not be read.", http.StatusBadRequest},
		"a broken escape": {"x=%zz", "The form could not be read.", http.StatusBadRequest},
	} {
		request := b.request(t, http.MethodPost, path, nil)
		raw, err := http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), strings.NewReader(limit.body))
		must(t, err)
		raw.Header = request.Header
		raw.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if page := b.do(t, raw); page.response.StatusCode != limit.status || !strings.Contains(page.body, limit.says) {
			t.Errorf("%s: %d: %s", what, page.response.StatusCode, page.summary())
		}
	}
	if !handlers.TakesFiles("/o/:org/signals") {
		t.Error("signals take no files")
	}
}

// sendsRaw sends the body of a form, and returns the status and how many bytes were allocated meanwhile, the sender's own included. The
// status is 0 when the server hung up before all of it was sent.
func (b *browser) sendsRaw(t *testing.T, path, body string) (status int, took uint64) {
	t.Helper()
	request := b.request(t, http.MethodPost, path, nil)
	raw, err := http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), strings.NewReader(body))
	must(t, err)
	raw.Header = request.Header
	raw.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	took = allocated(func() {
		if response, err := b.client.Do(raw); err == nil {
			status = readPage(t, b, response).response.StatusCode
		}
	})
	return status, took
}

// manyFields are so many fields of different names, to go behind others.
func manyFields(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "&made-up-%d=1", i)
	}
	return text.String()
}

func isSlug(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

func lastOf(path string) string { return path[strings.LastIndex(path, "/")+1:] }
