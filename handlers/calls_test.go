package handlers_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// A call is a valid use of a route: real ids in the path, and a form that is accepted when the actor has the permission.
type call struct {
	path string // below /o/:org for a route of a tenant
	form url.Values
	in   *world // another organisation than the one that was asked for, where the change would disturb others
}

// A caller prepares what a route needs, makes of it what only its author may touch the actor's own, and describes the call.
type caller func(t *testing.T, w *world, actor *store.Tenant) call

func at(format string, args ...any) call { return call{path: fmt.Sprintf(format, args...)} }

// with adds fields and their values.
func (c call) with(fields ...any) call {
	c.form = url.Values{}
	for i := 0; i < len(fields); i += 2 {
		c.form.Set(fields[i].(string), fmt.Sprint(fields[i+1]))
	}
	return c
}

// calls has one use at least of every route that changes something or has an id in its path. A route that is missing here
// fails the access test and the audit walk: add its use, and the others as well when its records say more than one brings.
var calls = merged(orgCalls, sopCalls, proposalCalls, realmCalls, signalListCalls, signalCalls, exchangeCalls, clusterCalls, synthesisCalls, evidenceCalls, modelCalls, queueCalls)

// orgCalls are the uses of surrogates, members, keys, the audit log and the settings.
var orgCalls = map[string][]caller{
	// Surrogates
	"POST /o/:org/surrogates": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/surrogates").with("role_title", "Clerk", "domain", "law", "jurisdiction", "EU", "seniority", "", "communication_style", "",
			"assertiveness", 5, "empathy_level", 5, "risk_tolerance", "low", "escalation_threshold", "0.5")
	}},
	"GET /o/:org/surrogates/:id":      {func(t *testing.T, w *world, _ *store.Tenant) call { return at("/surrogates/%s", w.surrogate) }},
	"GET /o/:org/surrogates/:id/edit": {func(t *testing.T, w *world, _ *store.Tenant) call { return at("/surrogates/%s/edit", w.surrogate) }},
	"POST /o/:org/surrogates/:id": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/surrogates/%s", w.newSurrogate(t)).with("role_title", "Changed", "domain", "law", "jurisdiction", "EU", "revision", 1,
			"assertiveness", 5, "empathy_level", 5, "risk_tolerance", "low", "escalation_threshold", "0.5")
	}},
	"POST /o/:org/surrogates/:id/activate": {surrogateMove("activate")},
	"POST /o/:org/surrogates/:id/pause":    {surrogateMove("pause", store.ActivateSurrogate)},
	"POST /o/:org/surrogates/:id/resume":   {surrogateMove("resume", store.ActivateSurrogate, store.PauseSurrogate)},
	"POST /o/:org/surrogates/:id/archive":  {surrogateMove("archive")},
	"POST /o/:org/surrogates/:id/restore":  {surrogateMove("restore", store.ArchiveSurrogate)},

	// Members and invitations
	"POST /o/:org/members/leave": {always(at("/members/leave").with())},
	"POST /o/:org/members/invitations": {func(*testing.T, *world, *store.Tenant) call {
		return at("/members/invitations").with("email", storetest.Email("ina"), "role", "MEMBER")
	}},
	"POST /o/:org/members/invitations/:id/renew": {func(t *testing.T, w *world, _ *store.Tenant) call {
		id, _ := w.invitation(t)
		return at("/members/invitations/%s/renew", id).with()
	}},
	"POST /o/:org/members/invitations/:id/revoke": {func(t *testing.T, w *world, _ *store.Tenant) call {
		id, _ := w.invitation(t)
		return at("/members/invitations/%s/revoke", id).with()
	}},
	"POST /o/:org/members/:id/role":    {memberChange("role", "seen", "MEMBER", "role", "REVIEWER")},
	"POST /o/:org/members/:id/disable": {memberChange("disable")},
	"POST /o/:org/members/:id/enable": {func(t *testing.T, w *world, _ *store.Tenant) call {
		member := w.person(t, store.Member)
		if err := w.owner.DisableMember(t.Context(), member.User.ID); err != nil {
			t.Fatal(err)
		}
		return at("/members/%s/enable", member.User.ID).with()
	}},
	"POST /o/:org/members/:id/remove": {memberChange("remove")},
	"POST /o/:org/members/:id/owner":  {memberChange("owner")},

	// Signing keys
	"POST /o/:org/keys/rotate": {always(at("/keys/rotate").with())},
	"POST /o/:org/keys/:id/revoke": {func(t *testing.T, w *world, actor *store.Tenant) call {
		if !actor.Can(store.ManageOwnKeys) {
			actor = w.owner
		}
		if err := actor.RotateKey(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, key := range got[[]store.SigningKey](t)(actor.SigningKeys(t.Context())) {
			if key.UserID == actor.User.ID && key.RetiredAt == nil && key.RevokedAt == nil {
				return at("/keys/%s/revoke", key.ID).with("reason", "Lost.")
			}
		}
		t.Fatal("no key to revoke")
		return call{}
	}},

	// Audit log
	"POST /o/:org/audit/verify": {always(at("/audit/verify").with())},
	"POST /o/:org/audit/export": {always(at("/audit/export").with())},
	"GET /o/:org/audit/:seq":    {always(at("/audit/1"))},

	// Settings
	"POST /o/:org/settings": {func(t *testing.T, w *world, _ *store.Tenant) call {
		saved := got[store.OrgSettings](t)(w.owner.Settings(t.Context()))
		return at("/settings").with("revision", saved.Revision, "name", "Organisation "+uuid.NewString(), "approvals_needed", 1)
	}},
	"POST /o/:org/settings/deletion": {func(t *testing.T, w *world, _ *store.Tenant) call {
		other := newWorld(t, w.app)
		return call{path: "/settings/deletion", in: other}.with("slug", other.slug())
	}},
	"POST /o/:org/settings/deletion/cancel": {func(t *testing.T, w *world, _ *store.Tenant) call {
		other := newWorld(t, w.app)
		if err := other.owner.ScheduleDeletion(t.Context(), other.slug()); err != nil {
			t.Fatal(err)
		}
		return call{path: "/settings/deletion/cancel", in: other}.with()
	}},
}

func merged(lists ...map[string][]caller) map[string][]caller {
	all := map[string][]caller{}
	for _, m := range lists {
		maps.Copy(all, m)
	}
	return all
}

// always is a call that needs no preparation.
func always(c call) caller { return func(*testing.T, *world, *store.Tenant) call { return c } }

func surrogateMove(name string, before ...store.SurrogateMove) caller {
	return func(t *testing.T, w *world, _ *store.Tenant) call {
		id := w.surrogateIn(t, before...)
		return at("/surrogates/%s/%s", id, name).with("revision", got[store.SurrogatePage](t)(w.owner.Surrogate(t.Context(), id)).Revision)
	}
}

func memberChange(name string, fields ...any) caller {
	return func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/members/%s/%s", w.person(t, store.Member).User.ID, name).with(fields...)
	}
}

// usesOf are the calls of a tenant's route. A page without an id in its path needs no entry.
func usesOf(t *testing.T, r handlers.Route) []caller {
	t.Helper()
	name := r.Method + " " + r.Path
	uses := calls[name]
	below := strings.TrimPrefix(r.Path, "/o/:org")
	if len(uses) == 0 && r.Method == "GET" && !strings.Contains(below, ":") {
		return []caller{func(*testing.T, *world, *store.Tenant) call { return call{path: below} }}
	}
	if len(uses) == 0 {
		t.Fatalf("%s has no use in calls_test.go: add one, so that its guard and its records are tested", name)
	}
	return uses
}
