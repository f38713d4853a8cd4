package handlers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"surrealm/store"
)

func TestConsentsAreGivenAndTakenBack(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann, ben := w.person(t, store.Member), w.person(t, store.Member)
	slug := w.realm(t, ann, store.SharedRealm)
	w.admit(t, ann, slug, ben, store.Contributor)
	path := fmt.Sprintf("/o/%s/realms/%s/consents", w.slug(), slug)
	b := a.as(t, ben)

	b.post(t, path, url.Values{"purpose": {"REFLECTION"}, "scope": {"RANGE"}, "from": {"tomorrow"}}).status(t, 422)
	b.post(t, path, url.Values{"purpose": {"REFLECTION"}, "scope": {"TAGS"}, "tags": {" , "}}).status(t, 422)
	b.post(t, path, url.Values{"purpose": {"REFLECTION"}, "scope": {"RANGE"}, "from": {"2026-01-01"}, "until": {"2026-01-31"}}).status(t, 303)
	if page := a.as(t, ann).get(t, path); !strings.Contains(page.body, "Captured from 1 Jan 2026 until before 1 Feb 2026") || strings.Contains(page.body, "consents/revoke") {
		t.Errorf("another member sees %s", page.summary())
	}
	b.post(t, path+"/revoke", url.Values{"purpose": {"REFLECTION"}}).status(t, 303)
	b.post(t, path+"/revoke", url.Values{"purpose": {"REFLECTION"}}).status(t, 404)
	if strings.Contains(b.get(t, path).body, "outside providers") {
		t.Error("a consent reaches further than was said")
	}
	b.post(t, path, url.Values{"purpose": {"REFLECTION"}, "scope": {"ALL"}, "external": {"on"}}).status(t, 303)
	if !strings.Contains(b.get(t, path).body, "outside providers") {
		t.Error("what may leave this server does not show")
	}
	b.post(t, path+"/revoke", url.Values{"purpose": {"REFLECTION"}}).status(t, 303)
	if page := b.get(t, path); !strings.Contains(page.body, "Nobody allows anything yet") {
		t.Error("what was taken back still stands there")
	}
	if page := a.as(t, w.person(t, store.Member)).get(t, path); page.response.StatusCode != 404 {
		t.Errorf("a stranger to the realm gets %d", page.response.StatusCode)
	}
}

func TestSingleSignalsAreChosenForAConsent(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann, ben := w.person(t, store.Member), w.person(t, store.Member)
	slug := w.realm(t, ann, store.SharedRealm)
	w.admit(t, ann, slug, ben, store.Contributor)
	path := fmt.Sprintf("/o/%s/realms/%s/consents", w.slug(), slug)
	b := a.as(t, ben)
	others, yes, no := capturedIn(t, ann, slug, "Hers").String(), capturedIn(t, ben, slug, "Yes").String(), capturedIn(t, ben, slug, "No").String()

	next := b.post(t, path, url.Values{"purpose": {"REFLECTION"}, "scope": {"SIGNALS"}, "external": {"on"}}).status(t, 303).response.Header.Get("Location")
	page := b.get(t, next)
	if boxes := page.find("tbody input[type=checkbox]"); len(boxes) != 2 || strings.Contains(page.body, others) {
		t.Fatalf("there are %d signals to choose from", len(boxes))
	}
	if page := b.get(t, path); !strings.Contains(page.body, "Nobody allows anything yet") {
		t.Error("something is allowed before a signal is chosen")
	}
	sent := url.Values{"purpose": {"REFLECTION"}, "new": {"on"}, "external": {"on"}, "shown": {yes, no}}
	if refused := b.post(t, path+"/signals", sent).status(t, 422); !strings.Contains(refused.body, "Choose 1 to 1,000 signals.") {
		t.Errorf("nothing was ticked: %s", refused.summary())
	}
	sent["ids"] = []string{others}
	b.post(t, path+"/signals", sent).status(t, 404)
	sent["ids"] = []string{yes}
	b.post(t, path+"/signals", sent).status(t, 303)
	if page := b.get(t, path); !strings.Contains(page.body, "1 chosen signal") || !strings.Contains(page.body, "outside providers") {
		t.Errorf("the consents: %s", page.summary())
	}
	if page := a.as(t, ann).get(t, path); strings.Contains(page.body, "consents/signals") || !strings.Contains(page.body, "1 chosen signal") {
		t.Errorf("another member sees %s", page.summary())
	}
	if ticked := b.get(t, path+"/signals?purpose=REFLECTION").find("tbody input[checked]"); len(ticked) != 1 || attribute(ticked[0], "value") != yes {
		t.Errorf("ticked are %d", len(ticked))
	}
	for _, bad := range []string{"", "?purpose=NETWORK", "?purpose=ALL"} {
		b.get(t, path+"/signals"+bad).status(t, 404)
	}
}
