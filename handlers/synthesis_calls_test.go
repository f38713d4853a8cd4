package handlers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

const pumpText = "The pump leaks oil every morning. Nobody has repaired it."

// aSynthesis is one about a signal that the actor sees, written with a passage; the second of a kind when there is one already.
func (w *world) aSynthesis(t *testing.T, actor *store.Tenant) store.SynthesisPage {
	t.Helper()
	about := store.Subject{Signal: w.aSignal(t, actor, func(n *store.NewSignal) {
		n.Draft = signal.NewDraft(signal.DocumentType)
		n.Draft.Title, n.Draft.Status, n.Draft.Visibility = "The pump", signal.Active, signal.Shared
		n.Draft.Payload, n.File = signal.Document{Content: pumpText, Format: signal.Plain}, nil
	}).ID}
	return w.written(t, w.keeper(actor), about)
}

func (w *world) written(t *testing.T, writer *store.Tenant, about store.Subject) store.SynthesisPage {
	t.Helper()
	id := got[uuid.UUID](t)(writer.AskSynthesis(t.Context(), about, synthesis.Mirror))
	storetest.Inside(t, writer, `
		update syntheses set work = 'DONE', provider = 'built-in', model = 'extractive/1', body = 'The pump leaks oil every morning. [1]',
			sources = jsonb_build_array(jsonb_build_object('signal', signal_id, 'from', 0, 'to', 33)), signal_ids = array[signal_id]
		where id = $1`, id)
	return got[store.SynthesisPage](t)(writer.Synthesis(t.Context(), id))
}

// onSynthesis is a call on a text about a signal of the actor's.
func onSynthesis(below string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/syntheses/%s%s", w.aSynthesis(t, actor).ID, below).with(fields...)
	}
}

// synthesisCalls are the uses of syntheses.
var synthesisCalls = map[string][]caller{
	"GET /o/:org/signals/:id/syntheses":     {onSignal("/syntheses")},
	"POST /o/:org/signals/:id/syntheses":    {onSignal("/syntheses", "type", "SURFACE")},
	"GET /o/:org/clusters/:id/syntheses":    {onCluster("/clusters/%s/syntheses")},
	"POST /o/:org/clusters/:id/syntheses":   {onCluster("/clusters/%s/syntheses", "type", "PATTERNS")},
	"GET /o/:org/syntheses/:id":             {onSynthesis("")},
	"POST /o/:org/syntheses/:id":            {onSynthesis("", "body", "The pump leaks. [1]", "revision", 1)},
	"POST /o/:org/syntheses/:id/confirm":    {onSynthesis("/confirm", "revision", 1)},
	"POST /o/:org/syntheses/:id/rate":       {onSynthesis("/rate", "rating", 5)},
	"POST /o/:org/syntheses/:id/regenerate": {onSynthesis("/regenerate")},
	"POST /o/:org/syntheses/:id/delete":     {onSynthesis("/delete")},
	"POST /o/:org/syntheses/:id/stop": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/syntheses/%s/stop", w.again(t, actor)).with()
	}},
	"POST /o/:org/syntheses/:id/retry": {func(t *testing.T, w *world, actor *store.Tenant) call {
		id := w.again(t, actor)
		must(t, w.keeper(actor).StopSynthesis(t.Context(), id))
		return at("/syntheses/%s/retry", id).with()
	}},
	"GET /o/:org/syntheses/:id/compare": {func(t *testing.T, w *world, actor *store.Tenant) call {
		first := w.aSynthesis(t, actor)
		return at("/syntheses/%s/compare?with=%s", first.ID, w.written(t, w.keeper(actor), first.Of()).ID)
	}},
}

// again is a text that is to be written in place of another.
func (w *world) again(t *testing.T, actor *store.Tenant) uuid.UUID {
	t.Helper()
	return got[uuid.UUID](t)(w.keeper(actor).RegenerateSynthesis(t.Context(), w.aSynthesis(t, actor).ID))
}

func TestASynthesisShowsItsPassages(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann := w.person(t, store.Member)
	found, b := w.aSynthesis(t, ann), a.as(t, ann)
	path := fmt.Sprintf("/o/%s/syntheses/%s", w.slug(), found.ID)

	page := b.get(t, path)
	page.status(t, 200)
	for _, want := range []string{"Built-in, extractive", "The pump leaks oil every morning.", `href="#source-1"`, `id="source-1"`, "Draft"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page.body, "data-live") {
		t.Error("a finished text is asked for again and again")
	}
	waiting := b.get(t, fmt.Sprintf("/o/%s/syntheses/%s", w.slug(), got[uuid.UUID](t)(ann.RegenerateSynthesis(t.Context(), found.ID))))
	if !strings.Contains(waiting.body, `data-live-of="synthesis:`) || !strings.Contains(waiting.body, "It is being written") {
		t.Error("nothing looks whether it is done")
	}

	b.post(t, path, url.Values{"body": {" "}, "revision": {"1"}}).status(t, 422)
	b.post(t, path, url.Values{"body": {"Mine. [1]"}, "revision": {"1"}}).status(t, 303)
	late := b.post(t, path, url.Values{"body": {"Typed too late"}, "revision": {"1"}})
	late.status(t, 409)
	if !strings.Contains(late.body, "Typed too late") || !strings.Contains(late.body, "Mine.") {
		t.Error("a late edit does not show both sides")
	}
	if after := b.get(t, path); !strings.Contains(after.body, "edited by a person") || !strings.Contains(after.body, "has changed since") {
		t.Error("an edited text passes for the provider's")
	}
}
