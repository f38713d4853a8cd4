package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// newProcedure makes a draft of the first template.
func newProcedure(t *testing.T, tenant *store.Tenant) uuid.UUID {
	t.Helper()
	id, err := tenant.CreateSOP(t.Context(), store.NewSOP{
		SurrogateID: surrogateFor(t, tenant, clerk()), Origin: store.FromTemplate, Template: library.Templates()[0].Slug,
	})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return id
}

func draftOf(t *testing.T, tenant *store.Tenant, ref store.DraftRef) store.Draft {
	t.Helper()
	draft, err := tenant.Draft(t.Context(), ref)
	if err != nil {
		t.Fatalf("draft: %v", err)
	}
	return draft
}

func hashOf(t *testing.T, g sop.Graph) string {
	t.Helper()
	canonical, err := sop.Canonical(g)
	if err != nil {
		t.Fatal(err)
	}
	return sop.GraphHash(canonical)
}

func TestUndoToTheStartAndRedoToTheEnd(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft := draftOf(t, owner, ref)
	if draft.Undo != "" || draft.Redo != "" || !draft.Editable {
		t.Errorf("fresh draft: %q %q %v", draft.Undo, draft.Redo, draft.Editable)
	}
	hashes, summaries := []string{hashOf(t, draft.Graph)}, []string{""}
	first := draft.Graph.Nodes[0]
	first.Label = "Something else"
	for _, edit := range []sop.Edit{
		sop.ChangeNode{Node: first},
		sop.AddNode{Node: sop.Node{Type: sop.Checkpoint, Label: "Look again"}, Into: draft.Graph.Edges[0].ID},
		sop.DeleteNode{ID: draft.Graph.Nodes[1].ID, Reconnect: true},
		sop.MoveNode{ID: draft.Graph.Nodes[3].ID, By: 1},
	} {
		summaries = append(summaries, edit.Summary(draft.Graph))
		var err error
		if draft, err = owner.EditDraft(t.Context(), ref, draft.Revision, edit); err != nil {
			t.Fatalf("%T: %v", edit, err)
		}
		hashes = append(hashes, hashOf(t, draft.Graph))
	}
	for at := len(hashes) - 2; at >= 0; at-- {
		if draft.Undo != summaries[at+1] {
			t.Errorf("would undo %q, want %q", draft.Undo, summaries[at+1])
		}
		var err error
		if draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision); err != nil || hashOf(t, draft.Graph) != hashes[at] {
			t.Fatalf("undo to %d: %v", at, err)
		}
		if again := draftOf(t, owner, ref); again.Undo != draft.Undo || again.Redo != draft.Redo {
			t.Errorf("undo says %q %q, the next page %q %q", draft.Undo, draft.Redo, again.Undo, again.Redo)
		}
	}
	if _, err := owner.UndoDraft(t.Context(), ref, draft.Revision); !errors.Is(err, store.ErrConflict) {
		t.Errorf("undo past the start: %v", err)
	}
	for at := 1; at < len(hashes); at++ {
		if draft.Redo != summaries[at] {
			t.Errorf("would redo %q, want %q", draft.Redo, summaries[at])
		}
		var err error
		if draft, err = owner.RedoDraft(t.Context(), ref, draft.Revision); err != nil || hashOf(t, draft.Graph) != hashes[at] {
			t.Fatalf("redo to %d: %v", at, err)
		}
	}
	stored, err := owner.SOP(t.Context(), ref.ID)
	if err != nil || stored.GraphHash != hashes[len(hashes)-1] {
		t.Errorf("stored hash %s, %v", stored.GraphHash, err)
	}
}

