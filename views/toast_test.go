package views

import (
	"encoding/json"
	"testing"
)

func TestToastEventsAreASCIIAndReadBack(t *testing.T) {
	t.Parallel()
	text := "Deleted “Prüfen” 𝔘 <b>\n"
	event := ActionToastEvent("info", text, "Undo", "#undo")
	for _, b := range []byte(event) {
		if b < ' ' || b > '~' {
			t.Fatalf("the header holds the byte %#x: %s", b, event)
		}
	}
	var read map[string]map[string]string
	if err := json.Unmarshal([]byte(event), &read); err != nil || read["toast"]["text"] != text || read["toast"]["clicks"] != "#undo" {
		t.Errorf("read back as %v, %v", read, err)
	}
}
