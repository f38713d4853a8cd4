package exchange

import (
	"encoding/json"
	"strings"
	"time"

	"surrealm/store/signal"
)

// claude is a conversation of a Claude export.
type claude struct {
	UUID      string          `json:"uuid"`
	Name      string          `json:"name"`
	Summary   string          `json:"summary"`
	Model     string          `json:"model"`
	CreatedAt string          `json:"created_at"`
	Messages  []claudeMessage `json:"chat_messages"`
}

type claudeMessage struct {
	Sender    string `json:"sender"`
	Text      string `json:"text"`
	CreatedAt string `json:"created_at"`
	Content   []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content"`
	Attachments []claudeFile `json:"attachments"`
	Files       []claudeFile `json:"files"`
}

type claudeFile struct {
	Name string `json:"file_name"`
}

func claudeRow(name string, value json.RawMessage) Row {
	var c claude
	if json.Unmarshal(value, &c) != nil {
		return badRow(name, "This conversation of Claude cannot be read.")
	}
	out := talk{
		platform: "claude", label: "Claude", id: c.UUID, title: c.Name, model: c.Model, began: instant(c.CreatedAt),
		summary: shortSummary(c.Summary),
	}
	for _, said := range c.Messages {
		role := signal.User
		if said.Sender == "assistant" {
			role = signal.Assistant
		}
		if m, ok := message(role, said.text(), instant(said.CreatedAt)); ok {
			out.messages = append(out.messages, m)
		}
	}
	return out.row(name)
}

// text is the words of a message; attached files are named in brackets.
func (m claudeMessage) text() string {
	var out []string
	for _, part := range m.Content {
		if part.Type == "text" && part.Text != "" {
			out = append(out, part.Text)
		}
	}
	if len(out) == 0 {
		out = append(out, m.Text)
	}
	for _, file := range append(m.Attachments, m.Files...) {
		if file.Name != "" {
			out = append(out, "["+file.Name+"]")
		}
	}
	return strings.Join(out, "\n\n")
}

func instant(text string) *time.Time {
	at, err := signal.ParseTime(text)
	if err != nil {
		return nil
	}
	at = at.Truncate(time.Microsecond)
	return &at
}

func shortSummary(text string) string {
	if runes := []rune(text); len(runes) > signal.SummaryLimit {
		return string(runes[:signal.SummaryLimit])
	}
	return text
}
