package views

import (
	"slices"

	"surrealm/store"
	"surrealm/store/sop"
)

// StaleEdit tells a person that others changed the draft since they opened it, and what that means for what they typed.
type StaleEdit struct {
	Changes []store.DraftChange
	Fields  []sop.FieldChange // where the typed form differs from what is saved now
	Gone    bool              // what the form was about does not exist any more
}

// Late is the editor for a form that came after other changes: the draft as it is now, with the form as it was typed,
// ready to be saved on top.
func (e Editor) Late(f EditForm, changes []store.DraftChange) Editor {
	stale := &StaleEdit{Changes: changes}
	e = e.Typed(f, nil)
	switch f.Op {
	case opSaveStep:
		now, there := e.Draft.Graph.Node(f.ID)
		mine, err := f.node()
		switch {
		case !there:
			stale.Gone = true
		case err == nil:
			stale.Fields = nodeDifference(now, mine)
		}
	case opSaveEdge:
		now, there := e.Draft.Graph.Edge(f.ID)
		if !there {
			stale.Gone = true
			e.At = EditorQuery{Connect: f.From}.in(e.Draft.Graph)
			e.Form.Op = opConnect
		} else {
			stale.Fields = edgeDifference(now, f.edge())
		}
	case opTexts:
		stale.Fields = textsDifference(e.Draft, f.Texts())
	case opAddStep, opConnect:
	default:
		// Nothing was typed: the panel shows what is saved.
		e.Form, e.Unsaved = e.stored(), false
	}
	if e.Form.Op == opConnect && e.At.Connect == "" {
		e.Form, e.Unsaved = e.stored(), false
	}
	e.Stale = stale
	return e
}

func nodeDifference(now, mine sop.Node) []sop.FieldChange {
	diff := sop.Compare(sop.Graph{Nodes: []sop.Node{now}}, sop.Graph{Nodes: []sop.Node{mine}})
	if len(diff.Nodes) == 0 {
		return nil
	}
	return diff.Nodes[0].Fields
}

func edgeDifference(now, mine sop.Edge) []sop.FieldChange {
	diff := sop.Compare(sop.Graph{Edges: []sop.Edge{now}}, sop.Graph{Edges: []sop.Edge{mine}})
	if len(diff.Edges) == 0 {
		return nil
	}
	return diff.Edges[0].Fields
}

func textsDifference(now store.Draft, mine store.SOPTexts) []sop.FieldChange {
	var list []sop.FieldChange
	for _, text := range []struct{ name, now, mine string }{
		{"Title", now.Title, mine.Title}, {"Description", now.Description, mine.Description}, {"Source", now.Source, mine.Source},
	} {
		if text.now != text.mine {
			list = append(list, sop.FieldChange{Field: text.name, Status: sop.Changed, Before: text.now, After: text.mine})
		}
	}
	return list
}

// fieldValue is a field's value for people; kinds of step are named as the form names them.
func fieldValue(f sop.FieldChange, text string) string {
	if f.Field == "type" {
		return sop.NodeType(text).Label()
	}
	return orDash(text)
}

// latest are the last few changes, the newest first.
func (s StaleEdit) latest() []store.DraftChange {
	list := slices.Clone(s.Changes)
	slices.Reverse(list)
	return list[:min(len(list), 5)]
}

func changedBy(c store.DraftChange) string {
	if c.Self {
		return "by you in another window"
	}
	return "by " + c.By
}
