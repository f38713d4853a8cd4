package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// EvidenceHolder is what evidence stands behind: a proposal or a version of a procedure, exactly one of the two.
type EvidenceHolder struct{ Proposal, Version uuid.UUID }

// lock keeps others from moving it on, and returns it as the audit log names it.
func (h EvidenceHolder) lock(ctx context.Context, tx pgx.Tx) (Object, error) {
	if h.Proposal != uuid.Nil {
		p, err := lockProposal(ctx, tx, h.Proposal)
		return p.object(), err
	}
	s, err := lockVersion(ctx, tx, h.Version)
	return sopObject(s.ID, s.Title, s.Version), err
}

// AttachEvidence adds signals that the member may see to an own proposal that is not under review, or to an own draft, and returns the
// numbers that they are cited by, in the order of ids. Invalid: "ids"; Conflict when one is attached already, or it was submitted.
func (t *Tenant) AttachEvidence(ctx context.Context, to EvidenceHolder, ids []uuid.UUID) ([]int, error) {
	if len(ids) == 0 || len(ids) > maxCitations {
		return nil, Invalid{"ids": fmt.Sprintf("Choose 1 to %d signals.", maxCitations)}
	}
	var numbers []int
	err := t.tx(ctx, func(tx pgx.Tx) error {
		object, err := to.lock(ctx, tx)
		if err != nil {
			return err
		}
		numbers = nil
		for _, id := range ids {
			number, err := value[int](ctx, tx, `select gate.add_evidence($1, $2, $3, $4, null, null, null, null, null)`,
				newID(), orNull(to.Proposal), orNull(to.Version), id)
			if err != nil {
				return err
			}
			numbers = append(numbers, number)
		}
		return t.audit(ctx, tx, EvidenceAdded, object, Details{"citations": numbers})
	})
	return numbers, err
}

// RemoveEvidence takes one link off an own proposal that is not under review, or off an own draft, also when the member may not see its
// source any more. It returns the number that it was cited by; 0 when it was no signal.
func (t *Tenant) RemoveEvidence(ctx context.Context, from EvidenceHolder, evidence uuid.UUID) (int, error) {
	var number *int
	err := t.tx(ctx, func(tx pgx.Tx) error {
		object, err := from.lock(ctx, tx)
		if err != nil {
			return err
		}
		if number, err = value[*int](ctx, tx, `select gate.remove_evidence($1, $2, $3)`, orNull(from.Proposal), orNull(from.Version), evidence); err != nil {
			return err
		}
		return t.audit(ctx, tx, EvidenceRemoved, object, Details{"citation": number})
	})
	if number == nil {
		return 0, err
	}
	return *number, err
}
