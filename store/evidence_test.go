package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/sop"
	"surrealm/store/storetest"
)

func TestEvidenceIsReadByWhoMayReadItsRealm(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	source, err := team.author.EvidenceSource(t.Context(), team.fromCluster, nil)
	if err != nil || source.Title != "zebra leaks" || len(source.Signals) != 2 || len(source.Procedures) != 1 || source.Readers != 4 {
		t.Fatalf("the source: %+v, %v", source, err)
	}
	for _, s := range source.Signals {
		if s.Open != (s.Signal == team.own) {
			t.Errorf("%s may be quoted: %v", s.Title, s.Open)
		}
	}
	proposal := team.grow(t, team.fromCluster, team.fromBothCite...)
	for who, want := range map[*store.Tenant]string{team.author: "[0 1 2] []", team.mo: "[0 1 2] []", team.rita: "[] [1 2] CLUSTER"} {
		if got := sees(t, who, proposal); got != want {
			t.Errorf("%s sees %s, want %s", who.User.Name, got, want)
		}
	}
	page := team.read(t, proposal)
	if first := page.Evidence.Shown[1]; first.Title != "zebra one" || !strings.HasPrefix(first.Passage, "The zebra pump") || first.Changed || first.Cited {
		t.Errorf("the first citation: %+v", first)
	}

	// Applied, it stands behind the version, by the same rule.
	team.relabel(t, proposal, page.Graph.Nodes[0].ID, "Look at it daily")
	team.submit(t, proposal)
	team.approve(t, team.rita, proposal, 1)
	version, err := team.rita.ApplyProposal(t.Context(), proposal, 1)
	if err != nil {
		t.Fatal(err)
	}
	for who, want := range map[*store.Tenant]string{team.mo: "[0 1 2] []", team.remo: "[] [1 2] CLUSTER"} {
		found, err := who.SOPPage(t.Context(), version)
		if err != nil || summary(found.Evidence) != want {
			t.Errorf("behind the version %s sees %s, %v", who.User.Name, summary(found.Evidence), err)
		}
	}
	grown, err := team.mo.Signal(t.Context(), team.theirs)
	if err != nil || len(grown.Grown) != 1 || *grown.Grown[0].VersionID != version || *grown.Grown[0].ProposalID != proposal {
		t.Errorf("what grew from the signal: %+v, %v", grown.Grown, err)
	}
	cluster, err := team.mo.Cluster(t.Context(), team.cluster)
	if err != nil || len(cluster.Grown) != 1 {
		t.Errorf("what grew from the cluster: %+v, %v", cluster.Grown, err)
	}
	team.seesNoZebra(t, team.rita, proposal, version)
}

func TestEvidenceFollowsItsSource(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	proposal := team.grow(t, team.fromCluster, team.fromBothCite...)
	expect := func(after, want string) {
		t.Helper()
		if got := sees(t, team.author, proposal); got != want {
			t.Errorf("after %s the author sees %s, want %s", after, got, want)
		}
	}
	rewrite := func(id uuid.UUID, change func(*signal.Draft)) {
		t.Helper()
		s, err := team.mo.Signal(t.Context(), id)
		ok(t, err)
		change(&s.Draft)
		ok(t, team.mo.UpdateSignal(t.Context(), id, s.Revision, s.Draft))
	}
	rewrite(team.theirs, func(d *signal.Draft) { d.Title = "zebra again" })
	if page := team.read(t, proposal); !page.Evidence.Shown[2].Changed || page.Evidence.Shown[2].Title != "zebra again" {
		t.Errorf("after an edit: %+v", page.Evidence.Shown[2])
	}
	rewrite(team.theirs, func(d *signal.Draft) { d.Visibility = signal.Private })
	expect("it turned private", "[0 1] [2]")
	rewrite(team.theirs, func(d *signal.Draft) { d.Visibility = signal.Shared })
	expect("it was opened again", "[0 1 2] []")
	ok(t, team.mo.DeleteSignal(t.Context(), team.theirs))
	expect("it went into the bin", "[0 1] []")
	ok(t, team.mo.RestoreSignal(t.Context(), team.theirs))
	expect("it came back", "[0 1 2] []")
	ok(t, team.mo.MoveSignal(t.Context(), team.theirs, revisionOf(t, team.mo, team.theirs), defaultRealm(t, team.mo)))
	expect("it moved away", "[0 1] [2]")

	// Shared into the realm, and taken back.
	ok(t, team.mo.ShareSignal(t.Context(), team.theirs, team.realm, store.ShareToRead))
	expect("it was shared", "[0 1 2] []")
	if _, err := team.author.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{team.theirs}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("attached twice: %v", err)
	}
	ok(t, team.mo.RevokeShare(t.Context(), team.theirs, team.realm))
	expect("the share ended", "[0 1] [2]")
	cluster, err := team.author.Cluster(t.Context(), team.cluster)
	ok(t, err)
	ok(t, team.author.DeleteCluster(t.Context(), team.cluster, cluster.Revision))
	expect("the cluster was deleted", "[1] [2]")
	run(t, storetest.Connect(t, "postgres"), `delete from `+schemaOf(team.author)+`.signals where id = $1`, team.theirs)
	expect("it was deleted for good", "[1] []")
}

