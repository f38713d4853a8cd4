package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// A world is an organisation in which every page has something to show, and one that is still empty.
type world struct {
	cluster, run                       uuid.UUID // in the realm of the night shift
	owner, reviewer, auditor, newcomer *store.Tenant
	home                               string // slug of the owner's realm, which has a map
	surrogate                          uuid.UUID
	first, draft, current              uuid.UUID    // versions of one procedure: deprecated, a draft, certified
	open, stale                        uuid.UUID    // proposals
	invitation                         string       // the token of an open one
	signals                            []uuid.UUID  // one of each type, with files; the last is in the bin
	table, started, stopped            uuid.UUID    // imports: a table that waits for a decision, one under way or done, one that was stopped
	written                            [2]uuid.UUID // syntheses of one type about one signal
	waiting, observed, grouped         uuid.UUID    // a synthesis, a signal and a cluster
	evident, begun                     uuid.UUID    // a proposal and a procedure in draft that rest on signals
	model                              uuid.UUID    // a language model, with calls in its ledger
}

// realms are one that the owner shares, one of the reviewer's to which they are invited, and one where they observe.
func (w *world) realms(t *testing.T) {
	t.Helper()
	for _, r := range []struct {
		keeper  *store.Tenant
		name    string
		kind    store.RealmType
		invited *store.Tenant
		accepts bool
	}{
		{w.owner, "Night shift", store.SharedRealm, w.reviewer, true}, {w.owner, "Archive", store.SharedRealm, nil, false}, {w.owner, "Leaving", store.PrivateRealm, nil, false},
		{w.reviewer, "Day shift", store.SharedRealm, w.owner, false}, {w.reviewer, "Square", store.PublicRealm, w.owner, true}, {w.reviewer, "Fair", store.PublicRealm, nil, false},
	} {
		slug := must(r.keeper.CreateRealm(t.Context(), store.RealmInput{Name: r.name, Description: "What happens there."}, r.kind))(t)
		if r.invited == nil {
			continue
		}
		must(0, r.keeper.InviteToRealm(t.Context(), slug, r.invited.User.ID, store.Contributor))(t)
		if r.accepts {
			must(0, r.invited.AnswerRealmInvitation(t.Context(), slug, true))(t)
		}
	}
	must(0, w.owner.MoveRealm(t.Context(), "archive", store.ArchiveRealm))(t)
	must(0, w.owner.DeleteRealm(t.Context(), "leaving", "Leaving"))(t)
	must(0, storetest.Join(t, w.owner, store.Member, "Lea Leaver").Leave(t.Context()))(t)
}

