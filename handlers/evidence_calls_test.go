package handlers_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

// grown is a proposal of the author's that rests on a cluster and its first signal, with the cluster's signals.
func (w *world) grown(t *testing.T, actor *store.Tenant) (store.Proposal, []uuid.UUID) {
	t.Helper()
	author := w.author(actor)
	_, cluster, members := w.group(t, author)
	id := got[uuid.UUID](t)(author.ProposeFromEvidence(t.Context(), w.certified(t, w.owner).ID, store.NewProposal{Title: "Oil it", Rationale: "See [1]."},
		store.NewEvidence{Origin: store.EvidenceOrigin{Cluster: cluster}, Citations: []store.Citation{{Number: 1, Signal: members[0]}}}))
	return got[store.Proposal](t)(author.Proposal(t.Context(), id)), members
}

// startedDraft is a draft procedure of the author's that rests on a cluster and its first signal, with the cluster's signals.
func (w *world) startedDraft(t *testing.T, actor *store.Tenant) (store.SOPPage, []uuid.UUID) {
	t.Helper()
	author := w.author(actor)
	_, cluster, members := w.group(t, author)
	id := got[uuid.UUID](t)(author.StartSOPFromEvidence(t.Context(),
		store.NewSOP{SurrogateID: w.surrogate, Origin: store.FromNothing, Title: "Oil it", Description: "See [1]."},
		store.NewEvidence{Origin: store.EvidenceOrigin{Cluster: cluster}, Citations: []store.Citation{{Number: 1, Signal: members[0]}}}))
	return got[store.SOPPage](t)(author.SOPPage(t.Context(), id)), members
}

// propose is the form that starts a proposal from the path; the fields say what else.
func propose(from string, fields ...any) caller {
	return func(t *testing.T, w *world, actor *store.Tenant) call {
		var id, signal uuid.UUID
		if from == "clusters" {
			_, cluster, members := w.group(t, actor)
			id, signal = cluster, members[0]
		} else {
			text := w.aSynthesis(t, actor)
			id, signal = text.ID, *text.SignalID
		}
		return at("/%s/%s/propose", from, id).with(append(fields, "sop", w.certified(t, w.owner).ID, "surrogate", w.surrogate, "title", "Oil it",
			"rationale", "See [1].", "at", fmt.Sprintf("1.%s.0.0", signal), "cite", 1)...)
	}
}

// evidenceCalls are the uses of evidence.
var evidenceCalls = map[string][]caller{
	"GET /o/:org/clusters/:id/propose":   {onCluster("/clusters/%s/propose")},
	"POST /o/:org/clusters/:id/propose":  {propose("clusters"), propose("clusters", "new", 1)},
	"GET /o/:org/syntheses/:id/propose":  {onSynthesis("/propose")},
	"POST /o/:org/syntheses/:id/propose": {propose("syntheses"), propose("syntheses", "new", 1)},
	"GET /o/:org/proposals/:id/evidence": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p, _ := w.grown(t, actor)
		return at("/proposals/%s/evidence", p.ID)
	}},
	"POST /o/:org/proposals/:id/evidence": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p, members := w.grown(t, actor)
		return at("/proposals/%s/evidence", p.ID).with("ids", members[1])
	}},
	"POST /o/:org/proposals/:id/evidence/:evidence/remove": {func(t *testing.T, w *world, actor *store.Tenant) call {
		p, _ := w.grown(t, actor)
		page := got[store.ProposalPage](t)(w.author(actor).ProposalPage(t.Context(), p.ID, 0, 0))
		return at("/proposals/%s/evidence/%s/remove", p.ID, page.Evidence.Shown[0].ID).with()
	}},
	"GET /o/:org/sops/:id/evidence": {func(t *testing.T, w *world, actor *store.Tenant) call {
		draft, _ := w.startedDraft(t, actor)
		return at("/sops/%s/evidence", draft.ID)
	}},
	"POST /o/:org/sops/:id/evidence": {func(t *testing.T, w *world, actor *store.Tenant) call {
		draft, members := w.startedDraft(t, actor)
		return at("/sops/%s/evidence", draft.ID).with("ids", members[1])
	}},
	"POST /o/:org/sops/:id/evidence/:evidence/remove": {func(t *testing.T, w *world, actor *store.Tenant) call {
		draft, _ := w.startedDraft(t, actor)
		return at("/sops/%s/evidence/%s/remove", draft.ID, draft.Evidence.Shown[0].ID).with()
	}},
}
