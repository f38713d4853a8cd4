package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/seal"
	"surrealm/store/signature"
	"surrealm/store/sop"
)

// Verdict is what a reviewer decides about a revision.
type Verdict string

// The three verdicts.
const (
	VerdictApprove        Verdict = "APPROVE"
	VerdictRequestChanges Verdict = "REQUEST_CHANGES"
	VerdictReject         Verdict = "REJECT"
)

// ProposalReview is one person's signed verdict on one revision, with what its verification found just now.
type ProposalReview struct {
	ID         uuid.UUID
	Revision   int
	ReviewerID uuid.UUID
	Reviewer   string
	Verdict    Verdict
	Reason     string
	VoidedAt   *time.Time // a newer revision was submitted
	At         time.Time
	Signature  SignatureCheck
}

// Counts says that this is an approval that counts today: of the given revision, not void, with a good signature.
func (r ProposalReview) Counts(revision int) bool {
	return r.Verdict == VerdictApprove && r.Revision == revision && r.VoidedAt == nil && r.Signature.Verdict.OK
}

// approvals counts what speaks for a revision.
func approvals(reviews []ProposalReview, revision int) int {
	n := 0
	for _, r := range reviews {
		if r.Counts(revision) {
			n++
		}
	}
	return n
}

// Review signs a verdict on a revision of somebody else's proposal. As many approvals as the organisation asks for
// approve it; one request for changes sends it back; one rejection ends it.
// Invalid at reason and verdict, and for the author; Conflict when the revision is no longer under review, when the
// member has judged it already, or when a stale proposal is to be approved.
func (t *Tenant) Review(ctx context.Context, id uuid.UUID, revision int, verdict Verdict, reason string) error {
	reason, err := givenReason(reason)
	if err != nil {
		return err
	}
	next, ok := afterVerdict[verdict]
	if !ok {
		return Invalid{"verdict": "Choose a verdict."}
	}
	data, err := t.dataKey(ctx)
	if err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := t.reviewable(ctx, tx, id, revision, verdict)
		if err != nil {
			return err
		}
		details, err := t.signVerdict(ctx, tx, data, p, verdict, reason)
		if err != nil {
			return err
		}
		if verdict == VerdictApprove {
			return t.approve(ctx, tx, p, details)
		}
		if err := decide(ctx, tx, p, next); err != nil {
			return err
		}
		if err := t.audit(ctx, tx, ProposalReviewed, p.object(), details); err != nil || verdict != VerdictReject {
			return err
		}
		return t.audit(ctx, tx, ProposalRejected, p.object(), Details{"revision": revision})
	})
}

var afterVerdict = map[Verdict]ProposalStatus{
	VerdictApprove:        ProposalIsApproved, // with enough of them
	VerdictRequestChanges: ProposalChangesRequested,
	VerdictReject:         ProposalIsRejected,
}

// reviewable locks a proposal that this member may judge now.
func (t *Tenant) reviewable(ctx context.Context, tx pgx.Tx, id uuid.UUID, revision int, verdict Verdict) (Proposal, error) {
	p, err := lockProposal(ctx, tx, id)
	switch {
	case err != nil:
		return p, err
	case !t.Can(ReviewSOPs):
		return p, ErrForbidden
	case p.AuthorID == t.User.ID:
		return p, violations["reviews_not_by_author"]
	case p.Revision != revision:
		return p, Conflict{Reason: fmt.Sprintf("Revision %d was submitted meanwhile. Look at it before you decide.", p.Revision)}
	case p.Status != ProposalOpen:
		return p, Conflict{Reason: "This revision is no longer under review: a decision was made, or the author is working on it."}
	case verdict == VerdictApprove && p.Stale():
		return p, staleProposal(p)
	}
	return p, nil
}

