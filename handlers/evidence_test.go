package handlers_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/sop"
	"surrealm/views"
)

// zebra is a word that stands in everything of a realm, and in nothing else.
const zebra = "zebrafish"

// herd is a cluster of two signals in a realm of two authors.
func (w *world) herd(t *testing.T, author, other *store.Tenant) (cluster, own, theirs uuid.UUID) {
	t.Helper()
	slug := w.realm(t, author, store.SharedRealm)
	w.admit(t, author, slug, other, store.Contributor)
	named := func(d *signal.Draft) { d.Tags = []string{zebra} }
	own = capturedIn(t, author, slug, zebra+" pumps", named)
	theirs = capturedIn(t, other, slug, zebra+" valves", named)
	cluster = got[uuid.UUID](t)(author.CreateCluster(t.Context(), slug,
		store.ClusterInput{Type: "COLLECTION", Title: zebra + " cluster", Description: zebra}, own, theirs))
	return cluster, own, theirs
}

func TestAClusterBecomesAProposalAndAVersion(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	base := w.certified(t, w.owner)
	ann, mo, rita := w.person(t, store.Member), w.person(t, store.Member), w.person(t, store.Reviewer)
	cluster, own, theirs := w.herd(t, ann, mo)
	b, reviewer := a.as(t, ann), a.as(t, rita)
	address := views.ProposeFromURL(w.slug(), store.EvidenceOrigin{Cluster: cluster})

	b.get(t, views.ClusterURL(w.slug(), cluster)).has(t, `a[href="`+address+`"]`)
	form := b.get(t, address).status(t, 200).text(t, "fieldset", "[1] "+zebra).text(t, "fieldset", "everyone in")
	if text := form.texts("#rationale")[0]; strings.TrimSpace(text) != "This rests on 2 signals: [1] [2]." {
		t.Errorf("the draft discloses more than a count: %q", text)
	}

	form.submit(t, `form[action="`+address+`"]`, url.Values{"cite": {"1"}, "rationale": {" "}}).status(t, 422).
		text(t, "#sop-error", "in force").text(t, "#title-error", "1 to 300").text(t, "#rationale-error", "1 to 10,000")

	// Nothing that was typed is lost: on an error, when the text is drafted anew, or when the source is gone.
	at := `form[action="` + address + `"]`
	refused := form.submit(t, at, url.Values{"title": {""}, "sop": {base.ID.String()}, "rationale": {"My own words [2]."}, "cite": {"1"}}).status(t, 422)
	refused.text(t, "#title-error", "1 to 300").text(t, "#rationale", "My own words").count(t, `input[name="cite"][checked]`, 1)
	quoted := refused.submit(t, at, url.Values{"do": {"draft"}, "quote": {"on"}, "theme": {"on"}, "cite": {"1", "2"}}).status(t, 200)
	quoted.text(t, ".alert", "My own words").text(t, "#rationale", "What they have in common: "+zebra+" cluster")
	mine := map[bool]string{true: "pumps", false: "valves"}
	if text := quoted.texts("#rationale")[0]; !strings.Contains(text, mine[true]) || strings.Contains(text, mine[false]) {
		t.Errorf("quoted are not the author's own words alone: %q", text)
	}
	uncited := quoted.submit(t, at, url.Values{"do": {""}, "title": {"Oil it"}, "sop": {base.ID.String()}, "rationale": {"See [2]."}, "cite": {"1"}})
	uncited.status(t, 422).text(t, "#rationale-error", "names [2]")

	started := uncited.submit(t, at, url.Values{"title": {"Oil it"}, "sop": {base.ID.String()}, "rationale": {"See [1] and [2]."}, "cite": {"1", "2"}}).status(t, 303)
	if !strings.HasSuffix(started.location(), "/edit") {
		t.Fatalf("leads to %s and not to the editor", started.location())
	}
	b.get(t, started.location()).status(t, 200).has(t, "#editor")
	list := got[store.ProposalList](t)(ann.Proposals(t.Context(), store.ProposalFilter{})).Items
	if len(list) != 1 {
		t.Fatalf("%d proposals", len(list))
	}
	proposal := views.ProposalURL(w.slug(), list[0].ID)

	// The author removes and attaches.
	page := b.get(t, proposal).text(t, ".rows", "[1] "+zebra).text(t, ".rows", "Cluster: "+zebra+" cluster")
	items := got[store.ProposalPage](t)(ann.ProposalPage(t.Context(), list[0].ID, 0, 0)).Evidence.Shown
	page.submit(t, `form[action="`+views.EvidenceRemoveURL(w.slug(), store.EvidenceHolder{Proposal: list[0].ID}, *items[2].ID)+`"]`, nil).status(t, 303)
	removed := items[2].SourceID.String()
	attach := b.get(t, proposal+"/evidence").status(t, 200).text(t, ".badge, .tag, .signal-name", "Attached as [1]").has(t, `input[value="`+removed+`"]`)
	b.post(t, proposal+"/evidence", nil).status(t, 422).text(t, ".alert", "Choose 1 to 100")
	attach.submit(t, `form[action="`+proposal+`/evidence"][method="post"]`, url.Values{"ids": {removed}}).status(t, 303)
	b.get(t, proposal).text(t, ".rows", "[3] "+zebra)
	reviewer.get(t, proposal+"/evidence").status(t, 403)
	reviewer.get(t, address).status(t, 404)
	reviewer.post(t, address, url.Values{"title": {"x"}, "rationale": {"[1]"}, "at": {fmt.Sprintf("1.%s.0.0", own)}, "cite": {"1"}, "sop": {base.ID.String()}}).status(t, 404)

	// Reviewed and applied by somebody who may not see any of it.
	w.relabel(t, ann, list[0].ID)
	must(t, ann.SubmitProposal(t.Context(), list[0].ID, got[store.Proposal](t)(ann.Proposal(t.Context(), list[0].ID)).EditRevision, ""))
	reviewer.get(t, proposal).text(t, ".card", "2 signals that you may not see: [1] [3]. Drawn from a cluster that you may not see.").
		hasNot(t, `a[href="`+proposal+`/evidence"]`)
	must(t, rita.Review(t.Context(), list[0].ID, 1, store.VerdictApprove, "Good."))
	version := views.SOPURL(w.slug(), got[uuid.UUID](t)(rita.ApplyProposal(t.Context(), list[0].ID, 1)))
	b.get(t, version).text(t, ".card", "Signals behind this version").text(t, ".rows", zebra)
	reviewer.get(t, version).text(t, ".card", "Signals behind this version").text(t, ".card", "2 signals that you may not see")
	for _, grown := range []string{views.SignalURL(w.slug(), theirs), views.ClusterURL(w.slug(), cluster)} {
		b.get(t, grown).has(t, `a[href="`+proposal+`"]`).has(t, `a[href="`+version+`"]`)
	}

	org := views.OrgURL(w.slug())
	pages := []string{org, proposal, proposal + "?tab=changes", proposal + "?tab=checks", proposal + "/change.json", version, version + "/signatures.json",
		version + "/export.json", version + "/compare?with=" + base.ID.String(), org + "/audit", org + "/search?q=" + zebra[:5], org + "/signals?q=" + zebra[:5],
		org + "/proposals", org + "/sops", org + "/tags"}
	for seq := lastEntry(t, w); seq > 0; seq-- {
		pages = append(pages, fmt.Sprintf("%s/audit/%d", org, seq))
	}
	for _, path := range pages {
		if page := reviewer.get(t, path).status(t, 200); strings.Contains(page.body, zebra) || !strings.Contains(path, "/audit") && strings.Contains(page.body, own.String()) {
			t.Errorf("%s tells a reviewer of the realm", path)
		}
	}
	if export := reviewer.post(t, org+"/audit/export", nil).status(t, 200); strings.Contains(export.body, zebra) {
		t.Error("the export of the log tells of the realm")
	}
}

