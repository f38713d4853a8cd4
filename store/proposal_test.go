package store_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// reviewTeam is an author with a certified sample, and reviewers.
type reviewTeam struct {
	author, rita, remo *store.Tenant
	base               store.SOP
	change             library.Sample
}

func newReviewTeam(t *testing.T) reviewTeam {
	t.Helper()
	author := storetest.Owner(t)
	team := reviewTeam{
		author: author, change: library.Samples()[0],
		rita: storetest.Join(t, author, store.Reviewer, "Rita Reviewer"),
		remo: storetest.Join(t, author, store.Reviewer, "Remo Reviewer"),
	}
	draft := sampleSOP(t, author)
	certified(t, author, team.rita, draft.ID)
	team.base = read(t, author, draft.ID)
	return team
}

// propose starts a proposal with the sample's change.
func (team reviewTeam) propose(t *testing.T, title string) uuid.UUID {
	t.Helper()
	id, err := team.author.ProposeChange(t.Context(), team.base.ID, store.NewProposal{Title: title, File: string(team.change.ChangeJSON)})
	if err != nil {
		t.Fatalf("propose: %v", err)
	}
	return id
}

func (team reviewTeam) read(t *testing.T, id uuid.UUID) store.ProposalPage {
	t.Helper()
	page, err := team.author.ProposalPage(t.Context(), id, 0, 0)
	if err != nil {
		t.Fatalf("proposal: %v", err)
	}
	return page
}

func (team reviewTeam) submit(t *testing.T, id uuid.UUID) store.ProposalPage {
	t.Helper()
	if err := team.author.SubmitProposal(t.Context(), id, team.read(t, id).EditRevision, ""); err != nil {
		t.Fatalf("submit: %v", err)
	}
	return team.read(t, id)
}

// relabel is one small edit of the proposal.
func (team reviewTeam) relabel(t *testing.T, id uuid.UUID, node, label string) {
	t.Helper()
	ref := store.DraftRef{Kind: store.ProposalDraft, ID: id}
	draft := draftOf(t, team.author, ref)
	step, _ := draft.Graph.Node(node)
	step.Label = label
	if _, err := team.author.EditDraft(t.Context(), ref, draft.Revision, sop.ChangeNode{Node: step}); err != nil {
		t.Fatalf("edit: %v", err)
	}
}

func (team reviewTeam) approve(t *testing.T, who *store.Tenant, id uuid.UUID, revision int) {
	t.Helper()
	if err := who.Review(t.Context(), id, revision, store.VerdictApprove, "Good."); err != nil {
		t.Fatalf("approve: %v", err)
	}
}

func TestEverySamplesChangeGoesFromProposalToVersion(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	rita := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	for _, sample := range library.Samples() {
		document, err := sop.ParseDocument(sample.JSON)
		if err != nil {
			t.Fatal(err)
		}
		sopID, err := author.CreateSOP(t.Context(), store.NewSOP{
			SurrogateID: surrogateFor(t, author, document), Origin: store.FromFile, File: string(sample.JSON),
		})
		if err != nil {
			t.Fatalf("%s: %v", sample.Slug, err)
		}
		certified(t, author, rita, sopID)
		team := reviewTeam{author: author, rita: rita, base: read(t, author, sopID), change: sample}
		id := team.propose(t, "Change "+sample.Slug)
		if p := team.read(t, id); p.Rationale == "" || p.Status != store.ProposalDrafted || p.Shown.Diff().Empty() {
			t.Errorf("%s: drafted %+v", sample.Slug, p.Status)
		}
		team.submit(t, id)
		team.approve(t, rita, id, 1)
		version, err := rita.ApplyProposal(t.Context(), id, 1)
		if err != nil {
			t.Fatalf("%s: apply: %v", sample.Slug, err)
		}
		made, err := author.SOPPage(t.Context(), version)
		if err != nil || made.Status != store.VersionCertified || made.Version != 2 || !made.Proof.Holds() || made.Proof.Signed() != 1 {
			t.Errorf("%s: made %s v%d, proof %+v (%v)", sample.Slug, made.Status, made.Version, made.Proof, err)
		}
		if made.CreatedBy != author.User.ID || made.Title != team.base.Title || made.PreviousHash != team.base.Hash {
			t.Errorf("%s: version by %s, %q", sample.Slug, made.Author, made.Title)
		}
		if p := team.read(t, id); p.Status != store.ProposalIsApplied || p.AppliedVersion == nil || *p.AppliedVersion != 2 {
			t.Errorf("%s: proposal is %s", sample.Slug, p.Status)
		}
	}
	list, err := author.Proposals(t.Context(), store.ProposalFilter{Scope: store.MyProposals})
	if err != nil || len(list.Items) != len(library.Samples()) || list.Items[0].Number != len(library.Samples()) {
		t.Errorf("list = %+v (%v)", list.Items, err)
	}
}

