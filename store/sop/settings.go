package sop

import (
	"fmt"
	"strings"
)

// Setting is one entry of a step's config as a form shows it. Value is what
// ValueText writes and ParseValue reads.
type Setting struct {
	Name  string
	Value string
}

// Settings are the entries of a config in the order of their names.
func Settings(config map[string]any) []Setting {
	list := make([]Setting, 0, len(config))
	for _, name := range configKeys(config) {
		list = append(list, Setting{Name: name, Value: ValueText(config[name])})
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
		config[name] = ParseValue(s.Value)
	}
	return config, wrong("config", checkConfig(config))
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
