package handlers_test

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/sop"
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
var calls = merged(orgCalls, sopCalls, proposalCalls)

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

// sopCalls are the uses of procedures.
var sopCalls = map[string][]caller{
	"POST /o/:org/sops": {
		func(t *testing.T, w *world, _ *store.Tenant) call {
			return at("/sops").with("from", "paste", "surrogate", w.surrogate, "file", string(w.sample.JSON))
		},
		func(t *testing.T, w *world, _ *store.Tenant) call {
			return at("/sops").with("from", "empty", "surrogate", w.surrogate, "title", "Empty")
		},
	},
	"GET /o/:org/sops/:id": {func(t *testing.T, w *world, _ *store.Tenant) call { return at("/sops/%s", w.certified(t, w.owner).ID) }},
	"GET /o/:org/sops/:id/export.json": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/export.json", w.draft(t, w.owner).ID)
	}},
	"GET /o/:org/sops/:id/graph.svg": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/graph.svg", w.draft(t, w.owner).ID)
	}},
	"GET /o/:org/sops/:id/signatures.json": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/signatures.json", w.certified(t, w.owner).ID)
	}},
	"GET /o/:org/sops/:id/compare": {func(t *testing.T, w *world, _ *store.Tenant) call {
		first := w.draft(t, w.owner)
		return at("/sops/%s/compare?with=%s", first.ID, got[uuid.UUID](t)(w.owner.NewVersion(t.Context(), first.ID)))
	}},
	"POST /o/:org/sops/:id/new-version": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/new-version", w.draft(t, w.owner).ID).with()
	}},
	"GET /o/:org/sops/:id/edit": {func(t *testing.T, w *world, _ *store.Tenant) call { return at("/sops/%s/edit", w.draft(t, w.owner).ID) }},
	"POST /o/:org/sops/:id/edit": {
		func(t *testing.T, w *world, _ *store.Tenant) call {
			draft := w.draft(t, w.owner)
			return at("/sops/%s/edit", draft.ID).with("op", "add-step", "revision", draft.Revision, "type", "ASSESSMENT", "label", "Look again",
				"place", "after:"+draft.Graph.Nodes[0].ID)
		},
		func(t *testing.T, w *world, _ *store.Tenant) call {
			draft := w.draft(t, w.owner)
			return at("/sops/%s/edit", draft.ID).with("op", "texts", "revision", draft.Revision, "title", "Other title")
		},
	},
	"POST /o/:org/sops/:id/discard": {func(t *testing.T, w *world, _ *store.Tenant) call {
		draft := w.draft(t, w.owner)
		return at("/sops/%s/discard", draft.ID).with("revision", draft.Revision)
	}},
	"POST /o/:org/sops/:id/submit": {func(t *testing.T, w *world, _ *store.Tenant) call {
		draft := w.draft(t, w.owner)
		return at("/sops/%s/submit", draft.ID).with("revision", draft.Revision)
	}},
	"POST /o/:org/sops/:id/return": {func(t *testing.T, w *world, actor *store.Tenant) call {
		version := w.inReview(t, w.author(actor))
		return at("/sops/%s/return", version.ID).with("revision", version.Revision, "reason", "Not yet.")
	}},
	"POST /o/:org/sops/:id/certify": {
		func(t *testing.T, w *world, _ *store.Tenant) call {
			version := w.inReview(t, w.owner)
			return at("/sops/%s/certify", version.ID).with("revision", version.Revision, "reason", "Checked.")
		},
		func(t *testing.T, w *world, _ *store.Tenant) call { // the next version, while a change to the first is proposed
			first := w.certified(t, w.owner)
			w.submitted(t, w.owner, first.ID)
			next := got[uuid.UUID](t)(w.owner.NewVersion(t.Context(), first.ID))
			if err := w.owner.SubmitSOP(t.Context(), next, 1); err != nil {
				t.Fatal(err)
			}
			return at("/sops/%s/certify", next).with("revision", got[store.SOP](t)(w.owner.SOP(t.Context(), next)).Revision)
		},
	},
	"POST /o/:org/sops/:id/deprecate": {
		func(t *testing.T, w *world, _ *store.Tenant) call {
			first := w.certified(t, w.owner)
			w.submitted(t, w.owner, first.ID)
			return at("/sops/%s/deprecate", first.ID).with("revision", first.Revision, "reason", "Out of use.")
		},
		func(t *testing.T, w *world, _ *store.Tenant) call { // the only procedure of an active surrogate
			id := w.surrogateIn(t, store.ActivateSurrogate)
			page := got[store.SurrogatePage](t)(w.owner.Surrogate(t.Context(), id))
			version := got[store.SOP](t)(w.owner.SOP(t.Context(), page.Procedures[0].ID))
			return at("/sops/%s/deprecate", version.ID).with("revision", version.Revision, "reason", "Out of use.")
		},
	},
}

