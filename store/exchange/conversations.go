package exchange

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"surrealm/store/signal"
)

// readConversations reads the export of ChatGPT or of Claude: a list of conversations, by itself or as conversations.json in a zip.
// Each conversation is known by its shape.
func readConversations(file io.ReaderAt, size int64) iter.Seq2[Row, error] {
	magic := make([]byte, 4)
	if _, err := file.ReadAt(magic, 0); err == nil && string(magic) == "PK\x03\x04" {
		return zippedConversations(file, size)
	}
	return conversationRows(io.NewSectionReader(file, 0, size))
}

func zippedConversations(file io.ReaderAt, size int64) iter.Seq2[Row, error] {
	archive, err := openZip(file, size)
	if err != nil {
		return failed(err)
	}
	parts := slices.DeleteFunc(archive.File, func(f *zip.File) bool { return !holdsConversations(f) })
	if len(parts) == 0 {
		return failed(BadFile{"The zip holds no file conversations.json."})
	}
	slices.SortFunc(parts, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	return func(yield func(Row, error) bool) {
		for _, f := range parts {
			for row, err := range zippedPart(f) {
				if len(parts) > 1 && err == nil {
					row.Name = path.Base(f.Name) + ", " + row.Name
				}
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// holdsConversations tells whether a file of a zip is conversations.json, or a part of it: large exports come as
// conversations-000.json and so on.
func holdsConversations(f *zip.File) bool { return conversationsFile.MatchString(f.Name) }

var conversationsFile = regexp.MustCompile(`(^|/)conversations(-\d+)?\.json$`)

func zippedPart(f *zip.File) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := f.Open()
		if err != nil {
			yield(Row{}, BadFile{"The file conversations.json in the zip is damaged."})
			return
		}
		defer in.Close()
		conversationRows(io.LimitReader(in, UnpackedLimit))(yield)
	}
}

func conversationRows(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		for value, err := range entries(r, "conversation") {
			n++
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(conversationRow(fmt.Sprintf("conversation %d", n), value), nil) {
				return
			}
		}
	}
}

func conversationRow(name string, value json.RawMessage) Row {
	var shape struct {
		Mapping  json.RawMessage `json:"mapping"`
		Messages json.RawMessage `json:"chat_messages"`
	}
	_ = json.Unmarshal(value, &shape) // what does not fit is no conversation
	switch {
	case shape.Mapping != nil:
		return chatGPTRow(name, value)
	case shape.Messages != nil:
		return claudeRow(name, value)
	}
	return badRow(name, "This is not a conversation of ChatGPT or Claude.")
}

// talk is a conversation, whoever it was with.
type talk struct {
	platform, label string // chatgpt, ChatGPT
	id, title       string
	summary         string
	model           string
	began           *time.Time
	messages        []signal.Message
}

func (c talk) row(name string) Row {
	if len(c.messages) == 0 {
		return badRow(name, "This conversation has no messages.")
	}
	d := signal.NewDraft(signal.ConversationType)
	if c.id != "" {
		d.ExternalID = c.platform + ":" + c.id
	}
	d.Source, d.Summary = c.label, c.summary
	if d.Title = short(signal.Clean(c.title)); d.Title == "" {
		d.Title = "Conversation with " + c.label
	}
	facts := signal.ConversationFacts{Platform: c.platform, Model: c.model, MessageCount: len(c.messages), StartedAt: c.began}
	for _, m := range c.messages {
		if m.Role == signal.User {
			facts.TurnCount++
		}
		if m.At == nil {
			continue
		}
		if facts.StartedAt == nil || m.At.Before(*facts.StartedAt) {
			facts.StartedAt = m.At
		}
		if facts.EndedAt == nil || m.At.After(*facts.EndedAt) {
			facts.EndedAt = m.At
		}
	}
	if facts.StartedAt != nil {
		d.CapturedAt = *facts.StartedAt
	}
	d.Payload, d.Metadata = signal.Conversation{Messages: c.messages}, facts
	d = d.Normalised()
	if d.ExternalID == "" {
		d.ExternalID = rowID(d)
	}
	problems := d.Problems()
	if len(problems) == 0 {
		problems = nil
	}
	return Row{Name: name, Draft: d, Problems: problems}
}

// message cleans a text for storage; ok is false for one that says nothing.
func message(role signal.Role, text string, at *time.Time) (m signal.Message, ok bool) {
	text = strings.TrimSpace(signal.Clean(text))
	return signal.Message{Role: role, Content: text, At: at}, text != ""
}

// epoch is seconds since 1970 as a time to the microsecond, nil for none.
func epoch(seconds *float64) *time.Time {
	if seconds == nil || *seconds <= 0 || *seconds > 253402300799 { // the end of the year 9999
		return nil
	}
	at := time.UnixMicro(int64(math.Round(*seconds * 1e6))).UTC()
	return &at
}
