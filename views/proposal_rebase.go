package views

import (
	"strconv"

	"surrealm/store"
	"surrealm/store/sop"
)

// RebaseView is the page that brings a stale proposal up to date.
type RebaseView struct {
	Org string
	store.Rebase
	Form RebaseForm
	Bad  store.Invalid
}

// result is the outcome as far as it is chosen; what is not chosen yet stays as proposed.
func (v RebaseView) result() sop.Graph {
	choices := v.Form.Choices()
	for i := range v.Choices() {
		if i >= len(choices) {
			choices = append(choices, sop.ChooseOurs)
		} else if choices[i] != sop.ChooseTheirs {
			choices[i] = sop.ChooseOurs
		}
	}
	graph, err := v.Resolve(choices)
	if err != nil {
		return v.Merged // every choice is made, so nothing is left to refuse
	}
	return graph
}

func (v RebaseView) drawing(g sop.Graph) GraphView {
	diff := sop.Compare(v.Onto.Graph, g)
	return NewGraphView(g, GraphOptions{Title: "What the proposal would change in version " + strconv.Itoa(v.Onto.Version), Diff: &diff, Problems: sop.Validate(g)})
}

// conflictTitle says in a line what is in the way of what.
func conflictTitle(c sop.Conflict) string {
	field := ""
	if c.Field != "" {
		field = (sop.FieldChange{Field: c.Field}).Title() + " of "
	}
	switch c.Kind {
	case sop.WeDeleted:
		return "You deleted " + c.Name + ", and the certified version changed it"
	case sop.TheyDeleted:
		return "You changed " + c.Name + ", and the certified version deleted it"
	case sop.Reordered:
		return "Both changed the order"
	}
	return field + c.Name + " is different in both"
}

func conflictOptions(c sop.Conflict) []Option {
	switch c.Kind {
	case sop.WeDeleted:
		return []Option{{Value: string(sop.ChooseOurs), Label: "Leave it deleted"}, {Value: string(sop.ChooseTheirs), Label: "Keep it as it is now"}}
	case sop.TheyDeleted:
		return []Option{{Value: string(sop.ChooseOurs), Label: "Keep it as proposed"}, {Value: string(sop.ChooseTheirs), Label: "Leave it deleted"}}
	}
	return []Option{{Value: string(sop.ChooseOurs), Label: "Take the proposal's"}, {Value: string(sop.ChooseTheirs), Label: "Take the certified version's"}}
}

// side is one of the three texts of a conflict in words.
func (v RebaseView) side(c sop.Conflict, text string, g sop.Graph) string {
	if text == "" {
		if c.Kind == sop.WeDeleted || c.Kind == sop.TheyDeleted {
			return "(deleted)"
		}
		return "(empty)"
	}
	switch c.Field {
	case "type":
		return sop.NodeType(text).Label()
	case "from", "to":
		return g.Name(text)
	}
	return text
}

func renamedText(c sop.Conflict) string {
	return "Both added something with the id " + c.Theirs + ". Your " + c.Name + " has the id " + c.Ours + " from now on."
}
