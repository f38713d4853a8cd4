package handlers_test

import (
	"net/url"
	"testing"

	"surrealm/store"
	"surrealm/views"
)

func TestKeysAreMadeReplacedAndRevoked(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	tenant := w.person(t, store.Reviewer)
	rita, address := a.as(t, tenant), views.KeysURL(w.slug())
	rita.get(t, address).status(t, 200).text(t, "main", "Your key is made when you sign for the first time")

	version := w.inReview(t, w.owner)
	if _, err := tenant.CertifySOP(t.Context(), version.ID, version.Revision, ""); err != nil {
		t.Fatal(err)
	}
	page := rita.get(t, address).text(t, ".badge", "In use").text(t, "main", "1 signature")
	page = page.submit(t, `form[action="`+views.RotateKeyURL(w.slug())+`"]`, nil).follow(t)
	page.text(t, ".toast", "new key").text(t, "main", "Replaced").count(t, "code", 2)

	old := keyOf(t, tenant, func(k store.SigningKey) bool { return k.RetiredAt != nil })
	revoke := `form[action="` + views.RevokeKeyURL(w.slug(), old.ID) + `"]`
	refused := page.submit(t, revoke, url.Values{"reason": {"  "}}).status(t, 422).text(t, ".error", "Say why").has(t, "details[open]")
	refused.submit(t, revoke, url.Values{"reason": {"Laptop <lost>."}}).follow(t).text(t, ".bad-text", "Laptop <lost>.").hasNot(t, revoke)
	rita.post(t, views.RevokeKeyURL(w.slug(), old.ID), url.Values{"reason": {"Again."}}).status(t, 409)

	// What it signed is marked, for everybody.
	a.as(t, w.owner).get(t, views.SOPURL(w.slug(), version.ID)).text(t, ".signature", "Does not count").text(t, ".signature", "revoked")
}

func TestNobodyRevokesTheKeyOfAnother(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	if err := w.owner.RotateKey(t.Context()); err != nil {
		t.Fatal(err)
	}
	key := keyOf(t, w.owner, func(store.SigningKey) bool { return true })
	admin, auditor := a.as(t, w.person(t, store.Admin)), a.as(t, w.person(t, store.Auditor))
	admin.get(t, views.KeysURL(w.slug())).text(t, "main", "Keys of others").text(t, "code", key.Fingerprint).hasNot(t, "main details form")
	admin.post(t, views.RevokeKeyURL(w.slug(), key.ID), url.Values{"reason": {"Mine now."}}).status(t, 404)
	auditor.post(t, views.RotateKeyURL(w.slug()), nil).status(t, 403)
}

// keyOf is the first key in a member's list that fits.
func keyOf(t *testing.T, tenant *store.Tenant, fits func(store.SigningKey) bool) store.SigningKey {
	t.Helper()
	for _, key := range got[[]store.SigningKey](t)(tenant.SigningKeys(t.Context())) {
		if fits(key) {
			return key
		}
	}
	t.Fatal("no such key")
	return store.SigningKey{}
}
