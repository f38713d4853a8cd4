package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

func tenantSchema(t *store.Tenant) string {
	return "tenant_" + strings.ReplaceAll(t.Org.Slug, "-", "_")
}

func TestThreadsOnStepsResolveAndReopen(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	start := store.NewComment{Revision: 1, Target: store.OnNode, TargetID: "n1", Body: "Who does this?"}
	if _, err := team.rita.AddComment(t.Context(), id, start); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("comment on a draft: %v", err)
	}
	team.submit(t, id)
	thread, err := team.rita.AddComment(t.Context(), id, start)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := team.author.AddComment(t.Context(), id, store.NewComment{Thread: thread, Body: "The adviser."}); err != nil {
		t.Fatal(err)
	}
	var bad store.Invalid
	if _, err := team.rita.AddComment(t.Context(), id, store.NewComment{Revision: 1, Target: store.OnGraph, Body: " "}); !errors.As(err, &bad) || bad["body"] == "" {
		t.Errorf("empty: %v", err)
	}
	for _, n := range []store.NewComment{
		{Revision: 1, Target: store.OnNode, TargetID: "nowhere", Body: "x"},
		{Revision: 2, Target: store.OnGraph, Body: "x"},
		{Thread: uuid.New(), Body: "x"},
	} {
		if _, err := team.rita.AddComment(t.Context(), id, n); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if err := team.author.ResolveThread(t.Context(), id, thread); err != nil {
		t.Fatal(err)
	}
	if err := team.author.ResolveThread(t.Context(), id, thread); !errors.Is(err, store.ErrConflict) {
		t.Errorf("resolved twice: %v", err)
	}
	p := team.read(t, id)
	if len(p.Threads) != 1 || len(p.Threads[0].Comments) != 2 || p.Threads[0].Open() || p.Threads[0].TargetID != "n1" || p.OpenThreads() != 0 {
		t.Errorf("threads = %+v", p.Threads)
	}
	if err := team.rita.ReopenThread(t.Context(), id, thread); err != nil || team.read(t, id).OpenThreads() != 1 {
		t.Errorf("reopen: %v", err)
	}
	if n := entries(t, team.author, id, store.CommentAdded); n != 2 {
		t.Errorf("%d audit entries", n)
	}
}

func TestTicksArePersonalAndOfOneRevision(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	id := team.propose(t, "Change")
	changed := team.submit(t, id).Shown.Diff().Nodes[0].ID
	for range 2 {
		if err := team.rita.SetViewed(t.Context(), id, 1, changed, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := team.rita.SetViewed(t.Context(), id, 1, "nowhere", true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown step: %v", err)
	}
	hers, err := team.rita.ProposalPage(t.Context(), id, 0, 0)
	if err != nil || !hers.Viewed[changed] || team.read(t, id).Viewed[changed] {
		t.Errorf("hers %v (%v)", hers.Viewed, err)
	}
	if err := team.rita.SetViewed(t.Context(), id, 1, changed, false); err != nil {
		t.Fatal(err)
	}
	if hers, err = team.rita.ProposalPage(t.Context(), id, 1, 0); err != nil || len(hers.Viewed) != 0 {
		t.Errorf("after untick %v (%v)", hers.Viewed, err)
	}
}
