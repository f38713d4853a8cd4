package browsertest

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// captureAll makes signals that have everything that a page of a signal shows.
func (w *world) captureAll(t *testing.T) {
	t.Helper()
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewNRGBA(image.Rect(0, 0, 12, 8))); err != nil {
		t.Fatal(err)
	}
	sound := []byte("RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00")
	picture := store.NewFile{ID: uuid.New(), Name: "bay.png", MediaType: "image/png", Bytes: small.Bytes(), Thumbnail: small.Bytes()}
	talk := store.NewFile{ID: uuid.New(), Name: "talk.wav", MediaType: "audio/wav", Bytes: sound}
	warm := 0.4
	for _, c := range []struct {
		payload  signal.Payload
		metadata signal.Metadata
		file     *store.NewFile
	}{
		{signal.Document{Format: signal.Markdown, Content: "# The pump\n\nIt *leaks*, see [the manual](https://example.com/manual).\n\n- [x] seen\n\n|hour|litres|\n|-|-|\n|8|3|\n\n" + strings.Repeat("word ", 200)}, signal.DocumentFacts{Language: "en"}, nil},
		{signal.Photo{File: picture.ID, OriginalName: "bay.png"}, signal.PhotoFacts{Camera: "Pentax K", ISO: 400, Width: 12, Height: 8, FileSize: 1234}, &picture},
		{signal.Transmission{File: talk.ID, URL: "https://example.com/talk", Transcript: []signal.Cue{{From: 1e9, To: 4e9, Speaker: "Ada", Text: "Good morning"}, {Text: "No time"}}},
			signal.TransmissionFacts{Duration: 9, Chapters: []signal.Chapter{{At: 1e9, Label: "Opening"}}}, &talk},
		{signal.Conversation{Summary: "About the pump", KeyPoints: []string{"It leaks"}, Messages: []signal.Message{
			{Role: signal.System, Content: "Be kind."}, {Role: signal.User, Author: "Ada", Content: "Does it leak?"}, {Role: signal.Assistant, Content: "Yes."}}}, nil, nil},
		{signal.Document{Content: "plain"}, nil, nil},
	} {
		d := signal.NewDraft(c.payload.Type())
		d.Title, d.Summary, d.Source, d.Tags = "The pump in bay 7", "What was seen of it.", "The night shift", []string{"pump", "bay 7"}
		d.Status, d.Visibility, d.Payload, d.Metadata = signal.Active, signal.Shared, c.payload, c.metadata
		d.Place, d.Temperature = &signal.Place{Latitude: 59.91, Longitude: 10.75}, &warm
		d.Entities, d.Actions = []signal.Entity{{Name: "Pump 7", Kind: "system", Context: "leaks"}}, []signal.Action{{Text: "Close the valve", Kind: "planned"}}
		d.Environment, d.SymbolicElements = "A cold hall", []string{"water"}
		id := must(w.owner.CreateSignal(t.Context(), store.NewSignal{Draft: d, File: c.file}))(t)
		w.signals = append(w.signals, id)
		if err := w.owner.AnnotateSignal(t.Context(), id, "Seen again."); err != nil {
			t.Fatal(err)
		}
		d.Title = "The pump in bay 8"
		if err := w.owner.UpdateSignal(t.Context(), id, 1, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.owner.DeleteSignal(t.Context(), w.signals[len(w.signals)-1]); err != nil {
		t.Fatal(err)
	}
}

// unfold opens everything that is folded.
const unfold = `document.querySelectorAll('main details').forEach((part) => { part.open = true; })`

// chooseAll checks all boxes, so that what can be done to the chosen ones shows.
const chooseAll = `document.querySelector('[data-check-all]').click()`

func (w *world) signalPages() []look {
	o := "/o/" + w.owner.Org.Slug + "/signals"
	pages := []look{
		{"/o/:org/signals/new", o + "/new", ""}, {"/o/:org/signals/new", o + "/new?type=TRANSMISSION", unfold}, {"/o/:org/signals/new", o + "/new", submitEmpty},
		{"/o/:org/signals/:id/move", o + "/" + w.signals[0].String() + "/move", ""}, {"/o/:org/signals/:id/similar", o + "/" + w.signals[0].String() + "/similar", ""},
	}
	for _, id := range w.signals {
		pages = append(pages, look{"/o/:org/signals/:id", o + "/" + id.String(), unfold})
	}
	for _, id := range w.signals[:len(w.signals)-1] {
		pages = append(pages, look{"/o/:org/signals/:id/edit", o + "/" + id.String() + "/edit", unfold})
	}
	return pages
}
