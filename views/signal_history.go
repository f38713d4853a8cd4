package views

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"surrealm/store"
	"surrealm/store/signal"
)

// fieldChange is a field of a signal before and after a change.
type fieldChange struct{ Label, Before, After string }

// changesOf are the fields that a change touched, in the order of the form. Of the content and of the facts, only what differs.
func changesOf(c store.SignalChange) []fieldChange {
	var changes []fieldChange
	for _, name := range signal.FieldNames {
		before, changed := c.Before[name]
		after, also := c.After[name]
		if !changed && !also {
			continue
		}
		if name == "payload" || name == "metadata" {
			changes = append(changes, partsOf(before, after)...)
			continue
		}
		changes = append(changes, fieldChange{signalFieldLabel(name), plainJSON(before), plainJSON(after)})
	}
	return changes
}

// partsOf are the fields of two objects that differ, by name.
func partsOf(before, after json.RawMessage) []fieldChange {
	var old, fresh map[string]json.RawMessage
	_ = json.Unmarshal(before, &old) // what is no object has no parts
	_ = json.Unmarshal(after, &fresh)
	var names []string
	for _, side := range []map[string]json.RawMessage{old, fresh} {
		for name := range side {
			if !slices.Contains(names, name) && !signal.SameJSON(old[name], fresh[name]) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	var changes []fieldChange
	for _, name := range names {
		changes = append(changes, fieldChange{factLabel(name), plainJSON(old[name]), plainJSON(fresh[name])})
	}
	return changes
}

// plainJSON is a value as people read it: a text without quotes, a list of texts with commas, nothing for null.
func plainJSON(value json.RawMessage) string {
	var text string
	var list []string
	switch {
	case len(value) == 0, string(value) == "null":
		return ""
	case json.Unmarshal(value, &text) == nil:
		return text
	case json.Unmarshal(value, &list) == nil:
		return strings.Join(list, ", ")
	}
	var out bytes.Buffer
	if json.Indent(&out, value, "", "  ") != nil {
		return string(value)
	}
	return out.String()
}

// signalFieldLabel is a field of a signal as its form calls it.
func signalFieldLabel(name string) string {
	if label, ok := map[string]string{
		"external_id": "Id where it comes from", "context": "Setting", "captured_at": "Captured at", "visibility": "Who may see it",
		"environment": "Surroundings", "substrate": "Ground", "ontological_states": "States of being", "symbolic_elements": "Symbols",
		"subsystems": "Parts of the whole", "dominant_language": "Ways of speaking",
	}[name]; ok {
		return label
	}
	return factLabel(name)
}

// historyText says what was done.
func historyText(c store.SignalChange) string {
	switch c.Action {
	case "CREATED":
		return "Captured"
	case "IMPORTED":
		return "Imported"
	case "MOVED":
		return "Moved to another realm"
	case "DELETED":
		return "Put into the bin"
	case "RESTORED":
		return "Taken out of the bin"
	case "ANALYSED":
		return "Analysed"
	}
	return "Edited"
}

func historyIcon(c store.SignalChange) string {
	switch c.Action {
	case "CREATED", "IMPORTED":
		return "plus"
	case "MOVED":
		return "arrow-right-left"
	case "DELETED":
		return "trash-2"
	case "RESTORED":
		return "archive-restore"
	}
	return "pencil"
}