// newWorld makes one. change may put other texts into its procedures.
func newWorld(t *testing.T, change ...func(*testing.T, library.Sample) library.Sample) *world {
	t.Helper()
	w := &world{owner: storetest.Owner(t), newcomer: storetest.Owner(t)}
	w.reviewer = storetest.Join(t, w.owner, store.Reviewer, "Rita Reviewer")
	w.auditor = storetest.Join(t, w.owner, store.Auditor, "Aud Auditor")
	w.invitation = must(w.owner.Invite(t.Context(), store.NewInvitation{Email: storetest.Email("ivo"), Role: store.Member, BaseURL: "http://127.0.0.1"}))(t)
	w.surrogate = must(w.owner.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: "Dispensing pharmacist", Domain: "healthcare", Jurisdiction: "United States",
		Config: store.SurrogateConfig{Seniority: "Senior", Certifications: []string{"BPS"}, Assertiveness: 6, EmpathyLevel: 4, RiskTolerance: "low", EscalationThreshold: 0.8},
	}))(t)
	sample := library.Samples()[1]
	for _, c := range change {
		sample = c(t, sample)
	}
	w.first = must(w.owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: w.surrogate, Origin: store.FromFile, File: string(sample.JSON)}))(t)
	w.certify(t, w.first)
	w.draft = must(w.owner.NewVersion(t.Context(), w.first))(t)
	applied := w.propose(t, w.first, string(sample.ChangeJSON))
	w.stale = w.propose(t, w.first, string(sample.ChangeJSON))
	w.submit(t, applied)
	if err := w.reviewer.Review(t.Context(), applied, 1, store.VerdictApprove, "It is right."); err != nil {
		t.Fatal(err)
	}
	w.current = must(w.reviewer.ApplyProposal(t.Context(), applied, 1))(t)
	w.open = w.propose(t, w.current, "")
	for range 2 { // two revisions, to compare them
		w.change(t, w.open)
		w.submit(t, w.open)
	}
	w.realms(t)
	w.cluster = must(w.owner.CreateCluster(t.Context(), "night-shift", store.ClusterInput{Type: "JOURNEY", Title: "Nights of August", Tags: []string{"night"}}))(t)
	w.run = must(w.owner.SeekClusters(t.Context(), "night-shift", store.Thematic, store.RunOptions{}))(t)
	for i, place := range []signal.Place{{Latitude: 53.55, Longitude: 9.99}, {Latitude: 52.52, Longitude: 13.41}, {Latitude: -33.87, Longitude: 151.21}} {
		w.capture(t, fmt.Sprint("Pump ", i), place)
	}
	w.captureAll(t)
	w.home = must(w.owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	storetest.Inside(t, w.owner, `insert into signal_points (realm_id, signal_id, visibility, signal_author, x, y)
		select s.realm_id, s.id, s.visibility, s.created_by, random(), random() from signals s join realms r on r.id = s.realm_id
		where r.slug = $1 and s.deleted_at is null`, w.home)
	w.imports(t)
	w.syntheses(t)
	return w
}

// must is the result of a call that has to succeed.
func must[T any](result T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
}

// capture keeps a signal of the owner's, with a place and a tag.
func (w *world) capture(t *testing.T, title string, place signal.Place) {
	t.Helper()
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Place, draft.Tags, draft.Status = title, &place, []string{"deck"}, signal.Active
	draft.Payload = signal.Document{Content: "The pump on deck two leaks.", Format: signal.Plain}
	must(w.owner.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))(t)
}

