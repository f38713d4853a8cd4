package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
	"surrealm/store/storetest"
)

// working is a site with a database of its own, in which jobs are worked: elsewhere they would disturb other tests.
func working(t *testing.T) *app {
	t.Helper()
	s, _ := storetest.FreshStore(t)
	jobs, err := s.StartJobs(t.Context(), store.JobOptions{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = jobs.Stop(t.Context()) }) // the database ends with it
	return newApp(t, func(o *handlers.Options) { o.Store = s })
}

// registered is somebody with a new organisation, whose address it returns.
func registered(t *testing.T, a *app) (b *browser, org string) {
	t.Helper()
	b, slug := a.browser(t), storetest.Slug("exchange")
	b.post(t, "/register", url.Values{"org_name": {"Exchange"}, "slug": {slug}, "name": {"Ann"}, "email": {storetest.Email("ann")},
		"password": {storetest.Password}}).status(t, http.StatusSeeOther)
	return b, "/o/" + slug
}

// send sends a file as the form of a page does.
func (b *browser) send(t *testing.T, path, name string, file []byte, fields url.Values) *page {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range fields {
		if err := form.WriteField(field, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	request := b.request(t, http.MethodPost, path, nil)
	request.Body, request.ContentLength = io.NopCloser(&body), int64(body.Len())
	request.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(t, request)
}

// imports sends a file, starts its import and waits for the end.
func (b *browser) imports(t *testing.T, org, name string, file []byte) *page {
	t.Helper()
	form := b.get(t, org+"/signals/import").status(t, 200).form(t, "form#file-form")
	sent := b.send(t, org+"/signals/imports", name, file, form).status(t, http.StatusSeeOther).follow(t)
	started := sent.submit(t, "form#plan", nil).status(t, http.StatusSeeOther)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if now := started.follow(t).status(t, 200); len(now.find("#import[hx-get]")) == 0 {
			return now
		}
	}
	t.Fatal("the import did not end")
	return nil
}

const everyStatus = "status=ACTIVE&status=ARCHIVED&status=FAILED&status=PENDING&status=REJECTED"

func (b *browser) exports(t *testing.T, org, format string) []byte {
	t.Helper()
	page := b.post(t, org+"/signals/export", url.Values{"format": {format}, "query": {everyStatus}}).status(t, 200)
	if !strings.HasPrefix(page.header("Content-Disposition"), "attachment;") {
		t.Errorf("the export is shown: %q", page.header("Content-Disposition"))
	}
	return []byte(page.body)
}

// What one organisation exports another one imports, and has the same: all of it through pages.
func TestAnExportIsImportedByAnotherOrganisation(t *testing.T) {
	t.Parallel()
	a := working(t)
	ann, here := registered(t, a)
	var first bytes.Buffer
	for i := range 12 {
		d := rapid.Custom(signaltest.Draft).Example(100 + i)
		d.ExternalID = fmt.Sprint(i)
		if err := exchange.WriteJSONL(&first, d); err != nil {
			t.Fatal(err)
		}
	}
	ann.imports(t, here, "first.jsonl", first.Bytes()).text(t, ".alert", "12 signals imported")
	ann.imports(t, here, "first.jsonl", first.Bytes()).text(t, ".alert", "0 signals imported") // nothing twice
	lines := func(file []byte) []string { return slices.Sorted(strings.Lines(string(file))) }
	want := lines(ann.exports(t, here, "jsonl"))
	before, after := draftsIn(t, first.Bytes()), draftsIn(t, ann.exports(t, here, "jsonl"))
	for id, d := range before {
		if d.CapturedAt.IsZero() {
			d.CapturedAt = after[id].CapturedAt // which is when it was imported
		}
		if changed, _ := signal.Differences(d, after[id]); len(changed) > 0 {
			t.Errorf("importing %s changed %q", id, changed)
		}
	}
	for format, name := range map[string]string{"jsonl": "x.jsonl", "csv": "x.csv", "markdown": "x.zip"} {
		ben, there := registered(t, a)
		ben.imports(t, there, name, ann.exports(t, here, format)).text(t, ".alert", "12 signals imported").click(t, "See the newest signals of Personal").status(t, 200)
		if !slices.Equal(lines(ben.exports(t, there, "jsonl")), want) {
			t.Errorf("%s: what came of it is not what was exported", format)
		}
	}
}

// draftsIn are the drafts of a file by their ids.
func draftsIn(t *testing.T, file []byte) map[string]signal.Draft {
	t.Helper()
	found := map[string]signal.Draft{}
	for row, err := range exchange.Read(bytes.NewReader(file), int64(len(file)), exchange.JSONL, nil) {
		if err != nil || len(row.Problems) > 0 {
			t.Fatal(row.Name, row.Problems, err)
		}
		found[row.Draft.ExternalID] = row.Draft
	}
	return found
}

func TestAnImportIsLookedAtFirst(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, tenant := a.owner(t)
	org := "/o/" + tenant.Org.Slug
	table := "Nr;Überschrift;Notiz\n1;Pumpe;läuft\n2;;still\n"
	form := b.get(t, org+"/signals/import").form(t, "form#file-form")
	sent := b.send(t, org+"/signals/imports", "liste.csv", []byte(table), form).status(t, http.StatusSeeOther).follow(t).status(t, 200)
	sent.text(t, "h1", "Look before you import").text(t, "th", "Überschrift").count(t, "select[name=field]", 3)
	page := sent.submit(t, "form#plan", url.Values{"field": {"external_id", "title", "content"}, "do": {"look"}}).status(t, http.StatusSeeOther).follow(t)
	page.text(t, ".row-main", "Pumpe").text(t, ".row-main", "line 3").text(t, ".row-main", "Title:")
	refused := page.submit(t, "form#plan", nil).status(t, http.StatusUnprocessableEntity)
	refused.has(t, "#skip_bad-error")
	problems := page.click(t, "Download all problems as a table").status(t, 200)
	if !strings.Contains(problems.body, "line 3,title,") {
		t.Errorf("problems: %s", problems.body)
	}
	running := page.submit(t, "form#plan", url.Values{"skip_bad": {"on"}}).status(t, http.StatusSeeOther).follow(t)
	running.has(t, "#import[hx-get]").text(t, "h1", "Importing")
	fragment := b.hx(t, http.MethodGet, running.response.Request.URL.Path, "import", nil).status(t, 200)
	if !strings.HasPrefix(strings.TrimSpace(fragment.body), `<div class="page" id="import"`) {
		t.Errorf("the fragment begins with %.60q", fragment.body)
	}
	b.post(t, running.response.Request.URL.Path+"/cancel", nil).status(t, http.StatusSeeOther).follow(t).text(t, "h1", "Import stopped")
	b.post(t, org+"/signals/export", url.Values{"format": {"exe"}}).status(t, http.StatusUnprocessableEntity)
	if body := b.post(t, org+"/signals/export", url.Values{"format": {"jsonl"}}).status(t, 200).body; body != "" {
		t.Errorf("exported %q", body)
	}
}

// A body that says that it is a gigabyte is refused before it is read.
func TestAGigabyteIsRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b, tenant := a.owner(t)
	path := "/o/" + tenant.Org.Slug + "/signals/imports"
	claim := b.request(t, http.MethodPost, path, nil)
	claim.Body, claim.ContentLength = io.NopCloser(io.LimitReader(zeros{}, 1<<30)), 1<<30
	claim.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	if response, err := b.client.Do(claim); err == nil { // the server may hang up on the sender before it is done
		defer response.Body.Close()
		if response.StatusCode < 400 || response.StatusCode >= 500 {
			t.Errorf("a gigabyte: %d", response.StatusCode)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