// relabel changes the first step of what a proposal proposes.
func (w *world) relabel(t *testing.T, author *store.Tenant, proposal uuid.UUID) {
	t.Helper()
	p := got[store.Proposal](t)(author.Proposal(t.Context(), proposal))
	step := p.Graph.Nodes[0]
	step.Label += " again"
	got[store.Draft](t)(author.EditDraft(t.Context(), store.DraftRef{Kind: store.ProposalDraft, ID: proposal}, p.EditRevision, sop.ChangeNode{Node: step}))
}

func TestAProposalThatLostItsSourceGivesBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann, mo := w.person(t, store.Member), w.person(t, store.Member)
	cluster, _, _ := w.herd(t, ann, mo)
	address := views.ProposeFromURL(w.slug(), store.EvidenceOrigin{Cluster: cluster})
	b := a.as(t, ann)
	b.get(t, address).status(t, 200).text(t, "h2, h3, .empty", "No procedure is in force")
	form := b.get(t, address+"?new=1").status(t, 200)
	must(t, ann.DismissCluster(t.Context(), cluster, got[store.ClusterPage](t)(ann.Cluster(t.Context(), cluster)).Revision))
	form.submit(t, `form[action="`+address+`"]`, url.Values{"title": {"Oil pumps"}, "surrogate": {w.surrogate.String()}, "rationale": {"My own words."}}).
		status(t, 409).text(t, "main", "My own words.").text(t, "main", "Oil pumps")
}

