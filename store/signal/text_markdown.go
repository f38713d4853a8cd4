package signal

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()

// The parser takes a time that grows with the square of some texts (nested quotes, open brackets): 0.1 s for 20 KB of the worst.
// So a long text is read in pieces, which costs it no more than a mark where a piece ends within a list or a block of code.
const (
	markdownWhole = 48 << 10 // bytes that are read as one
	markdownPiece = 16 << 10
)

// MarkdownText is Markdown (CommonMark with the GitHub extensions) as plain text: no markup, blocks separated by an empty line, entries
// of a list and rows of a table on lines of their own. Code stays as it is.
func MarkdownText(source string) string {
	var blocks []string
	for _, piece := range MarkdownPieces(Clean(source)) {
		blocks = append(blocks, markdownBlock(piece))
	}
	return joinBlocks(blocks...)
}

// MarkdownPieces cuts a long text into pieces that can be parsed one by one in a time that stays small; a short one is one piece.
func MarkdownPieces(source string) []string {
	if len(source) <= markdownWhole {
		return []string{source}
	}
	var pieces []string
	for source != "" {
		end := pieceEnd(source, markdownPiece)
		pieces, source = append(pieces, source[:end]), source[end:]
	}
	return pieces
}

// pieceEnd is where to cut the text so that the piece is not longer than limit: after an empty line, a line, or else a character.
func pieceEnd(text string, limit int) int {
	if len(text) <= limit {
		return len(text)
	}
	for _, mark := range []string{"\n\n", "\n"} {
		if at := strings.LastIndex(text[:limit], mark); at > 0 {
			return at + len(mark)
		}
	}
	for !utf8.RuneStart(text[limit]) {
		limit--
	}
	return limit
}

func markdownBlock(source string) string {
	w := markdownText{source: []byte(source)}
	tree := markdown.Parse(text.NewReader(w.source))
	if err := ast.Walk(tree, w.visit); err != nil {
		return source
	}
	return joinBlocks(strings.Split(w.out.String(), blockEnd)...)
}

// blockEnd stands between blocks until they are joined; a Clean text never holds it.
const blockEnd = "\x00"

type markdownText struct {
	source []byte
	out    strings.Builder
}

func (w *markdownText) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.enter(node)
	} else {
		w.leave(node)
	}
	return ast.WalkContinue, nil
}

func (w *markdownText) enter(node ast.Node) {
	switch n := node.(type) {
	case *ast.Text:
		if value := n.Value(w.source); n.IsRaw() {
			w.out.Write(value)
		} else {
			w.out.WriteString(html.UnescapeString(string(util.UnescapePunctuations(value))))
		}
		if n.HardLineBreak() || n.SoftLineBreak() {
			w.out.WriteByte('\n')
		}
	case *ast.String:
		w.out.Write(n.Value)
	case *ast.AutoLink:
		w.out.Write(n.Label(w.source))
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.lines(n.Lines())
	case *ast.HTMLBlock:
		var inner strings.Builder
		for _, line := range n.Lines().Sliced(0, n.Lines().Len()) {
			inner.Write(line.Value(w.source))
		}
		w.out.WriteString(HTMLText(inner.String()))
	}
}

func (w *markdownText) leave(node ast.Node) {
	switch node.(type) {
	case *extast.TableCell:
		if node.NextSibling() != nil {
			w.out.WriteString(" | ")
		}
	case *extast.TableHeader, *extast.TableRow, *ast.TextBlock:
		w.out.WriteByte('\n')
	default:
		if node.Type() == ast.TypeBlock && node.Kind() != ast.KindListItem {
			w.out.WriteString(blockEnd)
		}
	}
}

func (w *markdownText) lines(lines *text.Segments) {
	for _, line := range lines.Sliced(0, lines.Len()) {
		w.out.Write(line.Value(w.source))
	}
}
