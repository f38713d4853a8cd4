package views

import "encoding/json"

// ToastEvent is the value of the header by which an answer asks the page for a message.
func ToastEvent(tone, text string) string {
	event, _ := json.Marshal(map[string]Toast{"toast": {Tone: tone, Text: text}}) // strings always marshal
	return string(event)
}
