package library_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"surrealm/store/sop"
	"surrealm/store/sop/library"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func TestTemplatesAreShortValidSOPs(t *testing.T) {
	t.Parallel()
	if n := len(library.Templates()); n < 5 {
		t.Fatalf("there are %d templates, want at least 5", n)
	}
	for _, template := range library.Templates() {
		t.Run(template.Slug, func(t *testing.T) {
			t.Parallel()
			steps := len(described(t, template).Nodes)
			if steps < 8 || steps > 15 {
				t.Errorf("it has %d steps, want 8 to 15", steps)
			}
		})
	}
}

func TestSamplesAreLongValidSOPsWithAValidChange(t *testing.T) {
	t.Parallel()
	if n := len(library.Samples()); n < 4 {
		t.Fatalf("there are %d samples, want at least 4", n)
	}
	for _, sample := range library.Samples() {
		t.Run(sample.Slug, func(t *testing.T) {
			t.Parallel()
			graph := described(t, sample.Template)
			if steps := len(graph.Nodes); steps < 30 || steps > 40 {
				t.Errorf("it has %d steps, want 30 to 40", steps)
			}
			if !slices.ContainsFunc(graph.Edges, func(e sop.Edge) bool { return e.MaxIterations > 0 }) {
				t.Error("it has no loop")
			}
			change := parsed(t, sample.ChangeJSON, sop.ChangeDocument)
			if words := len(strings.Fields(change.Rationale)); words < 120 || words > 200 {
				t.Errorf("the rationale has %d words, want 120 to 200", words)
			}
			everyKindOfChange(t, sop.Compare(graph, change.Graph))
		})
	}
}

func TestListsAreInTheOrderOfTheSlugs(t *testing.T) {
	t.Parallel()
	var templates, samples []string
	for _, template := range library.Templates() {
		templates = append(templates, template.Slug)
	}
	for _, sample := range library.Samples() {
		samples = append(samples, sample.Slug)
	}
	for _, slugs := range [][]string{templates, samples} {
		if !slices.IsSorted(slugs) {
			t.Errorf("%v is not sorted", slugs)
		}
	}
}

func TestTheListBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	library.Templates()[0].Title = "changed"
	library.Samples()[0].Title = "changed"
	if library.Templates()[0].Title == "changed" || library.Samples()[0].Title == "changed" {
		t.Error("a change to one list shows in the next")
	}
}

// described checks that the listing says what the document says and leaves
// nothing out, and returns the document's graph.
func described(t *testing.T, listed library.Template) sop.Graph {
	t.Helper()
	d := parsed(t, listed.JSON, sop.SOPDocument)
	if !slugForm.MatchString(listed.Slug) {
		t.Errorf("%q is not a slug", listed.Slug)
	}
	fields := map[string][2]string{
		"title":        {listed.Title, d.Title},
		"description":  {listed.Description, d.Description},
		"domain":       {listed.Domain, d.Domain},
		"jurisdiction": {listed.Jurisdiction, d.Jurisdiction},
		"role_title":   {listed.RoleTitle, d.RoleTitle},
		"source":       {listed.Source, d.Source},
	}
	for name, value := range fields {
		if value[0] == "" || value[0] != value[1] {
			t.Errorf("%s is listed as %q and is %q in the document", name, value[0], value[1])
		}
	}
	return d.Graph
}

// parsed reads a document within all limits and fails the test unless its graph
// is valid and every step explains itself.
func parsed(t *testing.T, text []byte, kind sop.DocumentKind) sop.Document {
	t.Helper()
	d, err := sop.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind != kind {
		t.Fatalf("it is a document of kind %s, want %s", d.Kind, kind)
	}
	for _, problem := range sop.Validate(d.Graph) {
		t.Error(problem.Message)
	}
	for _, n := range d.Graph.Nodes {
		if n.Label == "" || n.Description == "" {
			t.Errorf("step %s has no label or no description", n.ID)
		}
	}
	if canonical, err := sop.Canonical(d.Graph); err != nil || len(canonical) > sop.MaxGraphBytes {
		t.Errorf("the canonical form has %d bytes, error %v", len(canonical), err)
	}
	return d
}

// everyKindOfChange wants steps added, removed and changed, and connections
// laid anew, so that a sample shows all that a review can show.
func everyKindOfChange(t *testing.T, d sop.Diff) {
	t.Helper()
	nodes, edges := map[sop.ChangeStatus]int{}, map[sop.ChangeStatus]int{}
	for _, n := range d.Nodes {
		nodes[n.Status]++
	}
	for _, e := range d.Edges {
		edges[e.Status]++
	}
	for _, status := range []sop.ChangeStatus{sop.Added, sop.Removed, sop.Changed} {
		if nodes[status] == 0 || edges[status] == 0 {
			t.Errorf("%d steps and %d connections are %s, want at least one of each",
				nodes[status], edges[status], status)
		}
	}
}
