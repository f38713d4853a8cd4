package views

import (
	"fmt"

	"github.com/a-h/templ"

	"surrealm/store/sop"
)

// editorFirst marks the field that the e key leads to.
var editorFirst = templ.Attributes{"data-editor-first": true}

// editorKeyList is the help of the editor.
var editorKeyList = []struct{ key, does string }{
	{"↑ ↓", "Step before, next step"},
	{"n", "Add a step"},
	{"e", "Edit what is selected"},
	{"c", "Connect the step"},
	{"Delete", "Delete what is selected"},
	{"Alt ↑ ↓", "Move the step"},
	{"u", "Undo"},
	{"r", "Redo"},
	{"Ctrl Enter", "Save what you type"},
	{"Esc", "Back to the list of steps"},
}

// settingKinds are the kinds of values that a setting can have.
var settingKinds = []Option{
	{Value: string(sop.TextValue), Label: "Text"},
	{Value: string(sop.NumberValue), Label: "Number"},
	{Value: string(sop.YesNoValue), Label: "Yes or no"},
	{Value: string(sop.JSONValue), Label: "JSON"},
}

// settingName is the name of a field in a row of settings, as the form's decoder reads lists.
func settingName(row int, field string) string { return fmt.Sprintf("config[%d].%s", row, field) }

func settingID(row int, field string) string { return fmt.Sprintf("config-%d-%s", row, field) }

// moveID is the id of the button that moves a step up or down.
func moveID(by int) string {
	if by < 0 {
		return "move-up"
	}
	return "move-down"
}

func canMove(e Editor, item sop.OutlineItem, by int) bool {
	at := item.Number + by
	return at >= 1 && at <= len(e.Outline)
}

// joinByDefault proposes to close the gap where a step has one way on: what led to it then leads there.
func joinByDefault(item sop.OutlineItem) string {
	if len(item.Exits) == 1 {
		return "on"
	}
	return ""
}

// summary is what is wrong by the names of the panel's fields; what belongs to none is said on its own.
func (e Editor) summary() map[string]string {
	named := map[string]string{}
	for field, message := range e.Bad {
		switch field {
		case "after", "into":
			field = "place"
		case "id":
			field = ""
		}
		named[field] = message
	}
	return named
}

// endOptions are the steps that a connection can have at an end, with the missing one that it has now.
func (e Editor) endOptions(now string) []Option {
	options := e.stepOptions("")
	if _, ok := e.Draft.Graph.Node(now); !ok {
		options = append([]Option{{Value: now, Label: "A step that does not exist"}}, options...)
	}
	return options
}
