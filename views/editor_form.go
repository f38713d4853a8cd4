package views

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"surrealm/store"
	"surrealm/store/sop"
)

// The operations of the editor. Each is one form and one POST.
const (
	opAddStep    = "add-step"
	opSaveStep   = "save-step"
	opMoveStep   = "move-step"
	opDeleteStep = "delete-step"
	opConnect    = "connect"
	opSaveEdge   = "save-edge"
	opDeleteEdge = "delete-edge"
	opTexts      = "texts"
	opUndo       = "undo"
	opRedo       = "redo"
)

// EditForm holds what any form of the editor sends, as it was typed.
type EditForm struct {
	Op            string        `form:"op"`
	Revision      int           `form:"revision"` // of the draft that the person saw
	ID            string        `form:"element"`  // of the step or connection; a field named id would hide the form's own
	Type          string        `form:"type"`
	Label         string        `form:"label"`
	Description   string        `form:"description"`
	Settings      []SettingForm `form:"config"`
	Place         string        `form:"place"` // of a new step: "end", "after:n3" or "into:e4"
	From          string        `form:"from"`
	To            string        `form:"to"`
	Condition     string        `form:"condition"`
	MaxIterations string        `form:"max_iterations"`
	By            int           `form:"by"`   // of a move: up is negative
	Join          string        `form:"join"` // of a deletion: "on" joins the steps around
	Title         string        `form:"title"`
	Source        string        `form:"source"`
	More          string        `form:"more"`   // the button that adds a row of settings
	Remove        string        `form:"remove"` // the button that takes the row with this number away
	Then          string        `form:"then"`   // query of what to show after saving
}

// SettingForm is one row of settings.
type SettingForm struct {
	Name  string `form:"name"`
	Kind  string `form:"kind"`
	Value string `form:"value"`
}

// IsUndo, IsRedo and IsTexts tell the operations that are no edit of the graph.
func (f EditForm) IsUndo() bool { return f.Op == opUndo }

// IsRedo is true for the button that makes an undone edit again.
func (f EditForm) IsRedo() bool { return f.Op == opRedo }

// IsTexts is true for the form of title, description and source.
func (f EditForm) IsTexts() bool { return f.Op == opTexts }

// IsDeletion is true for what offers to be undone at once.
func (f EditForm) IsDeletion() bool { return f.Op == opDeleteStep || f.Op == opDeleteEdge }

// Rows is true for the buttons that add and take away rows of settings, which save nothing.
func (f EditForm) Rows() bool { return f.More != "" || f.Remove != "" }

// WithRows is the form after such a button.
func (f EditForm) WithRows() EditForm {
	if at, err := strconv.Atoi(f.Remove); err == nil && at >= 0 && at < len(f.Settings) {
		f.Settings = slices.Delete(slices.Clone(f.Settings), at, at+1)
	}
	if f.More != "" {
		f.Settings = append(slices.Clone(f.Settings), SettingForm{Kind: string(sop.TextValue)})
	}
	return f
}

// Edit is what the form does to the graph. store.Invalid when a field cannot be read; store.ErrNotFound for no operation.
func (f EditForm) Edit() (sop.Edit, error) {
	switch f.Op {
	case opAddStep:
		n, err := f.node()
		add := sop.AddNode{Node: n, Condition: f.Condition}
		add.Node.ID = ""
		switch place, id, _ := strings.Cut(f.Place, ":"); place {
		case "after":
			add.After = id
		case "into":
			add.Into = id
		}
		return add, err
	case opSaveStep:
		n, err := f.node()
		return sop.ChangeNode{Node: n}, err
	case opMoveStep:
		return sop.MoveNode{ID: f.ID, By: f.By}, nil
	case opDeleteStep:
		return sop.DeleteNode{ID: f.ID, Reconnect: f.Join == "on"}, nil
	case opConnect:
		edge := f.edge()
		edge.ID = ""
		return sop.AddEdge{Edge: edge}, nil
	case opSaveEdge:
		return sop.ChangeEdge{Edge: f.edge()}, nil
	case opDeleteEdge:
		return sop.DeleteEdge{ID: f.ID}, nil
	}
	return nil, store.ErrNotFound
}

// Texts is what the form says about a version.
func (f EditForm) Texts() store.SOPTexts {
	return store.SOPTexts{Title: f.Title, Description: f.Description, Source: f.Source}
}

// node is the step that the form describes.
func (f EditForm) node() (sop.Node, error) {
	n := sop.Node{ID: f.ID, Type: sop.NodeType(f.Type), Label: f.Label, Description: f.Description}
	settings := make([]sop.Setting, len(f.Settings))
	for i, s := range f.Settings {
		settings[i] = sop.Setting{Name: s.Name, Value: s.Value, Kind: sop.ValueKind(s.Kind)}
	}
	config, err := sop.ConfigFrom(settings)
	var refused *sop.EditError
	if errors.As(err, &refused) {
		return n, store.Invalid{refused.Field: refused.Message}
	}
	n.Config = config
	return n, err
}

