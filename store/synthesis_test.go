package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
	"surrealm/store/synthesis"
)

func TestASynthesisLives(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	about := store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks oil. The oil of the pump is black. Nobody repaired the pump.")}
	first := written(t, ada, about, synthesis.Mirror)
	if first.Work != "DONE" || first.State != "DRAFT" || first.Provider != "built-in" || first.Model != "extractive/1" || len(first.Lines) == 0 {
		t.Fatalf("the first: %+v", first)
	}
	for _, line := range first.Lines {
		if !line.Verbatim || line.Signal != about.Signal || line.Title != "Pump" {
			t.Errorf("a line without its passage: %+v", line)
		}
	}
	if err := ada.EditSynthesis(t.Context(), first.ID, first.Revision, first.Body+"\r\nWe have to act."); err != nil {
		t.Fatal(err)
	}
	if err := ada.EditSynthesis(t.Context(), first.ID, first.Revision, "Too late"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a stale edit: %v", err)
	}
	edited := opened(t, ada, first.ID)
	if last := edited.Lines[len(edited.Lines)-1]; last.Text != "We have to act." || last.Source != nil || edited.EditedAt == nil {
		t.Errorf("after the edit: %+v", edited.Lines)
	}
	if err := ada.ConfirmSynthesis(t.Context(), first.ID, edited.Revision); err != nil {
		t.Fatal(err)
	}
	if err := ada.RateSynthesis(t.Context(), first.ID, 4); err != nil {
		t.Fatal(err)
	}
	if err := ada.RateSynthesis(t.Context(), first.ID, 6); !errors.As(err, &store.Invalid{}) {
		t.Errorf("six of five: %v", err)
	}

	second, err := ada.RegenerateSynthesis(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ada.RegenerateSynthesis(t.Context(), first.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("two at a time: %v", err)
	}
	if err := ada.WriteSynthesis(t.Context(), second, builtIn); err != nil {
		t.Fatal(err)
	}
	if state := opened(t, ada, first.ID).State; state != "CONFIRMED" {
		t.Errorf("a draft superseded: %s", state)
	}
	if err := ada.ConfirmSynthesis(t.Context(), second, 1); err != nil {
		t.Fatal(err)
	}
	if before := opened(t, ada, first.ID); before.State != "SUPERSEDED" || *before.Rating != 4 || len(before.Others) != 1 {
		t.Errorf("the first is %s", before.State)
	}
	if err := ada.DeleteSynthesis(t.Context(), first.ID); err != nil {
		t.Fatal(err)
	}
	list, err := ada.Syntheses(t.Context(), about)
	if err != nil || len(list.Items) != 1 || list.Items[0].ID != second || list.Items[0].Supersedes != nil {
		t.Errorf("left are %+v, %v", list.Items, err)
	}
}

func TestWritingIsStoppedAndTriedAgain(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	about := store.Subject{Signal: note(t, ada, "", "Pump", "The pump leaks.")}
	id, err := ada.AskSynthesis(t.Context(), about, synthesis.Surface)
	if err != nil {
		t.Fatal(err)
	}
	if err := ada.StopSynthesis(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := ada.WriteSynthesis(t.Context(), id, builtIn); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("stopped work was done: %v", err)
	}
	if err := ada.RetrySynthesis(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if err := ada.WriteSynthesis(t.Context(), id, builtIn); err != nil || opened(t, ada, id).Work != "DONE" {
		t.Errorf("the second try: %v", err)
	}
	if _, err := ada.AskSynthesis(t.Context(), about, synthesis.Patterns); !errors.As(err, &store.Invalid{}) {
		t.Errorf("patterns of one signal: %v", err)
	}
}

// No text of a person without consent, and no PRIVATE signal of another, ever reaches a provider.
func TestNoProviderReadsWhatNobodyAllowed(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben, cai := storetest.Join(t, ada, store.Member, "Ben"), storetest.Join(t, ada, store.Member, "Cai")
	realm := sharedRealm(t, ada, ben, "CONTRIBUTOR")
	if err := ada.InviteToRealm(t.Context(), realm, cai.User.ID, store.Contributor); err != nil {
		t.Fatal(err)
	}
	if err := cai.AnswerRealmInvitation(t.Context(), realm, true); err != nil {
		t.Fatal(err)
	}
	const canary = "canary"
	as := func(v signal.Visibility, tags ...string) func(*signal.Draft) {
		return func(d *signal.Draft) { d.Visibility, d.Tags = v, tags }
	}
	own := note(t, ada, realm, "Ada on pumps", "The pump leaks oil every morning.")
	bens := note(t, ben, realm, "Ben on pumps", "The pump leaks oil every evening.", as(signal.Sanctum, "work"))
	all := []uuid.UUID{own, bens,
		note(t, ben, realm, "Ben's "+canary, "A canary about the pump that leaks oil.", as(signal.Shared, "home")),
		note(t, cai, realm, "Cai's "+canary, "A canary about the pump that leaks oil.", as(signal.Shared)),
	}
	hidden := note(t, ben, realm, "Ben's private "+canary, "A canary about the pump that leaks oil.", as(signal.Private, "work"))
	cluster := clusterOf(t, ada, realm, all...)
	if err := ben.AddToCluster(t.Context(), cluster, []uuid.UUID{hidden}); err != nil && !errors.Is(err, store.ErrForbidden) {
		t.Fatal(err)
	}
	if err := ada.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToReflect, Scope: store.AllOfMine}); err != nil {
		t.Fatal(err)
	}
	if err := ben.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToReflect, Scope: store.WithTags, Tags: []string{"work"}}); err != nil {
		t.Fatal(err)
	}

	inside, outside := &recorder{BuiltIn: builtIn}, &recorder{BuiltIn: builtIn, external: true}
	for _, provider := range []*recorder{inside, outside} {
		for name, member := range map[string]*store.Tenant{"Ada": ada, "Ben": ben, "Cai": cai} {
			provider.by = name
			for _, kind := range synthesis.OfCluster {
				id, err := member.AskSynthesis(t.Context(), store.Subject{Cluster: cluster}, kind)
				if err != nil {
					t.Fatal(err)
				}
				if err := member.WriteSynthesis(t.Context(), id, provider); err != nil && !(provider.external && errors.As(err, new(store.Conflict))) {
					t.Fatal(err)
				}
				if page := opened(t, member, id); !provider.external && (page.LeftOut < 2 || page.Consents != 2 || len(page.SignalIDs) != 2) {
					t.Errorf("%s left out %d, rests on %d consents and %d signals", kind, page.LeftOut, page.Consents, len(page.SignalIDs))
				}
				_ = member.StopSynthesis(t.Context(), id)
			}
			for _, about := range all {
				for _, kind := range synthesis.OfSignal {
					id, err := member.AskSynthesis(t.Context(), store.Subject{Signal: about}, kind)
					if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					if member == ada { // others may describe what is their own
						if err := member.WriteSynthesis(t.Context(), id, provider); err != nil && !errors.Is(err, store.ErrConflict) {
							t.Fatal(err)
						}
					}
					_ = member.StopSynthesis(t.Context(), id)
				}
			}
		}
	}
	if len(inside.read) < 20 {
		t.Fatalf("the provider was given %d texts", len(inside.read))
	}
	for _, text := range inside.read {
		if strings.Contains(text, canary) {
			t.Errorf("the provider was given %q", text)
		}
	}
	for _, text := range outside.read { // Ada and Ben allow it to this server only: outside goes what is one's own
		if by, rest, _ := strings.Cut(text, " reads "); !strings.HasPrefix(rest, by) {
			t.Errorf("a provider outside was given %q", text)
		}
	}
}

