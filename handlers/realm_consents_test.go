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
