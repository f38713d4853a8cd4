package handlers_test

import (
	"net/http"
	"net/url"
	"testing"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
	"surrealm/views"
)

// Two servers beside each other on one database are one site: who signs in at one is signed in at the other, sees there at
// once what was done here, and is out everywhere after leaving anywhere.
func TestTwoServersShareSessions(t *testing.T) {
	t.Parallel()
	here := newApp(t)
	there := newApp(t, func(o *handlers.Options) { o.Store = storetest.Second(t, func(*store.Options) {}) })
	olga, org := here.owner(t)
	slug := org.Org.Slug
	at, err := url.Parse(there.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	over := &browser{client: olga.client, base: at, address: olga.address} // cookies know no ports

	list := views.SurrogatesURL(slug)
	over.get(t, list+"/new").submit(t, surrogateForm(list), url.Values{
		"role_title": {"Night auditor"}, "domain": {"Hotels"}, "jurisdiction": {"European Union"},
	}).status(t, http.StatusSeeOther)
	olga.get(t, list).status(t, http.StatusOK).text(t, "main", "Night auditor")

	// A role that was taken away at one is gone at the other.
	mira, member := here.join(t, org, store.Member)
	elsewhere := &browser{client: mira.client, base: at, address: mira.address}
	elsewhere.get(t, views.OrgURL(slug)).status(t, http.StatusOK)
	olga.post(t, views.OrgURL(slug)+"/members/"+member.User.ID.String()+"/disable", nil).status(t, http.StatusSeeOther)
	elsewhere.get(t, views.OrgURL(slug)).status(t, http.StatusNotFound)

	over.post(t, "/logout", nil).status(t, http.StatusSeeOther)
	page := olga.get(t, list).status(t, http.StatusSeeOther)
	if to := page.header("Location"); to == "" || to == list {
		t.Errorf("after leaving there, here leads to %q", to)
	}
}
