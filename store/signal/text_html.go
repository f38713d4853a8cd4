package signal

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// HTMLText is the words of HTML as plain text: no markup, nothing of scripts and styles, blocks separated by an empty line. It reads
// tags one by one and builds no tree, so its cost grows with the length of the source alone.
func HTMLText(source string) string {
	tokens := html.NewTokenizer(strings.NewReader(Clean(source)))
	var out strings.Builder
	var silent atom.Atom // the element whose text is not shown
	pre := 0
	for {
		kind := tokens.Next()
		switch kind {
		case html.ErrorToken:
			return joinBlocks(strings.Split(out.String(), blockEnd)...)
		case html.TextToken:
			if silent == 0 {
				writeText(&out, html.UnescapeString(string(tokens.Raw())), pre > 0)
			}
			continue
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, _ := tokens.TagName()
		tag := atom.Lookup(name)
		switch tag {
		case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Textarea:
			if kind == html.StartTagToken && silent == 0 {
				silent = tag
			} else if kind == html.EndTagToken && silent == tag {
				silent = 0
			}
		case atom.Br, atom.Li, atom.Tr, atom.Dt, atom.Dd, atom.Option:
			out.WriteByte('\n')
		case atom.Td, atom.Th:
			if kind == html.StartTagToken {
				out.WriteByte(' ')
			}
		case atom.Pre:
			out.WriteString(blockEnd)
			if kind == html.StartTagToken {
				pre++
			} else {
				pre = max(0, pre-1)
			}
		case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Blockquote,
			atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside, atom.Figure, atom.Figcaption, atom.Form,
			atom.Hr, atom.Title, atom.Body, atom.Head, atom.Html, atom.Address, atom.Details, atom.Summary:
			out.WriteString(blockEnd)
		}
	}
}

// writeText appends text; outside of pre each run of white space becomes one space, and none begins a line.
func writeText(out *strings.Builder, text string, pre bool) {
	text = strings.ReplaceAll(Clean(text), "\u00a0", " ")
	if pre {
		out.WriteString(text)
		return
	}
	for _, r := range text {
		switch r {
		case ' ', '\t', '\n', '\r', '\f':
			if s := out.String(); s != "" && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, "\n") && !strings.HasSuffix(s, blockEnd) {
				out.WriteByte(' ')
			}
		default:
			out.WriteRune(r)
		}
	}
}
