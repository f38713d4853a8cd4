package handlers_test

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// The forms that people see, found by walking the pages. What is typed into them is refused or comes back as it was typed, and it never
// becomes a part of the page.

// typed are values for fields that take text. Whatever of them becomes an element or an attribute is called mk-something, which the pages
// know nothing of.
var typed = []string{
	`<mk-e>`, `"><mk-e hx-get="/logout" hx-trigger="load">`, `" mk-a="1" x="`, `' mk-a='1' x='`, `</textarea><mk-e>`, `</title></style></script><mk-e>`,
	`<script mk-a>alert(1)</script>`, `<img src=x onerror=alert(1) mk-a>`, `<svg/onload=alert(1) mk-a>`, `<!--<mk-e>`, `]]><mk-e>`, `{{.Slug}}{{constructor.constructor('alert(1)')()}}`,
	`${7*7}#{7*7}<%= 7*7 %>`, `'; drop table people; --`, `%s%d%n`, `javascript:alert(1)//`, `&lt;mk-e&gt;&amp;amp;`, `\u003cmk-e\u003e`, "\u202egnp.exe",
	"a\u200bb\u00adc", "аdmіn", "e\u0301 \U0001f9ea \U0001d54f", `..\..\etc/passwd`, `a=b&c=d;e`, `{"a":[1]}`, `[mk](javascript:alert(1) "x")`,
}

// A field of a form, how it is filled in, and the first of its choices.
type field struct{ name, kind, choice string }

// A found form is one that a page shows: where the page is, the route that it is sent to, what it would send untouched, and its fields.
type foundForm struct {
	page, action, route string
	multipart           bool
	values              url.Values
	fields              []field
}