// signVerdict keeps the verdict with its signature and returns what the audit log says about it.
func (t *Tenant) signVerdict(ctx context.Context, tx pgx.Tx, data seal.DataKey, p Proposal, verdict Verdict, reason string) (Details, error) {
	review := newID()
	hash, err := value[string](ctx, tx, `
		insert into reviews (id, proposal_id, revision, proposed_by, reviewer, verdict, reason)
		values ($1, $2, $3, $4, $5, $6, $7)
		returning (select graph_hash from proposal_revisions where proposal_id = $2 and revision = $3)`,
		review, p.ID, p.Revision, p.AuthorID, t.User.ID, string(verdict), reason)
	if err != nil {
		return nil, err
	}
	details, err := t.sign(ctx, tx, data, signing{Proposal: &p.ID, Review: &review, Author: p.AuthorID, Statement: signature.Statement{
		Line: p.LineID.String(), SOP: p.BaseID.String(), Proposal: p.ID.String(), Version: p.BaseVersion, Revision: p.Revision,
		Title: p.BaseTitle, GraphHash: hash, VersionHash: p.BaseHash, Decision: signature.Decision(verdict), Reason: reason,
	}})
	if err != nil {
		return nil, err
	}
	details["verdict"], details["revision"], details["reason"], details["graph_hash"] = string(verdict), p.Revision, reason, hash
	return details, nil
}

// approve records an approval and, when it was the last that was needed, approves the proposal.
func (t *Tenant) approve(ctx context.Context, tx pgx.Tx, p Proposal, details Details) error {
	settings, err := orgSettings(ctx, tx)
	if err != nil {
		return err
	}
	reviews, err := t.reviews(ctx, tx, p)
	if err != nil {
		return err
	}
	given := approvals(reviews, p.Revision)
	details["approvals"], details["needed"] = given, settings.ApprovalsNeeded
	enough := given >= settings.ApprovalsNeeded
	if enough {
		err = decide(ctx, tx, p, ProposalIsApproved)
	} else {
		_, err = tx.Exec(ctx, `update sop_proposals set updated_at = now() where id = $1`, p.ID)
	}
	if err != nil {
		return err
	}
	if err := t.audit(ctx, tx, ProposalReviewed, p.object(), details); err != nil || !enough {
		return err
	}
	return t.audit(ctx, tx, ProposalApproved, p.object(), Details{"revision": p.Revision, "approvals": given})
}

// decide moves an open proposal on.
func decide(ctx context.Context, tx pgx.Tx, p Proposal, to ProposalStatus) error {
	return move(ctx, tx, `
		update sop_proposals
		set status = $3, decided_at = now(), updated_at = now()
		where id = $1 and status = 'OPEN' and revision = $2`, p.ID, p.Revision, to)
}

// reviewRow is a verdict with its signature and with what it should be about.
type reviewRow struct {
	signatureRow
	ID          uuid.UUID  `db:"id"`
	Reason      string     `db:"reason"`
	VoidedAt    *time.Time `db:"voided_at"`
	BaseID      uuid.UUID  `db:"base_id"`
	BaseVersion int        `db:"base_version"`
	BaseTitle   string     `db:"base_title"`
	BaseHash    string     `db:"base_hash"`
	Graph       string     `db:"graph"`
}

// reviews reads and verifies all verdicts on a proposal, the oldest first.
func (t *Tenant) reviews(ctx context.Context, tx pgx.Tx, p Proposal) ([]ProposalReview, error) {
	rows, err := many[reviewRow](ctx, tx, `
		select s.signer, n.display_name as signer_name, s.decision, s.revision, s.statement, s.signature, s.signed_at,
			k.user_id as key_owner, k.public_key, k.fingerprint, k.retired_at, k.revoked_at, k.revoke_reason,
			v.id, v.reason, v.voided_at, b.id as base_id, b.version as base_version, b.title as base_title,
			coalesce(b.hash, '') as base_hash, r.graph::text as graph
		from reviews v
		join sop_signatures s on s.review_id = v.id
		join signing_keys k on k.id = s.key_id
		join people n on n.user_id = s.signer
		join proposal_revisions r on r.proposal_id = v.proposal_id and r.revision = v.revision
		join sops b on b.id = r.base_sop_id
		where v.proposal_id = $1
		order by v.created_at, v.id`, p.ID)
	list := make([]ProposalReview, len(rows))
	for i, r := range rows {
		check := r.check(signature.Expected{
			Org: t.Org.ID.String(), Line: p.LineID.String(), SOP: r.BaseID.String(), Proposal: p.ID.String(), Version: r.BaseVersion,
			Title: r.BaseTitle, GraphHash: sop.GraphHash([]byte(r.Graph)), VersionHash: r.BaseHash, Reason: r.Reason,
		})
		list[i] = ProposalReview{
			ID: r.ID, Revision: r.Revision, ReviewerID: r.Signer, Reviewer: r.SignerName, Verdict: Verdict(r.Decision),
			Reason: r.Reason, VoidedAt: r.VoidedAt, At: r.SignedAt, Signature: check,
		}
	}
	return list, err
}
