package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// exchangeCalls are the uses of import and export.
var exchangeCalls = map[string][]caller{
	"POST /o/:org/signals/imports": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/imports").with("text", `{"title":"Pump"}`, "realm", homeOf(t, w.importer(t, actor)), "visibility", "PRIVATE", "format", "")
	}},
	"GET /o/:org/signals/imports/:id": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/imports/%s", w.sent(t, actor))
	}},
	"GET /o/:org/signals/imports/:id/problems.csv": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/imports/%s/problems.csv", w.sent(t, actor))
	}},
	"POST /o/:org/signals/imports/:id/start": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/imports/%s/start", w.sent(t, actor)).with("visibility", "PRIVATE", "skip_bad", "on")
	}},
	"POST /o/:org/signals/imports/:id/cancel": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/imports/%s/cancel", w.sent(t, actor)).with()
	}},
	"POST /o/:org/signals/export": {always(at("/signals/export").with("format", "jsonl", "query", "status=ACTIVE"))},
}

// importer is who can have sent a file that this actor acts on: the actor, or the owner when the actor's role captures nothing.
func (w *world) importer(t *testing.T, actor *store.Tenant) *store.Tenant {
	t.Helper()
	if !actor.Can(store.UseRealms) {
		return w.owner
	}
	return actor
}

// sent is the id of an import that waits to be started, with a good row and a bad one.
func (w *world) sent(t *testing.T, actor *store.Tenant) uuid.UUID {
	t.Helper()
	by := w.importer(t, actor)
	return got[uuid.UUID](t)(by.UploadImport(t.Context(), store.NewImport{
		Realm: homeOf(t, by), Format: exchange.JSONL, FileName: "notes.jsonl", File: strings.NewReader("{\"title\":\"Pump\"}\n{}\n"), Size: int64(len("{\"title\":\"Pump\"}\n{}\n")), Visibility: signal.Private}))
}

// homeOf is the realm that a member's captures go to.
func homeOf(t *testing.T, member *store.Tenant) string {
	t.Helper()
	return got[store.SignalChoices](t)(member.CaptureChoices(t.Context())).Realms[0].Slug
}
