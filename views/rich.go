package views

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/a-h/templ"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"surrealm/store/signal"
)

// richText shows content that somebody wrote, in its format. It is the only way in which markup of people reaches a page: whatever
// comes before, sanitise is the last step, and its result alone is shown as it is.
func richText(format signal.Format, content string) templ.Component {
	switch format {
	case signal.Markdown:
		return sanitise(markdownHTML(content))
	case signal.HTML:
		return sanitise(lowerHeadings(content))
	}
	return sanitise(`<p>` + html.EscapeString(content) + `</p>`)
}

// sanitise lets through what the policy allows, and nothing else.
func sanitise(markup string) templ.Component { return templ.Raw(richPolicy.Sanitize(markup)) }

var richPolicy = newRichPolicy()

// newRichPolicy is bluemonday's policy for user content without what would reach into the page around it: ids, which our own script and
// styles look for, and pictures, whose address would tell another server who reads. Links tell nobody where they were followed from.
func newRichPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6", "article", "aside", "section", "figure", "figcaption", "blockquote", "br", "div", "hr",
		"p", "span", "wbr", "pre", "a", "abbr", "cite", "code", "dfn", "em", "mark", "q", "s", "samp", "strong", "sub", "sup", "var", "b", "i",
		"small", "strike", "tt", "u", "bdi", "bdo", "rp", "rt", "ruby", "del", "ins", "kbd", "time", "details", "summary")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$`)).Globally()
	p.AllowAttrs("title").Matching(bluemonday.Paragraph).Globally()
	p.AllowAttrs("datetime").Matching(bluemonday.ISO8601).OnElements("time", "del", "ins")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowLists()
	p.AllowTables()
	return p
}

var richMarkdown = goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(
	parser.WithASTTransformers(util.Prioritized(tame{}, 0))))

// markdownHTML is Markdown (CommonMark with the GitHub extensions) as HTML; raw HTML in it is left out. A long text is rendered in pieces,
// see signal.MarkdownPieces.
func markdownHTML(source string) string {
	var out bytes.Buffer
	for _, piece := range signal.MarkdownPieces(source) {
		if err := richMarkdown.Convert([]byte(piece), &out); err != nil { // writing to memory
			return html.EscapeString(source)
		}
	}
	return out.String()
}

// tame changes what a page cannot show: headings stand below the page's own, pictures become links, and boxes to tick become signs.
type tame struct{}

// Transform changes the tree in place.
func (tame) Transform(document *ast.Document, _ text.Reader, _ parser.Context) {
	var images []*ast.Image
	var boxes []*extast.TaskCheckBox
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) { // the walker itself never fails
		switch n := node.(type) {
		case *ast.Heading:
			if entering {
				n.Level = min(n.Level+1, 6)
			}
		case *ast.Image:
			if entering {
				images = append(images, n)
			}
		case *extast.TaskCheckBox:
			if entering {
				boxes = append(boxes, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		link := ast.NewLink()
		link.Destination, link.Title = image.Destination, image.Title
		for child := image.FirstChild(); child != nil; child = image.FirstChild() {
			link.AppendChild(link, child)
		}
		image.Parent().ReplaceChild(image.Parent(), image, link)
	}
	for _, box := range boxes {
		sign := "☐ "
		if box.IsChecked {
			sign = "☑ "
		}
		box.Parent().ReplaceChild(box.Parent(), box, ast.NewString([]byte(sign)))
	}
}

var lowered = map[atom.Atom]string{atom.H1: "h2", atom.H2: "h3", atom.H3: "h4", atom.H4: "h5", atom.H5: "h6"}

// lowerHeadings puts the headings of HTML below the page's own. What it returns is as unsafe as what it was given.
func lowerHeadings(source string) string {
	var out strings.Builder
	tokens := nethtml.NewTokenizer(strings.NewReader(source))
	for {
		kind := tokens.Next()
		if kind == nethtml.ErrorToken {
			return out.String()
		}
		raw := string(tokens.Raw())
		if kind == nethtml.StartTagToken || kind == nethtml.EndTagToken {
			name, _ := tokens.TagName()
			if lower, ok := lowered[atom.Lookup(name)]; ok {
				raw = map[bool]string{true: "<", false: "</"}[kind == nethtml.StartTagToken] + lower + ">"
			}
		}
		out.WriteString(raw)
	}
}
