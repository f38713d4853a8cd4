package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// DraftKind says what is being edited.
type DraftKind string

// The two things that the editor edits.
const (
	SOPDraft      DraftKind = "sop"      // a version in DRAFT
	ProposalDraft DraftKind = "proposal" // the graph that a proposal proposes
)

// DraftRef names a draft.
type DraftRef struct {
	Kind DraftKind
	ID   uuid.UUID
}

// parent is the column of graph_edits that holds the draft's id.
func (r DraftRef) parent() string {
	if r.Kind == ProposalDraft {
		return "proposal_id"
	}
	return "sop_id"
}

// Draft is a graph in the editor. Revision is what an edit must name; it grows with every change.
type Draft struct {
	Ref         DraftRef
	SOPID       uuid.UUID // the version itself, or the one that a proposal starts from
	SurrogateID uuid.UUID
	RoleTitle   string // of the surrogate
	Number      int    // of the version, or of the proposal
	Status      string // SOPStatus or the proposal's
	Title       string
	Description string // of a version
	Source      string // of a version
	Graph       sop.Graph
	Base        *sop.Graph // of a proposal: what it is compared with
	Revision    int
	Undo, Redo  string // the summary of what would be undone and redone; "" when there is nothing
	Editable    bool   // by this member, now
	Refusal     error  // why not: ErrForbidden, or a Conflict when the draft is closed
	Focus       Focus  // after an edit: what it was about
}

// Focus is a step or a connection; both empty is the graph as a whole.
type Focus struct{ Node, Edge string }

// draftRow is a draft as it is stored.
type draftRow struct {
	Kind        DraftKind `db:"kind"`
	ID          uuid.UUID `db:"id"`
	SOPID       uuid.UUID `db:"sop_id"`
	SurrogateID uuid.UUID `db:"surrogate_id"`
	RoleTitle   string    `db:"role_title"`
	Number      int       `db:"number"`
	Status      string    `db:"status"`
	Author      uuid.UUID `db:"author"`
	Title       string    `db:"title"`
	Description string    `db:"description"`
	Source      string    `db:"source"`
	Graph       string    `db:"graph"`
	Base        *string   `db:"base"`
	Revision    int       `db:"revision"`
	Position    int       `db:"position"`
	Undo        string    `db:"undo"`
	Redo        string    `db:"redo"`
}

const selectSOPDraft = `
	select 'sop' as kind, s.id, s.id as sop_id, s.surrogate_id, g.role_title, s.version as number, s.status, s.created_by as author,
		s.title, s.description, s.source, s.graph::text as graph, null::text as base, s.revision, s.edit_position as position,
		coalesce((select e.summary from graph_edits e where e.sop_id = s.id and e.position = s.edit_position
			and exists (select from graph_edits b where b.sop_id = s.id and b.position < s.edit_position)), '') as undo,
		coalesce((select e.summary from graph_edits e where e.sop_id = s.id and e.position > s.edit_position
			order by e.position limit 1), '') as redo
	from sops s
	join surrogates g on g.id = s.surrogate_id
	where s.id = $1`

const selectProposalDraft = `
	select 'proposal' as kind, s.id, s.sop_id, s.surrogate_id, g.role_title, s.number, s.status, s.proposed_by as author,
		s.title, '' as description, '' as source, s.proposed_graph::text as graph, v.graph::text as base,
		s.edit_revision as revision, s.edit_position as position,
		coalesce((select e.summary from graph_edits e where e.proposal_id = s.id and e.position = s.edit_position
			and exists (select from graph_edits b where b.proposal_id = s.id and b.position < s.edit_position)), '') as undo,
		coalesce((select e.summary from graph_edits e where e.proposal_id = s.id and e.position > s.edit_position
			order by e.position limit 1), '') as redo
	from sop_proposals s
	join surrogates g on g.id = s.surrogate_id
	join sops v on v.id = s.sop_id
	where s.id = $1`

func (r DraftRef) lockDraft() string {
	if r.Kind == ProposalDraft {
		return `select id from sop_proposals where id = $1 for update`
	}
	return `select id from sops where id = $1 for update`
}

func (r DraftRef) selectDraft() string {
	if r.Kind == ProposalDraft {
		return selectProposalDraft
	}
	return selectSOPDraft
}

// Draft returns what the editor shows, also when this member may not edit it. ErrNotFound when there is no such draft.
func (t *Tenant) Draft(ctx context.Context, ref DraftRef) (Draft, error) {
	var draft Draft
	err := t.tx(ctx, func(tx pgx.Tx) error {
		row, err := one[draftRow](ctx, tx, ref.selectDraft(), ref.ID)
		if err != nil {
			return err
		}
		draft, err = t.draft(row)
		return err
	})
	return draft, err
}

// draft reads the graphs of a row.
func (t *Tenant) draft(row draftRow) (Draft, error) {
	graph, err := sop.Parse([]byte(row.Graph))
	if err != nil {
		return Draft{}, fmt.Errorf("read the stored graph of %s: %w", row.ID, err)
	}
	var base *sop.Graph
	if row.Base != nil {
		parsed, err := sop.Parse([]byte(*row.Base))
		if err != nil {
			return Draft{}, fmt.Errorf("read the graph that %s starts from: %w", row.ID, err)
		}
		base = &parsed
	}
	refusal := t.mayEdit(row)
	return Draft{
		Ref: DraftRef{row.Kind, row.ID}, SOPID: row.SOPID, SurrogateID: row.SurrogateID, RoleTitle: row.RoleTitle,
		Number: row.Number, Status: row.Status, Title: row.Title, Description: row.Description, Source: row.Source,
		Graph: graph, Base: base, Revision: row.Revision, Undo: row.Undo, Redo: row.Redo, Editable: refusal == nil, Refusal: refusal,
	}, nil
}

// mayEdit says why this member may not edit the draft now, or nil. A version is edited by everyone who writes
// procedures; a proposal by its author alone.
func (t *Tenant) mayEdit(row draftRow) error {
	switch {
	case !t.Can(WriteSOPs), row.Kind == ProposalDraft && row.Author != t.User.ID:
		return ErrForbidden
	case row.Kind == SOPDraft && row.Status != string(VersionDraft):
		return Conflict{Reason: "this version is no draft any more, so its content is final; start a new version to change it"}
	case row.Kind == ProposalDraft && !slices.Contains(editableProposals, row.Status):
		return Conflict{Reason: "this proposal is closed, so it cannot be changed any more"}
	}
	return nil
}

// editableProposals are the states in which an author may go on editing. What is under review counts as it was
// submitted; an edit reaches the reviewers with the next submission.
var editableProposals = []string{"DRAFT", "OPEN", "CHANGES_REQUESTED", "APPROVED"}

// object is the draft in the audit log.
func (row draftRow) object() Object {
	if row.Kind == ProposalDraft {
		return Object{"proposal", row.ID, fmt.Sprintf("#%d %s", row.Number, row.Title)}
	}
	return sopObject(row.ID, row.Title, row.Number)
}

// hash is the hash of the row's graph.
func (row draftRow) hash() string { return sop.GraphHash([]byte(row.Graph)) }
