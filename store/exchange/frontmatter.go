package exchange

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"surrealm/store/signal"
)

var errFrontMatter = BadFile{"The front matter is not YAML with a name and a value on each line."}

// frontMatter reads the part of YAML that is JSON with another face: mappings with texts as names, lists, texts, numbers, true, false
// and null. Aliases, by which few lines become gigabytes, and repeated names are refused.
func frontMatter(text string) (record, error) {
	if strings.TrimSpace(text) == "" {
		return record{}, nil
	}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return nil, errFrontMatter
	}
	if len(document.Content) == 0 {
		return record{}, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errFrontMatter
	}
	out := record{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, value := root.Content[i].Value, root.Content[i+1]
		if _, twice := out[name]; twice {
			return nil, BadFile{fmt.Sprintf("The front matter has the name %.50q twice.", name)}
		}
		field, err := frontValue(fieldOf(name), value)
		if err != nil {
			return nil, err
		}
		out[name] = field
	}
	return out, nil
}

// frontValue reads a value as the field asks: a title that is written as a number is a text, and so is each entry of a list of texts.
func frontValue(field string, value *yaml.Node) (json.RawMessage, error) {
	scalar := value.Kind == yaml.ScalarNode && value.Tag != "!!null"
	switch {
	case slices.Contains(listFields, field) && scalar:
		return splitList(value.Value), nil
	case slices.Contains(listFields, field) && value.Kind == yaml.SequenceNode:
		var list []string
		for _, entry := range value.Content {
			if entry.Kind != yaml.ScalarNode {
				return yamlJSON(value, 0)
			}
			list = append(list, entry.Value)
		}
		return quote(list), nil
	case slices.Contains(jsonFields, field) && scalar && json.Valid([]byte(value.Value)):
		return json.RawMessage(value.Value), nil
	case scalar && field != "" && !slices.Contains(numberFields, field):
		return quote(value.Value), nil
	}
	return yamlJSON(value, 0)
}

func yamlJSON(node *yaml.Node, depth int) (json.RawMessage, error) {
	if depth > 100 {
		return nil, errFrontMatter
	}
	switch node.Kind {
	case yaml.ScalarNode:
		return yamlScalar(node), nil
	case yaml.SequenceNode:
		list := []json.RawMessage{}
		for _, entry := range node.Content {
			value, err := yamlJSON(entry, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return quote(list), nil
	case yaml.MappingNode:
		object := record{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			name := node.Content[i]
			if _, twice := object[name.Value]; twice || name.Kind != yaml.ScalarNode {
				return nil, errFrontMatter
			}
			value, err := yamlJSON(node.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			object[name.Value] = value
		}
		return quote(object), nil
	}
	return nil, BadFile{"The front matter uses YAML aliases. Write the values out."}
}

// yamlScalar is a scalar as JSON. A number that JSON writes alike keeps every digit.
func yamlScalar(node *yaml.Node) json.RawMessage {
	switch node.ShortTag() {
	case "!!null":
		return json.RawMessage("null")
	case "!!bool":
		return quote(strings.EqualFold(node.Value, "true"))
	case "!!int", "!!float":
		if plainNumber.MatchString(node.Value) {
			return json.RawMessage(node.Value)
		}
		var n float64
		if node.Decode(&n) == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
			return json.RawMessage(strconv.FormatFloat(n, 'g', -1, 64))
		}
	}
	return quote(signal.Clean(node.Value))
}
