package handlers_test

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store/hostiletest"
	"surrealm/views"
)

// sendFiles sends every hostile file through every field for files. It is refused beside the field, or taken for what it is.
func (w *formWalk) sendFiles(t *testing.T, forms []foundForm) {
	t.Helper()
	inputs, taken := map[string]bool{}, 0
	for i := range forms {
		f := &forms[i]
		for _, field := range f.fields {
			if field.kind != "file" || inputs[f.route+" "+field.name] {
				continue
			}
			inputs[f.route+" "+field.name] = true
			for n, file := range hostiletest.Files() {
				// What only reads a text takes every third of them: one function reads uploads.
				if n%3 > 0 && !slices.Contains([]string{"/o/:org/signals file", "/o/:org/signals/imports file"}, f.route+" "+field.name) {
					continue
				}
				w.files++
				what := fmt.Sprintf("the file %.60q as %s of the form to %s", file.Name, field.name, f.route)
				page := answered(t, w.b, f.request(t, w.b, f.values, map[string]hostiletest.File{field.name: file}), f.route, what)
				harmless(t, page, what)
				switch status := page.response.StatusCode; {
				case status == http.StatusSeeOther:
					taken++
					there := w.b.get(t, page.location()).status(t, http.StatusOK)
					harmless(t, there, what)
					w.filesAreKept(t, there, what)
					if f.values.Has(views.FormKeyField) {
						f.values.Set(views.FormKeyField, uuid.NewString())
					}
				case status == http.StatusUnprocessableEntity && len(wrongFields(page)) == 0:
					t.Errorf("%s: nothing says why it is refused: %s", what, page.summary())
				case status < 400:
					t.Errorf("%s: %d", what, status)
				}
			}
		}
	}
	if len(inputs) < 5 || taken < 20 {
		t.Errorf("%d files were taken by the fields %q", taken, slices.Sorted(maps.Keys(inputs)))
	}
}

// shown are the kinds of files that a browser may show. None of them runs anything.
var shown = []string{"image/jpeg", "image/png", "image/gif", "image/webp"}

// filesAreKept opens the files that a page shows or offers. Each is a picture, sound or film, or else saved and never shown; no browser
// guesses what it is, and none lets it do anything.
func (w *formWalk) filesAreKept(t *testing.T, p *page, what string) {
	t.Helper()
	for _, n := range p.find("img[src], audio[src], video[src], source[src], a[href]") {
		address := attribute(n, "src") + attribute(n, "href")
		if !strings.Contains(address, "/files/") {
			continue
		}
		file := w.b.get(t, address).status(t, http.StatusOK)
		kind := file.header("Content-Type")
		how, names, err := mime.ParseMediaType(file.header("Content-Disposition"))
		playable := strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/")
		if err != nil || how != "attachment" && !slices.Contains(shown, kind) && !playable || strings.ContainsAny(names["filename"], "/\\\r\n\x00") {
			t.Errorf("%s: it is sent as %q, %q", what, kind, file.header("Content-Disposition"))
		}
		if policy := file.header("Content-Security-Policy"); file.header("X-Content-Type-Options") != "nosniff" || !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: it is sent with the policy %q", what, policy)
		}
		if slices.Contains(shown, kind) && strings.Contains(file.body, "<script") {
			t.Errorf("%s: the picture is not written anew", what)
		}
	}
}
