package handlers_test

import (
	"net/url"
	"testing"

	"surrealm/store"
	"surrealm/views"
)

func TestSettingsAreSaved(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	address := views.SettingsURL(org.Org.Slug)
	form := `form[action="` + address + `"]`

	refused := olga.get(t, address).status(t, 200).submit(t, form, url.Values{"name": {" "}, "approvals_needed": {"6"}}).status(t, 422)
	refused.has(t, "#name-error").has(t, "#approvals_needed-error")
	page := refused.submit(t, form, url.Values{"name": {"Renamed <org>"}, "approvals_needed": {"3"}}).follow(t)

	page.text(t, ".toast", "Settings saved.").
		has(t, `#approvals_needed option[value="3"][selected]`)
	olga.get(t, views.AuditURL(org.Org.Slug)).text(t, "main", "settings")
}

func TestMembersReadSettingsAndChangeNone(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	address := views.SettingsURL(w.slug())
	for _, role := range []store.Role{store.Reviewer, store.Member, store.Auditor} {
		a.as(t, w.person(t, role)).get(t, address).status(t, 200).text(t, "dd", "1 person").hasNot(t, "#name").hasNot(t, "#slug")
	}
	a.as(t, w.person(t, store.Admin)).get(t, address).has(t, "#name").hasNot(t, "#slug") // only owners delete
}

func TestDeletionIsPlannedByTheSlugAndCalledOff(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	address := views.SettingsURL(org.Org.Slug)
	plan, keep := `form[action="`+views.DeletionURL(org.Org.Slug)+`"]`, `form[action="`+views.CancelDeletionURL(org.Org.Slug)+`"]`

	refused := olga.get(t, address).hasNot(t, keep).submit(t, plan, url.Values{"slug": {"another"}}).status(t, 422).has(t, "#slug-error")
	if refused.attr(t, "#name", "value") != org.Org.Name {
		t.Error("a mistake in the danger zone empties the settings")
	}
	planned := refused.submit(t, plan, url.Values{"slug": {org.Org.Slug}}).follow(t).text(t, "main", "will be deleted on").hasNot(t, plan)
	olga.post(t, views.DeletionURL(org.Org.Slug), url.Values{"slug": {org.Org.Slug}}).status(t, 409)
	planned.submit(t, keep, nil).follow(t).text(t, ".toast", "The organisation stays.").has(t, plan)
}

// The table of roles is that of the routes: every grant with a mark in each role's column.
func TestTheTableOfRolesIsTheOneThatDecides(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	page := a.as(t, w.person(t, store.Auditor)).get(t, views.RolesURL(w.slug())).status(t, 200).text(t, ".tab[aria-current]", "Roles")
	page.count(t, "tbody tr", len(store.Grants))
	for _, role := range store.Roles {
		page.text(t, "thead th", role.Label())
	}
	cells := page.texts("tbody td")
	for i, grant := range store.Grants {
		for j, role := range store.Roles {
			if says := cells[i*len(store.Roles)+j]; (says == "yes") != role.Can(grant.Permission) {
				t.Errorf("%s, %s: the table says %q", grant.Allows, role, says)
			}
		}
	}
}
