package sop

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Edit is one thing that a person does to a graph in the editor. Apply returns
// the graph afterwards and leaves the one it was given as it was. Every error
// is an *EditError. Summary says in a few words, for the list of edits, what
// the edit does to the graph it is given, which is the one before the edit.
type Edit interface {
	Apply(Graph) (Graph, error)
	Summary(Graph) string
}

// EditError says why an edit cannot be made. Field is the form field to show
// the message at, under the name it has in the file format; it is empty when
// the message is about the edit as a whole.
type EditError struct {
	Field   string
	Message string
}

// Error is the message.
func (e *EditError) Error() string { return e.Message }

// wrong turns the rest of a sentence, as the text rules make it, into an error
// at a field; nil when there is nothing to say.
func wrong(field, bad string) error {
	if bad == "" {
		return nil
	}
	first, size := utf8.DecodeRuneInString(bad)
	return &EditError{Field: field, Message: string(unicode.ToUpper(first)) + bad[size:] + "."}
}

// firstError returns the first error that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checked lets an edit's result out only if it could be read back from its
// canonical form.
func checked(g Graph) (Graph, error) {
	if err := Check(g); err != nil {
		return Graph{}, &EditError{Message: err.Error()}
	}
	return g, nil
}

// tidyNode takes off what a form adds without the person's wish: spaces around
// the text and foreign line ends.
func tidyNode(n Node) Node {
	n.Label = strings.TrimSpace(n.Label)
	n.Description = strings.TrimSpace(unixLines(n.Description))
	if n.Config == nil {
		n.Config = map[string]any{}
	}
	return n
}

func checkNode(n Node) error {
	if !n.Type.Valid() {
		return &EditError{Field: "type", Message: "Choose the type of the step."}
	}
	return firstError(
		wrong("label", labelRule.check(n.Label)),
		wrong("description", descriptionRule.check(n.Description)),
		wrong("config", checkConfig(n.Config)),
	)
}

// checkConfig returns what is wrong with settings, or an empty string.
func checkConfig(config map[string]any) string {
	if !validValue(config) {
		return "the settings are not valid text"
	}
	tree, err := readTree([]byte(jsonText(config)), MaxDepth-3) // below graph, nodes and node
	if err != nil {
		return "the settings cannot be kept: " + strings.TrimSuffix(err.Error(), ".")
	}
	return checkConfigText(tree)
}

func tidyEdge(e Edge) Edge {
	e.Condition = strings.TrimSpace(e.Condition)
	e.Label = strings.TrimSpace(e.Label)
	return e
}

func checkEdge(g Graph, e Edge) error {
	if g.nodeIndex(e.From) < 0 {
		return &EditError{Field: "from", Message: "Choose the step that the connection comes from."}
	}
	if g.nodeIndex(e.To) < 0 {
		return &EditError{Field: "to", Message: "Choose the step that the connection leads to."}
	}
	if e.MaxIterations < 0 || e.MaxIterations > MaxLoop {
		return &EditError{Field: "max_iterations", Message: "Choose a number from 1 to 100, or leave the field empty."}
	}
	return firstError(
		wrong("condition", conditionRule.check(e.Condition)),
		wrong("label", edgeLabelRule.check(e.Label)),
	)
}

func missingNode() error {
	return &EditError{Field: "id", Message: "This step does not exist any more."}
}

func missingEdge() error {
	return &EditError{Field: "id", Message: "This connection does not exist any more."}
}
