package views

import (
	"maps"
	"path"
	"strings"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalCapture is the page of a new signal.
type SignalCapture struct {
	Org      string
	Key      string // under which the browser keeps what was typed
	Form     SignalForm
	Choices  store.SignalChoices
	Bad      store.Invalid
	FileName string // of a file that was chosen before something went wrong: browsers do not choose it again
}

// Captured is the form of a new signal as a draft: its text goes to where its type keeps text. name is that of the file, "" for none.
func (f SignalForm) Captured(name string) (signal.Draft, store.Invalid) {
	base := signal.NewDraft(signal.Type(f.Type))
	f.Status = string(signal.Active)
	f.Context, f.Visibility = orDefault(f.Context, string(base.Context)), orDefault(f.Visibility, string(base.Visibility))
	f.Content, f.Transcript, f.Facts = f.Text, f.Text, nil
	body := f.Text
	switch base.Type {
	case signal.DocumentType:
		body = signal.Body(signal.Document{Content: beginning(f.Text), Format: signal.Format(f.Format)})
	case signal.PhotoType:
		f.Summary = orDefault(f.Summary, f.Text)
	case signal.ConversationType:
		messages := signal.ParseConversation(f.Text)
		base.Payload = signal.Conversation{Messages: messages}
		f.Messages = messageForms(messages)
		if body = ""; len(messages) > 0 {
			body = messages[0].Content
		}
	case signal.TransmissionType:
		if cues, _ := signal.ParseTranscript(f.Text); len(cues) > 0 {
			body = cues[0].Text
		}
	}
	typed := strings.TrimSpace(f.Title) != ""
	f.Title = firstOf(f.Title, signal.TitleOf(body), strings.TrimSuffix(name, path.Ext(name)), f.URL)
	if runes := []rune(f.Title); !typed && len(runes) > signal.TitleLimit {
		f.Title = string(runes[:signal.TitleLimit])
	}
	draft, bad := f.Draft(base)
	return draft, captureProblems(bad)
}

// captureProblems names the fields of the short form for what is wrong with a draft.
func captureProblems(bad store.Invalid) store.Invalid {
	out := store.Invalid{}
	for field, sentence := range bad {
		switch {
		case field == "title" && strings.HasPrefix(sentence, "Give"):
			field, sentence = "text", "Write something, or choose a file."
		case field == "payload.url":
			field = "url"
		case field == "payload.format":
			field = "format"
		case field == "payload", field == "transcript", strings.HasPrefix(field, "payload."):
			field = "text"
		case strings.HasPrefix(field, "metadata"):
			field = ""
		}
		out[field] = sentence
	}
	return out
}

// WithProblems is the page again, with what is wrong.
func (v SignalCapture) WithProblems(bad store.Invalid) SignalCapture {
	v.Bad = store.Invalid{}
	maps.Copy(v.Bad, bad)
	return v
}

// more says whether something in the folded part needs attention.
func (v SignalCapture) more() bool {
	for field := range v.Bad {
		if field != "" && field != "text" && field != "file" && field != "url" && field != "type" && field != "transcript_file" {
			return true
		}
	}
	return false
}

// beginning is enough of a text to find its title.
func beginning(text string) string {
	if len(text) > 4000 {
		return strings.ToValidUTF8(text[:4000], "")
	}
	return text
}

// firstOf is the first text that says something.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

func captureTypes() []Option {
	return []Option{
		{Value: string(signal.DocumentType), Label: "Text"}, {Value: string(signal.PhotoType), Label: "Photo"},
		{Value: string(signal.TransmissionType), Label: "Recording"}, {Value: string(signal.ConversationType), Label: "Conversation"},
	}
}

// labelled is what has a value and a label, as the options of a choice.
func labelled[T interface {
	~string
	Label() string
}](list []T) []Option {
	options := make([]Option, len(list))
	for i, item := range list {
		options[i] = Option{Value: string(item), Label: item.Label()}
	}
	return options
}

func realmOptionsOf(realms []store.RealmChoice) []Option {
	options := make([]Option, len(realms))
	for i, r := range realms {
		label := r.Name
		if r.Default {
			label += " (yours)"
		}
		options[i] = Option{Value: r.Slug, Label: label}
	}
	return options
}
