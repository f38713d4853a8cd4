package handlers_test

import (
	"strconv"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
)

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
