package handlers_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// A world is an organisation in which every route has something to do. Its people are made behind the walls, because a
// test of all routes needs hundreds of them and a password for each would take minutes.
type world struct {
	app       *app
	owner     *store.Tenant
	sample    library.Sample
	surrogate uuid.UUID
	count     atomic.Int64 // for names that are taken once only
}

// smallSample is a procedure of five steps and a change to two of them. The samples of the library have forty, and the tests of all
// routes read, draw and compare procedures thousands of times; tests of procedures use the library's.
var smallSample = library.Sample{
	Template: library.Template{JSON: []byte(`{"title": "Recall", "domain": "Food", "jurisdiction": "European Union", "role_title": "Recall lead", "graph": {
		"nodes": [
			{"id": "n1", "type": "INFORMATION_GATHER", "label": "Gather the complaints", "description": "From shops and by phone."},
			{"id": "n2", "type": "DECISION", "label": "Is anybody in danger", "description": "Ask the toxicologist."},
			{"id": "n3", "type": "CHECKPOINT", "label": "Two people agree", "config": {"people": 2}},
			{"id": "n4", "type": "DOCUMENTATION", "label": "Write it down"},
			{"id": "n5", "type": "ESCALATION", "label": "Call the authority"}],
		"edges": [
			{"id": "e1", "from": "n1", "to": "n2"},
			{"id": "e2", "from": "n2", "to": "n3", "condition": "nobody is"},
			{"id": "e3", "from": "n2", "to": "n5", "condition": "somebody is"},
			{"id": "e4", "from": "n3", "to": "n4"}]}}`)},
	ChangeJSON: []byte(`{"rationale": "Shops answer faster in writing.", "proposed_graph": {
		"nodes": [
			{"id": "n1", "type": "INFORMATION_GATHER", "label": "Gather the complaints", "description": "In writing."},
			{"id": "n2", "type": "DECISION", "label": "Is anybody in danger", "description": "Ask the toxicologist."},
			{"id": "n3", "type": "CHECKPOINT", "label": "Two people agree", "config": {"people": 2}},
			{"id": "n6", "type": "ASSESSMENT", "label": "Look at the batch"},
			{"id": "n4", "type": "DOCUMENTATION", "label": "Write it down"},
			{"id": "n5", "type": "ESCALATION", "label": "Call the authority"}],
		"edges": [
			{"id": "e1", "from": "n1", "to": "n2"},
			{"id": "e2", "from": "n2", "to": "n3", "condition": "nobody is"},
			{"id": "e3", "from": "n2", "to": "n5", "condition": "somebody is"},
			{"id": "e5", "from": "n3", "to": "n6"},
			{"id": "e6", "from": "n6", "to": "n4"}]}}`),
}

func newWorld(t *testing.T, a *app) *world {
	t.Helper()
	w := &world{app: a, owner: storetest.Owner(t), sample: smallSample}
	w.surrogate = w.newSurrogate(t)
	return w
}

func (w *world) slug() string { return w.owner.Org.Slug }

// person is a new member of the organisation with a role.
func (w *world) person(t *testing.T, role store.Role) *store.Tenant {
	t.Helper()
	id := uuid.Must(uuid.NewV7())
	name := "Pia " + role.Label()
	behind(t, `insert into users (id, email, name, password_hash) values ($1, $2, $3, 'none')`, id, storetest.Email("pia"), name)
	behind(t, `insert into memberships (org_id, user_id, role) values ($1, $2, $3)`, w.owner.Org.ID, id, role)
	behind(t, `insert into `+w.schema()+`.people (user_id, display_name, email, org_role) values ($1, $2, $3, $4)`, id, name, storetest.Email("pia"), role)
	behind(t, `select gate.add_default_realm($1, $2, $3)`, w.schema(), w.owner.Org.ID, id)
	return storetest.View(t, store.User{ID: id}, w.slug())
}

// schema is where the organisation's tables are.
func (w *world) schema() string { return "tenant_" + strings.ReplaceAll(w.slug(), "-", "_") }

// behind runs a statement behind the walls.
func behind(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := storetest.Behind(t).Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// author is who can have written something that this actor acts on as its author: the actor, or the owner when the
// actor's role does not write.
func (w *world) author(actor *store.Tenant) *store.Tenant {
	if actor.Can(store.WriteSOPs) {
		return actor
	}
	return w.owner
}

func got[T any](t *testing.T) func(T, error) T {
	return func(made T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
}

func (w *world) newSurrogate(t *testing.T) uuid.UUID {
	t.Helper()
	return got[uuid.UUID](t)(w.owner.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: "Recall lead", Domain: "Food", Jurisdiction: "European Union",
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	}))
}