// imports are three files that the owner sent. Sending one drops those that nobody started, so the table comes last.
func (w *world) imports(t *testing.T) {
	t.Helper()
	home := must(w.owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	send := func(format exchange.Format, name, text string) uuid.UUID {
		t.Helper()
		return must(w.owner.UploadImport(t.Context(), store.NewImport{Realm: home, Format: format, FileName: name, File: strings.NewReader(text), Size: int64(len(text)), Visibility: signal.Private}))(t)
	}
	w.started = send(exchange.JSONL, "notes.jsonl", `{"title":"Valve three sticks"}`)
	if err := w.owner.StartImport(t.Context(), w.started); err != nil {
		t.Fatal(err)
	}
	w.stopped = send(exchange.JSONL, "stopped.jsonl", `{"title":"Not kept"}`)
	if err := w.owner.CancelImport(t.Context(), w.stopped); err != nil {
		t.Fatal(err)
	}
	w.table = send(exchange.CSV, "list.csv", "title,what was seen,when\nValve,sticks,2026-01-31\n,no title,yesterday\n")
}

func (w *world) certify(t *testing.T, id uuid.UUID) {
	t.Helper()
	if err := w.owner.SubmitSOP(t.Context(), id, must(w.owner.SOP(t.Context(), id))(t).Revision); err != nil {
		t.Fatal(err)
	}
	must(w.reviewer.CertifySOP(t.Context(), id, must(w.owner.SOP(t.Context(), id))(t).Revision, ""))(t)
}

func (w *world) propose(t *testing.T, base uuid.UUID, file string) uuid.UUID {
	t.Helper()
	return must(w.owner.ProposeChange(t.Context(), base, store.NewProposal{Title: "Ask a second person", Rationale: "An exercise showed why.", File: file}))(t)
}

// change renames a step of a proposal and takes another one out.
func (w *world) change(t *testing.T, id uuid.UUID) {
	t.Helper()
	ref := store.DraftRef{Kind: store.ProposalDraft, ID: id}
	draft := must(w.owner.Draft(t.Context(), ref))(t)
	step := draft.Graph.Nodes[2]
	step.Label += " again"
	must(w.owner.EditDraft(t.Context(), ref, draft.Revision, sop.ChangeNode{Node: step}))(t)
}

func (w *world) submit(t *testing.T, id uuid.UUID) {
	t.Helper()
	if err := w.owner.SubmitProposal(t.Context(), id, must(w.owner.Proposal(t.Context(), id))(t).EditRevision, "Please look."); err != nil {
		t.Fatal(err)
	}
}

// pages are those that the owner sees.
func (w *world) pages() []look {
	o := "/o/" + w.owner.Org.Slug
	sops, proposals, surrogate := o+"/sops/", o+"/proposals/", o+"/surrogates/"+w.surrogate.String()
	pages := []look{
		{"/account", "/account", ""}, {"/account/sessions", "/account/sessions", ""}, {"/orgs", "/orgs", ""}, {"/orgs/new", "/orgs/new", ""},
		{"/orgs/new", "/orgs/new", submitEmpty}, {"/outbox", "/outbox", ""},
		{"/o/:org", o, ""}, {"/o/:org/search", o + "/search?q=a", ""},
		{"/o/:org/surrogates", o + "/surrogates", ""}, {"/o/:org/surrogates", o + "/surrogates?q=nothing", ""},
		{"/o/:org/surrogates/new", o + "/surrogates/new", ""}, {"/o/:org/surrogates/new", o + "/surrogates/new", submitEmpty},
		{"/o/:org/surrogates/:id", surrogate, ""}, {"/o/:org/surrogates/:id/edit", surrogate + "/edit", ""},
		{"/o/:org/members", o + "/members", ""}, {"/o/:org/members", o + "/members", submitEmpty},
		{"/o/:org/keys", o + "/keys", ""}, {"/o/:org/audit", o + "/audit", ""}, {"/o/:org/audit/:seq", o + "/audit/1", ""},
		{"/o/:org/signals/import", o + "/signals/import", ""}, {"/o/:org/signals/import", o + "/signals/import", submitEmpty},
		{"/o/:org/signals/imports/:id", o + "/signals/imports/" + w.table.String(), ""}, {"/o/:org/signals/imports/:id", o + "/signals/imports/" + w.started.String(), ""},
		{"/o/:org/signals/imports/:id", o + "/signals/imports/" + w.stopped.String(), ""},
		{"/o/:org/signals", o + "/signals", ""}, {"/o/:org/signals", o + "/signals?view=cards&sort=title", ""},
		{"/o/:org/signals", o + "/signals?view=timeline&type=DOCUMENT", ""}, {"/o/:org/signals", o + "/signals?view=calendar", ""},
		{"/o/:org/signals", o + "/signals?view=map", ""}, {"/o/:org/signals", o + "/signals?q=pump&tag=deck", ""},
		{"/o/:org/signals", o + "/signals?near=nowhere&tag=deck", ""},
		{"/o/:org/signals", o + "/signals?q=nothing&type=PHOTO", ""}, {"/o/:org/tags", o + "/tags", ""}, {"/o/:org/tags", o + "/tags?rename=deck", ""},
		{"/o/:org/settings", o + "/settings", ""}, {"/o/:org/settings/roles", o + "/settings/roles", ""},
		{"/o/:org/settings/models", o + "/settings/models", ""}, {"/o/:org/settings/models/new", o + "/settings/models/new", ""},
		{"/o/:org/settings/models/new", o + "/settings/models/new", submitEmpty}, {"/o/:org/settings/models/:id", o + "/settings/models/" + w.model.String(), ""},
		{"/o/:org/settings/models/ledger", o + "/settings/models/ledger", ""}, {"/o/:org/settings/models/ledger", o + "/settings/models/ledger?outcome=FAILED", ""},
		{"/o/:org/settings/work", o + "/settings/work", ""}, {"/o/:org/settings/work", o + "/settings/work?state=FAILED&kind=nothing", ""},
		{"/o/:org/sops", o + "/sops", ""}, {"/o/:org/sops/new", o + "/sops/new", ""}, {"/o/:org/sops/new", o + "/sops/new?from=paste", submitEmpty},
		{"/o/:org/sops/:id", sops + w.draft.String(), ""}, {"/o/:org/sops/:id", sops + w.current.String(), ""}, {"/o/:org/sops/:id", sops + w.first.String(), ""},
		{"/o/:org/sops/:id/edit", sops + w.draft.String() + "/edit", ""}, {"/o/:org/sops/:id/edit", sops + w.draft.String() + "/edit?step=n3", ""},
		{"/o/:org/sops/:id/edit", sops + w.draft.String() + "/edit?add=1", ""}, {"/o/:org/sops/:id/edit", sops + w.draft.String() + "/edit?edge=e3", ""},
		{"/o/:org/sops/:id/compare", sops + w.current.String() + "/compare?with=" + w.first.String(), ""},
		{"/o/:org/sops/:id/propose", sops + w.current.String() + "/propose", ""}, {"/o/:org/sops/:id/propose", sops + w.current.String() + "/propose", submitEmpty},
		{"/o/:org/proposals", o + "/proposals?scope=all", ""},
		{"/o/:org/proposals/:id", proposals + w.open.String(), ""}, {"/o/:org/proposals/:id", proposals + w.open.String() + "?tab=changes", ""},
		{"/o/:org/proposals/:id", proposals + w.open.String() + "?tab=changes&since=1", ""},
		{"/o/:org/proposals/:id", proposals + w.open.String() + "?tab=checks", ""}, {"/o/:org/proposals/:id", proposals + w.stale.String(), ""},
		{"/o/:org/proposals/:id/edit", proposals + w.open.String() + "/edit", ""}, {"/o/:org/proposals/:id/texts", proposals + w.open.String() + "/texts", ""},
		{"/o/:org/proposals/:id/rebase", proposals + w.stale.String() + "/rebase", ""},
		{"/o/:org/realms", o + "/realms", ""}, {"/o/:org/realms", o + "/realms?q=nothing", ""}, {"/o/:org/realms/all", o + "/realms/all", ""},
		{"/o/:org/realms/new", o + "/realms/new", ""}, {"/o/:org/realms/new", o + "/realms/new", submitEmpty},
		{"/o/:org/realms/:slug", o + "/realms/night-shift", ""}, {"/o/:org/realms/:slug", o + "/realms/square", ""}, {"/o/:org/realms/:slug", o + "/realms/fair", ""},
		{"/o/:org/realms/:slug", o + "/realms/archive", ""}, {"/o/:org/realms/:slug", o + "/realms/leaving", ""},
		{"/o/:org/realms/:slug/edit", o + "/realms/night-shift/edit", ""}, {"/o/:org/realms/:slug/edit", o + "/realms/archive/edit", ""},
		{"/o/:org/realms/:slug/members", o + "/realms/night-shift/members", ""}, {"/o/:org/realms/:slug/members", o + "/realms/square/members", ""},
		{"/o/:org/realms/:slug/consents", o + "/realms/night-shift/consents", ""}, {"/o/:org/realms/:slug/consents", o + "/realms/square/consents", ""},
		{"/o/:org/realms/:slug/consents/signals", o + "/realms/night-shift/consents/signals?purpose=CLUSTER", ""},
		{"/o/:org/realms/:slug/consents/signals", o + "/realms/night-shift/consents/signals?purpose=REFLECTION&q=nothing-like-it", ""},
		{"/o/:org/realms/:slug/leave", o + "/realms/square/leave", ""},
		{"/o/:org/syntheses/:id", o + "/syntheses/" + w.written[0].String(), ""}, {"/o/:org/syntheses/:id", o + "/syntheses/" + w.waiting.String(), ""},
		{"/o/:org/syntheses/:id/propose", o + "/syntheses/" + w.written[0].String() + "/propose", ""},
		{"/o/:org/syntheses/:id/propose", o + "/syntheses/" + w.written[0].String() + "/propose", submitEmpty},
		{"/o/:org/syntheses/:id/propose", o + "/syntheses/" + w.written[0].String() + "/propose?new=1", ""},
		{"/o/:org/clusters/:id/propose", o + "/clusters/" + w.grouped.String() + "/propose", ""},
		{"/o/:org/proposals/:id", proposals + w.evident.String(), ""},
		{"/o/:org/proposals/:id/evidence", proposals + w.evident.String() + "/evidence", ""},
		{"/o/:org/proposals/:id/evidence", proposals + w.evident.String() + "/evidence?q=nothing-like-it", ""},
		{"/o/:org/sops/:id", o + "/sops/" + w.begun.String(), ""}, {"/o/:org/sops/:id/evidence", o + "/sops/" + w.begun.String() + "/evidence", ""},
		{"/o/:org/syntheses/:id/compare", o + "/syntheses/" + w.written[0].String() + "/compare?with=" + w.written[1].String(), ""},
		{"/o/:org/signals/:id/syntheses", o + "/signals/" + w.observed.String() + "/syntheses", ""},
		{"/o/:org/clusters/:id/syntheses", o + "/clusters/" + w.grouped.String() + "/syntheses", ""},
		{"/o/:org/clusters", o + "/clusters", ""}, {"/o/:org/clusters", o + "/clusters?realm=night-shift", ""}, {"/o/:org/clusters", o + "/clusters?q=nothing-like-it", ""},
		{"/o/:org/clusters/new", o + "/clusters/new", ""}, {"/o/:org/clusters/new", o + "/clusters/new", submitEmpty},
		{"/o/:org/clusters/:id", o + "/clusters/" + w.cluster.String(), ""},
		{"/o/:org/clusters/:id/edit", o + "/clusters/" + w.cluster.String() + "/edit", ""},
		{"/o/:org/clusters/:id/members", o + "/clusters/" + w.cluster.String() + "/members", ""},
		{"/o/:org/clusters/runs", o + "/clusters/runs?realm=night-shift", ""},
		{"/o/:org/clusters/runs/:id", o + "/clusters/runs/" + w.run.String(), ""},
		{"/o/:org/realms/:slug/map", o + "/realms/night-shift/map", ""}, {"/o/:org/realms/:slug/map", o + "/realms/" + w.home + "/map", ""},
		{"/o/:org/realms/:slug/map", o + "/realms/" + w.home + "/map", chooseAll},
		{"", o + "/nothing-here", ""},
	}
	return append(pages, w.signalPages()...)
}

// auditorPages are some that look different to somebody who changes nothing; the last one is refused.
func (w *world) auditorPages() []look {
	o := "/o/" + w.owner.Org.Slug
	return []look{
		{"/o/:org", o, ""}, {"/o/:org/members", o + "/members", ""}, {"/o/:org/settings", o + "/settings", ""},
		{"/o/:org/sops/:id", o + "/sops/" + w.current.String(), ""}, {"/o/:org/proposals/:id", o + "/proposals/" + w.open.String() + "?tab=changes", ""},
		{"", o + "/surrogates/new", ""},
	}
}

func (w *world) signedOutPages() []look {
	return []look{
		{"/login", "/login", ""}, {"/login", "/login", submitEmpty}, {"/register", "/register", ""}, {"/register", "/register", submitEmpty},
		{"/forgot", "/forgot", ""}, {"/forgot", "/forgot", submitEmpty}, {"/reset/:token", "/reset/unknown", ""},
		{"/invitations/:token", "/invitations/" + w.invitation, ""}, {"/invitations/:token", "/invitations/unknown", ""}, {"", "/nothing-here", ""},
	}
}
