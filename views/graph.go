package views

import (
	"fmt"
	"strconv"

	"surrealm/store/sop"
)

// GraphOptions says how a graph is drawn.
type GraphOptions struct {
	Title        string                 // names the drawing for assistive technology
	Diff         *sop.Diff              // marks what changed; the drawing is then of both sides together
	Selected     string                 // the step to bring out
	SelectedEdge string                 // or the connection
	LinkNode     func(id string) string // where a step leads; nil draws steps that are no links
	LinkEdge     func(id string) string // where a connection leads; nil draws none that are links
	Problems     []sop.Problem          // marked at their steps and connections
	HideText     bool                   // leave out the list of steps below, where the page has one of its own
	Key          string                 // of the list's id, where a page holds two drawings
}

// GraphView is a graph ready to be drawn: all text broken into lines, all
// coordinates known.
type GraphView struct {
	Title    string
	Summary  string
	Width    float64
	Height   float64
	Diffing  bool
	Linked   bool
	HideText bool
	Key      string
	Nodes    []NodeView
	Edges    []EdgeView
}

// NodeView is one step of a drawing.
type NodeView struct {
	ID       string
	Number   int // in the order of the document; 0 for a step that a change removes
	Type     sop.NodeType
	Label    string
	About    string // the description, for the tooltip
	Href     string
	Mark     Mark
	Selected bool
	Problems []string
	X, Y     float64
	W, H     float64
	Lines    []string
	Exits    []ExitView
	style    nodeStyle
}

// ExitView is one way on from a step, for the list of steps.
type ExitView struct {
	Text   string // the condition or label
	Number int
	Label  string
	Found  bool // false: it leads to a step that does not exist
	Loop   int
	Mark   Mark
}

// EdgeView is one connection of a drawing.
type EdgeView struct {
	ID       string
	Path     string
	Arrow    string // outline of the arrow's head
	Lines    []string
	LabelX   float64
	LabelY   float64
	LabelW   float64
	LabelH   float64
	Href     string
	Title    string
	Loop     bool
	Selected bool
	Mark     Mark
	Problems []string
}

// Mark is what a change did to a step or a connection.
type Mark string

// The marks, as CSS classes; the empty mark is "unchanged".
const (
	MarkAdded   Mark = "added"
	MarkRemoved Mark = "removed"
	MarkChanged Mark = "changed"
)

// Sign repeats a mark for those who do not see its colour.
func (m Mark) Sign() string {
	switch m {
	case MarkAdded:
		return "+"
	case MarkRemoved:
		return "−"
	case MarkChanged:
		return "±"
	}
	return ""
}

// Word is a mark in plain words.
func (m Mark) Word() string { return string(m) }

func markOf(status sop.ChangeStatus) Mark {
	switch status {
	case sop.Added:
		return MarkAdded
	case sop.Removed:
		return MarkRemoved
	case sop.Changed:
		return MarkChanged
	}
	return ""
}

// Sizes of a drawing, in its own units, which are CSS pixels at 100 %.
const (
	nodeWidth    = 228.0
	nodeTextSize = 13.0
	kindTextSize = 11.0
	nodeLine     = 17.0
	nodeHead     = 20.0 // the line with the icon, the number and the kind
	nodePadding  = 11.0
	nodeMaxLines = 4
	edgeTextSize = 11.5
	edgeLine     = 15.0
	edgeWidth    = 150.0
	edgeMaxLines = 3
)

// NewGraphView lays a graph out for drawing. It never fails: a draft whose
// connections lead nowhere is drawn without them.
func NewGraphView(g sop.Graph, o GraphOptions) GraphView {
	if o.Diff != nil {
		g = o.Diff.Union()
	}
	v := GraphView{
		Title: o.Title, Diffing: o.Diff != nil, Linked: o.LinkNode != nil, HideText: o.HideText, Key: o.Key,
		Summary: fmt.Sprintf("%s, %s", counted(len(g.Nodes), "step"), counted(len(g.Edges), "connection")),
	}
	number := 0
	for _, n := range g.Nodes {
		view := newNodeView(n, o)
		if view.Mark != MarkRemoved { // so that the numbers are those of the graph after the change
			number++
			view.Number = number
		}
		v.Nodes = append(v.Nodes, view)
	}
	for _, e := range g.Edges {
		v.Edges = append(v.Edges, newEdgeView(g, e, o))
	}
	v.listExits(g)
	v.arrange(g)
	return v
}

