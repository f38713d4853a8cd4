package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostText bounds a sentence, in characters.
const mostText = 600

// answerSchema is what an answer has to be, as JSON Schema. Check holds every answer against it, and against what was sent.
var answerSchema = map[string]any{
	"type": "object", "additionalProperties": false, "required": []string{"sentences"},
	"properties": map[string]any{"sentences": map[string]any{"type": "array", "items": map[string]any{
		"type": "object", "additionalProperties": false, "required": []string{"text", "passage"},
		"properties": map[string]any{"text": map[string]any{"type": "string"}, "passage": map[string]any{"type": "integer"}},
	}}},
}

// Sentence is one of an answer, with the number of the passage that it rests on.
type Sentence struct {
	Text    string
	Passage int // from 1
}

// Check reads an answer to a prompt with so many passages. It takes the whole answer or nothing of it: the error is a *Failure
// when something is missing, too much, too long, or cites what was not sent.
func Check(text string, passages int) ([]Sentence, error) {
	var answer struct {
		Sentences *[]struct {
			Text    *string `json:"text"`
			Passage *int    `json:"passage"`
		} `json:"sentences"`
	}
	if err := strictly(unfenced(text), &answer); err != nil || answer.Sentences == nil {
		return nil, refused("The answer is not in the form that was asked for.")
	}
	if len(*answer.Sentences) > MostSentences {
		return nil, refused("The answer has more than %d sentences.", MostSentences)
	}
	sentences := make([]Sentence, 0, len(*answer.Sentences))
	for _, s := range *answer.Sentences {
		if s.Text == nil || s.Passage == nil {
			return nil, refused("A sentence of the answer names no passage that it rests on.")
		}
		line := oneLine(*s.Text)
		if length := utf8.RuneCountInString(line); length == 0 || length > mostText {
			return nil, refused("A sentence of the answer is empty or longer than %d characters.", mostText)
		}
		if *s.Passage < 1 || *s.Passage > passages {
			return nil, refused("A sentence of the answer cites a passage that was not sent.")
		}
		sentences = append(sentences, Sentence{line, *s.Passage})
	}
	return sentences, nil
}

func refused(format string, args ...any) *Failure {
	return &Failure{Reason: fmt.Sprintf(format, args...) + " Nothing of it was kept.", Refused: true, Temporary: true}
}

// strictly decodes one JSON value with known fields only, and nothing behind it.
func strictly(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows")
	}
	return nil
}

// unfenced takes off the code fence that many models put around JSON.
func unfenced(text string) string {
	text = strings.TrimSpace(text)
	if inner, ok := strings.CutPrefix(text, "```"); ok {
		if inner, ok = strings.CutSuffix(inner, "```"); ok {
			return strings.TrimSpace(strings.TrimPrefix(inner, "json"))
		}
	}
	return text
}

// oneLine keeps a sentence on its line, without control characters.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return string(bytes.ToValidUTF8([]byte(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text)), []byte("\uFFFD")))
}
