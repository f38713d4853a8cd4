package handlers_test

import (
	"strings"
	"testing"

	"surrealm/store"
)

func TestUnknownPageIsANotFoundPageWithHeaders(t *testing.T) {
	t.Parallel()

	page := newApp(t).browser(t).get(t, "/nothing/here")

	page.status(t, 404).text(t, "h1", "Not found")
	if policy := page.header("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy = %q", policy)
	}
}

func TestHomeLeadsToTheOnlyOrganisation(t *testing.T) {
	t.Parallel()
	site := newApp(t)
	olga, org := site.owner(t)

	if to := olga.get(t, "/").status(t, 303).location(); to != "/o/"+org.Org.Slug {
		t.Errorf("home of an owner is %s", to)
	}
	if to := site.browser(t).get(t, "/").status(t, 303).location(); to != "/login" {
		t.Errorf("home of a stranger is %s", to)
	}
	_, member := site.join(t, org, store.Member)
	if member.Role != store.Member {
		t.Errorf("role = %s", member.Role)
	}
}