func TestEvidenceOfASynthesisMovesWithItsSignal(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	text := written(t, team.author, store.Subject{Signal: team.own}, "MIRROR")
	origin := store.EvidenceOrigin{Synthesis: text.ID}
	source, err := team.author.EvidenceSource(t.Context(), origin, nil)
	if err != nil || len(source.Signals) == 0 || source.Signals[0].Length == 0 || !strings.Contains(source.Signals[0].Passage, "zebra") {
		t.Fatalf("the source: %+v, %v", source, err)
	}
	var citations []store.Citation
	for _, s := range source.Signals {
		citations = append(citations, store.Citation{Number: s.Number, Signal: s.Signal, From: s.From, Length: s.Length})
	}
	proposal := team.grow(t, origin, citations...)
	before := team.read(t, proposal).Evidence.Shown
	if before[0].Synthesis != "MIRROR" || before[0].Title != "zebra one" || !before[1].Cited || before[1].Passage != source.Signals[0].Passage {
		t.Errorf("the evidence: %+v", before)
	}
	if got := sees(t, team.mo, proposal); !strings.HasPrefix(got, "[0 1") {
		t.Errorf("Mo sees %s", got)
	}
	ok(t, team.author.MoveSignal(t.Context(), team.own, revisionOf(t, team.author, team.own), defaultRealm(t, team.author)))
	if got := sees(t, team.mo, proposal); !strings.HasPrefix(got, "[] [1") || !strings.HasSuffix(got, "SYNTHESIS") {
		t.Errorf("after the move Mo sees %s", got)
	}
	if got := sees(t, team.author, proposal); !strings.HasPrefix(got, "[0 1") {
		t.Errorf("after the move the author sees %s", got)
	}
}

func TestTheAuthorChoosesTheEvidenceWhileItIsTheirTurn(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	proposal := team.grow(t, team.fromCluster, team.fromBothCite[0])
	elsewhere := note(t, team.rita, "", "zebra of Rita", "")
	if _, err := team.author.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{elsewhere}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("attach what one may not see: %v", err)
	}
	if _, err := team.mo.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{team.theirs}); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("attach to another's proposal: %v", err)
	}
	numbers, err := team.author.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{team.theirs})
	if err != nil || !slices.Equal(numbers, []int{2}) {
		t.Fatalf("attach: %v, %v", numbers, err)
	}
	first := *team.read(t, proposal).Evidence.Shown[1].ID
	if _, err := team.mo.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, first); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("remove from another's proposal: %v", err)
	}
	if n, err := team.author.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, first); n != 1 || err != nil {
		t.Errorf("remove: %d, %v", n, err)
	}
	if _, err := team.author.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("remove twice: %v", err)
	}
	if n, err := team.author.RemoveEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, *team.read(t, proposal).Evidence.Shown[1].ID); n != 2 || err != nil {
		t.Errorf("remove the last: %d, %v", n, err)
	}
	if n, err := team.author.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{team.own}); err != nil || !slices.Equal(n, []int{3}) {
		t.Errorf("the number of what was removed is given again: %v, %v", n, err)
	}
	team.relabel(t, proposal, team.read(t, proposal).Graph.Nodes[0].ID, "Look at it daily")
	team.submit(t, proposal)
	if _, err := team.author.AttachEvidence(t.Context(), store.EvidenceHolder{Proposal: proposal}, []uuid.UUID{team.own}); !errors.Is(err, store.ErrConflict) {
		t.Errorf("attach under review: %v", err)
	}

	// And nobody gets around it.
	p := enter(t, team.author)
	for _, sql := range []string{
		`insert into sop_evidence (id, realm_id, proposal_id, signal_id, visibility, source_author, number, signal_revision, added_by)
			select gen_random_uuid(), realm_id, '@p', id, visibility, created_by, 9, 1, created_by from signals limit 1`,
		`update sop_evidence set number = 9`, `delete from sop_evidence`,
		`select gate.lock_evidence('@p', null)`,
		`select gate.add_evidence(gen_random_uuid(), '@p', null, '@s', null, null, 9, null, null)`,
	} {
		sql = strings.NewReplacer("@p", proposal.String(), "@s", elsewhere.String()).Replace(sql)
		if err := p.try(t, sql); err == nil {
			t.Errorf("worked: %s", sql)
		}
	}
}

