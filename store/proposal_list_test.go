package store_test

import (
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

func TestTheQueueHoldsWhatWaits(t *testing.T) {
	t.Parallel()
	team := newReviewTeam(t)
	first, second := team.propose(t, "First thing"), team.propose(t, "Second thing")
	team.submit(t, first)
	waiting := func(who *store.Tenant) []string {
		list, err := who.Proposals(t.Context(), store.ProposalFilter{Scope: store.WaitingForMe})
		if err != nil {
			t.Fatal(err)
		}
		titles := []string{}
		for _, p := range list.Items {
			titles = append(titles, p.Title)
		}
		n, err := who.WaitingCount(t.Context())
		if err != nil || who != team.author && n != len(titles) {
			t.Errorf("count %d of %v (%v)", n, titles, err)
		}
		return titles
	}
	if got := waiting(team.rita); len(got) != 1 || got[0] != "First thing" {
		t.Errorf("rita: %v", got)
	}
	if got := waiting(team.author); len(got) != 0 {
		t.Errorf("author: %v", got)
	}
	if got := waiting(storetest.Join(t, team.author, store.Member, "Mia Member")); len(got) != 0 {
		t.Errorf("member: %v", got)
	}
	team.submit(t, second)
	team.approve(t, team.rita, first, 1)
	if got := waiting(team.rita); len(got) != 1 || got[0] != "Second thing" {
		t.Errorf("after the verdict: %v", got)
	}
	for query, want := range map[string]int{"#2": 1, "second": 1, "thing": 2, "100%": 0} {
		list, err := team.rita.Proposals(t.Context(), store.ProposalFilter{Query: query})
		if err != nil || len(list.Items) != want {
			t.Errorf("%q: %d (%v)", query, len(list.Items), err)
		}
	}
	list, err := team.rita.Proposals(t.Context(), store.ProposalFilter{Status: "APPROVED", Surrogate: team.base.SurrogateID})
	if err != nil || len(list.Items) != 1 || list.Items[0].Approvals != 1 || list.Waiting != 1 || len(list.Surrogates) != 1 {
		t.Errorf("approved: %+v (%v)", list, err)
	}
}
