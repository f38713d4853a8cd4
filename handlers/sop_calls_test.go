package handlers_test

import (
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

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
