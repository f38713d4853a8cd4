package handlers_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// find returns the elements that match a selector: compounds of tag, #id, .class, [attr] and [attr=value], with spaces
// between an ancestor and its descendant, and commas between alternatives.
func (p *page) find(selector string) []*html.Node {
	var out []*html.Node
	for alternative := range strings.SplitSeq(selector, ",") {
		var path [][]string // compounds, each as its parts; taken apart once, because pages have thousands of elements
		for _, compound := range compounds.FindAllString(strings.TrimSpace(alternative), -1) {
			path = append(path, simples.FindAllString(compound, -1))
		}
		for n := range p.root().Descendants() {
			if n.Type == html.ElementNode && matchesPath(n, path) {
				out = append(out, n)
			}
		}
	}
	return out
}

// compounds splits at spaces that are not inside of brackets; simples splits a compound into its parts.
var (
	compounds = regexp.MustCompile(`(?:\[[^\]]*\]|[^\s\[])+`)
	simples   = regexp.MustCompile(`\[[^\]]*\]|[#.]?[^#.\[]+`)
)

// matchesPath says whether n matches the last compound, and ancestors in order match those before it.
func matchesPath(n *html.Node, path [][]string) bool {
	if !matches(n, path[len(path)-1]) {
		return false
	}
	rest := path[:len(path)-1]
	for up := n.Parent; up != nil && len(rest) > 0; up = up.Parent {
		if up.Type == html.ElementNode && matches(up, rest[len(rest)-1]) {
			rest = rest[:len(rest)-1]
		}
	}
	return len(rest) == 0
}

func matches(n *html.Node, compound []string) bool {
	for _, simple := range compound {
		if !matchesSimple(n, simple) {
			return false
		}
	}
	return true
}

func matchesSimple(n *html.Node, simple string) bool {
	switch simple[0] {
	case '#':
		return attribute(n, "id") == simple[1:]
	case '.':
		return slices.Contains(strings.Fields(attribute(n, "class")), simple[1:])
	case '[':
		name, want, valued := strings.Cut(strings.Trim(simple, "[]"), "=")
		has := slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
		return has && (!valued || attribute(n, name) == strings.Trim(want, `"'`))
	}
	return simple == "*" || n.Data == simple
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textOf is the text below a node, with single spaces.
func textOf(n *html.Node) string {
	var text strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text.WriteString(d.Data)
			text.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

// formValues is what a browser would send of a form without pressing a named button.
func formValues(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		if name == "" || matchesSimple(n, "[disabled]") {
			continue
		}
		switch n.Data {
		case "input":
			kind := attribute(n, "type")
			if kind == "submit" || (kind == "checkbox" || kind == "radio") && !matchesSimple(n, "[checked]") {
				continue
			}
			values.Add(name, attribute(n, "value"))
		case "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			values.Add(name, text)
		case "select":
			values.Add(name, selected(n))
		}
	}
	return values
}

func selected(list *html.Node) string {
	first := ""
	for n := range list.Descendants() {
		if n.Data != "option" {
			continue
		}
		if matchesSimple(n, "[selected]") {
			return attribute(n, "value")
		}
		if first == "" {
			first = attribute(n, "value")
		}
	}
	return first
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	root, err := html.Parse(strings.NewReader(`<main id="m"><form class="a b" data-x="1 2"><p class="c">one</p></form><p>two</p></main>`))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{parsed: root}
	for selector, want := range map[string]int{
		"p": 2, ".c": 1, "p.c": 1, "#m p": 2, "main form.a.b p": 1, "form p.d": 0, `form[data-x="1 2"] p`: 1,
		"[data-x]": 1, "[data-x=1]": 0, "form, p": 3, "p form": 0,
	} {
		if got := len(p.find(selector)); got != want {
			t.Errorf("%s: %d, want %d", selector, got, want)
		}
	}
}