func TestWhatIsTypedComesBackAsItWas(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	member := w.person(t, store.Owner)
	b := a.as(t, member)
	b.foreign = canary(t)
	forms := formsOnPages(t, w, b, member)
	n, accepted, shown := 0, 0, 0
	for _, f := range forms {
		for _, field := range f.fields {
			values := 1
			if field.takesText() {
				values = 4
			}
			for range values {
				n++
				mark := fmt.Sprintf("mk%dq", n)
				value := mark + typed[n%len(typed)]
				what := fmt.Sprintf("%s of the form to %s with %q", field.name, f.route, value)
				page := answered(t, b, f.request(t, b, field, value), f.route, what)
				shown += comesBack(t, page, mark, value, what)
				switch status := page.response.StatusCode; {
				case status == http.StatusSeeOther:
					accepted++
					shown += comesBack(t, b.get(t, page.location()), mark, value, what)
				case status == http.StatusUnprocessableEntity && field.takesText():
					if !slices.ContainsFunc(controls(page), func(c string) bool { return strings.Contains(c, mark) }) {
						t.Errorf("%s: it is refused, and what was typed is lost: %s", what, page.summary())
					}
				case status >= 500 || status < 400 && status != http.StatusOK:
					t.Errorf("%s: %d: %s", what, status, page.summary())
				}
				shown += comesBack(t, b.get(t, f.page), mark, value, what) // the page with the form shows what is there now
			}
		}
	}
	for _, path := range []string{"/surrogates/10000000-0000-4000-8000-000000000001", "/sops/30000000-0000-4000-8000-000000000001", "/proposals/60000000-0000-4000-8000-000000000001"} {
		b.get(t, "/o/"+w.slug()+path).status(t, http.StatusNotFound) // what the other organisation calls so
	}
	refusesTooMuch(t, b, forms)
	t.Logf("%d forms, %d values, %d accepted, %d shown", len(forms), n, accepted, shown)
	if len(forms) < 40 || accepted < 60 || shown < 200 {
		t.Errorf("too little was tried: %d forms, %d values, %d accepted, %d shown", len(forms), n, accepted, shown)
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

// takesText says whether people can type what they like into a field, and find it there when the form is refused.
func (f field) takesText() bool {
	return slices.Contains([]string{"text", "search", "textarea"}, f.kind)
}

// comesBack counts where a page shows what was typed, and complains where it is something else or became a part of the page.
func comesBack(t *testing.T, p *page, mark, value, what string) (shown int) {
	t.Helper()
	harmless(t, p, what)
	if !strings.HasPrefix(p.header("Content-Type"), "text/html") {
		return 0
	}
	look := func(where, text string) {
		if at := strings.Index(text, mark); at >= 0 {
			shown++
			if !sameText(text[at:], value) {
				t.Errorf("%s: in %s of %s it is %q", what, where, p.response.Request.URL.Path, text[at:])
			}
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
	return shown
}

// sameText says whether a text came back, or as much of its beginning as there is room for. White space is one space, accents are part of
// their letter, a list of tags doubles the quotes in a tag, and in Markdown an entity is written for its character.
func sameText(got, want string) bool {
	got, want = strings.TrimSuffix(strings.Join(strings.Fields(got), " "), "…"), norm.NFC.String(strings.Join(strings.Fields(want), " "))
	got = strings.ReplaceAll(norm.NFC.String(got), `""`, `"`)
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

// formsOnPages opens every page of the organisation and takes its forms apart: one for each route and set of fields.
func formsOnPages(t *testing.T, w *world, b *browser, member *store.Tenant) []foundForm {
	t.Helper()
	var found []foundForm
	seen := map[string]bool{}
	for _, r := range routesOf("tenant") {
		if r.Method != http.MethodGet {
			continue
		}
		path := "/o/" + w.slug() + usesOf(t, r)[0](t, w, member).path
		page := b.get(t, path)
		if !strings.HasPrefix(page.header("Content-Type"), "text/html") {
			continue
		}
		for _, form := range page.find("form") {
			f := foundForm{page: path, action: attribute(form, "action"), values: formValues(form), multipart: attribute(form, "enctype") == "multipart/form-data"}
			if f.action == "" {
				f.action = path
			}
			f.route, f.fields = routeOf(f.action), fieldsOf(form)
			f.fillIn()
			key := fmt.Sprint(f.route, f.fields)
			if seen[key] || !strings.EqualFold(attribute(form, "method"), http.MethodPost) || f.route == "/logout" {
				continue
			}
			seen[key] = true
			if f.route == "" {
				t.Errorf("%s has a form for %q, which no route takes", r.Path, f.action)
			}
			found = append(found, f)
		}
	}
	return found
}

// fillIn puts something into what is empty, so that one bad value alone is what keeps a form from being accepted.
func (f foundForm) fillIn() {
	for _, field := range f.fields {
		if f.values.Get(field.name) != "" {
			continue
		}
		switch field.kind {
		case "text", "textarea", "search":
			f.values.Set(field.name, "Something else")
		case "email":
			f.values.Set(field.name, storetest.Email("somebody"))
		case "date":
			f.values.Set(field.name, "2026-03-01")
		case "number":
			f.values.Set(field.name, "1")
		case "select", "radio":
			f.values.Set(field.name, field.choice)
		}
	}
}

// fieldsOf are the fields of a form by name, each once.
func fieldsOf(form *html.Node) []field {
	var fields []field
	for n := range form.Descendants() {
		name, kind := attribute(n, "name"), n.Data
		if name == "" || !slices.Contains([]string{"input", "textarea", "select"}, n.Data) {
			continue
		}
		if kind == "input" {
			if kind = attribute(n, "type"); kind == "" {
				kind = "text"
			}
		}
		f := field{name: name, kind: kind}
		if kind == "radio" {
			f.choice = attribute(n, "value")
		}
		for option := range n.Descendants() {
			if option.Data == "option" && f.choice == "" {
				f.choice = attribute(option, "value")
			}
		}
		if !slices.ContainsFunc(fields, func(other field) bool { return other.name == name }) {
			fields = append(fields, f)
		}
	}
	return fields
}

// routeOf is the pattern of the route that takes a POST to an address, "" when there is none.
func routeOf(address string) string {
	to, err := url.Parse(address)
	if err != nil {
		return ""
	}
	best := ""
	for _, r := range handlers.Routes() {
		pattern := "^" + parameter.ReplaceAllString(r.Path, "[^/]+") + "$"
		if r.Method == http.MethodPost && regexp.MustCompile(pattern).MatchString(to.Path) && (best == "" || strings.Count(r.Path, ":") < strings.Count(best, ":")) {
			best = r.Path
		}
	}
	return best
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// request is what a browser would send of the form with a value in one field, which a field of files gets as the name of a file.
func (f foundForm) request(t *testing.T, b *browser, spoilt field, value string) *http.Request {
	t.Helper()
	values := maps.Clone(f.values)
	if spoilt.kind != "file" {
		values[spoilt.name] = []string{value}
	}
	if !f.multipart {
		return b.request(t, http.MethodPost, f.action, values)
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, list := range values {
		for _, text := range list {
			if err := parts.WriteField(name, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if spoilt.kind == "file" {
		part, err := parts.CreateFormFile(spoilt.name, value+".md")
		if err == nil {
			_, err = part.Write([]byte("---\ntitle: " + value + "\n---\n" + value))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	request := b.request(t, http.MethodPost, f.action, nil)
	with, err := http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), &body)
	if err != nil {
		t.Fatal(err)
	}
	with.Header = request.Header
	with.Header.Set("Content-Type", parts.FormDataContentType())
	return with
}
