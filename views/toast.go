package views

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf16"
)

// ToastEvent is the value of the header by which an answer asks the page for a message.
func ToastEvent(tone, text string) string {
	return headerJSON(map[string]Toast{"toast": {Tone: tone, Text: text}})
}

// ActionToastEvent is a toast with a button that clicks the element with the selector.
func ActionToastEvent(tone, text, action, selector string) string {
	type toast struct {
		Toast
		Action string `json:"action"`
		Clicks string `json:"clicks"`
	}
	return headerJSON(map[string]toast{"toast": {Toast{Tone: tone, Text: text}, action, selector}})
}

// headerJSON is a value of strings as JSON in ASCII: browsers read headers as Latin-1.
func headerJSON(value any) string {
	event, _ := json.Marshal(value) // strings always marshal
	var out strings.Builder
	for _, r := range string(event) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.String()
}