func TestEditAfterUndoForgetsWhatWasUndone(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft := draftOf(t, owner, ref)
	add := func(label string) {
		t.Helper()
		var err error
		if draft, err = owner.EditDraft(t.Context(), ref, draft.Revision, sop.AddNode{Node: sop.Node{Type: sop.Handover, Label: label}}); err != nil {
			t.Fatal(err)
		}
	}
	add("One")
	one := draft.Focus.Node
	add("Two")
	two := draft.Focus.Node
	draft, _ = owner.UndoDraft(t.Context(), ref, draft.Revision)
	add("Three")
	if draft.Redo != "" || draft.Undo != "Added “Three”" {
		t.Errorf("redo %q, undo %q", draft.Redo, draft.Undo)
	}
	if one == "" || one == two || draft.Focus.Node != two {
		t.Errorf("ids %s %s %s", one, two, draft.Focus.Node)
	}
	var err error
	if draft, err = owner.EditDraft(t.Context(), ref, draft.Revision, sop.DeleteNode{ID: draft.Graph.Nodes[0].ID}); err != nil {
		t.Fatal(err)
	}
	same, err := owner.EditDraft(t.Context(), ref, draft.Revision, sop.ChangeNode{Node: draft.Graph.Nodes[0]})
	if err != nil || same.Revision != draft.Revision {
		t.Errorf("an edit without a change made revision %d of %d, %v", same.Revision, draft.Revision, err)
	}
}

func TestUndoRemembersALimitedNumberOfEdits(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft := draftOf(t, owner, ref)
	for i := range 210 {
		n := draft.Graph.Nodes[0]
		n.Label = fmt.Sprintf("Label %d", i)
		var err error
		if draft, err = owner.EditDraft(t.Context(), ref, draft.Revision, sop.ChangeNode{Node: n}); err != nil {
			t.Fatal(err)
		}
	}
	steps := 0
	for ; draft.Undo != ""; steps++ {
		var err error
		if draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision); err != nil {
			t.Fatal(err)
		}
	}
	if steps != 200 || draft.Graph.Nodes[0].Label != "Label 9" {
		t.Errorf("undid %d edits, back to %q", steps, draft.Graph.Nodes[0].Label)
	}
}

func TestTextsAreUndoneTooAndStaleOnesAreRefused(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	before := draftOf(t, owner, ref)
	texts := store.SOPTexts{Title: "New name", Description: "What it is for.", Source: "Handbook"}
	draft, err := owner.ChangeSOP(t.Context(), ref.ID, before.Revision, texts)
	if err != nil || draft.Title != "New name" || draft.Undo != "Renamed to “New name”" {
		t.Fatalf("%q, undo %q, %v", draft.Title, draft.Undo, err)
	}
	if _, err := owner.ChangeSOP(t.Context(), ref.ID, before.Revision, texts); !errors.Is(err, store.ErrConflict) {
		t.Errorf("stale: %v", err)
	}
	draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision)
	if err != nil || draft.Title != before.Title || draft.Description != before.Description || draft.Source != before.Source {
		t.Errorf("after undo: %q %q %q, %v", draft.Title, draft.Description, draft.Source, err)
	}
	draft, err = owner.RedoDraft(t.Context(), ref, draft.Revision)
	if err != nil || draft.Title != "New name" || draft.Description != "What it is for." || draft.Source != "Handbook" {
		t.Errorf("after redo: %q %q %q, %v", draft.Title, draft.Description, draft.Source, err)
	}
	texts.Description = "Another one."
	draft, err = owner.ChangeSOP(t.Context(), ref.ID, draft.Revision, texts)
	if err != nil || draft.Undo != "Changed the description" {
		t.Errorf("would undo %q, %v", draft.Undo, err)
	}
	draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision)
	if err != nil || draft.Description != "What it is for." {
		t.Errorf("after the second undo: %q, %v", draft.Description, err)
	}
}

// An undo step from before the texts were remembered leaves them as they are.
func TestUndoOfAnOldStepKeepsTheTexts(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft, err := owner.ChangeSOP(t.Context(), ref.ID, draftOf(t, owner, ref).Revision, store.SOPTexts{Title: "New name", Description: "Kept."})
	if err != nil {
		t.Fatal(err)
	}
	run(t, storetest.Connect(t, "postgres"), `update `+schemaOf(owner)+`.graph_edits set description = null, source = null`)
	if draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision); err != nil || draft.Title == "New name" || draft.Description != "Kept." {
		t.Errorf("after undo: %q %q, %v", draft.Title, draft.Description, err)
	}
}

