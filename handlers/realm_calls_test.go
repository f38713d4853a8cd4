package handlers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

// realm is a realm of somebody's: its slug. An owner who may keep none is stood in for by the organisation's.
func (w *world) realm(t *testing.T, owner *store.Tenant, kind store.RealmType) string {
	t.Helper()
	return got[string](t)(w.keeper(owner).CreateRealm(t.Context(), store.RealmInput{Name: fmt.Sprint("Ward ", w.count.Add(1))}, kind))
}

// keeper is who can own a realm that this actor acts on.
func (w *world) keeper(actor *store.Tenant) *store.Tenant {
	if actor.Can(store.UseRealms) {
		return actor
	}
	return w.owner
}

// admit makes somebody a member of a realm.
func (w *world) admit(t *testing.T, owner *store.Tenant, slug string, member *store.Tenant, role store.RealmRole) {
	t.Helper()
	must(t, owner.InviteToRealm(t.Context(), slug, member.User.ID, role))
	must(t, member.AnswerRealmInvitation(t.Context(), slug, true))
}

// ownRealm is a call on a shared realm of the actor's; %s in the path is its slug.
func ownRealm(path string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		return at(path, w.realm(t, actor, store.SharedRealm)).with(fields...)
	}
}

// realmMoved is ownRealm after a step.
func realmMoved(move func(t *testing.T, owner *store.Tenant, slug string) error, path string) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		slug := w.realm(t, actor, store.SharedRealm)
		must(t, move(t, w.keeper(actor), slug))
		return at(path, slug).with()
	}
}

// realmMember is a call on a contributor of a realm of the actor's; the second %s is the member.
func realmMember(path string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		slug, member := w.realm(t, actor, store.SharedRealm), w.person(t, store.Member)
		w.admit(t, w.keeper(actor), slug, member, store.Contributor)
		return at(path, slug, member.User.ID).with(fields...)
	}
}

// othersRealm is a call on a realm of the organisation's owner, to which the actor is invited, and belongs if joined.
func othersRealm(joined bool, path string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		keeper := w.person(t, store.Member)
		slug := w.realm(t, keeper, store.SharedRealm)
		must(t, keeper.InviteToRealm(t.Context(), slug, actor.User.ID, store.Observer))
		if joined {
			must(t, actor.AnswerRealmInvitation(t.Context(), slug, true))
		}
		return at(path, slug).with(fields...)
	}
}

// ownChoice is a call with a signal of the actor's own to be chosen for a consent, which covers another one already if changed.
func ownChoice(changed bool) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		slug := w.realm(t, w.owner, store.SharedRealm)
		if actor != w.owner {
			w.admit(t, w.owner, slug, actor, store.Observer)
		}
		own := func() uuid.UUID {
			id := capturedIn(t, w.owner, slug, "Choice")
			behind(t, "update tenant_"+strings.ReplaceAll(w.slug(), "-", "_")+".signals set created_by = $2 where id = $1", id, actor.User.ID)
			return id
		}
		if changed {
			got[int](t)(actor.ChooseSignals(t.Context(), slug, store.ConsentChoice{Purpose: store.ToReflect, Chosen: []uuid.UUID{own()}}))
		}
		id := own().String()
		return at("/realms/%s/consents/signals?purpose=REFLECTION", slug).with("purpose", "REFLECTION", "shown", id, "ids", id)
	}
}

