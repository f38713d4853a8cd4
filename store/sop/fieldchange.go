package sop

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// FieldChange is one field of an element that differs. Field is its name in the
// file format: "label", "config.timeout_minutes", "max_iterations"; "position"
// is the element's place in its list. Status is Added or Removed for a setting
// that only one side has, otherwise Changed.
//
// Before and After are the values as text. A setting is written as ValueText
// writes it, so that the number 15 and the text "15" can be told apart, and is
// empty on a side that lacks it.
type FieldChange struct {
	Field  string
	Status ChangeStatus
	Before string
	After  string
	Words  []WordRun
}

// Title is the field in plain words.
func (f FieldChange) Title() string {
	if key, ok := strings.CutPrefix(f.Field, configPrefix); ok {
		return "Setting " + Setting{Name: key}.Label()
	}
	switch f.Field {
	case "type":
		return "Type"
	case "label":
		return "Label"
	case "description":
		return "Description"
	case "condition":
		return "Condition"
	case "from":
		return "From"
	case "to":
		return "To"
	case "max_iterations":
		return "Loop limit"
	case positionField:
		return "Position"
	}
	return f.Field
}

const (
	configPrefix  = "config."
	positionField = "position"
)

func changed(field, before, after string) FieldChange {
	return FieldChange{Field: field, Status: Changed, Before: before, After: after, Words: Words(before, after)}
}

func moved(before, after string) FieldChange {
	return FieldChange{
		Field: positionField, Status: Changed, Before: before, After: after,
		Words: []WordRun{{WordDelete, before}, {WordInsert, after}},
	}
}

// field names a field and reads it.
type field[T any] struct {
	name string
	get  func(*T) string
}

var nodeTexts = []field[Node]{
	{"type", func(n *Node) string { return string(n.Type) }},
	{"label", func(n *Node) string { return n.Label }},
	{"description", func(n *Node) string { return n.Description }},
}

var edgeTexts = []field[Edge]{
	{"from", func(e *Edge) string { return e.From }},
	{"to", func(e *Edge) string { return e.To }},
	{"condition", func(e *Edge) string { return e.Condition }},
	{"label", func(e *Edge) string { return e.Label }},
	{"max_iterations", func(e *Edge) string { return limitText(e.MaxIterations) }},
}

func nodeFields(before, after Node) []FieldChange {
	list := textFields(before, after, nodeTexts)
	for _, key := range configKeys(before.Config, after.Config) {
		old, had := before.Config[key]
		value, has := after.Config[key]
		if had && has && sameValue(old, value) {
			continue
		}
		change := changed(configPrefix+key, settingText(before.Config, key), settingText(after.Config, key))
		switch {
		case !had:
			change.Status = Added
		case !has:
			change.Status = Removed
		}
		list = append(list, change)
	}
	return list
}

func edgeFields(before, after Edge) []FieldChange {
	return textFields(before, after, edgeTexts)
}

func textFields[T any](before, after T, texts []field[T]) []FieldChange {
	var list []FieldChange
	for _, f := range texts {
		if b, a := f.get(&before), f.get(&after); b != a {
			list = append(list, changed(f.name, b, a))
		}
	}
	return list
}

// configKeys are the keys of all maps, sorted.
func configKeys(configs ...map[string]any) []string {
	all := map[string]bool{}
	for _, config := range configs {
		for key := range config {
			all[key] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func sameValue(a, b any) bool {
	return reflect.DeepEqual(a, b) || jsonText(a) == jsonText(b)
}
