package views

import (
	"strconv"
	"strings"

	"surrealm/store"
)

// ClosedEdit is an edit of a draft that can be edited no more: why, and what was typed, which would be lost otherwise.
type ClosedEdit struct {
	Org    string
	Ref    store.DraftRef
	Reason string
	Typed  []Fact
}

// Typed is what a person typed into the form, field by field; none for a form of buttons.
func (f EditForm) Typed() []Fact {
	var typed []Fact
	keep := func(term, value string) {
		if strings.TrimSpace(value) != "" {
			typed = append(typed, Fact{Term: term, Value: value})
		}
	}
	switch f.Op {
	case opTexts:
		keep("Title", f.Title)
		keep("Description", f.Description)
		keep("Source", f.Source)
	case opAddStep, opSaveStep:
		keep("Label", f.Label)
		keep("Description", f.Description)
		keep("Condition", f.Condition)
		for _, s := range f.Settings {
			keep("Setting “"+s.Name+"”", s.Value)
		}
	case opConnect, opSaveEdge:
		keep("Label", f.Label)
		keep("Condition", f.Condition)
		keep("Loop limit", f.MaxIterations)
	}
	return typed
}

func typedID(i int) string { return "typed-" + strconv.Itoa(i) }
