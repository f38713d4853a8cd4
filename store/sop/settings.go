package sop

import (
	"fmt"
	"strings"
)

// ValueKind says how the value of a setting is written in a form.
type ValueKind string

// The kinds of values. Without one a value is what ParseValue reads: JSON if it is JSON.
const (
	TextValue   ValueKind = "text"
	NumberValue ValueKind = "number"
	YesNoValue  ValueKind = "yes-no"
	JSONValue   ValueKind = "json"
)

// Setting is one entry of a step's config as a form shows it.
type Setting struct {
	Name  string
	Value string
	Kind  ValueKind
}

// Label is the name in plain words: "timeout_minutes" reads "timeout minutes".
func (s Setting) Label() string { return strings.ReplaceAll(s.Name, "_", " ") }

// Settings are the entries of a config in the order of their names, each with
// the kind that fits its value.
func Settings(config map[string]any) []Setting {
	list := make([]Setting, 0, len(config))
	for _, name := range configKeys(config) {
		s := Setting{Name: name}
		switch value := config[name].(type) {
		case string:
			s.Kind, s.Value = TextValue, value
		case float64:
			s.Kind, s.Value = NumberValue, jsonText(value)
		case bool:
			s.Kind, s.Value = YesNoValue, map[bool]string{true: "yes", false: "no"}[value]
		default:
			s.Kind, s.Value = JSONValue, jsonText(value)
		}
		list = append(list, s)
	}
	return list
}

// ConfigFrom makes a config of what a form holds. Entries without a name and
// without a value are left out. The error is an *EditError at "config".
func ConfigFrom(settings []Setting) (map[string]any, error) {
	config := map[string]any{}
	for _, s := range settings {
		name := strings.TrimSpace(s.Name)
		if name == "" && strings.TrimSpace(s.Value) == "" {
			continue
		}
		if name == "" {
			return nil, &EditError{Field: "config", Message: fmt.Sprintf("Give the setting with the value %q a name.", shorten(s.Value, 40))}
		}
		if _, twice := config[name]; twice {
			return nil, &EditError{Field: "config", Message: fmt.Sprintf("The setting %s is there twice.", name)}
		}
		value, bad := s.read()
		if bad != "" {
			return nil, &EditError{Field: "config", Message: fmt.Sprintf("The setting %s %s.", shorten(name, 40), bad)}
		}
		config[name] = value
	}
	return config, wrong("config", checkConfig(config))
}

// read is the value of its kind, or what is wrong with it: the rest of a
// sentence.
func (s Setting) read() (value any, bad string) {
	switch s.Kind {
	case TextValue:
		return unixLines(s.Value), ""
	case NumberValue:
		if number, ok := ParseValue(s.Value).(float64); ok {
			return number, ""
		}
		return nil, fmt.Sprintf("is to be a number, and %q is none that can be kept exactly", shorten(s.Value, 40))
	case YesNoValue:
		switch strings.ToLower(strings.TrimSpace(s.Value)) {
		case "yes", "true":
			return true, ""
		case "no", "false":
			return false, ""
		}
		return nil, "is to be yes or no"
	case JSONValue:
		value := ParseValue(s.Value)
		if _, text := value.(string); text && !strings.HasPrefix(strings.TrimSpace(s.Value), `"`) {
			return nil, `is to be JSON, such as ["a", "b"], and cannot be read as that`
		}
		return value, ""
	}
	return ParseValue(s.Value), ""
}

// ParseValue reads what a person typed as a setting's value: JSON if it is
// JSON, so that 15 is a number and ["a","b"] a list, and otherwise text. Text
// that looks like JSON is written in quotation marks.
func ParseValue(text string) any {
	text = strings.TrimSpace(unixLines(text))
	tree, err := readTree([]byte(text), MaxDepth-4)
	if err != nil {
		return text
	}
	return plain(tree)
}

// ValueText writes a setting's value so that ParseValue reads it back: text as
// it is where possible, anything else as JSON.
func ValueText(v any) string {
	if s, ok := v.(string); ok && sameValue(ParseValue(s), v) {
		return s
	}
	return jsonText(v)
}
