package views_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"surrealm/views"
)

func TestFieldNamesItsHintAndItsError(t *testing.T) {
	t.Parallel()
	page := render(t, views.TextField(views.FieldProps{
		Name: "title", Label: "Title", Value: `"quoted" <b>`, Hint: "Short.", Error: "Give a title.", Required: true, MaxLength: 200,
	}))
	input := page.one(t, "input")
	input.attr(t, "id", "title")
	input.attr(t, "name", "title")
	input.attr(t, "type", "text")
	input.attr(t, "value", `"quoted" <b>`)
	input.attr(t, "maxlength", "200")
	input.attr(t, "aria-invalid", "true")
	input.attr(t, "aria-describedby", "title-hint title-error")
	page.one(t, "label").attr(t, "for", "title")
	if got := page.byID(t, "title-error").text(); got != "Give a title." {
		t.Errorf("error is %q", got)
	}
}

func TestFieldWithoutErrorIsNotInvalid(t *testing.T) {
	t.Parallel()
	input := render(t, views.TextField(views.FieldProps{Name: "title", Label: "Title"})).one(t, "input")
	for _, name := range []string{"aria-invalid", "aria-describedby", "required", "maxlength"} {
		if value, ok := input.attribute(name); ok {
			t.Errorf("%s is %q", name, value)
		}
	}
}

func TestEveryKindOfFieldLinksItsError(t *testing.T) {
	t.Parallel()
	p := views.FieldProps{Name: "f", Label: "Field", Error: "Wrong."}
	options := []views.Option{{Value: "a", Label: "A"}}
	for name, field := range map[string]struct {
		component templ.Component
		control   string
	}{
		"text": {views.TextField(p), "input"}, "number": {views.NumberField(p), "input"}, "range": {views.RangeField(p), "input"},
		"area": {views.TextArea(p), "textarea"}, "select": {views.SelectField(p, options), "select"}, "check": {views.CheckField(p), "input"},
		"file": {views.FileField(p), "input"}, "radio": {views.RadioGroup(p, options), "fieldset"}, "checks": {views.CheckGroup(p, options, nil), "fieldset"},
	} {
		page := render(t, field.component)
		page.byID(t, "f-error")
		described, _ := page.one(t, field.control).attribute("aria-describedby")
		if described != "f-error" {
			t.Errorf("%s: described by %q", name, described)
		}
	}
}

func TestTextAreaKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"one line", "\nstarts with an empty line", "  spaces  ", "</textarea><script>alert(1)</script>"} {
		if got := render(t, views.TextArea(views.FieldProps{Name: "f", Label: "F", Value: typed})).one(t, "textarea").text(); got != typed {
			t.Errorf("typed %q, shown %q", typed, got)
		}
	}
}

func TestSelectShowsTheChosenOption(t *testing.T) {
	t.Parallel()
	page := render(t, views.SelectField(views.FieldProps{Name: "f", Label: "F", Value: "b"}, []views.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}))
	for _, option := range page.all("option") {
		_, selected := option.attribute("selected")
		if value, _ := option.attribute("value"); selected != (value == "b") {
			t.Errorf("option %s: selected is %v", value, selected)
		}
	}
}

func TestErrorSummaryLinksToTheFields(t *testing.T) {
	t.Parallel()
	page := render(t, views.ErrorSummary(map[string]string{"b": "B is wrong.", "a": "A is wrong.", "": "All of it is wrong.", "c": "C is wrong."}, "c", "b"))
	var links []string
	for _, link := range page.all("a") {
		href, _ := link.attribute("href")
		links = append(links, href+" "+link.text())
	}
	if got := strings.Join(links, "; "); got != "#c C is wrong.; #b B is wrong.; #a A is wrong." {
		t.Errorf("links are %s", got)
	}
	if got := render(t, views.ErrorSummary(nil)).all("div"); len(got) != 0 {
		t.Error("a form without errors has a summary")
	}
}