func TestAProposalAndItsEvidenceAreMadeTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	team := newEvidenceTeam(t)
	hidden := note(t, team.rita, "", "zebra of Rita", "")
	texts := store.NewProposal{Title: "Look at it daily", Rationale: "It rests on [1] and [2]."}
	for name, e := range map[string]struct {
		evidence store.NewEvidence
		field    string
	}{
		"nothing chosen":        {store.NewEvidence{}, "cite"},
		"a hidden signal":       {store.NewEvidence{Citations: []store.Citation{{Number: 1, Signal: hidden}}}, "cite"},
		"no such passage":       {store.NewEvidence{Citations: []store.Citation{{Number: 1, Signal: team.own, From: 40, Length: 4000}}}, "cite"},
		"a number not chosen":   {store.NewEvidence{Citations: team.fromBothCite[:1], Uncited: []int{2}}, "rationale"},
		"no procedure in force": {store.NewEvidence{Citations: team.fromBothCite}, "sop"},
	} {
		e.evidence.Origin = team.fromCluster
		base := team.base.ID
		if e.field == "sop" {
			base = uuid.New()
		}
		_, err := team.author.ProposeFromEvidence(t.Context(), base, texts, e.evidence)
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad[e.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := team.rita.ProposeFromEvidence(t.Context(), team.base.ID, texts, store.NewEvidence{Origin: team.fromCluster, Citations: team.fromBothCite}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("from a cluster that one may not see: %v", err)
	}
	list, err := team.author.Proposals(t.Context(), store.ProposalFilter{})
	if err != nil || len(list.Items) != 0 {
		t.Errorf("%d proposals are there, %v", len(list.Items), err)
	}

	id, err := team.author.StartSOPFromEvidence(t.Context(),
		store.NewSOP{SurrogateID: team.base.SurrogateID, Origin: store.FromNothing, Title: "Look after leaks", Description: "It rests on [1]."},
		store.NewEvidence{Origin: team.fromCluster, Citations: team.fromBothCite})
	ok(t, err)
	draft, err := team.author.SOPPage(t.Context(), id)
	if err != nil || draft.Status != store.VersionDraft || summary(draft.Evidence) != "[0 1 2] []" {
		t.Errorf("the new procedure rests on %s, %v", summary(draft.Evidence), err)
	}
}

// A drafted text tells nothing of the signals unless its author chooses so, and never another person's words.
func TestDraftedReasonsDiscloseWhatTheirAuthorChooses(t *testing.T) {
	t.Parallel()
	a, b := uuid.New(), uuid.New()
	cited := []store.CitedSignal{
		{Number: 1, Signal: a, Title: "zebra", Author: "zebra", Passage: "zebra mine", Open: true},
		{Number: 3, Signal: a, Title: "zebra", Author: "zebra", Passage: strings.Repeat("zebra ", 100), Open: true},
		{Number: 4, Signal: b, Title: "zebra", Author: "zebra", Passage: "zebra theirs"},
	}
	plain := "This rests on 3 passages of 2 signals: [1] [3] [4]."
	if got := store.DraftReasons(cited, "", false); got != plain {
		t.Errorf("plain: %q", got)
	}
	if got := store.DraftReasons(cited, "Leaks", false); got != plain+" What they have in common: Leaks." {
		t.Errorf("with the theme: %q", got)
	}
	got := store.DraftReasons(cited, "", true)
	if !strings.HasPrefix(got, plain+"\n\n[1] “zebra mine”\n\n[3] “zebra ") || strings.Contains(got, "theirs") || len([]rune(got)) > sop.MaxRationale {
		t.Errorf("quoted: %q", got)
	}
}