// proposalCalls are the uses of proposals.
var proposalCalls = map[string][]caller{
	"GET /o/:org/sops/:id/propose": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/propose", w.certified(t, w.owner).ID)
	}},
	"POST /o/:org/sops/:id/propose": {func(t *testing.T, w *world, _ *store.Tenant) call {
		return at("/sops/%s/propose", w.certified(t, w.owner).ID).with("title", "Faster", "rationale", "It is slow.")
	}},
	"GET /o/:org/proposals/:id":             {proposalPage("")},
	"GET /o/:org/proposals/:id/change.json": {proposalPage("/change.json")},
	"GET /o/:org/proposals/:id/edit":        {proposalPage("/edit")},
	"GET /o/:org/proposals/:id/texts":       {proposalPage("/texts")},
	"GET /o/:org/proposals/:id/rebase": {func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/proposals/%s/rebase", w.stale(t, w.author(actor)).ID)
	}},
	"POST /o/:org/proposals/:id/edit": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p := w.proposal(t, w.author(actor), w.certified(t, w.owner).ID)
		return at("/proposals/%s/edit", p.ID).with("op", "add-step", "revision", p.EditRevision, "type", "ASSESSMENT", "label", "Look again",
			"place", "after:"+p.Graph.Nodes[0].ID)
	}},
	"POST /o/:org/proposals/:id/texts": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p := w.proposal(t, w.author(actor), w.certified(t, w.owner).ID)
		return at("/proposals/%s/texts", p.ID).with("title", "Other title", "rationale", "Because.", "revision", p.EditRevision)
	}},
	"POST /o/:org/proposals/:id/submit": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p := w.proposal(t, w.author(actor), w.certified(t, w.owner).ID)
		return at("/proposals/%s/submit", p.ID).with("revision", p.EditRevision, "note", "Ready.")
	}},
	"POST /o/:org/proposals/:id/rebase": {
		func(t *testing.T, w *world, actor *store.Tenant) call {
			p := w.stale(t, w.author(actor))
			return at("/proposals/%s/rebase", p.ID).with("revision", p.EditRevision, "onto", p.CertifiedID)
		},
		func(t *testing.T, w *world, actor *store.Tenant) call { // the certified version has the whole change already
			base := w.certified(t, w.owner)
			p := w.submitted(t, w.author(actor), base.ID)
			same := w.approved(t, w.owner, base.ID)
			got[uuid.UUID](t)(w.person(t, store.Reviewer).ApplyProposal(t.Context(), same.ID, same.Revision))
			p = got[store.Proposal](t)(w.owner.Proposal(t.Context(), p.ID))
			return at("/proposals/%s/rebase", p.ID).with("revision", p.EditRevision, "onto", p.CertifiedID)
		},
	},
	"POST /o/:org/proposals/:id/withdraw": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p := w.submitted(t, w.author(actor), w.certified(t, w.owner).ID)
		return at("/proposals/%s/withdraw", p.ID).with("status", p.Status, "revision", p.EditRevision)
	}},
	"POST /o/:org/proposals/:id/review": {reviewAs(store.VerdictApprove), reviewAs(store.VerdictRequestChanges), reviewAs(store.VerdictReject)},
	"POST /o/:org/proposals/:id/apply": {func(t *testing.T, w *world, _ *store.Tenant) call {
		base := w.certified(t, w.owner)
		w.submitted(t, w.owner, base.ID) // another one, which becomes stale
		p := w.approved(t, w.owner, base.ID)
		return at("/proposals/%s/apply", p.ID).with("revision", p.Revision)
	}},
	"POST /o/:org/proposals/:id/viewed": {func(t *testing.T, w *world, _ *store.Tenant) call {
		p := w.submitted(t, w.owner, w.certified(t, w.owner).ID)
		return at("/proposals/%s/viewed", p.ID).with("revision", p.Revision, "step", sop.Compare(p.Base, p.Graph).Nodes[0].ID, "viewed", "on")
	}},
	"POST /o/:org/proposals/:id/comments": {func(t *testing.T, w *world, _ *store.Tenant) call {
		p := w.submitted(t, w.owner, w.certified(t, w.owner).ID)
		return at("/proposals/%s/comments", p.ID).with("revision", p.Revision, "target", "GRAPH", "body", "Why?")
	}},
	"POST /o/:org/proposals/:id/comments/:thread/resolve": {func(t *testing.T, w *world, _ *store.Tenant) call {
		p := w.submitted(t, w.owner, w.certified(t, w.owner).ID)
		return at("/proposals/%s/comments/%s/resolve", p.ID, w.thread(t, p)).with()
	}},
	"POST /o/:org/proposals/:id/comments/:thread/reopen": {func(t *testing.T, w *world, _ *store.Tenant) call {
		p := w.submitted(t, w.owner, w.certified(t, w.owner).ID)
		thread := w.thread(t, p)
		if err := w.owner.ResolveThread(t.Context(), p.ID, thread); err != nil {
			t.Fatal(err)
		}
		return at("/proposals/%s/comments/%s/reopen", p.ID, thread).with()
	}},
}

func proposalPage(below string) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		return at("/proposals/%s%s", w.proposal(t, w.author(actor), w.certified(t, w.owner).ID).ID, below)
	}
}

func reviewAs(verdict store.Verdict) caller {
	return func(t *testing.T, w *world, _ *store.Tenant) call {
		p := w.submitted(t, w.owner, w.certified(t, w.owner).ID)
		return at("/proposals/%s/review", p.ID).with("revision", strconv.Itoa(p.Revision), "verdict", verdict, "reason", "Looked at it.")
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
