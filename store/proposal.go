package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ProposalStatus is where a proposal is: DRAFT → OPEN ⇄ CHANGES_REQUESTED → APPROVED → APPLIED, or it ended before.
type ProposalStatus string

const (
	ProposalDrafted          ProposalStatus = "DRAFT"
	ProposalOpen             ProposalStatus = "OPEN"
	ProposalChangesRequested ProposalStatus = "CHANGES_REQUESTED"
	ProposalIsApproved       ProposalStatus = "APPROVED"
	ProposalIsApplied        ProposalStatus = "APPLIED"
	ProposalIsRejected       ProposalStatus = "REJECTED"
	ProposalIsWithdrawn      ProposalStatus = "WITHDRAWN"
	ProposalIsSuperseded     ProposalStatus = "SUPERSEDED"
)

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