func newNodeView(n sop.Node, o GraphOptions) NodeView {
	style := styleOf(n.Type)
	v := NodeView{
		ID: n.ID, Type: n.Type, Label: n.Label, About: n.Description,
		Selected: o.Selected != "" && n.ID == o.Selected, W: nodeWidth, style: style,
	}
	if v.Label == "" {
		v.Label = "(no label)"
	}
	v.Lines = wrap(v.Label, nodeTextSize, nodeWidth-2*style.insetX, nodeMaxLines)
	v.H = style.insetY + nodePadding + nodeHead + float64(len(v.Lines))*nodeLine + nodePadding
	if o.LinkNode != nil {
		v.Href = o.LinkNode(n.ID)
	}
	if o.Diff != nil {
		v.Mark = markOf(o.Diff.StatusOfNode(n.ID))
	}
	for _, p := range o.Problems {
		if p.NodeID == n.ID && n.ID != "" {
			v.Problems = append(v.Problems, p.Message)
		}
	}
	return v
}

func newEdgeView(g sop.Graph, e sop.Edge, o GraphOptions) EdgeView {
	v := EdgeView{ID: e.ID, Loop: e.MaxIterations > 0, Selected: o.SelectedEdge != "" && e.ID == o.SelectedEdge}
	v.Lines = wrap(edgeText(e), edgeTextSize, edgeWidth, edgeMaxLines)
	if v.Loop {
		v.Lines = append(v.Lines, "at most "+strconv.Itoa(e.MaxIterations)+" ×")
	}
	for _, line := range v.Lines {
		v.LabelW = max(v.LabelW, textWidth(line, edgeTextSize)+10)
	}
	if len(v.Lines) > 0 {
		v.LabelH = float64(len(v.Lines))*edgeLine + 4
	}
	if o.LinkEdge != nil {
		v.Href = o.LinkEdge(e.ID)
	}
	if o.Diff != nil {
		v.Mark = markOf(o.Diff.StatusOfEdge(e.ID))
	}
	for _, p := range o.Problems {
		if p.EdgeID == e.ID && e.ID != "" {
			v.Problems = append(v.Problems, p.Message)
		}
	}
	v.Title = v.describe(g, e)
	return v
}

// edgeText is what stands on a connection: its label, which is short, before
// its condition.
func edgeText(e sop.Edge) string {
	if e.Label != "" {
		return e.Label
	}
	return e.Condition
}

// describe is the connection in a sentence.
func (v EdgeView) describe(g sop.Graph, e sop.Edge) string {
	text := "From " + g.Name(e.From) + " to " + g.Name(e.To)
	if e.Label != "" {
		text += ", labelled “" + e.Label + "”"
	}
	if e.Condition != "" {
		text += ", if " + e.Condition
	}
	if v.Loop {
		text += fmt.Sprintf(", a loop taken at most %s", counted(e.MaxIterations, "time"))
	}
	if v.Mark != "" {
		text += ", " + v.Mark.Word()
	}
	for _, p := range v.Problems {
		text += ". " + p
	}
	return text
}

// listExits gives each step its ways on, for the list of steps.
func (v *GraphView) listExits(g sop.Graph) {
	numbers := make(map[string]int, len(v.Nodes))
	for i := len(v.Nodes) - 1; i >= 0; i-- {
		numbers[v.Nodes[i].ID] = i
	}
	for i, e := range g.Edges {
		from, ok := numbers[e.From]
		if !ok {
			continue
		}
		exit := ExitView{Text: edgeText(e), Loop: e.MaxIterations, Mark: v.Edges[i].Mark}
		if to, found := numbers[e.To]; found {
			exit.Number, exit.Label, exit.Found = v.Nodes[to].Number, v.Nodes[to].Label, true
		}
		v.Nodes[from].Exits = append(v.Nodes[from].Exits, exit)
	}
}

// counted is "1 step" or "3 steps".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
