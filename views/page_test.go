package views_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"surrealm/views"
	"surrealm/views/gallery"
)

// element is a parsed element with the few questions that tests ask.
type element struct{ node *html.Node }

func render(t *testing.T, c templ.Component) element {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return element{doc}
}

func (e element) all(tag string) []element {
	var found []element
	for n := range e.node.Descendants() {
		if n.Type == html.ElementNode && (tag == "*" || n.Data == tag) {
			found = append(found, element{n})
		}
	}
	return found
}

func (e element) one(t *testing.T, tag string) element {
	t.Helper()
	found := e.all(tag)
	if len(found) == 0 {
		t.Fatalf("there is no <%s>", tag)
	}
	return found[0]
}

func (e element) byID(t *testing.T, id string) element {
	t.Helper()
	for _, found := range e.all("*") {
		if value, _ := found.attribute("id"); value == id {
			return found
		}
	}
	t.Fatalf("there is no element with the id %s", id)
	return element{}
}

func (e element) attribute(name string) (string, bool) {
	for _, a := range e.node.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func (e element) attr(t *testing.T, name, want string) {
	t.Helper()
	if got, _ := e.attribute(name); got != want {
		t.Errorf("<%s %s> is %q, want %q", e.node.Data, name, got, want)
	}
}

func (e element) text() string {
	var out strings.Builder
	for n := range e.node.Descendants() {
		if n.Type == html.TextNode {
			out.WriteString(n.Data)
		}
	}
	if e.node.Data == "textarea" {
		return out.String()
	}
	return strings.TrimSpace(out.String())
}

// TestPagesAreSound asks of every page of the gallery what each page must keep.
func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	for _, p := range gallery.Pages() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			page := render(t, p.Body)
			page.one(t, "html").attr(t, "lang", "en")
			if title := page.one(t, "title").text(); !strings.HasSuffix(title, "Surrealm") || strings.HasPrefix(title, "·") {
				t.Errorf("title is %q", title)
			}
			if n := len(page.all("h1")); n != 1 {
				t.Errorf("there are %d main headings", n)
			}
			if n := len(page.all("main")); n != 1 {
				t.Errorf("there are %d main landmarks", n)
			}
			checkIDs(t, page)
			checkLabels(t, page)
			checkPolicy(t, page)
		})
	}
}

func checkIDs(t *testing.T, page element) {
	seen := map[string]bool{}
	for _, e := range page.all("*") {
		id, ok := e.attribute("id")
		if ok && seen[id] {
			t.Errorf("the id %q appears twice", id)
		}
		seen[id] = true
	}
	for _, e := range page.all("*") {
		for _, name := range []string{"aria-describedby", "aria-labelledby", "for", "popovertarget", "data-dialog"} {
			value, _ := e.attribute(name)
			for id := range strings.FieldsSeq(value) {
				if !seen[id] {
					t.Errorf("%s of <%s> names %q, which does not exist", name, e.node.Data, id)
				}
			}
		}
	}
}

func checkLabels(t *testing.T, page element) {
	labelled := map[string]bool{}
	for _, label := range page.all("label") {
		id, _ := label.attribute("for")
		labelled[id] = true
	}
	for _, tag := range []string{"input", "select", "textarea"} {
		for _, control := range page.all(tag) {
			id, _ := control.attribute("id")
			_, named := control.attribute("aria-label")
			if kind, _ := control.attribute("type"); kind != "hidden" && !labelled[id] && !named {
				t.Errorf("<%s id=%q> has no label", tag, id)
			}
		}
	}
}

// checkPolicy looks for what the content policy would block.
func checkPolicy(t *testing.T, page element) {
	for _, e := range page.all("*") {
		for _, a := range e.node.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("<%s> has %s=%q", e.node.Data, a.Key, a.Val)
			}
		}
		if e.node.Data == "script" && e.text() != "" || e.node.Data == "style" {
			t.Errorf("there is an inline <%s>", e.node.Data)
		}
	}
}

func TestTextFromPeopleStaysText(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	f := views.Frame{
		Title: evil, User: views.FrameUser{Name: evil, Email: evil},
		Org:   &views.FrameOrg{Slug: "a", Name: evil, Role: "OWNER"},
		Nav:   []views.NavItem{{Label: evil, Href: "javascript:alert(1)", Icon: evil}},
		Flash: &views.Toast{Tone: "good", Text: evil},
	}
	for _, c := range []templ.Component{
		views.Layout(f), views.PlainLayout(evil, f.Flash), views.Badge("good", evil), views.Person(evil), views.Alert("bad", evil),
		views.ErrorPage(500, evil, evil, evil), views.CodeBlock("c", evil, evil), views.PaletteSearch("o", evil, nil),
		views.ActionForm("/x", evil, "primary", evil), views.Menu(evil, "x"), views.DescriptionList([]views.Fact{{Term: evil, Value: evil}}),
	} {
		page := render(t, c)
		if len(page.all("img")) > 0 {
			t.Fatal("text became an element")
		}
		for _, script := range page.all("script") {
			if src, _ := script.attribute("src"); !strings.HasPrefix(src, "/static/") {
				t.Fatal("text became a script")
			}
		}
	}
}

func TestAddressesThatRunCodeAreDisarmed(t *testing.T) {
	t.Parallel()
	page := render(t, views.LinkButton("javascript:alert(1)", "Go", ""))
	if href, _ := page.one(t, "a").attribute("href"); strings.HasPrefix(href, "javascript:") {
		t.Errorf("href is %s", href)
	}
}

// TestEveryIconExists reads the templates: a name with a typing error would
// draw nothing.
func TestEveryIconExists(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?:Icon|iconPaths)[(\[]"([a-z0-9-]+)"`).FindAllStringSubmatch(string(content), -1) {
			if len(render(t, views.Icon(m[1])).one(t, "svg").all("*")) == 0 {
				t.Errorf("%s uses the icon %q, which does not exist", file, m[1])
			}
		}
	}
}