// realmCalls are the uses of realms.
var realmCalls = map[string][]caller{
	"POST /o/:org/realms": {func(_ *testing.T, w *world, _ *store.Tenant) call {
		return at("/realms").with("name", fmt.Sprint("Night shift ", w.count.Add(1)), "type", "PRIVATE")
	}},
	"POST /o/:org/realms/all/:handle/hand-over": {func(t *testing.T, w *world, actor *store.Tenant) call {
		leaver := w.person(t, store.Member)
		must(t, leaver.Leave(t.Context()))
		for _, r := range got[store.RealmCensus](t)(w.owner.RealmCensus(t.Context(), store.CensusFilter{Takeable: true})).Realms {
			if r.OwnerID == leaver.User.ID {
				return at("/realms/all/%s/hand-over", r.Handle).with("to", w.owner.User.ID)
			}
		}
		t.Fatal("the realm of who left is not in the census")
		return call{}
	}},
	"POST /o/:org/realms/invitations/:slug/accept":  {othersRealm(false, "/realms/invitations/%s/accept")},
	"POST /o/:org/realms/invitations/:slug/decline": {othersRealm(false, "/realms/invitations/%s/decline")},
	"GET /o/:org/realms/:slug": {
		func(t *testing.T, w *world, actor *store.Tenant) call {
			return at("/realms/%s", w.realm(t, actor, store.PublicRealm))
		},
	},
	"GET /o/:org/realms/:slug/edit": {ownRealm("/realms/%s/edit")},
	"POST /o/:org/realms/:slug":     {ownRealm("/realms/%s", "name", "Day shift", "revision", 1, "slug", "")},
	"POST /o/:org/realms/:slug/type": {
		ownRealm("/realms/%s/type", "type", "PUBLIC", "revision", 1),
	},
	"POST /o/:org/realms/:slug/default": {ownRealm("/realms/%s/default")},
	"POST /o/:org/realms/:slug/archive": {ownRealm("/realms/%s/archive")},
	"POST /o/:org/realms/:slug/reopen": {realmMoved(func(t *testing.T, owner *store.Tenant, slug string) error {
		return owner.MoveRealm(t.Context(), slug, store.ArchiveRealm)
	}, "/realms/%s/reopen")},
	"POST /o/:org/realms/:slug/delete": {func(t *testing.T, w *world, actor *store.Tenant) call {
		slug := w.realm(t, actor, store.SharedRealm)
		return at("/realms/%s/delete", slug).with("name", got[store.RealmPage](t)(w.keeper(actor).Realm(t.Context(), slug)).Name)
	}},
	"POST /o/:org/realms/:slug/keep": {realmMoved(func(t *testing.T, owner *store.Tenant, slug string) error {
		return owner.DeleteRealm(t.Context(), slug, got[store.RealmPage](t)(owner.Realm(t.Context(), slug)).Name)
	}, "/realms/%s/keep")},
	"GET /o/:org/realms/:slug/members": {othersRealm(true, "/realms/%s/members")},
	"POST /o/:org/realms/:slug/members": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/realms/%s/members", w.realm(t, actor, store.SharedRealm)).with("member", w.person(t, store.Member).User.ID, "role", "CONTRIBUTOR")
	}},
	"POST /o/:org/realms/:slug/members/:id/role":   {realmMember("/realms/%s/members/%s/role", "seen", "CONTRIBUTOR", "role", "OBSERVER")},
	"POST /o/:org/realms/:slug/members/:id/remove": {realmMember("/realms/%s/members/%s/remove")},
	"POST /o/:org/realms/:slug/members/:id/owner":  {realmMember("/realms/%s/members/%s/owner")},
	"GET /o/:org/realms/:slug/consents":            {othersRealm(true, "/realms/%s/consents")},
	"POST /o/:org/realms/:slug/consents":           {othersRealm(true, "/realms/%s/consents", "purpose", "CLUSTER", "scope", "TAGS", "tags", "pump", "expires", "2999-01-31")},
	"POST /o/:org/realms/:slug/consents/revoke": {func(t *testing.T, w *world, actor *store.Tenant) call {
		slug := w.realm(t, w.owner, store.SharedRealm)
		if actor != w.owner {
			w.admit(t, w.owner, slug, actor, store.Observer)
		}
		must(t, actor.GrantConsent(t.Context(), slug, store.NewConsent{Purpose: store.ToReflect, Scope: store.AllOfMine}))
		return at("/realms/%s/consents/revoke", slug).with("purpose", "REFLECTION")
	}},
	"GET /o/:org/realms/:slug/consents/signals":  {ownChoice(false)},
	"POST /o/:org/realms/:slug/consents/signals": {ownChoice(false), ownChoice(true)},
	"GET /o/:org/realms/:slug/leave":             {othersRealm(true, "/realms/%s/leave")},
	"POST /o/:org/realms/:slug/leave":            {othersRealm(true, "/realms/%s/leave", "signals", "withdraw")},
}