func TestProposalsNeedATitleReasonsAndACertifiedVersion(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	var bad store.Invalid
	_, err := team.author.ProposeChange(t.Context(), team.base.ID, store.NewProposal{Title: " ", File: "{"})
	if !errors.As(err, &bad) || bad["title"] == "" || bad["rationale"] == "" || bad["file"] == "" {
		t.Errorf("err = %v", err)
	}
	draft, err := team.author.NewVersion(t.Context(), team.base.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := team.author.ProposeChange(t.Context(), draft, store.NewProposal{Title: "A", Rationale: "B"}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a draft: %v", err)
	}
	id, err := team.author.ProposeChange(t.Context(), team.base.ID, store.NewProposal{Title: "A", Rationale: "B"})
	if err != nil {
		t.Fatal(err)
	}
	if err := team.author.SubmitProposal(t.Context(), id, 1, ""); !errors.As(err, &bad) || bad[""] == "" {
		t.Errorf("submitted without a change: %v", err)
	}
	if err := team.rita.ChangeProposal(t.Context(), id, 1, "X", "Y"); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("somebody else edited: %v", err)
	}
	if err := team.author.ChangeProposal(t.Context(), id, 1, "Better title", "Better reasons"); err != nil {
		t.Fatal(err)
	}
	if err := team.author.ChangeProposal(t.Context(), id, 1, "X", "Y"); !errors.Is(err, store.ErrConflict) {
		t.Errorf("stale edit: %v", err)
	}
	if p := team.read(t, id); p.Title != "Better title" || p.Rationale != "Better reasons" || p.EditRevision != 2 {
		t.Errorf("%q %q %d", p.Title, p.Rationale, p.EditRevision)
	}
}

