package views

import (
	"fmt"
	"strings"

	"surrealm/store/signal"
)

// payload is the base's content with what the form changed.
func (o overlay) payload(base signal.Payload, shown, typed SignalForm) signal.Payload {
	switch p := base.(type) {
	case signal.Document:
		takeText(&p.Content, shown.Content, typed.Content)
		takeLine((*string)(&p.Format), shown.Format, typed.Format)
		return p
	case signal.Photo:
		takeLine(&p.OriginalName, shown.OriginalName, typed.OriginalName)
		return p
	case signal.Transmission:
		takeLine(&p.URL, shown.URL, typed.URL)
		p.Transcript = o.transcript(p.Transcript, shown.Transcript, typed.Transcript)
		return p
	case signal.Conversation:
		takeText(&p.Summary, shown.ConversationSummary, typed.ConversationSummary)
		p.KeyPoints = readLines(p.KeyPoints, onLine, typed.KeyPoints, onLine)
		p.Messages = o.messages(p.Messages, shown.Messages, typed.Messages)
		return p
	}
	return base
}

// cueKey is what a written transcript says of a cue.
type cueKey struct {
	from, to      signal.Offset
	speaker, text string
}

func keyOf(c signal.Cue) cueKey { return cueKey{c.From, c.To, c.Speaker, c.Text} }

// transcript reads a changed transcript. A cue that reads as it was written stays as it was, with what writing cannot show.
func (o overlay) transcript(base []signal.Cue, shown, typed string) []signal.Cue {
	if !differs(shown, typed) {
		return base
	}
	cues, bad := signal.ParseTranscript(typed)
	if len(bad) > 0 {
		o.bad["transcript"] = lineProblems(bad)
	}
	was, _ := signal.ParseTranscript(shown)
	if len(was) != len(base) {
		return cues
	}
	kept := map[cueKey][]signal.Cue{}
	for i, cue := range was {
		kept[keyOf(cue)] = append(kept[keyOf(cue)], base[i])
	}
	for i, cue := range cues {
		if same := kept[keyOf(cue)]; len(same) > 0 {
			cues[i], kept[keyOf(cue)] = same[0], same[1:]
		}
	}
	return cues
}

// lineProblems says what is wrong with a transcript, at most five lines of it.
func lineProblems(bad []signal.BadLine) string {
	var sentences []string
	for i, line := range bad {
		if i == 5 {
			sentences = append(sentences, fmt.Sprintf("And %d more.", len(bad)-i))
			break
		}
		sentences = append(sentences, line.Error())
	}
	return strings.Join(sentences, " ")
}

// messages are the base's with what was typed in the rows of the same places, and what was typed in rows after them.
func (o overlay) messages(base []signal.Message, shown, typed []MessageForm) []signal.Message {
	if len(base) > 0 && shown == nil {
		return base // too many for the form
	}
	var out []signal.Message
	for i, row := range typed {
		var message signal.Message
		var was MessageForm
		if i < len(base) {
			message, was = base[i], shown[i]
		} else if strings.TrimSpace(row.Content) == "" {
			continue
		}
		if row.Remove == "on" {
			continue
		}
		takeLine((*string)(&message.Role), was.Role, row.Role)
		takeLine(&message.Author, was.Author, row.Author)
		takeText(&message.Content, was.Content, row.Content)
		if at := strings.TrimSpace(row.At); at == "" {
			message.At = nil
		} else if at != was.At {
			moment, err := signal.ParseTime(at)
			if message.At = &moment; err != nil {
				o.bad["messages"] = fmt.Sprintf("Write the time of message %d as 2025-01-31T14:30:00Z, or leave it empty.", i+1)
			}
		}
		out = append(out, message)
	}
	if len(typed) < len(base) {
		out = append(out, base[len(typed):]...)
	}
	return out
}
