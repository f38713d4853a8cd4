package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// ProposalStatus is where a proposal is: DRAFT → OPEN ⇄ CHANGES_REQUESTED → APPROVED → APPLIED, or it ended before.
type ProposalStatus string

// The states of a proposal.
const (
	ProposalDrafted          ProposalStatus = "DRAFT"
	ProposalOpen             ProposalStatus = "OPEN"
	ProposalChangesRequested ProposalStatus = "CHANGES_REQUESTED"
	ProposalIsApproved       ProposalStatus = "APPROVED"
	ProposalIsApplied        ProposalStatus = "APPLIED"
	ProposalIsRejected       ProposalStatus = "REJECTED"
	ProposalIsWithdrawn      ProposalStatus = "WITHDRAWN"
	ProposalIsSuperseded     ProposalStatus = "SUPERSEDED" // a rebase left nothing of it to propose
)

// ProposalStatuses lists the states in the order in which pages show them.
var ProposalStatuses = []ProposalStatus{
	ProposalDrafted, ProposalOpen, ProposalChangesRequested, ProposalIsApproved,
	ProposalIsApplied, ProposalIsRejected, ProposalIsWithdrawn, ProposalIsSuperseded,
}

// Unfinished says that the proposal may still change its procedure.
func (s ProposalStatus) Unfinished() bool { return slices.Contains(editableProposals, string(s)) }

// Proposal is a change to a certified version, with both graphs.
type Proposal struct {
	ID          uuid.UUID `db:"id"`
	Number      int       `db:"number"`
	LineID      uuid.UUID `db:"line_id"`
	SurrogateID uuid.UUID `db:"surrogate_id"`

	Title        string         `db:"title"`
	Rationale    string         `db:"rationale"`
	Status       ProposalStatus `db:"status"`
	Revision     int            `db:"revision"`      // the last submitted one; 0 before the first
	EditRevision int            `db:"edit_revision"` // grows with every change
	GraphText    string         `db:"graph"`         // what the author is editing, as it is stored
	Graph        sop.Graph      `db:"-"`

	BaseID        uuid.UUID `db:"base_id"` // the version that the change starts from
	BaseVersion   int       `db:"base_version"`
	BaseTitle     string    `db:"base_title"` // the procedure's title, which the change keeps
	BaseStatus    SOPStatus `db:"base_status"`
	BaseHash      string    `db:"base_hash"`
	BaseGraphText string    `db:"base_graph"`
	Base          sop.Graph `db:"-"`

	CertifiedID      *uuid.UUID `db:"certified_id"` // the version in force now; nil when there is none
	CertifiedVersion *int       `db:"certified_version"`
	AppliedID        *uuid.UUID `db:"applied_id"`
	AppliedVersion   *int       `db:"applied_version"`
	InReview         int        `db:"in_review"` // the version of the line that is in review and keeps the proposal from being applied; 0 for none

	AuthorID  uuid.UUID `db:"author_id"`
	Author    string    `db:"author"`
	CreatedAt time.Time `db:"created_at"`
	UpdatedAt time.Time `db:"updated_at"`
}

const selectProposal = `
	select p.id, p.number, p.line_id, p.surrogate_id,
		p.title, p.rationale, p.status, p.revision, p.edit_revision, p.proposed_graph::text as graph,
		b.id as base_id, b.version as base_version, b.title as base_title, b.status as base_status, coalesce(b.hash, '') as base_hash,
		b.graph::text as base_graph,
		c.id as certified_id, c.version as certified_version, p.applied_sop_id as applied_id, d.version as applied_version,
		(select coalesce(max(version), 0) from sops where line_id = p.line_id and status = 'REVIEW') as in_review,
		p.proposed_by as author_id, a.display_name as author, p.created_at, p.updated_at
	from sop_proposals p
	join people a on a.user_id = p.proposed_by
	join sops b on b.id = p.sop_id
	left join sops c on c.line_id = p.line_id and c.status = 'CERTIFIED'
	left join sops d on d.id = p.applied_sop_id
	where p.id = $1`

