package handlers_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

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
