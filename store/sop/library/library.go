// Package library holds ready-made SOPs, embedded in the program: templates to
// start from, and full samples, each with a proposed change, to try things on.
//
// Every file is a document as package sop reads it and is valid by its rules;
// the tests of this package keep that so. A file's name without its extension
// is its slug.
package library

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed templates/*.json samples/*.json
var files embed.FS

// Template is a short SOP that an organisation takes over and makes its own.
type Template struct {
	Slug         string `json:"-"`
	Title        string `json:"title"`
	Description  string `json:"description"`
	Domain       string `json:"domain"`
	Jurisdiction string `json:"jurisdiction"`
	RoleTitle    string `json:"role_title"`
	Source       string `json:"source"`
	// JSON is the whole document, with the fields above and the graph. It is
	// shared by everyone who asks, so it must not be written to.
	JSON []byte `json:"-"`
}

// Sample is a long SOP of a real profession, with a change to propose to it.
type Sample struct {
	Template
	// ChangeJSON is the change as a document, with rationale and
	// proposed_graph. Like JSON it must not be written to.
	ChangeJSON []byte
}

// Templates returns every template in the order of the slugs.
func Templates() []Template {
	return slices.Clone(readTemplates())
}

// Samples returns every sample in the order of the slugs.
func Samples() []Sample {
	return slices.Clone(readSamples())
}

const (
	extension       = ".json"
	changeExtension = ".change.json"
)

// The files cannot change while the program runs, so they are read once.
var (
	readTemplates = sync.OnceValue(func() []Template { return readFolder("templates") })
	readSamples   = sync.OnceValue(func() []Sample {
		var samples []Sample
		for _, t := range readFolder("samples") {
			change := readFile("samples/" + t.Slug + changeExtension)
			samples = append(samples, Sample{Template: t, ChangeJSON: change})
		}
		return samples
	})
)

// readFolder reads every SOP in the folder and passes over the changes.
func readFolder(folder string) []Template {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(fmt.Sprintf("library: %v", err))
	}
	var all []Template
	for _, entry := range entries {
		slug := strings.TrimSuffix(entry.Name(), extension)
		if strings.HasSuffix(entry.Name(), changeExtension) {
			continue
		}
		t := Template{Slug: slug, JSON: readFile(folder + "/" + entry.Name())}
		if err := json.Unmarshal(t.JSON, &t); err != nil {
			panic(fmt.Sprintf("library: read %s/%s: %v", folder, entry.Name(), err))
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Template) int { return strings.Compare(a.Slug, b.Slug) })
	return all
}

// readFile panics on an error, because a file that is compiled in and cannot be
// read is a fault in the program itself, which the tests find.
func readFile(path string) []byte {
	text, err := files.ReadFile(path)
	if err != nil {
		panic(fmt.Sprintf("library: %v", err))
	}
	return text
}
