package views

import (
	"strings"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalEdit is the page on which a signal is changed.
type SignalEdit struct {
	Org     string
	Signal  store.Signal // as it is now: what the form does not send stays
	Form    SignalForm
	Choices store.SignalChoices
	Bad     store.Invalid
	Now     *SignalForm // what somebody else saved meanwhile; nil when nobody did
}

// editProblems names the fields of the form for what is wrong with a draft.
func (v SignalEdit) editProblems() map[string]string {
	out := map[string]string{}
	for field, sentence := range v.Bad {
		name := strings.TrimPrefix(field, "payload.")
		if fact, ok := strings.CutPrefix(field, "metadata."); ok {
			name = v.factID(fact)
		}
		switch field {
		case "payload", "payload.content":
			name = map[signal.Type]string{signal.DocumentType: "content", signal.TransmissionType: "transcript", signal.PhotoType: "original_filename"}[v.Signal.Draft.Type]
		case "payload.summary":
			name = "conversation_summary"
		case "payload.messages", "messages", "payload.role", "payload.author", "payload.timestamp":
			name = "messages"
		case "metadata":
			name = ""
		}
		out[name] = sentence
	}
	return out
}

// factID is the field of a fact, or of the first fact of the part that bears the name.
func (v SignalEdit) factID(name string) string {
	for _, field := range factFields(v.Signal.Draft.Metadata) {
		if field.Key == name || strings.HasPrefix(field.Key, name+"-") || strings.HasSuffix(field.Key, "-"+name) {
			return factInput(field.Key)
		}
	}
	return ""
}

func factInput(key string) string { return "facts[" + key + "]" }

func messageInput(i int, field string) string { return "messages[" + intText(i) + "]." + field }

// messageRows are the messages of the form, with an empty one to write another.
func (v SignalEdit) messageRows() []MessageForm {
	rows := v.Form.Messages
	if len(rows) == 0 || strings.TrimSpace(rows[len(rows)-1].Content) != "" {
		rows = append(rows[:len(rows):len(rows)], MessageForm{})
	}
	return rows
}

// tooLong says that the conversation has more messages than the form shows.
func (v SignalEdit) tooLong() bool {
	c, ok := v.Signal.Draft.Payload.(signal.Conversation)
	return ok && len(c.Messages) > MessagesShown
}

// kept counts the fields that came with the signal and that no form here knows.
func (v SignalEdit) kept() int {
	n := 0
	switch p := v.Signal.Draft.Payload.(type) {
	case signal.Document:
		n = len(p.Extra)
	case signal.Photo:
		n = len(p.Extra)
	case signal.Transmission:
		n = len(p.Extra)
	case signal.Conversation:
		n = len(p.Extra)
	}
	switch m := v.Signal.Draft.Metadata.(type) {
	case signal.DocumentFacts:
		n += len(m.Extra)
	case signal.PhotoFacts:
		n += len(m.Extra)
	case signal.TransmissionFacts:
		n += len(m.Extra)
	case signal.ConversationFacts:
		n += len(m.Extra)
	}
	return n
}

// sides are the fields in which what was typed differs from what is saved now.
func (v SignalEdit) sides() []conflictRow {
	mine, theirs := v.Form, *v.Now
	rows := []conflictRow{
		{"Title", mine.Title, theirs.Title}, {"Text", mine.Content, theirs.Content}, {"Text is written as", mine.Format, theirs.Format},
		{"Name of the file", mine.OriginalName, theirs.OriginalName}, {"Link", mine.URL, theirs.URL}, {"Transcript", mine.Transcript, theirs.Transcript},
		{"Summary of the conversation", mine.ConversationSummary, theirs.ConversationSummary}, {"Key points", mine.KeyPoints, theirs.KeyPoints},
		{"Messages", messagesText(mine.Messages), messagesText(theirs.Messages)},
		{"Summary", mine.Summary, theirs.Summary}, {"Tags", mine.Tags, theirs.Tags}, {"Setting", mine.Context, theirs.Context},
		{"Status", mine.Status, theirs.Status}, {"Who may see it", mine.Visibility, theirs.Visibility}, {"Source", mine.Source, theirs.Source},
		{"Id where it comes from", mine.ExternalID, theirs.ExternalID}, {"Captured at", mine.CapturedAt, theirs.CapturedAt},
		{"Latitude", mine.Latitude, theirs.Latitude}, {"Longitude", mine.Longitude, theirs.Longitude},
		{"Temperature", mine.Temperature, theirs.Temperature}, {"Density", mine.Density, theirs.Density}, {"Surroundings", mine.Environment, theirs.Environment},
		{"Actions", mine.Actions, theirs.Actions}, {"Entities", mine.Entities, theirs.Entities}, {"Energy", mine.Energy, theirs.Energy},
		{"Inner state", mine.InnerState, theirs.InnerState}, {"Orientation", mine.Orientation, theirs.Orientation}, {"Ground", mine.Substrate, theirs.Substrate},
		{"States of being", mine.OntologicalStates, theirs.OntologicalStates}, {"Symbols", mine.SymbolicElements, theirs.SymbolicElements},
		{"Parts of the whole", mine.Subsystems, theirs.Subsystems}, {"Ways of speaking", mine.DominantLanguage, theirs.DominantLanguage},
	}
	for _, field := range factFields(v.Signal.Draft.Metadata) {
		rows = append(rows, conflictRow{field.Label, mine.Facts[field.Key], theirs.Facts[field.Key]})
	}
	var differing []conflictRow
	for _, row := range rows {
		if differs(strings.TrimSpace(row.Mine), strings.TrimSpace(row.Theirs)) {
			differing = append(differing, row)
		}
	}
	return differing
}

func messagesText(messages []MessageForm) string {
	var out []string
	for _, m := range messages {
		if m.Remove != "on" && strings.TrimSpace(m.Content) != "" {
			out = append(out, orDefault(m.Author, signal.Role(m.Role).Label())+": "+m.Content)
		}
	}
	return strings.Join(out, "\n")
}

func choiceOptions(list []string, chosen string) []Option { return choices("Not said", list, chosen) }

func roleOptions() []Option { return labelled(signal.Roles) }

// formatOptions has a line for a document that does not say how it is written, because saving it must not say so either.
func formatOptions(chosen string) []Option {
	options := labelled(signal.Formats)
	if chosen == "" {
		options = append([]Option{{Value: "", Label: "Not said (shown as plain text)"}}, options...)
	}
	return options
}
