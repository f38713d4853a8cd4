package browsertest

import (
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

// syntheses are two that are written about a signal and one that waits, and a cluster without any.
func (w *world) syntheses(t *testing.T) {
	t.Helper()
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Status = "Round on deck two", signal.Active
	draft.Payload = signal.Document{Content: "The pump leaks oil every morning. Nobody has repaired it.", Format: signal.Plain}
	w.observed = must(w.owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))(t)
	for i := range w.written {
		w.written[i] = must(w.owner.AskSynthesis(t.Context(), store.Subject{Signal: w.observed}, synthesis.Mirror))(t)
		storetest.Inside(t, w.owner, `
			update syntheses set work = 'DONE', provider = 'built-in', model = 'extractive/1', body = 'The pump leaks oil every morning. [1]',
				sources = jsonb_build_array(jsonb_build_object('signal', signal_id, 'from', 0, 'to', 33)), signal_ids = array[signal_id],
				content = '{"sentences": 2, "words": 10}'
			where id = $1`, w.written[i])
	}
	for _, purpose := range store.Purposes[:2] {
		must(0, w.owner.GrantConsent(t.Context(), "night-shift", store.NewConsent{Purpose: purpose, Scope: store.WithTags, Tags: []string{"deck"}}))(t)
	}
	w.waiting = must(w.owner.AskSynthesis(t.Context(), store.Subject{Signal: w.observed}, synthesis.Surface))(t)
	budget := 2000
	w.model = must(w.owner.AddLLMAccount(t.Context(), store.LLMAccountInput{Name: "Parrot", BaseURL: "https://llm.example/v1", Model: "parrot-1", Key: "secret",
		PriceIn: 300, PriceOut: 1500, Budget: &budget, MaxTokens: 1000, MaxChars: 20_000, Timeout: 30}))(t)
	for i, outcome := range []string{"DONE", "FAILED"} {
		call := uuid.New()
		storetest.Inside(t, w.owner, `select gate.book_llm_call($1, $2, $3, null, 1200)`, call, w.model, []string{"SYNTHESIS", "TEST"}[i])
		storetest.Inside(t, w.owner, `select gate.settle_llm_call($1, $2, $3, 1400, 1200, 80)`, call, outcome, []string{"", "The provider refused the key."}[i])
	}
	w.grouped = must(w.owner.CreateCluster(t.Context(), "night-shift", store.ClusterInput{Type: "COLLECTION", Title: "Pumps", Parent: uuid.Nil}))(t)
	w.evidence(t)
}

// evidence is a proposal that grew from a synthesis, and a procedure that did; both wait for their author.
func (w *world) evidence(t *testing.T) {
	t.Helper()
	w.evident = must(w.owner.ProposeFromEvidence(t.Context(), w.current, store.NewProposal{Title: "Look for oil every morning", Rationale: "See [1] and [2]."},
		store.NewEvidence{Origin: store.EvidenceOrigin{Synthesis: w.written[0]}, Citations: []store.Citation{
			{Number: 1, Signal: w.observed, Length: 33}, {Number: 2, Signal: w.signals[0]}}}))(t)
	w.begun = must(w.owner.StartSOPFromEvidence(t.Context(),
		store.NewSOP{SurrogateID: w.surrogate, Origin: store.FromNothing, Title: "Oil the pump", Description: "See [1]."},
		store.NewEvidence{Origin: store.EvidenceOrigin{Synthesis: w.written[0]}, Citations: []store.Citation{{Number: 1, Signal: w.observed, Length: 33}}}))(t)
}
