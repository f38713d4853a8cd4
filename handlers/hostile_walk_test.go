package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"surrealm/store"
	"surrealm/store/hostiletest"
	"surrealm/store/storetest"
)

// The forms that people see, found by walking the pages. What is typed into them, or sent as a file, is refused or comes back as it was, and it
// never becomes a part of the page.

// rounds is how often each form is filled in, with another text in each of its fields every time.
const rounds = 3

func TestWhatIsTypedComesBackAsItWas(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	member := w.person(t, store.Owner)
	b := a.as(t, member)
	b.foreign = canary(t)
	walk := &formWalk{b: b}
	forms := formsOnPages(t, w, b, member)
	for i := range forms {
		walk.fillIn(t, &forms[i])
		walk.misuse(t, &forms[i])
	}
	for _, path := range []string{"/surrogates/10000000-0000-4000-8000-000000000001", "/sops/30000000-0000-4000-8000-000000000001", "/proposals/60000000-0000-4000-8000-000000000001"} {
		b.get(t, "/o/"+w.slug()+path).status(t, http.StatusNotFound) // what the other organisation calls so
	}
	walk.sendFiles(t, forms)
	refusesTooMuch(t, b, forms)
	t.Logf("%d forms, %d values, %d times accepted, %d shown, %d files; never accepted: %q", len(forms), walk.n, walk.accepted, walk.shown, walk.files, walk.never)
	if len(forms) < 60 || walk.n < 450 || walk.accepted < 95 || walk.shown < 500 || walk.files < 200 || len(walk.never) > 12 {
		t.Error("too little was tried")
	}
}

// A formWalk counts what went through forms: values, forms that were accepted, where a page showed a value, and files.
type formWalk struct {
	b                         *browser
	n, accepted, shown, files int
	never                     []string // where forms go that were never accepted
}

// An entry is what was typed into a field: a mark that is nowhere else, and one of the corpus.
type entry struct{ mark, value string }

// fillIn types something hostile into every field of the form that takes text, all at once. What is refused is said beside its field, and
// nothing that was typed is lost; without the fields that were refused, the rest is taken.
func (w *formWalk) fillIn(t *testing.T, f *foundForm) {
	t.Helper()
	before := w.accepted
	defer func() {
		if w.accepted == before && slices.ContainsFunc(f.fields, field.takesText) {
			w.never = append(w.never, f.route)
		}
	}()
	for range rounds {
		typed := map[string]entry{}
		for _, field := range f.fields {
			if field.takesText() {
				w.n++
				mark := fmt.Sprintf("mk%dq", w.n)
				typed[field.name] = entry{mark, mark + hostiletest.Texts[w.n%len(hostiletest.Texts)]}
			}
		}
		for len(typed) > 0 {
			page := w.send(t, f, typed)
			if page.response.StatusCode != http.StatusUnprocessableEntity {
				break
			}
			refused, wrong := 0, wrongFields(page)
			for name, e := range typed {
				if !slices.ContainsFunc(controls(page), func(c string) bool { return strings.Contains(c, e.mark) }) {
					t.Errorf("%s of the form to %s with %q: it is refused, and what was typed is lost: %s", name, f.route, e.value, page.summary())
				}
				if wrong[name] {
					delete(typed, name)
					refused++
				}
			}
			if refused == 0 {
				break // it is another field that is in the way, or all of them together
			}
		}
	}
}

// wrongFields are those beside which a page says that they are wrong.
func wrongFields(p *page) map[string]bool {
	wrong := map[string]bool{}
	for n := range p.root().Descendants() {
		if name, is := strings.CutSuffix(attribute(n, "id"), "-error"); is {
			wrong[name] = true
		}
	}
	return wrong
}

// send sends the form with what was typed, and looks for it in the answer, and, when it was taken, where it is now.
func (w *formWalk) send(t *testing.T, f *foundForm, typed map[string]entry) *page {
	t.Helper()
	values := maps.Clone(f.values)
	for name, e := range typed {
		values[name] = []string{e.value}
	}
	page := answered(t, w.b, f.request(t, w.b, values, nil), f.route, "what was typed")
	w.look(t, page, f, typed)
	switch status := page.response.StatusCode; {
	case status == http.StatusSeeOther:
		w.accepted++
		w.look(t, w.b.get(t, page.location()), f, typed)
		there := w.b.get(t, f.page) // the page with the form shows what is there now
		w.look(t, there, f, typed)
		f.renew(there)
	case status < 400 && status != http.StatusOK:
		t.Errorf("the form to %s: %d: %s", f.route, status, page.summary())
	}
	return page
}

