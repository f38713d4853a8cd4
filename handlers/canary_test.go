package handlers_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// canary stands in every text of the realms that the reader is no member of, with the word bellwether.
const canary = "kanarie"

// setCanaries puts the canary into everything that can be read in realms without the reader. Slugs begin with it. Realms that are listed
// for everyone are not any more: their names are everyone's to read.
func setCanaries(t *testing.T, w *world, reader *store.Tenant) {
	t.Helper()
	for _, change := range []string{
		`signals set title = $1, summary = $1, source = $1, tags = array[$1], body = $1, external_id = $1 || id, environment = $1,
			payload = payload || jsonb_build_object('content', $1::text, 'original_filename', $1::text), actions = jsonb_build_array(jsonb_build_object('description', $1::text)),
			entities = jsonb_build_array(jsonb_build_object('name', $1::text)), symbolic_elements = array[$1]`,
		`signal_files set name = $1, bytes = convert_to($1, 'UTF8'), thumbnail = convert_to($1, 'UTF8')`,
		`signal_annotations set body = $1`,
		`signal_history set before = jsonb_build_object('title', $1::text), after = jsonb_build_object('title', $1::text)`,
		`signal_imports set file_name = $1, error = $1`,
		`signal_import_rows set name = $1, problem = $1`,
		`clusters set title = $1, description = $1, tags = array[$1], terms = array[$1]`,
		`clusters_signals set reason = $1`,
		`cluster_runs set error = $1`,
		`syntheses set body = $1, error = $1, content = jsonb_build_object('summary', $1::text)`,
	} {
		behind(t, `update `+w.schema()+`.`+change+` where realm_id not in (select realm_id from `+w.schema()+`.realms_users where user_id = $2)`,
			canary+" bellwether", reader.User.ID)
	}
	behind(t, `update `+w.schema()+`.realms set name = $1, description = $1, slug = $2 || '-' || slug, type = case type when 'PUBLIC' then 'SHARED' else type end
		where id not in (select realm_id from `+w.schema()+`.realms_users where user_id = $3)`, canary+" bellwether", canary, reader.User.ID)
	behind(t, `delete from `+w.schema()+`.signal_embeddings`) // of what the signals said before
}

