package library_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"surrealm/store/sop/library"
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func TestTemplatesAreInTheOrderOfTheirSlugs(t *testing.T) {
	t.Parallel()
	templates := library.Templates()
	if len(templates) < 5 {
		t.Fatalf("there are %d templates, want at least 5", len(templates))
	}
	bySlug := func(a, b library.Template) int { return strings.Compare(a.Slug, b.Slug) }
	if !slices.IsSortedFunc(templates, bySlug) {
		t.Error("the templates are not in the order of their slugs")
	}
}

func TestTemplatesAreFullyDescribed(t *testing.T) {
	t.Parallel()
	titles := map[string]bool{}
	for _, template := range library.Templates() {
		describedInFull(t, template)
		if titles[template.Title] {
			t.Errorf("two templates have the title %q", template.Title)
		}
		titles[template.Title] = true
	}
}

func TestTheListBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	library.Templates()[0].Title = "changed"
	if library.Templates()[0].Title == "changed" {
		t.Error("a change to one list shows in the next")
	}
}

func describedInFull(t *testing.T, d library.Template) {
	t.Helper()
	if !slugForm.MatchString(d.Slug) {
		t.Errorf("%q is not a slug", d.Slug)
	}
	fields := map[string]string{
		"title": d.Title, "description": d.Description, "domain": d.Domain,
		"jurisdiction": d.Jurisdiction, "role_title": d.RoleTitle, "source": d.Source,
	}
	for name, value := range fields {
		if strings.TrimSpace(value) == "" {
			t.Errorf("%s: %s is empty", d.Slug, name)
		}
	}
}
