package views

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// FieldProps is what every field takes. Name and Label are needed; ID stands
// for Name where one page holds two forms with a field of the same name.
type FieldProps struct {
	Name         string
	ID           string
	Label        string
	HideLabel    bool // keep the label for assistive technology only
	Value        string
	Hint         string
	Error        string
	Type         string // of a TextField; text when empty
	Required     bool
	Optional     bool // says "optional" beside the label
	Disabled     bool
	Autofocus    bool
	MaxLength    int
	Min          string // of a NumberField or RangeField
	Max          string
	Step         string
	Rows         int
	Accept       string // of a FileField
	Autocomplete string
	Placeholder  string
	Code         bool // a TextArea in the fixed-width face
	Search       bool // the field that the / key focuses
	Attrs        templ.Attributes
}

// Option is one choice of a select, a radio group or a list of check boxes.
type Option struct {
	Value string
	Label string
	Hint  string
}

// InputID is the id of the control.
func (p FieldProps) InputID() string {
	if p.ID != "" {
		return p.ID
	}
	return p.Name
}

// ErrorID is the id of the error's element.
func (p FieldProps) ErrorID() string { return p.InputID() + "-error" }

// HintID is the id of the hint's element.
func (p FieldProps) HintID() string { return p.InputID() + "-hint" }

// InputType is the type of a text input.
func (p FieldProps) InputType() string {
	if p.Type == "" {
		return "text"
	}
	return p.Type
}

// attributes are those that all controls share, built in one place so that no
// field forgets to name its hint and its error.
func (p FieldProps) attributes() templ.OrderedAttributes {
	out := append(make(templ.OrderedAttributes, 0, 8), attribute("id", p.InputID()), attribute("name", p.Name))
	if p.Error != "" {
		out = append(out, attribute("aria-invalid", "true"))
	}
	out = p.describe(out)
	for _, flag := range [...]struct {
		name string
		on   bool
	}{{"required", p.Required}, {"disabled", p.Disabled}, {"autofocus", p.Autofocus}, {"data-search", p.Search}} {
		if flag.on {
			out = append(out, attribute(flag.name, true))
		}
	}
	for _, text := range [...][2]string{
		{"min", p.Min}, {"max", p.Max}, {"step", p.Step}, {"accept", p.Accept}, {"autocomplete", p.Autocomplete}, {"placeholder", p.Placeholder},
	} {
		if text[1] != "" {
			out = append(out, attribute(text[0], text[1]))
		}
	}
	if p.MaxLength > 0 {
		out = append(out, attribute("maxlength", p.MaxLength))
	}
	for _, own := range p.Attrs.Items() {
		out = slices.DeleteFunc(out, func(a attr) bool { return a.Key == own.Key })
		out = append(out, own)
	}
	return out
}

// groupAttributes are those of the element around several controls.
func (p FieldProps) groupAttributes() templ.OrderedAttributes {
	return p.describe(templ.OrderedAttributes{attribute("id", p.InputID())})
}

// describe adds which texts describe the control: its hint and its error.
func (p FieldProps) describe(to templ.OrderedAttributes) templ.OrderedAttributes {
	described := make([]string, 0, 2)
	if p.Hint != "" {
		described = append(described, p.HintID())
	}
	if p.Error != "" {
		described = append(described, p.ErrorID())
	}
	if len(described) == 0 {
		return to
	}
	return append(to, attribute("aria-describedby", strings.Join(described, " ")))
}

// attr is one attribute of an element: a text, a number, or true for one without a value.
type attr = templ.KeyValue[string, any]

func attribute(name string, value any) attr { return attr{Key: name, Value: value} }

// fieldError is one line of an error summary.
type fieldError struct{ Field, Message string }

// sortedErrors gives the errors the order of the form, so that a page renders
// the same every time.
func sortedErrors(errors map[string]string, order []string) []fieldError {
	place := make(map[string]int, len(order))
	for i, name := range order {
		place[name] = i - len(order) // before every name that is not listed
	}
	out := make([]fieldError, 0, len(errors))
	for field, message := range errors {
		out = append(out, fieldError{field, message})
	}
	slices.SortFunc(out, func(a, b fieldError) int {
		return cmp.Or(cmp.Compare(place[a.Field], place[b.Field]), cmp.Compare(a.Field, b.Field))
	})
	return out
}
