package views

import (
	"strings"
	"sync"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
)

// The ways to start a procedure, as the address names them.
const (
	startTemplate = "template"
	startEmpty    = "empty"
	startPaste    = "paste"
	startUpload   = "upload"
	startCopy     = "copy"
)

// NewSOPForm holds what was chosen and typed for a new procedure. Its query has the first four fields.
type NewSOPForm struct {
	Start       string `form:"from"`
	Surrogate   string `form:"surrogate"`
	CopyOf      string `form:"copy_of"`
	Template    string `form:"template"`
	File        string `form:"file"` // JSON, pasted or read from the uploaded file
	Title       string `form:"title"`
	Description string `form:"description"`
	Source      string `form:"source"`
}

// Tidy makes what is no known start the first one.
func (f NewSOPForm) Tidy() NewSOPForm {
	switch f.Start {
	case startTemplate, startEmpty, startPaste, startUpload, startCopy:
	default:
		f.Start = startTemplate
	}
	return f
}

// Uploaded puts the text of a file into the form, where a person can mend it.
func (f NewSOPForm) Uploaded(text string) NewSOPForm {
	f.File = text
	if text != "" {
		f.Start = startPaste
	}
	return f
}

// Uploads says whether the form expects a file.
func (f NewSOPForm) Uploads() bool { return f.Start == startUpload }

// Copied is the version to copy, or no id.
func (f NewSOPForm) Copied() uuid.UUID {
	id, _ := uuid.Parse(f.CopyOf)
	return id
}

// Input is the form as the store takes it. An id that is none becomes one that is not found.
func (f NewSOPForm) Input() store.NewSOP {
	surrogate, _ := uuid.Parse(f.Surrogate)
	n := store.NewSOP{SurrogateID: surrogate, Title: f.Title, Description: f.Description, Source: f.Source}
	switch f.Start {
	case startTemplate:
		n.Origin, n.Template = store.FromTemplate, f.Template
	case startEmpty:
		n.Origin = store.FromNothing
	case startPaste, startUpload:
		n.Origin, n.File = store.FromFile, f.File
	case startCopy:
		n.Origin, n.CopyOf = store.FromCopy, f.Copied()
	}
	return n
}

// tabs are the ways to start; each keeps the surrogate.
func (f NewSOPForm) tabs(org string) []Tab {
	var tabs []Tab
	for _, start := range []struct{ key, label string }{
		{startTemplate, "From a template"}, {startEmpty, "Empty"}, {startPaste, "Paste JSON"}, {startUpload, "Upload a file"}, {startCopy, "Copy"},
	} {
		tabs = append(tabs, Tab{Label: start.label, Href: NewSOPFromURL(org, start.key, f.Surrogate, ""), Current: f.Start == start.key})
	}
	return tabs
}

// problems is what is wrong by the names of this form's fields. When a file has several problems, they stand in a list
// beside it and are only counted here.
func (f NewSOPForm) problems(bad store.Invalid) map[string]string {
	named := map[string]string{}
	for field, message := range bad {
		switch {
		case field == "surrogate_id":
			field = "surrogate"
		case field == "file" && f.Start == startUpload:
			field = "upload"
		}
		named[field] = message
	}
	if problems := strings.Split(bad["file"], "\n"); len(problems) > 1 {
		named["file"] = "The file has " + counted(len(problems), "problem") + "."
	}
	return named
}

// copyOptions are the versions to copy.
func copyOptions(versions []store.SOPChoice) []Option {
	options := []Option{{Value: "", Label: "Choose a procedure"}}
	for _, v := range versions {
		options = append(options, Option{Value: v.ID.String(), Label: v.Title + " · version " + intText(v.Version) + " · " + v.RoleTitle})
	}
	return options
}

// templateCard is a template with its drawing.
type templateCard struct {
	library.Template
	Steps   string
	Preview GraphView
}

// crop is the part of the drawing that the card shows: around the first step.
func (c templateCard) crop() string {
	const width, height = 520, 340
	left := 0.0
	if len(c.Preview.Nodes) > 0 {
		first := c.Preview.Nodes[0]
		left = first.X + first.W/2 - width/2
	}
	return num(left) + " 0 " + num(width) + " " + num(height)
}

// templateCards are drawn once: the templates cannot change while the program runs.
var templateCards = sync.OnceValue(func() []templateCard {
	var cards []templateCard
	for _, template := range library.Templates() {
		document, err := sop.ParseDocument(template.JSON)
		if err != nil {
			continue // the library's own tests find a template that cannot be read
		}
		cards = append(cards, templateCard{
			Template: template,
			Steps:    counted(len(document.Graph.Nodes), "step"),
			Preview:  NewGraphView(document.Graph, GraphOptions{Title: template.Title}),
		})
	}
	return cards
})