func TestARevokedConsentExcludesAtOnceAndMarks(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	realm := sharedRealm(t, ada, ben, "OBSERVER")
	if err := ada.ChangeRealmRole(t.Context(), realm, ben.User.ID, store.Observer, store.Contributor); err != nil {
		t.Fatal(err)
	}
	own, bens := note(t, ada, realm, "Ada", "The pump leaks oil every morning."), note(t, ben, realm, "Ben", "The valve sticks in the cold.")
	about := store.Subject{Cluster: clusterOf(t, ada, realm, own, bens)}
	for _, member := range []*store.Tenant{ada, ben} {
		if err := member.GrantConsent(t.Context(), realm, store.NewConsent{Purpose: store.ToReflect, Scope: store.AllOfMine}); err != nil {
			t.Fatal(err)
		}
	}
	before := written(t, ada, about, synthesis.Narrative)
	if before.TaintedAt != nil || before.LeftOut != 0 || len(before.Lines) != 2 {
		t.Fatalf("with both: %+v", before)
	}
	// Revoked while it is written: what was read is thrown away.
	late, err := ada.AskSynthesis(t.Context(), about, synthesis.Mirror)
	if err != nil {
		t.Fatal(err)
	}
	revokes := revoker{builtIn, func() { must(t, ben.RevokeConsent(t.Context(), realm, store.ToReflect)) }}
	if err := ada.WriteSynthesis(t.Context(), late, revokes); err == nil || opened(t, ada, late).Work != "RUNNING" {
		t.Errorf("what was revoked meanwhile was kept: %v", err)
	}
	if after := opened(t, ada, before.ID); after.TaintedAt == nil {
		t.Error("nothing marks what rests on it")
	}
	if after := written(t, ada, about, synthesis.Symbolic); after.LeftOut != 1 || len(after.SignalIDs) != 1 {
		t.Errorf("after the revocation: %d left out of %d", after.LeftOut, len(after.SignalIDs))
	}
	// What the reader may not see any more is withheld.
	found, err := ben.Signal(t.Context(), bens)
	must(t, err)
	found.Draft.Visibility = signal.Private
	must(t, ben.UpdateSignal(t.Context(), bens, found.Revision, found.Draft))
	if after := opened(t, ada, before.ID); after.Withheld != 1 || len(after.Lines) != 1 || after.Body != "" || after.Content.Words != 0 {
		t.Errorf("what turned private is shown: %+v", after)
	}
	if err := ada.EditSynthesis(t.Context(), before.ID, before.Revision, "Mine"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an edit over what is withheld: %v", err)
	}
}