// surrogateIn is a surrogate that went through moves, with a certified procedure where one is needed.
func (w *world) surrogateIn(t *testing.T, moves ...store.SurrogateMove) uuid.UUID {
	t.Helper()
	id := w.newSurrogate(t)
	draft := got[uuid.UUID](t)(w.owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: id, Origin: store.FromFile, File: string(w.sample.JSON)}))
	w.certify(t, w.owner, draft)
	for _, move := range moves {
		now := got[store.SurrogatePage](t)(w.owner.Surrogate(t.Context(), id))
		if err := w.owner.MoveSurrogate(t.Context(), id, now.Revision, move); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// draft is a version in DRAFT; inReview and certified take one further.
func (w *world) draft(t *testing.T, author *store.Tenant) store.SOP {
	t.Helper()
	id := got[uuid.UUID](t)(author.CreateSOP(t.Context(), store.NewSOP{SurrogateID: w.surrogate, Origin: store.FromFile, File: string(w.sample.JSON)}))
	return got[store.SOP](t)(author.SOP(t.Context(), id))
}

func (w *world) inReview(t *testing.T, author *store.Tenant) store.SOP {
	t.Helper()
	draft := w.draft(t, author)
	if err := author.SubmitSOP(t.Context(), draft.ID, draft.Revision); err != nil {
		t.Fatal(err)
	}
	return got[store.SOP](t)(author.SOP(t.Context(), draft.ID))
}

func (w *world) certified(t *testing.T, author *store.Tenant) store.SOP {
	t.Helper()
	draft := w.draft(t, author)
	w.certify(t, author, draft.ID)
	return got[store.SOP](t)(author.SOP(t.Context(), draft.ID))
}

// certify takes a draft through review, by a reviewer who did not write it.
func (w *world) certify(t *testing.T, author *store.Tenant, id uuid.UUID) {
	t.Helper()
	draft := got[store.SOP](t)(author.SOP(t.Context(), id))
	if err := author.SubmitSOP(t.Context(), id, draft.Revision); err != nil {
		t.Fatal(err)
	}
	draft = got[store.SOP](t)(author.SOP(t.Context(), id))
	if done, err := w.person(t, store.Reviewer).CertifySOP(t.Context(), id, draft.Revision, ""); err != nil || !done {
		t.Fatalf("certify: %v, %v", done, err)
	}
}

// proposal is a change to a certified version, in DRAFT; submitted and approved take one further.
func (w *world) proposal(t *testing.T, author *store.Tenant, base uuid.UUID) store.Proposal {
	t.Helper()
	id := got[uuid.UUID](t)(author.ProposeChange(t.Context(), base, store.NewProposal{Title: "Faster", File: string(w.sample.ChangeJSON)}))
	return got[store.Proposal](t)(author.Proposal(t.Context(), id))
}

func (w *world) submitted(t *testing.T, author *store.Tenant, base uuid.UUID) store.Proposal {
	t.Helper()
	p := w.proposal(t, author, base)
	if err := author.SubmitProposal(t.Context(), p.ID, p.EditRevision, ""); err != nil {
		t.Fatal(err)
	}
	return got[store.Proposal](t)(author.Proposal(t.Context(), p.ID))
}

func (w *world) approved(t *testing.T, author *store.Tenant, base uuid.UUID) store.Proposal {
	t.Helper()
	p := w.submitted(t, author, base)
	if err := w.person(t, store.Reviewer).Review(t.Context(), p.ID, p.Revision, store.VerdictApprove, "Good."); err != nil {
		t.Fatal(err)
	}
	return got[store.Proposal](t)(author.Proposal(t.Context(), p.ID))
}

// stale is a proposal whose base was replaced by a change to another step, and which has a change of its own left.
func (w *world) stale(t *testing.T, author *store.Tenant) store.Proposal {
	t.Helper()
	base := w.certified(t, w.owner)
	p := w.submitted(t, author, base.ID)
	rival := got[uuid.UUID](t)(w.owner.ProposeChange(t.Context(), base.ID, store.NewProposal{Title: "Rename a step", Rationale: "It is another one."}))
	ref := store.DraftRef{Kind: store.ProposalDraft, ID: rival}
	draft := got[store.Draft](t)(w.owner.Draft(t.Context(), ref))
	step := draft.Graph.Nodes[len(draft.Graph.Nodes)-1]
	step.Label += " again"
	draft = got[store.Draft](t)(w.owner.EditDraft(t.Context(), ref, draft.Revision, sop.ChangeNode{Node: step}))
	if err := w.owner.SubmitProposal(t.Context(), rival, draft.Revision, ""); err != nil {
		t.Fatal(err)
	}
	reviewer := w.person(t, store.Reviewer)
	if err := reviewer.Review(t.Context(), rival, 1, store.VerdictApprove, "Good."); err != nil {
		t.Fatal(err)
	}
	got[uuid.UUID](t)(reviewer.ApplyProposal(t.Context(), rival, 1))
	return got[store.Proposal](t)(author.Proposal(t.Context(), p.ID))
}

// thread is a comment that starts one.
func (w *world) thread(t *testing.T, p store.Proposal) uuid.UUID {
	t.Helper()
	return got[uuid.UUID](t)(w.owner.AddComment(t.Context(), p.ID, store.NewComment{Revision: p.Revision, Target: store.OnGraph, Body: "Why?"}))
}

// invitation is an open one: its id and its token.
func (w *world) invitation(t *testing.T) (uuid.UUID, string) {
	t.Helper()
	email := storetest.Email("ina")
	token := got[string](t)(w.owner.Invite(t.Context(), store.NewInvitation{Email: email, Role: store.Member, BaseURL: "http://127.0.0.1"}))
	for _, open := range got[store.MembersPage](t)(w.owner.Members(t.Context(), store.MemberFilter{})).Invitations {
		if open.Email == email {
			return open.ID, token
		}
	}
	t.Fatal("the invitation is not in the list")
	return uuid.Nil, ""
}
