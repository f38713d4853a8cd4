package store_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// sampleSOP imports a full sample as a draft of the tenant's own.
func sampleSOP(t *testing.T, tenant *store.Tenant) store.SOP {
	t.Helper()
	surrogate, err := tenant.CreateSurrogate(t.Context(), surrogateInput("Resuscitation lead"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := tenant.CreateSOP(t.Context(), store.NewSOP{
		SurrogateID: surrogate, Origin: store.FromFile, File: string(library.Samples()[0].JSON),
	})
	if err != nil {
		t.Fatal(err)
	}
	return read(t, tenant, id)
}

func read(t *testing.T, tenant *store.Tenant, id uuid.UUID) store.SOP {
	t.Helper()
	found, err := tenant.SOP(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// certified takes a draft through review.
func certified(t *testing.T, author, reviewer *store.Tenant, id uuid.UUID) {
	t.Helper()
	if err := author.SubmitSOP(t.Context(), id, read(t, author, id).Revision); err != nil {
		t.Fatal(err)
	}
	if done, err := reviewer.CertifySOP(t.Context(), id, read(t, author, id).Revision, "Checked."); err != nil || !done {
		t.Fatalf("certify: %v, %v", done, err)
	}
}

func TestVersionsAreCertifiedInAChain(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	first := sampleSOP(t, author)
	certified(t, author, reviewer, first.ID)
	second, err := author.NewVersion(t.Context(), first.ID)
	if err != nil {
		t.Fatal(err)
	}

	certified(t, author, reviewer, second)

	page, err := author.SOPPage(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if page.PreviousHash != read(t, author, first.ID).Hash || len(page.Proof.Chain) != 2 || !page.Proof.Holds() || page.Proof.Signed() != 1 {
		t.Errorf("proof = %+v", page.Proof)
	}
	if old := read(t, author, first.ID); old.Status != store.VersionDeprecated {
		t.Errorf("the former version is %s", old.Status)
	}
}

func TestNobodyCertifiesTheirOwnWork(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	version := sampleSOP(t, owner)
	if err := owner.SubmitSOP(t.Context(), version.ID, version.Revision); err != nil {
		t.Fatal(err)
	}

	_, err := owner.CertifySOP(t.Context(), version.ID, read(t, owner, version.ID).Revision, "")

	var bad store.Invalid
	if !errors.As(err, &bad) || bad[""] == "" {
		t.Errorf("err = %v", err)
	}
}

func TestCertificationNeedsAsManyPeopleAsTheOrganisationAsks(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	if err := author.UpdateSettings(t.Context(), 1, author.Org.Name, 2); err != nil {
		t.Fatal(err)
	}
	rita := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	remo := storetest.Join(t, author, store.Reviewer, "Remo Reviewer")
	version := sampleSOP(t, author)
	if err := author.SubmitSOP(t.Context(), version.ID, version.Revision); err != nil {
		t.Fatal(err)
	}
	revision := read(t, author, version.ID).Revision

	first, errFirst := rita.CertifySOP(t.Context(), version.ID, revision, "")
	_, errAgain := rita.CertifySOP(t.Context(), version.ID, revision, "")
	second, errSecond := remo.CertifySOP(t.Context(), version.ID, revision, "")

	if first || errFirst != nil || !second || errSecond != nil {
		t.Errorf("first %v %v, second %v %v", first, errFirst, second, errSecond)
	}
	if !errors.Is(errAgain, store.ErrConflict) {
		t.Errorf("the same person counted twice: %v", errAgain)
	}
}

func TestReturningVoidsCertifications(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	if err := author.UpdateSettings(t.Context(), 1, author.Org.Name, 2); err != nil {
		t.Fatal(err)
	}
	rita := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	submit := func() {
		if err := author.SubmitSOP(t.Context(), version.ID, read(t, author, version.ID).Revision); err != nil {
			t.Fatal(err)
		}
	}
	submit()
	if _, err := rita.CertifySOP(t.Context(), version.ID, read(t, author, version.ID).Revision, ""); err != nil {
		t.Fatal(err)
	}
	revision := read(t, author, version.ID).Revision
	if err := rita.ReturnSOP(t.Context(), version.ID, revision, ""); err == nil {
		t.Error("returned without a reason")
	}
	if err := rita.ReturnSOP(t.Context(), version.ID, revision-1, "I saw the draft."); !errors.Is(err, store.ErrConflict) {
		t.Errorf("returned another revision than was seen: %v", err)
	}
	if err := rita.ReturnSOP(t.Context(), version.ID, revision, "Step 4 is unclear."); err != nil {
		t.Fatal(err)
	}
	submit()
	page, err := author.SOPPage(t.Context(), version.ID)
	if err != nil || page.Proof.Signed() != 0 || page.Status != store.VersionInReview {
		t.Errorf("signed %d, status %s (%v)", page.Proof.Signed(), page.Status, err)
	}
}

func TestAnInvalidGraphIsNotSubmitted(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	surrogate, err := owner.CreateSurrogate(t.Context(), surrogateInput("Clerk"))
	if err != nil {
		t.Fatal(err)
	}
	id, err := owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromNothing, Title: "Empty"})
	if err != nil {
		t.Fatal(err)
	}
	var bad store.Invalid
	if err := owner.SubmitSOP(t.Context(), id, 1); !errors.As(err, &bad) {
		t.Errorf("err = %v", err)
	}
}

func TestDeprecatingTheLastProcedurePausesTheSurrogate(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	certified(t, author, reviewer, version.ID)
	if err := author.MoveSurrogate(t.Context(), version.SurrogateID, 1, store.ActivateSurrogate); err != nil {
		t.Fatal(err)
	}

	revision := read(t, author, version.ID).Revision
	if err := reviewer.DeprecateSOP(t.Context(), version.ID, revision-1, "Out of date."); !errors.Is(err, store.ErrConflict) {
		t.Errorf("deprecated another revision than was seen: %v", err)
	}
	if err := reviewer.DeprecateSOP(t.Context(), version.ID, revision, "Out of date."); err != nil {
		t.Fatal(err)
	}

	surrogate, err := author.Surrogate(t.Context(), version.SurrogateID)
	if err != nil || surrogate.Status != store.SurrogateIsPaused {
		t.Errorf("the surrogate is %s (%v)", surrogate.Status, err)
	}
	if err := author.MoveSurrogate(t.Context(), version.SurrogateID, surrogate.Revision, store.ResumeSurrogate); !errors.Is(err, store.ErrConflict) {
		t.Errorf("resumed without a procedure: %v", err)
	}
}

// Whoever is first, the other sees what they left.
func TestASurrogateIsNotActivatedWhileItsLastProcedureIsDeprecated(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	for range 6 {
		version := sampleSOP(t, author)
		certified(t, author, reviewer, version.ID)
		revision := read(t, author, version.ID).Revision
		var activated, deprecated error
		var both sync.WaitGroup
		both.Go(func() { activated = author.MoveSurrogate(t.Context(), version.SurrogateID, 1, store.ActivateSurrogate) })
		both.Go(func() { deprecated = reviewer.DeprecateSOP(t.Context(), version.ID, revision, "Out of date.") })
		both.Wait()

		surrogate, err := author.Surrogate(t.Context(), version.SurrogateID)
		if err != nil || deprecated != nil || activated != nil && !errors.Is(activated, store.ErrConflict) {
			t.Fatalf("activate: %v, deprecate: %v, read: %v", activated, deprecated, err)
		}
		if surrogate.Status == store.SurrogateIsActive {
			t.Fatal("an active surrogate has no certified procedure")
		}
	}
}

func TestWhoEditedADraftDoesNotCertifyIt(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: version.ID}
	step := version.Graph.Nodes[0]
	step.Label = "As Rita wants it"
	draft, err := reviewer.EditDraft(t.Context(), ref, version.Revision, sop.ChangeNode{Node: step})
	if err != nil {
		t.Fatal(err)
	}
	if err := author.SubmitSOP(t.Context(), version.ID, draft.Revision); err != nil {
		t.Fatal(err)
	}

	_, err = reviewer.CertifySOP(t.Context(), version.ID, draft.Revision+1, "Mine, and good.")

	var bad store.Invalid
	if !errors.As(err, &bad) || bad[""] == "" {
		t.Errorf("certify an own edit: %v", err)
	}
	page, err := reviewer.SOPPage(t.Context(), version.ID)
	if err != nil || !page.MyEdits {
		t.Errorf("the page does not know of the edit: %v", err)
	}
}
