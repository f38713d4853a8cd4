package sop

import (
	"bytes"
	"encoding/json"
)

// DocumentKind says which of the three files a document came from.
type DocumentKind string

// The three kinds of file that hold a graph.
const (
	SOPDocument    DocumentKind = "SOP"    // title, ..., graph
	ChangeDocument DocumentKind = "CHANGE" // rationale, proposed_graph
	GraphDocument  DocumentKind = "GRAPH"  // nodes, edges
)

// Document is a file that holds a graph. Rationale belongs to a change file,
// the other texts to an SOP file; a bare graph has none.
type Document struct {
	Kind         DocumentKind
	Title        string
	Domain       string
	Jurisdiction string
	RoleTitle    string
	Source       string
	Description  string
	Rationale    string
	Graph        Graph
}

// documentText is one text of a file: where it stands, what it may be.
type documentText struct {
	field string
	rule  textRule
	at    func(*Document) *string
}

var sopTexts = []documentText{
	{"title", textRule{name: "the title", max: MaxTitle, needed: true}, func(d *Document) *string { return &d.Title }},
	{"domain", textRule{name: "the domain", max: MaxRoleTitle}, func(d *Document) *string { return &d.Domain }},
	{"jurisdiction", textRule{name: "the jurisdiction", max: MaxRoleTitle}, func(d *Document) *string { return &d.Jurisdiction }},
	{"role_title", textRule{name: "the role title", max: MaxRoleTitle}, func(d *Document) *string { return &d.RoleTitle }},
	{"source", textRule{name: "the source", max: MaxSource}, func(d *Document) *string { return &d.Source }},
	{"description", descriptionRule, func(d *Document) *string { return &d.Description }},
}

var changeTexts = []documentText{
	{"rationale", textRule{name: "the rationale", max: MaxRationale, newlines: true}, func(d *Document) *string { return &d.Rationale }},
}

// ParseDocument reads a file that holds a graph: an SOP file, a change file or
// a bare graph, told apart by the field that holds the graph. It is as strict
// as Parse. In an SOP file everything but title and graph may be left out.
//
// Every error is a *ParseError.
func ParseDocument(data []byte) (Document, error) {
	if len(data) > MaxFileBytes {
		return Document{}, refuse("The file is larger than %d KiB.", MaxFileBytes>>10)
	}
	tree, err := readTree(data, MaxDepth+1)
	if err != nil {
		return Document{}, err
	}
	o, ok := tree.(*object)
	if !ok {
		return Document{}, refuse("The file must hold a JSON object: a procedure with its graph, or a graph with its nodes and edges.")
	}
	switch {
	case o.values["graph"] != nil:
		return readDocument(o, SOPDocument, "graph", sopTexts)
	case o.values["proposed_graph"] != nil:
		return readDocument(o, ChangeDocument, "proposed_graph", changeTexts)
	}
	if o.values["nodes"] == nil {
		return Document{}, refuse("The file holds no graph. It must have a field graph or proposed_graph, or be a graph with nodes and edges.")
	}
	g, err := graphFromTree(o)
	return Document{Kind: GraphDocument, Graph: g}, err
}

func readDocument(o *object, kind DocumentKind, graphField string, texts []documentText) (Document, error) {
	known := []string{}
	for _, t := range texts {
		known = append(known, t.field)
	}
	var p problems
	d := Document{Kind: kind}
	f := openFields(o, "The file", &p, append(known, graphField)...)
	for _, t := range texts {
		*t.at(&d) = f.ruled(t.field, t.rule)
	}
	g, err := graphFromTree(o.values[graphField])
	if err != nil {
		p.list = append(p.list, err.(*ParseError).Problems...)
	}
	if len(p.list) > 0 {
		return Document{}, &ParseError{Problems: p.list}
	}
	d.Graph = g
	return d, nil
}

// TextProblems says what is wrong with the texts of an SOP made in memory: a
// sentence for each text, under its name in the file. What it does not name,
// ParseDocument would read.
func (d Document) TextProblems() map[string]string {
	found := map[string]string{}
	for _, t := range sopTexts {
		if err := wrong(t.field, t.rule.check(*t.at(&d))); err != nil {
			found[t.field] = err.Error()
		}
	}
	return found
}

// Export writes the document as a file that ParseDocument reads back to the
// same document, for a document that keeps to the limits. It is indented for
// people unless that would make it too large to be read back.
func (d Document) Export() []byte {
	compact := d.fields()
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", "  "); err != nil || indented.Len() >= MaxFileBytes {
		return compact
	}
	indented.WriteByte('\n')
	return indented.Bytes()
}

// fields writes the members in the order of the format, which a Go map would
// not keep.
func (d Document) fields() []byte {
	var out bytes.Buffer
	member := func(name string, value any) {
		if out.Len() == 0 {
			out.WriteByte('{')
		} else {
			out.WriteByte(',')
		}
		out.Write(plainJSON(name))
		out.WriteByte(':')
		out.Write(plainJSON(value))
	}
	graphField := "graph"
	texts := sopTexts
	switch d.Kind {
	case GraphDocument:
		return plainJSON(d.Graph)
	case ChangeDocument:
		graphField, texts = "proposed_graph", changeTexts
	}
	for _, t := range texts {
		member(t.field, *t.at(&d))
	}
	member(graphField, d.Graph)
	out.WriteByte('}')
	return out.Bytes()
}

// plainJSON writes a value without the escapes that only HTML needs.
func plainJSON(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return []byte("null") // a graph that Canonical refuses as well
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
