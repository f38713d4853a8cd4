package views

import (
	"strconv"
	"strings"
	"time"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalForm holds what was typed about a signal, as it was typed. The form of a new signal has Text in the place of the fields of the
// types; the form of an existing one shows all that its type has.
type SignalForm struct {
	Type  string `form:"type"`
	Realm string `form:"realm"` // slug
	Text  string `form:"text"`  // of a new signal: its content, description, transcript or messages

	Title      string `form:"title"`
	Summary    string `form:"summary"`
	Source     string `form:"source"`
	ExternalID string `form:"external_id"`
	Tags       string `form:"tags"`        // separated by commas
	CapturedAt string `form:"captured_at"` // in UTC, as browsers write it
	Context    string `form:"context"`
	Status     string `form:"status"`
	Visibility string `form:"visibility"`
	Latitude   string `form:"latitude"`
	Longitude  string `form:"longitude"`

	Temperature       string `form:"temperature"`
	Density           string `form:"density"`
	Environment       string `form:"environment"`
	Actions           string `form:"actions"`  // one a line: text | kind
	Entities          string `form:"entities"` // one a line: name | kind | context
	Energy            string `form:"energy"`
	InnerState        string `form:"inner_state"`
	Orientation       string `form:"orientation"`
	Substrate         string `form:"substrate"`
	OntologicalStates string `form:"ontological_states"` // one a line, as the next three
	SymbolicElements  string `form:"symbolic_elements"`
	Subsystems        string `form:"subsystems"`
	DominantLanguage  string `form:"dominant_language"`

	Content             string            `form:"content"` // of a document
	Format              string            `form:"format"`
	OriginalName        string            `form:"original_filename"` // of a photo
	URL                 string            `form:"url"`               // of a recording
	Transcript          string            `form:"transcript"`
	Messages            []MessageForm     `form:"messages"` // of a conversation; nil for all as they are
	KeyPoints           string            `form:"key_points"`
	ConversationSummary string            `form:"conversation_summary"`
	Facts               map[string]string `form:"facts"` // the metadata, see factFields

	Revision int `form:"revision"` // the one that the author saw; 0 for a new signal
}

// MessageForm is one message of a conversation.
type MessageForm struct {
	Role    string `form:"role"`
	Author  string `form:"author"`
	At      string `form:"at"`
	Content string `form:"content"`
	Remove  string `form:"remove"` // "on" to take it out
}

// MessagesShown is how many messages a form shows; a longer conversation keeps its messages as they are.
const MessagesShown = 200

// NewSignalForm is the form of a new signal.
func NewSignalForm() SignalForm {
	return SignalForm{Type: string(signal.DocumentType), Context: string(signal.Capture), Visibility: string(signal.Private), Format: string(signal.Markdown)}
}

// EditSignalForm is the form of an existing signal.
func EditSignalForm(s store.Signal) SignalForm {
	form := formOfDraft(s.Draft)
	form.Revision, form.Realm = s.Revision, s.RealmSlug
	return form
}

func formOfDraft(d signal.Draft) SignalForm {
	f := SignalForm{
		Type: string(d.Type), Title: d.Title, Summary: d.Summary, Source: d.Source, ExternalID: d.ExternalID, Tags: writeTags(d.Tags),
		CapturedAt: localTime(d.CapturedAt), Context: string(d.Context), Status: string(d.Status), Visibility: string(d.Visibility),
		Temperature: numberText(d.Temperature), Density: numberText(d.Density), Environment: d.Environment,
		Actions: writeLines(d.Actions, actionLine), Entities: writeLines(d.Entities, entityLine),
		Energy: d.Energy, InnerState: d.InnerState, Orientation: d.Orientation, Substrate: d.Substrate,
		OntologicalStates: writeLines(d.OntologicalStates, onLine), SymbolicElements: writeLines(d.SymbolicElements, onLine),
		Subsystems: writeLines(d.Subsystems, onLine), DominantLanguage: writeLines(d.DominantLanguage, onLine),
		Facts: map[string]string{},
	}
	if d.Place != nil {
		f.Latitude, f.Longitude = numberText(&d.Place.Latitude), numberText(&d.Place.Longitude)
	}
	switch p := d.Payload.(type) {
	case signal.Document:
		f.Content, f.Format = p.Content, string(p.Format)
	case signal.Photo:
		f.OriginalName = p.OriginalName
	case signal.Transmission:
		f.URL, f.Transcript = p.URL, writeTranscript(p.Transcript)
	case signal.Conversation:
		f.ConversationSummary, f.KeyPoints, f.Messages = p.Summary, writeLines(p.KeyPoints, onLine), messageForms(p.Messages)
	}
	for _, field := range factFields(d.Metadata) {
		f.Facts[field.Key] = field.Value
	}
	return f
}

func messageForms(messages []signal.Message) []MessageForm {
	if len(messages) > MessagesShown {
		return nil
	}
	var forms []MessageForm
	for _, m := range messages {
		forms = append(forms, MessageForm{Role: string(m.Role), Author: m.Author, At: optionalTime(m.At), Content: m.Content})
	}
	return forms
}

// numberText writes a number so that reading it gives the same one.
func numberText(n *float64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatFloat(*n, 'g', -1, 64)
}

// localTime is a time in UTC as browsers write one, in the shortest form. It drops fractions of a second, which stay when the field is
// left as it is.
func localTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	if at = at.UTC(); at.Second() == 0 {
		return at.Format("2006-01-02T15:04")
	}
	return at.Format("2006-01-02T15:04:05")
}

func optionalTime(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339Nano)
}

func actionLine(a signal.Action) string { return joinBar(a.Text, a.Kind) }

func entityLine(e signal.Entity) string { return joinBar(e.Name, e.Kind, e.Context) }

// joinBar writes parts with bars between them, without empty ones at the end.
func joinBar(parts ...string) string {
	for len(parts) > 1 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return onLine(strings.Join(parts, " | "))
}

// onLine is a text on one line.
func onLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func writeLines[T any](list []T, line func(T) string) string {
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = line(item)
	}
	return strings.Join(texts, "\n")
}

// writeTranscript is a transcript to edit: with times as WebVTT, without any as plain lines.
func writeTranscript(cues []signal.Cue) string {
	format := signal.PlainTranscript
	for _, cue := range cues {
		if cue.Timed() {
			format = signal.VTT
		}
	}
	if len(cues) == 0 {
		return ""
	}
	return signal.WriteTranscript(format, cues)
}
