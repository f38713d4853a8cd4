package handlers_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// page is an answer. Its assertions return the page, so that they read one after the other; those that need something
// to go on with end the test when it is not there.
type page struct {
	browser  *browser
	response *http.Response
	body     string
	parsed   *html.Node // see root
}

func readPage(t *testing.T, b *browser, response *http.Response) *page {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{browser: b, response: response, body: string(body)}
	p.wellFormed(t)
	if b.foreign != "" && strings.Contains(p.body, b.foreign) {
		t.Errorf("%s %s: the answer holds what another organisation wrote", response.Request.Method, response.Request.URL.Path)
	}
	return p
}

// root is the page's tree. It is made when it is asked for: most answers of the tests of all routes are looked at by their status alone.
func (p *page) root() *html.Node {
	if p.parsed == nil {
		root, err := html.Parse(strings.NewReader(p.body))
		if err != nil {
			panic(err) // strings.Reader does not fail, and html.Parse has no other error
		}
		p.parsed = root
	}
	return p.parsed
}

// wellFormed checks what holds for every page: one h1, and each id once. It reads the text and not the tree, which takes the race
// detector fifty times as long; in texts and values quotes are escaped, so each that is found is an attribute's.
func (p *page) wellFormed(t *testing.T) {
	t.Helper()
	if !strings.HasPrefix(p.header("Content-Type"), "text/html") {
		return
	}
	seen := map[string]bool{}
	for i, part := range strings.Split(p.body, ` id="`) {
		id, _, _ := strings.Cut(part, `"`)
		if i > 0 && seen[id] {
			t.Errorf("%s: the id %q is there twice", p.response.Request.URL.Path, id)
		}
		seen[id] = i > 0
	}
	if n := strings.Count(p.body, "<h1"); strings.HasPrefix(p.body, "<!") && n != 1 {
		t.Errorf("%s: %d h1", p.response.Request.URL.Path, n)
	}
}

// status checks the status code.
func (p *page) status(t *testing.T, want int) *page {
	t.Helper()
	if p.response.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d: %s", p.response.Request.Method, p.response.Request.URL.Path,
			p.response.StatusCode, want, p.summary())
	}
	return p
}

// text checks that an element that matches the selector contains the text, white space aside.
func (p *page) text(t *testing.T, selector, want string) *page {
	t.Helper()
	found := p.texts(selector)
	if !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, want) }) {
		t.Errorf("%s: %q is in none of %q of %s", p.response.Request.URL.Path, want, found, selector)
	}
	return p
}

// texts returns the text of each element that matches.
func (p *page) texts(selector string) []string {
	var out []string
	for _, n := range p.find(selector) {
		out = append(out, textOf(n))
	}
	return out
}

// has checks that an element matches.
func (p *page) has(t *testing.T, selector string) *page {
	t.Helper()
	if len(p.find(selector)) == 0 {
		t.Errorf("%s: no %s: %s", p.response.Request.URL.Path, selector, p.summary())
	}
	return p
}

// hasNot checks that no element matches.
func (p *page) hasNot(t *testing.T, selector string) *page {
	t.Helper()
	if found := p.find(selector); len(found) > 0 {
		t.Errorf("%s: has %s: %q", p.response.Request.URL.Path, selector, textOf(found[0]))
	}
	return p
}

// count checks how many elements match.
func (p *page) count(t *testing.T, selector string, want int) *page {
	t.Helper()
	if got := len(p.find(selector)); got != want {
		t.Errorf("%s: %d of %s, want %d", p.response.Request.URL.Path, got, selector, want)
	}
	return p
}

// attr returns an attribute of the first element that matches.
func (p *page) attr(t *testing.T, selector, name string) string {
	t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		t.Fatalf("%s: no %s: %s", p.response.Request.URL.Path, selector, p.summary())
	}
	return attribute(found[0], name)
}

func (p *page) header(name string) string { return p.response.Header.Get(name) }

// location is where the answer sends the browser, by a redirect or by htmx.
func (p *page) location() string {
	if to := p.header("HX-Redirect"); to != "" {
		return to
	}
	return p.header("Location")
}

// follow opens the page that the answer redirects to.
func (p *page) follow(t *testing.T) *page {
	t.Helper()
	if p.location() == "" {
		t.Fatalf("%s: status %d and no redirect: %s", p.response.Request.URL.Path, p.response.StatusCode, p.summary())
	}
	return p.browser.get(t, p.location())
}

// click opens the link with this text.
func (p *page) click(t *testing.T, text string) *page {
	t.Helper()
	for _, a := range p.find("a[href]") {
		if textOf(a) == text {
			return p.browser.get(t, attribute(a, "href"))
		}
	}
	t.Fatalf("%s: no link %q: %s", p.response.Request.URL.Path, text, p.summary())
	return nil
}

// form returns what the form would send as it stands.
func (p *page) form(t *testing.T, selector string) url.Values {
	t.Helper()
	forms := p.find(selector)
	if len(forms) == 0 {
		t.Fatalf("%s: no form %s: %s", p.response.Request.URL.Path, selector, p.summary())
	}
	return formValues(forms[0])
}

// submit sends the form with some of its fields filled in.
func (p *page) submit(t *testing.T, selector string, fill url.Values) *page {
	t.Helper()
	values := p.form(t, selector)
	for name, value := range fill {
		values[name] = value
	}
	action := p.attr(t, selector, "action")
	if action == "" {
		action = p.response.Request.URL.RequestURI()
	}
	if strings.EqualFold(p.attr(t, selector, "method"), "post") {
		return p.browser.post(t, action, values)
	}
	return p.browser.get(t, action+"?"+values.Encode())
}

// summary is the page in few words, for a failing test.
func (p *page) summary() string {
	text := strings.Join(append(p.texts("main"), p.location()), " ")
	if strings.TrimSpace(text) == "" {
		text = p.body
	}
	return text[:min(len(text), 600)]
}
