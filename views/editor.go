package views

import (
	"net/url"
	"strconv"

	"surrealm/store"
	"surrealm/store/sop"
)

// EditorQuery says what the panel of the editor shows: a step, a connection, the form of something new, or, empty, what
// the whole is about.
type EditorQuery struct {
	Step    string `form:"step"`
	Edge    string `form:"edge"`
	Add     string `form:"add"`     // "1": the form of a new step ...
	After   string `form:"after"`   // ... that follows this one
	Connect string `form:"connect"` // the form of a new connection from this step
}

// ParseEditorQuery reads what a form says to show next, such as "?step=n3".
func ParseEditorQuery(query string) EditorQuery {
	values, err := url.ParseQuery(query)
	if err != nil {
		return EditorQuery{}
	}
	return EditorQuery{
		Step: values.Get("step"), Edge: values.Get("edge"), Add: values.Get("add"), After: values.Get("after"), Connect: values.Get("connect"),
	}
}

// String is the query as an address has it, "" for none.
func (q EditorQuery) String() string {
	values := queryOf("step", q.Step, "edge", q.Edge, "add", q.Add, "after", q.After, "connect", q.Connect)
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// in drops what the graph does not have.
func (q EditorQuery) in(g sop.Graph) EditorQuery {
	hasNode := func(id string) bool { _, ok := g.Node(id); return ok }
	switch {
	case q.Add != "" && hasNode(q.After):
		return EditorQuery{Add: "1", After: q.After}
	case q.Add != "":
		return EditorQuery{Add: "1"}
	case hasNode(q.Connect):
		return EditorQuery{Connect: q.Connect}
	case hasNode(q.Step):
		return EditorQuery{Step: q.Step}
	}
	if _, ok := g.Edge(q.Edge); ok {
		return EditorQuery{Edge: q.Edge}
	}
	return EditorQuery{}
}

// Editor is a draft in the editor, with everything that the region shows.
type Editor struct {
	Org      string
	Draft    store.Draft
	At       EditorQuery
	Outline  []sop.OutlineItem
	Problems []sop.Problem
	Changes  *sop.Diff // of a proposal, against the version that it starts from
	Drawing  GraphView
	Form     EditForm // of the panel: as stored, or as typed when it could not be saved
	Bad      store.Invalid
	Stale    *StaleEdit
	Unsaved  bool // the form holds what is not stored
}

// NewEditor shows a draft at what the query names, as far as it exists.
func NewEditor(org string, draft store.Draft, at EditorQuery) Editor {
	e := Editor{
		Org: org, Draft: draft, At: at.in(draft.Graph),
		Outline: sop.Outline(draft.Graph), Problems: sop.Validate(draft.Graph),
	}
	if draft.Base != nil {
		diff := sop.Compare(*draft.Base, draft.Graph)
		e.Changes = &diff
	}
	e.Drawing = NewGraphView(draft.Graph, GraphOptions{
		Title: draft.Title, Diff: e.Changes, Selected: e.selected(), SelectedEdge: e.At.Edge, Problems: e.Problems, HideText: true,
		LinkNode: func(id string) string { return e.url(EditorQuery{Step: id}) },
		LinkEdge: func(id string) string { return e.url(EditorQuery{Edge: id}) },
	})
	e.Form = e.stored()
	return e
}

// Typed is the editor with a form as it was typed, because it was not saved.
func (e Editor) Typed(f EditForm, bad store.Invalid) Editor {
	f.Revision = e.Draft.Revision
	if f.Op == opSaveStep && e.At.Step == "" { // deleted meanwhile: it can be added again
		f.Op, f.Place, e.At = opAddStep, "end", EditorQuery{Add: "1"}
	}
	e.Form, e.Bad, e.Unsaved = f, bad, true
	return e
}

// Title is the title of the browser's tab.
func (e Editor) Title() string { return "Edit " + e.Draft.Title }

func (e Editor) isProposal() bool { return e.Draft.Ref.Kind == store.ProposalDraft }

// subtitle says what is being edited.
func (e Editor) subtitle() string {
	if e.isProposal() {
		return "Proposal #" + strconv.Itoa(e.Draft.Number) + " · " + e.Draft.RoleTitle
	}
	return "Draft of version " + strconv.Itoa(e.Draft.Number) + " · " + e.Draft.RoleTitle
}

// url is the editor at a query.
func (e Editor) url(q EditorQuery) string { return EditorURL(e.Org, e.Draft.Ref) + q.String() }

// AtURL is the editor where it is now.
func (e Editor) AtURL() string { return e.url(e.At) }

// doneURL is where the editor is left to.
func (e Editor) doneURL() string { return DraftURL(e.Org, e.Draft.Ref) }

// selected is the step to bring out: the one in the panel, or the one that something new starts from.
func (e Editor) selected() string { return e.At.Step + e.At.After + e.At.Connect }

// item is the step that the panel shows.
func (e Editor) item() sop.OutlineItem {
	for _, item := range e.Outline {
		if item.Node.ID == e.At.Step {
			return item
		}
	}
	return sop.OutlineItem{}
}

// entries are the connections that lead to a step.
func (e Editor) entries(id string) []sop.Edge {
	var list []sop.Edge
	for _, edge := range e.Draft.Graph.Edges {
		if edge.To == id {
			list = append(list, edge)
		}
	}
	return list
}

// number is a step's place in the outline; 0 when there is none.
func (e Editor) number(id string) int {
	for _, item := range e.Outline {
		if item.Node.ID == id {
			return item.Number
		}
	}
	return 0
}

// stepName is a step as a list of steps names it.
func (e Editor) stepName(id string) string {
	if n := e.number(id); n > 0 {
		return strconv.Itoa(n) + ". " + orDefault(e.Outline[n-1].Node.Label, "(no label)")
	}
	return "a step that does not exist"
}

// stepOptions are the steps to connect.
func (e Editor) stepOptions(none string) []Option {
	options := []Option{}
	if none != "" {
		options = append(options, Option{Value: "", Label: none})
	}
	for _, item := range e.Outline {
		options = append(options, Option{Value: item.Node.ID, Label: e.stepName(item.Node.ID)})
	}
	return options
}

// troubles are the problems at a step or connection.
func (e Editor) troubles(node, edge string) []string {
	var list []string
	for _, p := range e.Problems {
		if node != "" && p.NodeID == node || edge != "" && p.EdgeID == edge {
			list = append(list, p.Message)
		}
	}
	return list
}

// troubled says whether the outline marks a step: something is wrong with it or with a way on from it.
func (e Editor) troubled(item sop.OutlineItem) bool {
	if len(e.troubles(item.Node.ID, "")) > 0 {
		return true
	}
	for _, exit := range item.Exits {
		if len(e.troubles("", exit.Edge.ID)) > 0 {
			return true
		}
	}
	return false
}

// kindOptions are the nine kinds of step.
var kindOptions = func() []Option {
	options := make([]Option, len(sop.NodeTypes))
	for i, kind := range sop.NodeTypes {
		options[i] = Option{Value: string(kind), Label: kind.Label()}
	}
	return options
}()

// EditorURL is the editor of a draft.
func EditorURL(org string, ref store.DraftRef) string { return DraftURL(org, ref) + "/edit" }

// DraftURL is the page of what a draft becomes: a version or a proposal.
func DraftURL(org string, ref store.DraftRef) string {
	if ref.Kind == store.ProposalDraft {
		return OrgURL(org) + "/proposals/" + ref.ID.String()
	}
	return SOPURL(org, ref.ID)
}