// edge is the connection that the form describes. A limit that is no number becomes one that the rules refuse.
func (f EditForm) edge() sop.Edge {
	e := sop.Edge{ID: f.ID, From: f.From, To: f.To, Condition: f.Condition, Label: f.Label}
	if text := strings.TrimSpace(f.MaxIterations); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit == 0 {
			limit = -1
		}
		e.MaxIterations = limit
	}
	return e
}

// Next is what to show after the edit.
func (f EditForm) Next(d store.Draft) EditorQuery {
	if f.Then != "" {
		return ParseEditorQuery(strings.TrimPrefix(f.Then, "?"))
	}
	switch f.Op {
	case opSaveStep, opMoveStep:
		return EditorQuery{Step: f.ID}
	case opConnect, opDeleteEdge:
		return EditorQuery{Step: f.From}
	case opSaveEdge:
		return EditorQuery{Edge: f.ID}
	case opTexts:
		return EditorQuery{}
	}
	return EditorQuery{Step: d.Focus.Node, Edge: d.Focus.Edge}
}

// Here is what the form stood at, to show it again.
func (f EditForm) Here() EditorQuery {
	switch f.Op {
	case opAddStep:
		q := EditorQuery{Add: "1"}
		if place, id, _ := strings.Cut(f.Place, ":"); place == "after" {
			q.After = id
		} else if place == "into" {
			q.After = f.From
		}
		return q
	case opConnect:
		return EditorQuery{Connect: f.From}
	case opSaveEdge, opDeleteEdge:
		return EditorQuery{Edge: f.ID}
	case opSaveStep, opMoveStep, opDeleteStep:
		return EditorQuery{Step: f.ID}
	}
	return ParseEditorQuery(strings.TrimPrefix(f.Then, "?"))
}

// stored is the form of the panel as the draft has it.
func (e Editor) stored() EditForm {
	f := EditForm{Revision: e.Draft.Revision}
	switch {
	case e.At.Add != "":
		f.Op, f.Type, f.Place, f.From = opAddStep, string(sop.ActionDigital), e.places()[0].Value, e.At.After
	case e.At.Connect != "":
		f.Op, f.From = opConnect, e.At.Connect
	case e.At.Step != "":
		n, _ := e.Draft.Graph.Node(e.At.Step)
		f.Op, f.ID, f.Type, f.Label, f.Description, f.Settings = opSaveStep, n.ID, string(n.Type), n.Label, n.Description, settingForms(n)
	case e.At.Edge != "":
		edge, _ := e.Draft.Graph.Edge(e.At.Edge)
		f.Op, f.ID, f.From, f.To, f.Condition, f.Label = opSaveEdge, edge.ID, edge.From, edge.To, edge.Condition, edge.Label
		if edge.MaxIterations != 0 {
			f.MaxIterations = strconv.Itoa(edge.MaxIterations)
		}
	default:
		f.Op, f.Title, f.Description, f.Source = opTexts, e.Draft.Title, e.Draft.Description, e.Draft.Source
	}
	return f
}

func settingForms(n sop.Node) []SettingForm {
	var rows []SettingForm
	for _, s := range sop.Settings(n.Config) {
		rows = append(rows, SettingForm{Name: s.Name, Kind: string(s.Kind), Value: s.Value})
	}
	return rows
}

// places are where a new step can go, the likeliest first: into the only way on from the step before it, or else on a
// way of its own.
func (e Editor) places() []Option {
	end := Option{Value: "end", Label: "At the end, not connected yet"}
	before := e.At.After
	if before == "" && len(e.Outline) > 0 {
		before = e.Outline[len(e.Outline)-1].Node.ID
	}
	if before == "" {
		return []Option{{Value: "end", Label: "As the first step"}}
	}
	after := Option{Value: "after:" + before, Label: "After " + e.stepName(before)}
	var into []Option
	for _, exit := range sop.NextSteps(e.Draft.Graph, before) {
		if !exit.Missing {
			into = append(into, Option{Value: "into:" + exit.Edge.ID, Label: "Between " + e.stepName(before) + " and " + e.stepName(exit.To.ID)})
		}
	}
	if len(into) > 0 {
		after.Label += ", as another way on"
	}
	if n, _ := e.Draft.Graph.Node(before); len(into) == 1 && n.Type != sop.Decision {
		return append(into, after, end)
	}
	return append(append([]Option{after}, into...), end)
}