// Proposal returns one proposal. ErrNotFound when there is none with the id.
func (t *Tenant) Proposal(ctx context.Context, id uuid.UUID) (Proposal, error) {
	var p Proposal
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		p, err = proposalByID(ctx, tx, id)
		return err
	})
	return p, err
}

// lockProposal holds a proposal's row, so that its moves follow each other, and then reads it: what one statement both
// waited for and joined would be partly older than the wait. Whoever also locks the line locks that first.
func lockProposal(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Proposal, error) {
	if _, err := value[uuid.UUID](ctx, tx, `select id from sop_proposals where id = $1 for update`, id); err != nil {
		return Proposal{}, err
	}
	return proposalByID(ctx, tx, id)
}

func proposalByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (Proposal, error) {
	p, err := one[Proposal](ctx, tx, selectProposal, id)
	if err != nil {
		return Proposal{}, err
	}
	if p.Graph, err = sop.Parse([]byte(p.GraphText)); err != nil {
		return Proposal{}, fmt.Errorf("read the graph of proposal %s: %w", id, err)
	}
	if p.Base, err = sop.Parse([]byte(p.BaseGraphText)); err != nil {
		return Proposal{}, fmt.Errorf("read the graph that proposal %s starts from: %w", id, err)
	}
	return p, nil
}

// Stale says that the line has moved on since: the proposal cannot be applied until it is rebased.
func (p Proposal) Stale() bool { return p.Status.Unfinished() && p.BaseStatus != VersionCertified }

// object is the proposal in the audit log.
func (p Proposal) object() Object { return proposalObject(p.ID, p.Number, p.Title) }

func proposalObject(id uuid.UUID, number int, title string) Object {
	return Object{"proposal", id, fmt.Sprintf("#%d %s", number, title)}
}

// mayChange says why this member may not change the proposal now, or nil: its author may, until it has ended.
func (t *Tenant) mayChange(p Proposal) error {
	switch {
	case !t.Can(WriteSOPs), p.AuthorID != t.User.ID:
		return ErrForbidden
	case !p.Status.Unfinished():
		return Conflict{Reason: "This proposal is closed, so it cannot be changed any more."}
	}
	return nil
}

// changing locks a proposal for its author, who has seen the given edit revision.
func (t *Tenant) changing(ctx context.Context, tx pgx.Tx, id uuid.UUID, editRevision int) (Proposal, error) {
	p, err := lockProposal(ctx, tx, id)
	if err != nil {
		return Proposal{}, err
	}
	if err := t.mayChange(p); err != nil {
		return Proposal{}, err
	}
	if p.EditRevision != editRevision {
		return Proposal{}, ErrConflict
	}
	return p, nil
}

// ProposalLine is a proposal in a list.
type ProposalLine struct {
	ID          uuid.UUID      `db:"id"`
	Number      int            `db:"number"`
	Title       string         `db:"title"`
	Status      ProposalStatus `db:"status"`
	Author      string         `db:"author"`
	BaseVersion int            `db:"base_version"`
	Stale       bool           `db:"stale"` // its base is no longer the certified version: it has to be rebased
	UpdatedAt   time.Time      `db:"updated_at"`
}

// unfinishedProposals lists the proposals of one line that may still change it.
func unfinishedProposals(ctx context.Context, tx pgx.Tx, line uuid.UUID) ([]ProposalLine, error) {
	return many[ProposalLine](ctx, tx, `
		select p.id, p.number, p.title, p.status, a.display_name as author, b.version as base_version,
			b.status <> 'CERTIFIED' as stale, p.updated_at
		from sop_proposals p
		join people a on a.user_id = p.proposed_by
		join sops b on b.id = p.sop_id
		where p.line_id = $1 and p.status in ('DRAFT', 'OPEN', 'CHANGES_REQUESTED', 'APPROVED')
		order by p.number desc`, line)
}
