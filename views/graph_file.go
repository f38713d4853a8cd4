package views

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"surrealm/static"
)

// StandaloneSVG is the drawing as a file: no links, its style inside, in the
// light theme, because most viewers and printers know no other.
func StandaloneSVG(ctx context.Context, v GraphView) ([]byte, error) {
	v = v.unlinked()
	var out bytes.Buffer
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	if err := graphSVG(v, standaloneStyle()).Render(ctx, &out); err != nil {
		return nil, fmt.Errorf("draw %s: %w", v.Title, err)
	}
	return out.Bytes(), nil
}

// unlinked is the view without links; the original keeps its own.
func (v GraphView) unlinked() GraphView {
	v.Linked = false
	v.Nodes, v.Edges = slices.Clone(v.Nodes), slices.Clone(v.Edges)
	for i := range v.Nodes {
		v.Nodes[i].Href = ""
	}
	for i := range v.Edges {
		v.Edges[i].Href = ""
	}
	return v
}

var (
	graphColour = regexp.MustCompile(`(--g-[a-z0-9-]+): light-dark\((#[0-9a-f]+), #[0-9a-f]+\);`)
	graphName   = regexp.MustCompile(`var\((--g-[a-z0-9-]+)\)`)
	graphBlock  = regexp.MustCompile(`(?s)\.sop-graph, \.kinds \{\s*--g-.*?\n\}\n`)
	cssComment  = regexp.MustCompile(`(?s)/\*.*?\*/\s*`)
)

// standaloneStyle is graph.css with each colour's name replaced by its value in
// the light theme.
var standaloneStyle = sync.OnceValue(func() string {
	css := static.Text("css/graph.css")
	colours := map[string]string{}
	for _, match := range graphColour.FindAllStringSubmatch(css, -1) {
		colours[match[1]] = match[2]
	}
	css = cssComment.ReplaceAllString(graphBlock.ReplaceAllString(css, ""), "")
	css = graphName.ReplaceAllStringFunc(css, func(name string) string {
		return colours[graphName.FindStringSubmatch(name)[1]]
	})
	return css + ".sop-graph .paper { fill: " + colours["--g-ground"] + "; }\n"
})

// Role is what the drawing is for assistive technology: an image, unless its
// steps are links, which an image would hide.
func (v GraphView) Role() string {
	if v.Linked {
		return "group"
	}
	return "img"
}

// TextID is the id of the list of steps.
func (v GraphView) TextID() string { return strings.TrimPrefix(v.Key+"-steps", "-") }

// Tone is the tone of a mark's badge.
func (m Mark) Tone() string {
	switch m {
	case MarkAdded:
		return "good"
	case MarkRemoved:
		return "bad"
	}
	return "warn"
}

// Sentence is a way on in words.
func (e ExitView) Sentence() string {
	text := "then "
	if e.Text != "" {
		text = e.Text + ": "
	}
	switch {
	case !e.Found:
		text += "a step that does not exist"
	case e.Number == 0:
		text += e.Label
	default:
		text += strconv.Itoa(e.Number) + ". " + e.Label
	}
	if e.Loop > 0 {
		text += " (a loop, at most " + counted(e.Loop, "time") + ")"
	}
	if e.Mark != "" {
		text += " (" + e.Mark.Word() + ")"
	}
	return text
}