// A draft that grew from a cluster goes on to be chosen for, and its author takes off what they may not read any more without a word of it.
func TestTheEvidenceOfADraftIsChosenAfterwards(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	ann, mo := w.person(t, store.Member), w.person(t, store.Member)
	cluster, own, theirs := w.herd(t, ann, mo)
	id := got[uuid.UUID](t)(ann.StartSOPFromEvidence(t.Context(),
		store.NewSOP{SurrogateID: w.surrogate, Origin: store.FromNothing, Title: "Oil pumps", Description: "See [1]."},
		store.NewEvidence{Origin: store.EvidenceOrigin{Cluster: cluster}, Citations: []store.Citation{{Number: 1, Signal: own}}}))
	b, draft := a.as(t, ann), views.SOPURL(w.slug(), id)
	b.get(t, draft).has(t, `a[href="`+draft+`/evidence"]`)
	b.get(t, draft+"/evidence").status(t, 200).text(t, "#attach", "Attached as [1]").
		submit(t, `form[action="`+draft+`/evidence"][method="post"]`, url.Values{"ids": {theirs.String()}}).status(t, 303)
	b.get(t, draft).text(t, ".rows", "[2] "+zebra)
	for _, other := range []*store.Tenant{mo, w.person(t, store.Reviewer)} {
		a.as(t, other).get(t, draft).status(t, 200).hasNot(t, `a[href="`+draft+`/evidence"]`)
		a.as(t, other).get(t, draft+"/evidence").status(t, 403)
		a.as(t, other).post(t, draft+"/evidence", url.Values{"ids": {own.String()}}).status(t, 403)
	}

	home := slices.IndexFunc(got[store.RealmList](t)(mo.Realms(t.Context(), store.RealmFilter{})).Mine, func(r store.RealmSummary) bool { return r.Type == store.PrivateRealm })
	slug := got[store.RealmList](t)(mo.Realms(t.Context(), store.RealmFilter{})).Mine[home].Slug
	must(t, mo.MoveSignal(t.Context(), theirs, got[store.SignalPage](t)(mo.Signal(t.Context(), theirs)).Revision, slug))
	page := b.get(t, draft).text(t, ".rows", "[2] A signal that you may no longer read")
	if strings.Contains(page.body, "valves") || strings.Contains(page.body, theirs.String()) {
		t.Error("the page tells of the signal")
	}
	lost := got[store.SOPPage](t)(ann.SOPPage(t.Context(), id)).Evidence.Lost
	removed := page.submit(t, formTo(views.EvidenceRemoveURL(w.slug(), store.EvidenceHolder{Version: id}, *lost[0].ID)), nil).status(t, 303)
	if after := b.get(t, removed.location()); strings.Contains(after.body, "no longer read") {
		t.Error("it was not taken off")
	}
}
