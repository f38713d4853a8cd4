package sop

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
)

// The two lists of a graph.
const (
	nodeList = "NODE"
	edgeList = "EDGE"
)

// kind is what the merge needs to know about the elements of a list, so that it
// is written once for both.
type kind[T any] struct {
	name       string
	id         func(T) string
	text       func(T) string // what a person calls the element
	compare    func(before, after T) []FieldChange
	set        func(item T, field string, from T) T // item with the field as from has it
	fieldTexts func(field string, versions ...T) []string
	withTheirs func(Conflict, T) Conflict
}

var nodeKind = kind[Node]{
	name: nodeList, id: nodeID, text: Node.Name, compare: nodeFields, set: setNodeField,
	fieldTexts: nodeFieldTexts,
	withTheirs: func(c Conflict, n Node) Conflict { c.theirNode = n; return c },
}

var edgeKind = kind[Edge]{
	name: edgeList, id: edgeID, text: edgeName, compare: edgeFields, set: setEdgeField,
	fieldTexts: func(field string, versions ...Edge) []string { return plainTexts(edgeTexts, field, versions) },
	withTheirs: func(c Conflict, e Edge) Conflict { c.theirEdge = e; return c },
}

func (k kind[T]) equal(a, b T) bool { return len(k.compare(a, b)) == 0 }

// listText names the elements in their order.
func (k kind[T]) listText(list []T) string {
	names := make([]string, len(list))
	for i, item := range list {
		names[i] = k.text(item)
	}
	return strings.Join(names, ", ")
}

// edgeName is the connection as far as it can be named without its graph.
func edgeName(e Edge) string {
	name := e.From + " → " + e.To
	if e.Label != "" {
		name += " (" + e.Label + ")"
	}
	return name
}

func setNodeField(n Node, name string, from Node) Node {
	switch name {
	case "type":
		n.Type = from.Type
	case "label":
		n.Label = from.Label
	case "description":
		n.Description = from.Description
	}
	key, isSetting := strings.CutPrefix(name, configPrefix)
	if !isSetting {
		return n
	}
	config := maps.Clone(n.Config)
	if config == nil {
		config = map[string]any{}
	}
	if value, ok := from.Config[key]; ok {
		config[key] = value
	} else {
		delete(config, key)
	}
	n.Config = config
	return n
}

func setEdgeField(e Edge, name string, from Edge) Edge {
	switch name {
	case "from":
		e.From = from.From
	case "to":
		e.To = from.To
	case "condition":
		e.Condition = from.Condition
	case "label":
		e.Label = from.Label
	case "max_iterations":
		e.MaxIterations = from.MaxIterations
	}
	return e
}

// plainTexts is one field of several versions as text.
func plainTexts[T any](texts []field[T], name string, versions []T) []string {
	list := make([]string, len(versions))
	for _, f := range texts {
		if f.name == name {
			for i := range versions {
				list[i] = f.get(&versions[i])
			}
		}
	}
	return list
}

func nodeFieldTexts(name string, versions ...Node) []string {
	key, isSetting := strings.CutPrefix(name, configPrefix)
	if !isSetting {
		return plainTexts(nodeTexts, name, versions)
	}
	texts := make([]string, len(versions))
	for i, n := range versions {
		texts[i] = settingText(n.Config, key)
	}
	return texts
}

// settingText is ValueText of a setting, and empty when the config lacks it.
func settingText(config map[string]any, key string) string {
	value, ok := config[key]
	if !ok {
		return ""
	}
	return ValueText(value)
}

// jsonText is the value's canonical JSON; empty for a value that Canonical
// refuses, too.
func jsonText(v any) string {
	data, err := json.Marshal(v)
	if err == nil {
		data, err = canonicalJSON(data)
	}
	if err != nil {
		return ""
	}
	return string(data)
}

func limitText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
