package views

import "encoding/json"

// ToastEvent is the value of the header by which an answer asks the page for a message.
func ToastEvent(tone, text string) string {
	event, _ := json.Marshal(map[string]Toast{"toast": {Tone: tone, Text: text}}) // strings always marshal
	return string(event)
}

// ActionToastEvent is a toast with a button that clicks the element with the selector.
func ActionToastEvent(tone, text, action, selector string) string {
	type toast struct {
		Toast
		Action string `json:"action"`
		Clicks string `json:"clicks"`
	}
	event, _ := json.Marshal(map[string]toast{"toast": {Toast{Tone: tone, Text: text}, action, selector}}) // strings always marshal
	return string(event)
}
