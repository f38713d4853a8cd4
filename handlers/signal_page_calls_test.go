package handlers_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// aSignal is a signal that the actor sees, with a picture: the actor's own, or the organisation's owner's in a realm to which the actor
// belongs, when the actor's role keeps none. It may be changed before it is captured.
func (w *world) aSignal(t *testing.T, actor *store.Tenant, change ...func(*store.NewSignal)) store.SignalPage {
	t.Helper()
	author, realm := actor, ""
	if !actor.Can(store.UseRealms) {
		author, realm = w.owner, w.realm(t, w.owner, store.SharedRealm)
		w.admit(t, w.owner, realm, actor, store.Observer)
	}
	n := store.NewSignal{Realm: realm, Draft: signal.NewDraft(signal.PhotoType)}
	file := uuid.New()
	n.Draft.Title, n.Draft.Status, n.Draft.Visibility = "The valve", signal.Active, signal.Shared
	n.Draft.Payload = signal.Photo{File: file, OriginalName: "valve.png"}
	n.File = &store.NewFile{ID: file, Name: "valve.png", MediaType: "image/png", Bytes: onePixel(t), Thumbnail: onePixel(t)}
	for _, c := range change {
		c(&n)
	}
	id := got[uuid.UUID](t)(author.CreateSignal(t.Context(), n))
	return got[store.SignalPage](t)(author.Signal(t.Context(), id))
}

// signalCalls are the uses of signals.
var signalCalls = map[string][]caller{
	"POST /o/:org/signals": {always(at("/signals").with("type", "DOCUMENT", "text", "The valve sticks.", "realm", "", "visibility", "PRIVATE", "context", "NOTE",
		"format", "markdown", "title", "", "tags", "pump, valve", "captured_at", "2026-01-31T14:30", "latitude", "59.9", "longitude", "10.7",
		"source", "Ada", "summary", "", "temperature", "-0.5", "density", "", "url", ""))},
	"GET /o/:org/signals/:id":                       {onSignal("")},
	"GET /o/:org/signals/:id/similar":               {onSignal("/similar")},
	"GET /o/:org/signals/:id/files/:file":           {signalFile("")},
	"GET /o/:org/signals/:id/files/:file/thumbnail": {signalFile("/thumbnail")},
	"GET /o/:org/signals/:id/edit":                  {onSignal("/edit")},
	"GET /o/:org/signals/:id/move":                  {onSignal("/move")},
	"POST /o/:org/signals/:id/delete":               {onSignal("/delete")},
	"POST /o/:org/signals/:id/notes":                {onSignal("/notes", "note", "Seen again.")},
	"POST /o/:org/signals/:id": {onSignal("", "title", "Changed", "revision", 1, "context", "NOTE", "status", "ACTIVE", "visibility", "SHARED",
		"original_filename", "valve.png", "facts[iso]", "400", "tags", "pump", "captured_at", "2026-01-31T14:30", "actions", "Closed it | performed",
		"entities", "Pump 7 | system")},
	"POST /o/:org/signals/:id/restore": {func(t *testing.T, w *world, actor *store.Tenant) call {
		s := w.aSignal(t, actor)
		must(t, actor.DeleteSignal(t.Context(), s.ID))
		return at("/signals/%s/restore", s.ID).with()
	}},
	"POST /o/:org/signals/:id/move": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/%s/move", w.aSignal(t, actor).ID).with("realm", w.realm(t, actor, store.SharedRealm), "revision", 1)
	}},
	"POST /o/:org/signals/:id/notes/:note/remove": {func(t *testing.T, w *world, actor *store.Tenant) call {
		s := w.aSignal(t, actor)
		must(t, actor.AnnotateSignal(t.Context(), s.ID, "Seen again."))
		return at("/signals/%s/notes/%s/remove", s.ID, got[store.SignalPage](t)(actor.Signal(t.Context(), s.ID)).Notes[0].ID).with()
	}},
	"POST /o/:org/signals/:id/share": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/%s/share", w.aSignal(t, actor).ID).with("realm", w.realm(t, actor, store.SharedRealm), "scope", "READ")
	}},
	"POST /o/:org/signals/:id/share/revoke": {func(t *testing.T, w *world, actor *store.Tenant) call {
		s, realm := w.aSignal(t, actor), w.realm(t, actor, store.SharedRealm)
		must(t, actor.ShareSignal(t.Context(), s.ID, realm, store.ShareToRead))
		return at("/signals/%s/share/revoke", s.ID).with("realm", realm)
	}},
}

// onSignal is a call on a signal of the actor's.
func onSignal(below string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/%s%s", w.aSignal(t, actor).ID, below).with(fields...)
	}
}

func signalFile(below string) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		s := w.aSignal(t, actor)
		return at("/signals/%s/files/%s%s", s.ID, s.Files[0].ID, below)
	}
}

// onePixel is the smallest picture.
func onePixel(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, 1, 1))))
	return out.Bytes()
}
