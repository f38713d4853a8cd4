package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/storetest"
)

// started is a draft procedure of the author's that rests on the cluster and its first signal.
func (team evidenceTeam) started(t *testing.T) uuid.UUID {
	t.Helper()
	id, err := team.author.StartSOPFromEvidence(t.Context(),
		store.NewSOP{SurrogateID: team.base.SurrogateID, Origin: store.FromNothing, Title: "Look at it daily", Description: "It rests on [1]."},
		store.NewEvidence{Origin: team.fromCluster, Citations: team.fromBothCite[:1]})
	ok(t, err)
	return id
}

func TestTheAuthorChoosesTheEvidenceOfADraft(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	draft := team.started(t)
	behind := store.EvidenceHolder{Version: draft}
	seen := func(who *store.Tenant) store.EvidenceList {
		t.Helper()
		page, err := who.SOPPage(t.Context(), draft)
		ok(t, err)
		return page.Evidence
	}
	if _, err := team.rita.AttachEvidence(t.Context(), behind, []uuid.UUID{note(t, team.rita, "", "Ritas", "")}); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("attach to another's draft: %v", err)
	}
	if n, err := team.author.AttachEvidence(t.Context(), behind, []uuid.UUID{team.theirs}); err != nil || !slices.Equal(n, []int{2}) {
		t.Fatalf("attach: %v, %v", n, err)
	}
	second := *seen(team.author).Shown[2].ID
	if _, err := team.mo.RemoveEvidence(t.Context(), behind, second); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("remove from another's draft: %v", err)
	}
	if _, err := team.author.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: team.grow(t, team.fromCluster, team.fromBothCite...)}, second); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("remove by way of a proposal: %v", err)
	}
	if n, err := team.author.RemoveEvidence(t.Context(), behind, second); n != 2 || err != nil {
		t.Errorf("remove: %d, %v", n, err)
	}
	if n, err := team.author.AttachEvidence(t.Context(), behind, []uuid.UUID{team.theirs}); err != nil || !slices.Equal(n, []int{3}) {
		t.Errorf("the number of what was removed is given again: %v, %v", n, err)
	}
	for who, want := range map[*store.Tenant]string{team.author: "[0 1 3] []", team.mo: "[0 1 3] []", team.rita: "[] [1 3] CLUSTER"} {
		if got := summary(seen(who)); got != want {
			t.Errorf("%s sees %s, want %s", who.User.Name, got, want)
		}
	}

	// A version under review keeps what it rests on, also by SQL, and by way of something else of the author's that is open.
	open := team.started(t)
	third := *seen(team.author).Shown[2].ID
	storetest.Exec(t, storetest.DSN("postgres"), fmt.Sprintf(`update %s.sops set status = 'REVIEW', hash = repeat('a', 64), submitted_by = created_by, submitted_at = now() where id = $1`, schemaOf(team.author)), draft)
	if _, err := team.author.AttachEvidence(t.Context(), behind, []uuid.UUID{team.own}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("attach under review: %v", err)
	}
	if _, err := team.author.RemoveEvidence(t.Context(), behind, third); !errors.Is(err, store.ErrConflict) {
		t.Errorf("remove under review: %v", err)
	}
	p := enter(t, team.author)
	p.refused(t, fmt.Sprintf(`select gate.remove_evidence(null, '%s', '%s')`, open, third), "SR404")
	p.refused(t, fmt.Sprintf(`select gate.remove_evidence('%s', '%s', '%s')`, team.grow(t, team.fromCluster, team.fromBothCite...), draft, third), "SR404")
	p.refused(t, `update sops set citations = 0`, denied)
	page, err := team.rita.SOPPage(t.Context(), draft)
	ok(t, err)
	if text, err := json.Marshal(page); err != nil || strings.Contains(string(text), "zebra") {
		t.Errorf("the draft tells of the realm: %v", err)
	}
}

// Whoever chose evidence takes it off also when they may not read it any more; they learn nothing of it, and nobody else sees that it is theirs.
func TestTheAuthorTakesOffWhatTheyMayNotReadAnyMore(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	proposal, draft := team.grow(t, team.fromCluster, team.fromBothCite...), team.started(t)
	behind := store.EvidenceHolder{Version: draft}
	_, err := team.author.AttachEvidence(t.Context(), behind, []uuid.UUID{team.theirs})
	ok(t, err)
	ok(t, team.mo.MoveSignal(t.Context(), team.theirs, revisionOf(t, team.mo, team.theirs), defaultRealm(t, team.mo)))

	lost := team.read(t, proposal).Evidence.Lost
	if len(lost) != 1 || lost[0].Number != 2 || lost[0].Kind != store.SignalEvidence || lost[0] != (store.Evidence{ID: lost[0].ID, Kind: lost[0].Kind, Number: 2}) {
		t.Fatalf("lost: %+v", lost)
	}
	text, err := json.Marshal(lost)
	if err != nil || strings.Contains(string(text), "zebra") || strings.Contains(string(text), team.theirs.String()) {
		t.Errorf("it tells of the signal: %s %v", text, err)
	}
	for _, who := range []*store.Tenant{team.rita, team.mo} {
		page, err := who.ProposalPage(t.Context(), proposal, 0, 0)
		if err != nil || len(page.Evidence.Lost) > 0 {
			t.Errorf("to %s it is their own: %+v, %v", who.User.Name, page.Evidence.Lost, err)
		}
	}
	if n, err := team.author.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, *lost[0].ID); n != 2 || err != nil {
		t.Errorf("take it off: %d, %v", n, err)
	}
	if got := sees(t, team.author, proposal); got != "[0 1] []" {
		t.Errorf("after it was taken off: %s", got)
	}
	page, err := team.author.SOPPage(t.Context(), draft)
	ok(t, err)
	if n, err := team.author.RemoveEvidence(t.Context(), behind, *page.Evidence.Lost[0].ID); n != 2 || err != nil {
		t.Errorf("take it off the draft: %d, %v", n, err)
	}
}
