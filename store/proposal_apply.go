package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// ApplyProposal makes an approved revision the next certified version of its line, on the strength of its signed
// approvals, and returns the new version's id. The former version is deprecated; other proposals that start from it
// become stale. A reviewer does this who is not the author.
// Conflict when the revision is not approved any more, when the line has moved on, or when a version is in review.
func (t *Tenant) ApplyProposal(ctx context.Context, id uuid.UUID, revision int) (uuid.UUID, error) {
	version := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		p, err := t.applicable(ctx, tx, id, revision)
		if err != nil {
			return err
		}
		made, err := t.nextVersion(ctx, tx, p, version)
		if err != nil {
			return err
		}
		err = move(ctx, tx, `
			update sop_proposals
			set status = 'APPLIED', applied_sop_id = $3, edit_revision = edit_revision + 1, updated_at = now()
			where id = $1 and status = 'APPROVED' and revision = $2`, id, revision, version)
		if err != nil {
			return err
		}
		proposal := fmt.Sprintf("#%d", p.Number)
		if err := t.audit(ctx, tx, SOPCertified, made.object(), Details{"hash": made.Hash, "proposal": proposal}); err != nil {
			return err
		}
		return t.audit(ctx, tx, ProposalApplied, p.object(), Details{
			"revision": revision, "version": made.Version, "sop": version.String(), "graph_hash": made.GraphHash, "replaces": p.BaseVersion,
		})
	})
	return version, err
}

// applicable locks the line and the proposal, in this order, and says what keeps it from being applied.
func (t *Tenant) applicable(ctx context.Context, tx pgx.Tx, id uuid.UUID, revision int) (Proposal, error) {
	_, err := value[uuid.UUID](ctx, tx, `
		select l.id from sop_lines l join sop_proposals p on p.line_id = l.id
		where p.id = $1
		for update of l`, id)
	if err != nil {
		return Proposal{}, err
	}
	p, err := lockProposal(ctx, tx, id)
	switch {
	case err != nil:
		return p, err
	case !t.Can(ReviewSOPs):
		return p, ErrForbidden
	case p.AuthorID == t.User.ID:
		return p, Invalid{"": "Nobody applies their own proposal. Ask a reviewer."}
	case p.Status == ProposalIsApplied:
		return p, Conflict{Reason: "This proposal is applied already."}
	case p.Status != ProposalIsApproved || p.Revision != revision:
		return p, Conflict{Reason: "This revision is not approved, or no longer."}
	case p.Stale():
		return p, staleProposal(p)
	}
	return p, t.stillApproved(ctx, tx, p)
}

// stillApproved verifies the approvals again: a key may have been revoked, or the organisation may ask for more today.
func (t *Tenant) stillApproved(ctx context.Context, tx pgx.Tx, p Proposal) error {
	settings, err := orgSettings(ctx, tx)
	if err != nil {
		return err
	}
	reviews, err := t.reviews(ctx, tx, p)
	if err != nil {
		return err
	}
	if given := approvals(reviews, p.Revision); given < settings.ApprovalsNeeded {
		return Conflict{Reason: fmt.Sprintf("%d of %d needed approvals count today. The author has to submit it again.", given, settings.ApprovalsNeeded)}
	}
	return nil
}

// nextVersion adds the approved graph to the end of the line's chain, certified.
func (t *Tenant) nextVersion(ctx context.Context, tx pgx.Tx, p Proposal, id uuid.UUID) (SOP, error) {
	graph, err := value[string](ctx, tx, `
		select graph::text from proposal_revisions where proposal_id = $1 and revision = $2`, p.ID, p.Revision)
	if err != nil {
		return SOP{}, err
	}
	next := SOP{
		ID: id, LineID: p.LineID, SurrogateID: p.SurrogateID, Title: p.BaseTitle, GraphText: graph, GraphHash: sop.GraphHash([]byte(graph)),
	}
	if next.Version, err = takeVersion(ctx, tx, p.LineID); err != nil {
		return SOP{}, err
	}
	end, err := chainEnd(ctx, tx, next)
	if err != nil {
		return SOP{}, err
	}
	if err := t.deprecateCertified(ctx, tx, p.LineID, fmt.Sprintf("Replaced by version %d, which proposal #%d made.", next.Version, p.Number), p.ID); err != nil {
		return SOP{}, err
	}
	next.Hash = versionHash(t.Org.ID, next, end)
	_, err = tx.Exec(ctx, `
		insert into sops (id, line_id, surrogate_id, version, title, description, source, graph, graph_hash,
			hash, previous_hash, previous_version_id, status, created_by, submitted_by, submitted_at, certified_at)
		select $1, b.line_id, b.surrogate_id, $3, b.title, b.description, b.source, $4, $5,
			$6, $7, $8, 'CERTIFIED', p.proposed_by, p.proposed_by, r.created_at, now()
		from sop_proposals p
		join sops b on b.id = p.sop_id
		join proposal_revisions r on r.proposal_id = p.id and r.revision = p.revision
		where p.id = $2`,
		id, p.ID, next.Version, graph, next.GraphHash, next.Hash, end.hashOrNull(), end.idOrNull())
	return next, err
}

// auditStale records for each open proposal that starts from a version that it has become stale, but for the one that
// is being applied.
func (t *Tenant) auditStale(ctx context.Context, tx pgx.Tx, former, applied uuid.UUID) error {
	type row struct {
		ID     uuid.UUID `db:"id"`
		Number int       `db:"number"`
		Title  string    `db:"title"`
	}
	stale, err := many[row](ctx, tx, `
		select id, number, title from sop_proposals
		where sop_id = $1 and id <> $2 and status in ('DRAFT', 'OPEN', 'CHANGES_REQUESTED', 'APPROVED')
		order by number`, former, applied)
	if err != nil {
		return err
	}
	for _, p := range stale {
		if err := t.audit(ctx, tx, ProposalBecameStale, proposalObject(p.ID, p.Number, p.Title), Details{"base": former.String()}); err != nil {
			return err
		}
	}
	return nil
}