func TestOfManyEditorsOneIsFirst(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	member := storetest.Join(t, owner, store.Member, "Mia Member")
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft := draftOf(t, member, ref)
	var wait sync.WaitGroup
	results := make([]error, 20)
	for i := range results {
		who := []*store.Tenant{owner, member}[i%2]
		wait.Go(func() {
			_, results[i] = who.EditDraft(t.Context(), ref, draft.Revision, sop.AddNode{Node: sop.Node{Type: sop.Handover, Label: fmt.Sprint("Step ", i)}})
		})
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
	now, changes, err := owner.DraftSince(t.Context(), ref, draft.Revision)
	if err != nil || done != 1 || len(now.Graph.Nodes) != len(draft.Graph.Nodes)+1 {
		t.Errorf("%d edits took place, %d steps, %v", done, len(now.Graph.Nodes), err)
	}
	if len(changes) != 1 || changes[0].Summary == "" || changes[0].By == "" {
		t.Errorf("changes: %+v", changes)
	}
}

func TestAuditorsAndStrangersDoNotEdit(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	auditor := storetest.Join(t, owner, store.Auditor, "Abe Auditor")
	ref := store.DraftRef{Kind: store.SOPDraft, ID: newProcedure(t, owner)}
	draft := draftOf(t, auditor, ref)
	if draft.Editable {
		t.Error("an auditor is offered the editor")
	}
	edit := sop.AddNode{Node: sop.Node{Type: sop.Handover, Label: "X"}}
	if _, err := auditor.EditDraft(t.Context(), ref, draft.Revision, edit); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("auditor: %v", err)
	}
	if _, err := storetest.Owner(t).EditDraft(t.Context(), ref, draft.Revision, edit); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("stranger: %v", err)
	}
	var bad store.Invalid
	if _, err := owner.EditDraft(t.Context(), ref, draft.Revision, sop.AddNode{Node: sop.Node{Type: "NONSENSE"}}); !errors.As(err, &bad) || bad["type"] == "" {
		t.Errorf("bad step: %v", err)
	}
}

func TestAProposalIsEditedByItsAuthorAlone(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	reviewer := storetest.Join(t, owner, store.Reviewer, "Rita Reviewer")
	base := newProcedure(t, owner)
	certified(t, owner, reviewer, base)
	id, err := owner.ProposeChange(t.Context(), base, store.NewProposal{Title: "Ask twice", Rationale: "Once was not enough."})
	if err != nil {
		t.Fatal(err)
	}
	ref := store.DraftRef{Kind: store.ProposalDraft, ID: id}
	before := draftOf(t, owner, ref)
	if before.Base == nil || hashOf(t, *before.Base) != hashOf(t, before.Graph) || before.SOPID != base || !before.Editable {
		t.Fatalf("draft of the proposal: %+v", before)
	}
	gone := before.Graph.Nodes[len(before.Graph.Nodes)-1].ID
	draft, err := owner.EditDraft(t.Context(), ref, before.Revision, sop.DeleteNode{ID: gone})
	if err != nil {
		t.Fatal(err)
	}
	draft, err = owner.EditDraft(t.Context(), ref, draft.Revision, sop.AddNode{Node: sop.Node{Type: sop.Handover, Label: "Another end"}})
	if err != nil || draft.Focus.Node == gone {
		t.Errorf("the new step took the id of the deleted one: %s, %v", draft.Focus.Node, err)
	}
	if _, err := reviewer.EditDraft(t.Context(), ref, draft.Revision, sop.DeleteNode{ID: draft.Focus.Node}); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("somebody else's edit: %v", err)
	}
	for draft.Undo != "" {
		if draft, err = owner.UndoDraft(t.Context(), ref, draft.Revision); err != nil {
			t.Fatal(err)
		}
	}
	if hashOf(t, draft.Graph) != hashOf(t, before.Graph) || draft.Title != "Ask twice" {
		t.Error("undoing everything did not lead back")
	}
	if _, err := owner.EditDraft(t.Context(), store.DraftRef{Kind: store.SOPDraft, ID: base}, 3, sop.DeleteNode{ID: gone}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("editing a certified version: %v", err)
	}
}