func TestTheAuthorNeitherReviewsNorApplies(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	team.submit(t, id)
	var bad store.Invalid
	if err := team.author.Review(t.Context(), id, 1, store.VerdictApprove, "Mine."); !errors.As(err, &bad) {
		t.Errorf("own review: %v", err)
	}
	team.approve(t, team.rita, id, 1)
	if _, err := team.author.ApplyProposal(t.Context(), id, 1); !errors.As(err, &bad) {
		t.Errorf("own application: %v", err)
	}
	member := storetest.Join(t, team.author, store.Member, "Mia Member")
	if _, err := member.ApplyProposal(t.Context(), id, 1); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("a member applied: %v", err)
	}
	if _, err := storetest.Owner(t).ProposalPage(t.Context(), id, 0, 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestANewRevisionVoidsVerdictsVisibly(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	if err := team.author.UpdateSettings(t.Context(), 1, team.author.Org.Name, 2); err != nil {
		t.Fatal(err)
	}
	id := team.propose(t, "Change")
	open := team.submit(t, id)
	team.approve(t, team.rita, id, 1)
	if p := team.read(t, id); p.Status != store.ProposalOpen || p.Approvals() != 1 || p.Needed != 2 {
		t.Errorf("after one of two: %s, %d of %d", p.Status, p.Approvals(), p.Needed)
	}
	if err := team.author.SubmitProposal(t.Context(), id, open.EditRevision, ""); !errors.Is(err, store.ErrConflict) {
		t.Errorf("submitted the same again: %v", err)
	}
	if err := team.remo.Review(t.Context(), id, 1, store.VerdictRequestChanges, "Name the owner."); err != nil {
		t.Fatal(err)
	}
	if n, err := team.author.WaitingCount(t.Context()); err != nil || n != 1 {
		t.Errorf("%d wait for the author (%v)", n, err)
	}
	team.relabel(t, id, "n1", "A clearer first step")
	if p := team.read(t, id); !p.Unsubmitted() || p.Status != store.ProposalChangesRequested {
		t.Errorf("edited: unsubmitted %v, %s", p.Unsubmitted(), p.Status)
	}
	p := team.submit(t, id)
	if p.Status != store.ProposalOpen || p.Revision != 2 || p.Approvals() != 0 || p.Unsubmitted() {
		t.Errorf("revised: %s r%d, %d approvals", p.Status, p.Revision, p.Approvals())
	}
	if len(p.Reviews) != 2 || p.Reviews[0].VoidedAt == nil || p.Reviews[1].VoidedAt == nil || !p.Reviews[0].Signature.Verdict.OK {
		t.Errorf("reviews = %+v", p.Reviews)
	}
	if err := team.rita.Review(t.Context(), id, 1, store.VerdictApprove, "Old."); !errors.Is(err, store.ErrConflict) {
		t.Errorf("verdict on an old revision: %v", err)
	}
	since, err := team.rita.ProposalPage(t.Context(), id, 2, 1)
	if changed := since.Shown.Diff(); err != nil || len(changed.Nodes) != 1 || changed.Nodes[0].ID != "n1" || len(changed.Edges) != 0 {
		t.Errorf("since revision 1: %+v (%v)", changed, err)
	}
	for _, none := range []int{-1, 2, 3} {
		if _, err := team.rita.ProposalPage(t.Context(), id, 2, none); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("since revision %d: %v", none, err)
		}
	}
	team.approve(t, team.rita, id, 2)
	team.approve(t, team.remo, id, 2)
	if p := team.read(t, id); p.Status != store.ProposalIsApproved {
		t.Errorf("status %s", p.Status)
	}
}

func TestARejectedOrWithdrawnProposalIsClosed(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	rejected, withdrawn := team.propose(t, "One"), team.propose(t, "Two")
	team.submit(t, rejected)
	if err := team.rita.Review(t.Context(), rejected, 1, store.VerdictReject, "No."); err != nil {
		t.Fatal(err)
	}
	if err := team.rita.WithdrawProposal(t.Context(), withdrawn, store.ProposalDrafted, 1); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("a reviewer withdrew: %v", err)
	}
	seen := team.read(t, withdrawn)
	for name, err := range map[string]error{
		"of another revision": team.author.WithdrawProposal(t.Context(), withdrawn, seen.Status, seen.EditRevision+1),
		"in another state":    team.author.WithdrawProposal(t.Context(), withdrawn, store.ProposalOpen, seen.EditRevision),
	} {
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("withdrew what was seen %s: %v", name, err)
		}
	}
	if err := team.author.WithdrawProposal(t.Context(), withdrawn, seen.Status, seen.EditRevision); err != nil {
		t.Fatal(err)
	}
	for _, id := range []uuid.UUID{rejected, withdrawn} {
		p := team.read(t, id)
		if err := team.author.SubmitProposal(t.Context(), id, p.EditRevision, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s submitted: %v", p.Status, err)
		}
		if err := team.author.WithdrawProposal(t.Context(), id, p.Status, p.EditRevision); !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s withdrawn: %v", p.Status, err)
		}
	}
}

func TestARevokedApprovalCountsNoMore(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	team.submit(t, id)
	team.approve(t, team.rita, id, 1)
	keys, err := team.rita.SigningKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := team.rita.RevokeKey(t.Context(), keys[0].ID, "Lost."); err != nil {
		t.Fatal(err)
	}
	if _, err := team.remo.ApplyProposal(t.Context(), id, 1); !errors.Is(err, store.ErrConflict) {
		t.Errorf("applied on a revoked approval: %v", err)
	}
	team.submit(t, id)
	team.approve(t, team.remo, id, 2)
	if _, err := team.rita.ApplyProposal(t.Context(), id, 2); err != nil {
		t.Errorf("apply: %v", err)
	}
}
