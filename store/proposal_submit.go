package store

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// SubmitProposal freezes what the author has made as the next revision and opens it for review. Verdicts on earlier
// revisions are void from here on, and stay visible as such.
// Invalid when the graph breaks a rule or changes nothing, and at note; Conflict when the base is no longer certified;
// ErrConflict when the edit revision is old.
func (t *Tenant) SubmitProposal(ctx context.Context, id uuid.UUID, editRevision int, note string) error {
	note = trimmed(note)
	if utf8.RuneCountInString(note) > 5000 {
		return Invalid{"note": "Use at most 5,000 characters."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := t.changing(ctx, tx, id, editRevision)
		if err != nil {
			return err
		}
		if err := submittable(p); err != nil {
			return err
		}
		hash := sop.GraphHash([]byte(p.GraphText))
		if err := somethingNew(ctx, tx, p, hash); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into proposal_revisions (proposal_id, revision, base_sop_id, title, graph, graph_hash, note, created_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`, id, p.Revision+1, p.BaseID, p.Title, p.GraphText, hash, note, t.User.ID)
		if err != nil {
			return err
		}
		err = move(ctx, tx, `
			update sop_proposals
			set status = 'OPEN', revision = revision + 1, edit_revision = edit_revision + 1,
				opened_at = coalesce(opened_at, now()), decided_at = null, updated_at = now()
			where id = $1 and edit_revision = $2 and status = $3`, id, editRevision, p.Status)
		if err != nil {
			return err
		}
		voided, err := voidVerdicts(ctx, tx, id)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, ProposalSubmitted, p.object(), Details{
			"revision": p.Revision + 1, "graph_hash": hash, "base": p.BaseID.String(), "base_version": p.BaseVersion,
			"from": string(p.Status), "voided_verdicts": voided,
		})
	})
}

// submittable says what keeps a proposal from being submitted, or nil.
func submittable(p Proposal) error {
	if p.Stale() {
		return staleProposal(p)
	}
	if p.GraphText == p.BaseGraphText {
		return Invalid{"": fmt.Sprintf("Nothing is changed yet: the graph is that of version %d. Edit the steps first.", p.BaseVersion)}
	}
	if problems := sop.Validate(p.Graph); len(problems) > 0 {
		return Invalid{"": fmt.Sprintf("The graph has %d problems to mend first. %s", len(problems), problems[0].Message)}
	}
	return nil
}

// somethingNew refuses a revision that would void verdicts without giving reviewers anything to look at.
func somethingNew(ctx context.Context, tx pgx.Tx, p Proposal, hash string) error {
	if p.Status != ProposalOpen {
		return nil
	}
	same, err := value[bool](ctx, tx, `
		select graph_hash = $3 and base_sop_id = $4 from proposal_revisions where proposal_id = $1 and revision = $2`,
		p.ID, p.Revision, hash, p.BaseID)
	if err == nil && same {
		return Conflict{Reason: fmt.Sprintf("Nothing has changed since revision %d, which is under review.", p.Revision)}
	}
	return err
}

// staleProposal says what is in the way of a proposal whose base is no longer in force.
func staleProposal(p Proposal) Conflict {
	if p.CertifiedVersion == nil {
		return Conflict{Reason: fmt.Sprintf("Version %d is no longer in force and no other version is, so there is nothing to change.", p.BaseVersion)}
	}
	return Conflict{Reason: fmt.Sprintf("The proposal is stale: it starts from version %d, and version %d is certified now. Bring it up to date first.",
		p.BaseVersion, *p.CertifiedVersion)}
}

// voidVerdicts marks all verdicts so far as void and counts them.
func voidVerdicts(ctx context.Context, tx pgx.Tx, id uuid.UUID) (int64, error) {
	return exec(ctx, tx, `update reviews set voided_at = now() where proposal_id = $1 and voided_at is null`, id)
}

// WithdrawProposal ends a proposal before it is applied. Its author may, and so may those who run the organisation,
// because an author can have left it. Conflict when its state or its edit revision is not what they saw.
func (t *Tenant) WithdrawProposal(ctx context.Context, id uuid.UUID, seen ProposalStatus, editRevision int) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		p, err := lockProposal(ctx, tx, id)
		if err != nil {
			return err
		}
		if p.AuthorID != t.User.ID && !t.Can(ManageOrg) {
			return ErrForbidden
		}
		if !p.Status.Unfinished() {
			return Conflict{Reason: "This proposal is closed already."}
		}
		err = move(ctx, tx, `
			update sop_proposals
			set status = 'WITHDRAWN', edit_revision = edit_revision + 1, decided_at = now(), updated_at = now()
			where id = $1 and status = $2 and edit_revision = $3`, id, seen, editRevision)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, ProposalWithdrawn, p.object(), Details{"from": string(p.Status), "revision": p.Revision})
	})
}