// look counts where a page shows what was typed, and complains where it is something else or became a part of the page.
func (w *formWalk) look(t *testing.T, p *page, f *foundForm, typed map[string]entry) {
	t.Helper()
	harmless(t, p, "the form to "+f.route)
	if !strings.HasPrefix(p.header("Content-Type"), "text/html") || !strings.Contains(p.body, "mk") {
		return
	}
	look := func(where, text string) {
		for at := strings.Index(text, "mk"); at >= 0; {
			for name, e := range typed {
				if strings.HasPrefix(text[at:], e.mark) {
					if w.shown++; !sameText(text[at:], e.value) {
						t.Errorf("%s of the form to %s with %q: in %s of %s it is %q", name, f.route, e.value, where, p.response.Request.URL.Path, text[at:])
					}
				}
			}
			next := strings.Index(text[at+2:], "mk")
			if next < 0 {
				break
			}
			at += 2 + next
		}
	}
	for n := range p.root().Descendants() {
		if n.Type == html.TextNode {
			look(n.Parent.Data, n.Data)
		}
		if n.Type == html.ElementNode && (n.Data == "input" || n.Data == "option") {
			look(n.Data, attribute(n, "value"))
		}
	}
}

// misuse puts something into each field that people do not type into: choices, numbers, days, and what is hidden.
func (w *formWalk) misuse(t *testing.T, f *foundForm) {
	t.Helper()
	for _, field := range f.fields {
		if field.takesText() || field.kind == "file" {
			continue
		}
		w.n++
		values, value := maps.Clone(f.values), hostiletest.Values[w.n%len(hostiletest.Values)]
		values[field.name] = []string{value}
		page := answered(t, w.b, f.request(t, w.b, values, nil), f.route, fmt.Sprintf("%s = %.40q", field.name, value))
		harmless(t, page, "the form to "+f.route)
		if page.response.StatusCode == http.StatusSeeOther {
			w.accepted++
			harmless(t, w.b.get(t, page.location()), "the form to "+f.route)
			f.renew(w.b.get(t, f.page))
		}
	}
}

// renew takes from a page what the form holds now: which revision it changes, and the key by which it is known when it is sent twice.
func (f *foundForm) renew(p *page) {
	for _, form := range p.find("form") {
		if attribute(form, "action") == f.action && len(fieldsOf(form)) == len(f.fields) {
			f.values = formValues(form)
			f.fillIn()
			return
		}
	}
}

// canary fills every table of an organisation of its own with a text, which it returns. Ids there are those that other
// organisations have, so only the walls keep it in.
func canary(t *testing.T) string {
	t.Helper()
	other := storetest.Owner(t)
	mark := "canary-" + other.Org.Slug
	text := got[[]byte](t)(os.ReadFile("../store/testdata/canaries.sql"))
	behind(t, "begin;"+strings.NewReplacer("@canary", mark, "@owner", other.User.ID.String(), "@org", other.Org.ID.String(),
		"@schema", "tenant_"+strings.ReplaceAll(other.Org.Slug, "-", "_")).Replace(string(text))+";commit")
	return mark
}

// sameText says whether a text came back, or as much of its beginning as there is room for. White space is one space, accents are part of
// their letter, a list of tags doubles the quotes in a tag, JSON writes a stroke before them, and in Markdown an entity is written for its
// character. A list takes one from each line.
func sameText(got, want string) bool {
	if first, _, more := strings.Cut(want, "\n"); more && strings.HasPrefix(got, strings.TrimSpace(first)+", ") {
		return true
	}
	got, want = strings.TrimSuffix(strings.Join(strings.Fields(got), " "), "…"), norm.NFC.String(strings.Join(strings.Fields(hostiletest.Kept(want)), " "))
	got = strings.NewReplacer(`""`, `"`, `\"`, `"`).Replace(norm.NFC.String(got))
	return strings.HasPrefix(got, want) || strings.HasPrefix(want, strings.TrimSpace(got)) || strings.HasPrefix(got, html.UnescapeString(want))
}

// harmless looks for what was typed among the elements and attributes of a page.
func harmless(t *testing.T, p *page, what string) {
	t.Helper()
	if p.response.StatusCode >= 500 {
		t.Errorf("%s: then %s answers %d", what, p.response.Request.URL.Path, p.response.StatusCode)
	}
	if !strings.HasPrefix(p.header("Content-Type"), "text/html") {
		return
	}
	for n := range p.root().Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if strings.HasPrefix(n.Data, "mk-") || n.Data == "script" && attribute(n, "src") == "" && attribute(n, "type") != "application/json" {
			t.Errorf("%s: %s has the element %s", what, p.response.Request.URL.Path, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "mk-") || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") && a.Key != "value" {
				t.Errorf("%s: %s has the attribute %s=%q of %s", what, p.response.Request.URL.Path, a.Key, a.Val, n.Data)
			}
		}
	}
}

// controls are the texts of a page's fields.
func controls(p *page) []string {
	var texts []string
	for _, n := range p.find("input, textarea") {
		if n.Data == "textarea" && n.FirstChild != nil {
			texts = append(texts, n.FirstChild.Data)
		} else if n.Data == "input" {
			texts = append(texts, attribute(n, "value"))
		}
	}
	return texts
}
