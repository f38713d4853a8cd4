package handlers_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// signalListCalls are the uses of the list of signals and of tags.
var signalListCalls = map[string][]caller{
	"POST /o/:org/signals/bulk": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/signals/bulk").with("do", "tag", "bulk_tag", "deck", "ids", captured(t, w.capturer(t, actor), "Pump"))
	}, func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, id, members := w.group(t, actor)
		return at("/signals/bulk").with("do", "cluster", "bulk_cluster", id, "map", slug, "ids", members[0])
	}},
	"POST /o/:org/signals/views": {func(*testing.T, *world, *store.Tenant) call {
		return at("/signals/views").with("name", uuid.NewString(), "query", "status=ARCHIVED")
	}},
	"POST /o/:org/signals/views/:id/remove": {func(t *testing.T, w *world, actor *store.Tenant) call {
		name := uuid.NewString()
		if err := actor.SaveView(t.Context(), name, "bin=on"); err != nil {
			t.Fatal(err)
		}
		for _, view := range got[store.SignalList](t)(actor.Signals(t.Context(), store.SignalFilter{})).Views {
			if view.Name == name {
				return at("/signals/views/%s/remove", view.ID).with()
			}
		}
		t.Fatal("the view is not in the list")
		return call{}
	}},
	"POST /o/:org/tags/rename": {func(t *testing.T, w *world, actor *store.Tenant) call {
		captured(t, w.capturer(t, actor), "Pump", func(d *signal.Draft) { d.Tags = []string{"old"} })
		return at("/tags/rename").with("from", "old", "to", "new")
	}},
}

// capturer is who can have captured what this actor changes: the actor, or the owner when the actor's role captures nothing.
// People of a world are made behind the walls, so the realm that newcomers find is made here.
func (w *world) capturer(t *testing.T, actor *store.Tenant) *store.Tenant {
	t.Helper()
	if !actor.Can(store.UseRealms) {
		return w.owner
	}
	behind(t, `select gate.add_default_realm($1, $2, $3)`, "tenant_"+strings.ReplaceAll(w.slug(), "-", "_"), w.owner.Org.ID, actor.User.ID)
	return actor
}

// sharedWith makes a realm of the owner's in which the member contributes, and returns its slug.
func sharedWith(t *testing.T, owner, member *store.Tenant) string {
	t.Helper()
	slug, id := storetest.Slug("realm"), uuid.New()
	storetest.Inside(t, owner, `select gate.create_realm($1, $2, 'Shared', '', 'SHARED')`, id, slug)
	storetest.Inside(t, owner, `select gate.invite_to_realm($1, $2, 'CONTRIBUTOR')`, id, member.User.ID)
	storetest.Inside(t, member, `select gate.answer_realm_invitation($1, true)`, slug)
	return slug
}
