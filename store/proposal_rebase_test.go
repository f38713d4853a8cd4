package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/storetest"
)

// twoProposals are both submitted; the first is applied. Both give step n1 another label.
func twoProposals(t *testing.T) (reviewTeam, uuid.UUID, uuid.UUID) {
	t.Helper()
	team := newReviewTeam(t)
	ids := []uuid.UUID{}
	for _, label := range []string{"Theirs", "Ours"} {
		id, err := team.author.ProposeChange(t.Context(), team.base.ID, store.NewProposal{Title: label, Rationale: "Because."})
		if err != nil {
			t.Fatal(err)
		}
		team.relabel(t, id, "n1", label)
		ids = append(ids, id)
	}
	team.relabel(t, ids[1], "n2", "Only ours")
	for _, id := range ids {
		team.submit(t, id)
		team.approve(t, team.rita, id, 1)
	}
	if _, err := team.rita.ApplyProposal(t.Context(), ids[0], 1); err != nil {
		t.Fatal(err)
	}
	return team, ids[0], ids[1]
}

func TestAStaleProposalIsRebasedBeforeItIsApplied(t *testing.T) {
	t.Parallel()
	team, _, stale := twoProposals(t)
	p := team.read(t, stale)
	if !p.Stale() || len(p.History) == 0 || p.History[0].Action != store.ProposalBecameStale {
		t.Errorf("stale %v, history %+v", p.Stale(), p.History)
	}
	if _, err := team.rita.ApplyProposal(t.Context(), stale, 1); !errors.Is(err, store.ErrConflict) {
		t.Errorf("applied a stale proposal: %v", err)
	}
	if err := team.author.SubmitProposal(t.Context(), stale, p.EditRevision, ""); !errors.Is(err, store.ErrConflict) {
		t.Errorf("submitted a stale proposal: %v", err)
	}
	r, err := team.author.RebaseOf(t.Context(), stale)
	if err != nil || len(r.Choices()) != 1 || r.Choices()[0].Theirs != "Theirs" {
		t.Fatalf("rebase: %+v (%v)", r.Conflicts, err)
	}
	var bad store.Invalid
	if _, err := team.author.RebaseProposal(t.Context(), stale, p.EditRevision, r.Onto.ID, nil); !errors.As(err, &bad) || bad[store.ChoiceField(0)] == "" {
		t.Errorf("rebased without a choice: %v", err)
	}
	if _, err := team.author.RebaseProposal(t.Context(), stale, p.EditRevision, team.base.ID, nil); !errors.Is(err, store.ErrConflict) {
		t.Errorf("rebased onto another version: %v", err)
	}
	if _, err := team.rita.RebaseProposal(t.Context(), stale, p.EditRevision, r.Onto.ID, nil); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("a reviewer rebased: %v", err)
	}
	gone, err := team.author.RebaseProposal(t.Context(), stale, p.EditRevision, r.Onto.ID, []sop.Choice{sop.ChooseOurs})
	if err != nil || gone {
		t.Fatalf("rebase: %v %v", gone, err)
	}
	p = team.read(t, stale)
	if p.Stale() || p.Status != store.ProposalChangesRequested || p.BaseVersion != 2 || p.Reviews[0].VoidedAt == nil || !p.Unsubmitted() {
		t.Errorf("rebased: %s on v%d, reviews %+v", p.Status, p.BaseVersion, p.Reviews)
	}
	team.submit(t, stale)
	team.approve(t, team.remo, stale, 2)
	version, err := team.remo.ApplyProposal(t.Context(), stale, 2)
	if err != nil {
		t.Fatal(err)
	}
	made, err := team.author.SOPPage(t.Context(), version)
	if err != nil || made.Version != 3 || !made.Proof.Holds() || made.Proof.Signed() != 1 {
		t.Errorf("made v%d, %+v (%v)", made.Version, made.Proof, err)
	}
	if n1, _ := made.Graph.Node("n1"); n1.Label != "Ours" {
		t.Errorf("n1 is %q", n1.Label)
	}
}