// logged is what the server wrote into its log.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds a line.
func (l *logged) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// What is in a realm shows to nobody who is not in it: on no page, in no file, count, suggestion, search or log, whatever they ask for.
func TestNoCanaryLeavesItsRealm(t *testing.T) {
	t.Parallel()
	log := &logged{}
	a := newApp(t, func(o *handlers.Options) {
		o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	w, stranger := newWorld(t, a), newWorld(t, a)
	reader, singer := w.person(t, store.Admin), w.person(t, store.Member)
	capturedIn(t, reader, "", "My own bellwether")
	must(t, reader.EmbedSignals(t.Context()))

	asks := questions("bellwether")
	before := map[string]string{}
	readers := a.as(t, reader)
	for _, path := range asks {
		before[path] = steady(readers.get(t, "/o/"+w.slug()+path).body)
	}
	exported := func() string {
		return readers.post(t, "/o/"+w.slug()+"/signals/export", url.Values{"format": {"csv"}, "query": {everyStatus}}).status(t, 200).body
	}
	exportedBefore := exported()

	var paths []string
	for _, r := range routesOf("tenant") {
		if r.Method == http.MethodGet && r.Path != "/o/:org/events" {
			paths = append(paths, usesOf(t, r)[0](t, w, singer).path)
		}
	}
	slugs := slugsWithout(t, w, reader)
	setCanaries(t, w, reader)
	must(t, singer.EmbedSignals(t.Context()))
	must(t, reader.EmbedSignals(t.Context()))
	for i, path := range paths {
		for _, slug := range slugs {
			path = strings.ReplaceAll(path, "/"+slug, "/"+canary+"-"+slug)
		}
		paths[i] = path
	}
	asks = append(asks, "/signals?realm="+canary+"-"+slugs[0], "/clusters?realm="+canary+"-"+slugs[0])

	singing, visits := 0, 0
	for who, visitor := range map[string]struct {
		b  *browser
		in *world
	}{"a member of another realm": {readers, w}, "another organisation": {a.as(t, stranger.owner), stranger}, "the singer": {a.as(t, singer), w}} {
		for _, path := range slices.Concat(paths, asks) {
			page := visitor.b.get(t, "/o/"+visitor.in.slug()+path)
			visits++
			if asked := strings.ReplaceAll(page.body, path, ""); !strings.Contains(withoutAsked(asked, path), canary) {
				continue
			}
			if singing++; who != "the singer" {
				singing--
				t.Errorf("%s hears the canary at %s: %d", who, path, page.response.StatusCode)
			}
		}
	}
	if singing < 30 {
		t.Errorf("the canary sings on %d pages only, so the test proves little", singing)
	}
	for path, was := range before {
		if now := steady(readers.get(t, "/o/"+w.slug()+path).body); now != was {
			t.Errorf("%s is not what it was before others captured anything: %s", path, firstDifference(was, now))
		}
	}
	if now := exported(); now != exportedBefore || strings.Contains(now, canary) {
		t.Errorf("the export is %q, and was %q", now, exportedBefore)
	}
	// Whoever asks by the canary's name reads that name, and nothing more than by one that nobody has.
	for _, path := range questions(canary) {
		other := strings.ReplaceAll(path, canary, "nokarie")
		got := strings.ReplaceAll(steady(readers.get(t, "/o/"+w.slug()+path).body), canary, "nokarie")
		if want := steady(readers.get(t, "/o/"+w.slug()+other).body); got != want {
			t.Errorf("%s is not as %s: %s", path, other, firstDifference(want, got))
		}
	}
	var jobs int
	must(t, storetest.Behind(t).QueryRow(t.Context(), `select count(*) from river.river_job where args::text like '%' || $1 || '%'`, canary).Scan(&jobs))
	log.mu.Lock()
	defer log.mu.Unlock()
	for line := range strings.Lines(log.text.String()) {
		if strings.Contains(line, canary+" bellwether") {
			t.Errorf("the log says %s", line)
		}
	}
	if jobs != 0 || log.text.Len() == 0 {
		t.Errorf("%d jobs carry the canary; %d bytes of log", jobs, log.text.Len())
	}
	t.Logf("%d visits, the singer heard it %d times", visits, singing)
}

// steady is a page without the keys of its forms, which no two showings have in common.
func steady(body string) string { return formKey.ReplaceAllString(body, "") }

var formKey = regexp.MustCompile(`name="form_key" value="[^"]*"`)

// firstDifference is where two texts part.
func firstDifference(want, got string) string {
	n := 0
	for n < min(len(want), len(got)) && want[n] == got[n] {
		n++
	}
	part := func(text string) string { return text[max(0, n-60):min(len(text), n+100)] }
	return fmt.Sprintf("%q, was %q", part(got), part(want))
}

// questions are what can be asked with a word, and lists that count.
func questions(word string) []string {
	paths := []string{"/tags", "/signals", "/clusters", "/realms", "/clusters/new", "/signals/new"}
	for _, list := range []string{"/search?q=", "/signals?q=", "/signals?by=words&q=", "/signals?by=meaning&q=", "/signals?view=cards&q=", "/signals?view=timeline&q=",
		"/signals?view=calendar&q=", "/signals?view=map&q=", "/signals?sort=title&q=", "/signals?tag=", "/signals?author=", "/signals?source=", "/clusters?q=", "/realms?q=",
		"/tags?q=", "/tags/suggest?q=", "/sops?q=", "/surrogates?q=", "/members?q="} {
		paths = append(paths, list+word)
	}
	return paths
}

// withoutAsked is a page without what was asked for in its address, which it may say again.
func withoutAsked(body, path string) string {
	address, err := url.Parse(path)
	if err != nil {
		return body
	}
	for _, values := range address.Query() {
		for _, value := range values {
			if strings.Contains(value, canary) {
				body = strings.ReplaceAll(strings.ReplaceAll(body, value, ""), url.QueryEscape(value), "")
			}
		}
	}
	return body
}

func slugsWithout(t *testing.T, w *world, reader *store.Tenant) []string {
	t.Helper()
	var slugs []string
	must(t, storetest.Behind(t).QueryRow(t.Context(), fmt.Sprintf(`select array_agg(slug order by length(slug) desc) from %[1]s.realms
		where id not in (select realm_id from %[1]s.realms_users where user_id = $1)`, w.schema()), reader.User.ID).Scan(&slugs))
	return slugs
}
