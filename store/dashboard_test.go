package store_test

import (
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/storetest"
)

func TestDashboardShowsEachPersonWhatWaitsForThem(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	member := storetest.Join(t, author, store.Member, "Max Member")
	version := sampleSOP(t, author)
	if err := author.SubmitSOP(t.Context(), version.ID, version.Revision); err != nil {
		t.Fatal(err)
	}
	waiting := func(who *store.Tenant) int {
		found, err := who.Dashboard(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(found.Waiting)
	}
	if a, r, m := waiting(author), waiting(reviewer), waiting(member); a != 0 || r != 1 || m != 0 {
		t.Errorf("in review: author %d, reviewer %d, member %d", a, r, m)
	}
	if err := reviewer.ReturnSOP(t.Context(), version.ID, read(t, reviewer, version.ID).Revision, "Unclear."); err != nil {
		t.Fatal(err)
	}
	if a, r := waiting(author), waiting(reviewer); a != 1 || r != 0 {
		t.Errorf("returned: author %d, reviewer %d", a, r)
	}
}

func TestSearchFindsByNameInOneOrganisationOnly(t *testing.T) {
	t.Parallel()
	owner, stranger := storetest.Owner(t), storetest.Owner(t)
	version := sampleSOP(t, owner)

	own, err := owner.Search(t.Context(), version.Title[:8])
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := stranger.Search(t.Context(), version.Title[:8])
	if err != nil {
		t.Fatal(err)
	}

	if len(own) != 1 || own[0].Kind != "sop" || own[0].ID != version.ID {
		t.Errorf("own = %+v", own)
	}
	if len(foreign) != 0 {
		t.Errorf("foreign = %+v", foreign)
	}
}

// A realm is found by those who are in it, and by everyone when it is listed.
func TestSearchFindsRealmsInReach(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	colleague := storetest.Join(t, owner, store.Member, "Carl Colleague")
	for kind, reached := range map[store.RealmType]bool{store.PrivateRealm: false, store.SharedRealm: false, store.PublicRealm: true} {
		name := "Harbour " + string(kind)
		_, err := owner.CreateRealm(t.Context(), store.RealmInput{Name: name, Slug: storetest.Slug("harbour")}, kind)
		must(t, err)
		for who, want := range map[*store.Tenant]bool{storetest.View(t, owner.User, owner.Org.Slug): true, colleague: reached} {
			hits, err := who.Search(t.Context(), strings.ToLower(name))
			must(t, err)
			if found := len(hits) == 1 && hits[0].Kind == "realm" && hits[0].Label == name; found != want {
				t.Errorf("%s, %s: %+v", who.User.Name, kind, hits)
			}
		}
	}
}

func TestDashboardAsksNobodyForWhatTheyMayNotDo(t *testing.T) {
	t.Parallel()
	author := storetest.Owner(t)
	reviewer := storetest.Join(t, author, store.Reviewer, "Rita Reviewer")
	version := sampleSOP(t, author)
	step := version.Graph.Nodes[0]
	step.Label = "As Rita wants it"
	draft, err := reviewer.EditDraft(t.Context(), store.DraftRef{Kind: store.SOPDraft, ID: version.ID}, version.Revision, sop.ChangeNode{Node: step})
	if err != nil {
		t.Fatal(err)
	}
	if err := author.SubmitSOP(t.Context(), version.ID, draft.Revision); err != nil {
		t.Fatal(err)
	}
	if tasks := tasksOf(t, reviewer); len(tasks) != 0 {
		t.Errorf("who edited the version is asked to certify it: %+v", tasks)
	}

	team, _, stale := twoProposals(t)
	if tasks := tasksOf(t, team.rita); len(tasks) != 0 {
		t.Errorf("a reviewer is asked to apply a stale proposal: %+v", tasks)
	}
	if tasks := tasksOf(t, team.author); len(tasks) != 1 || tasks[0].Kind != store.TaskRebase || tasks[0].ID != stale {
		t.Errorf("the author is asked for %+v", tasks)
	}
}

func tasksOf(t *testing.T, who *store.Tenant) []store.Task {
	t.Helper()
	found, err := who.Dashboard(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found.Waiting
}