func TestARebaseThatLeavesNothingSupersedes(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	first, second := team.propose(t, "One"), team.propose(t, "The same")
	team.submit(t, first)
	team.approve(t, team.rita, first, 1)
	if _, err := team.rita.ApplyProposal(t.Context(), first, 1); err != nil {
		t.Fatal(err)
	}
	r, err := team.author.RebaseOf(t.Context(), second)
	if err != nil || len(r.Choices()) != 0 {
		t.Fatalf("%+v (%v)", r.Conflicts, err)
	}
	gone, err := team.author.RebaseProposal(t.Context(), second, r.EditRevision, r.Onto.ID, nil)
	if err != nil || !gone || team.read(t, second).Status != store.ProposalIsSuperseded {
		t.Errorf("superseded %v (%v)", gone, err)
	}
}

func TestAVersionInReviewKeepsAProposalFromBeingApplied(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	team.submit(t, id)
	team.approve(t, team.rita, id, 1)
	draft, err := team.author.NewVersion(t.Context(), team.base.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := team.author.SubmitSOP(t.Context(), draft, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := team.rita.ApplyProposal(t.Context(), id, 1); !errors.Is(err, store.ErrConflict) {
		t.Errorf("applied: %v", err)
	}
	if p := team.read(t, id); p.InReview != 2 {
		t.Errorf("in review: %d", p.InReview)
	}
}

// race runs 50 times at once and counts what took place; everything else has to be a conflict.
func race(t *testing.T, do func(i int) error) int {
	t.Helper()
	var wait sync.WaitGroup
	results := make([]error, 50)
	for i := range results {
		wait.Go(func() { results[i] = do(i) })
	}
	wait.Wait()
	done := 0
	for _, err := range results {
		switch {
		case err == nil:
			done++
		case !errors.Is(err, store.ErrConflict):
			t.Errorf("unexpected: %v", err)
		}
	}
	return done
}

// entries counts the audit entries about a proposal.
func entries(t *testing.T, tenant *store.Tenant, id uuid.UUID, action store.Action) int {
	t.Helper()
	var n int
	schema := tenantSchema(tenant)
	err := storetest.Behind(t).QueryRow(t.Context(), `
		select count(*) from `+schema+`.audit_entries where object_id = $1 and action = $2`, id, string(action)).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOfManyVerdictsOneCounts(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	team.submit(t, id)
	verdicts := []store.Verdict{store.VerdictApprove, store.VerdictRequestChanges, store.VerdictReject}
	done := race(t, func(i int) error {
		return []*store.Tenant{team.rita, team.remo}[i%2].Review(t.Context(), id, 1, verdicts[i%3], fmt.Sprint("Verdict ", i))
	})
	if p := team.read(t, id); done != 1 || len(p.Reviews) != 1 || p.Status == store.ProposalOpen {
		t.Errorf("%d verdicts, %d reviews, %s", done, len(p.Reviews), p.Status)
	}
	if n := entries(t, team.author, id, store.ProposalReviewed); n != 1 {
		t.Errorf("%d audit entries", n)
	}
}

func TestOfManyApplicationsOneTakesPlace(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	team.submit(t, id)
	team.approve(t, team.rita, id, 1)
	done := race(t, func(i int) error {
		_, err := []*store.Tenant{team.rita, team.remo}[i%2].ApplyProposal(t.Context(), id, 1)
		return err
	})
	versions, err := team.author.SOPVersions(t.Context(), team.base.ID)
	if done != 1 || err != nil || len(versions) != 2 {
		t.Errorf("%d took place, %d versions (%v)", done, len(versions), err)
	}
	if n := entries(t, team.author, id, store.ProposalApplied); n != 1 {
		t.Errorf("%d audit entries", n)
	}
	if p := team.read(t, id); p.AppliedID == nil || *p.AppliedID != versions[0].ID {
		t.Errorf("applied as %v", p.AppliedID)
	}
}

func TestNumbersHaveNoGapsUnderLoad(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	if done := race(t, func(i int) error {
		_, err := team.author.ProposeChange(t.Context(), team.base.ID, store.NewProposal{Title: fmt.Sprint("No. ", i), Rationale: "Because."})
		return err
	}); done != 50 {
		t.Errorf("%d were made", done)
	}
	list, err := team.author.Proposals(t.Context(), store.ProposalFilter{Query: "50"})
	if err != nil || len(list.Items) == 0 || list.Items[0].Number != 50 {
		t.Errorf("%+v (%v)", list.Items, err)
	}
}
