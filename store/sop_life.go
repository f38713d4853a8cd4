package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signature"
	"surrealm/store/sop"
)

// SubmitSOP sends a draft to review. Its content is final from here on, and its hash continues the line's chain.
// Invalid when the graph breaks a rule; Conflict when another version of the line is in the way; ErrConflict when the
// draft is not at the revision that the author saw.
func (t *Tenant) SubmitSOP(ctx context.Context, id uuid.UUID, revision int) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		version, err := lockVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		if problems := sop.Validate(version.Graph); len(problems) > 0 {
			return Invalid{"": fmt.Sprintf("The procedure has %d problems to mend first. %s", len(problems), problems[0].Message)}
		}
		previous, err := chainEnd(ctx, tx, version)
		if err != nil {
			return err
		}
		hash := versionHash(t.Org.ID, version, previous)
		err = move(ctx, tx, `
			update sops
			set status = 'REVIEW', hash = $3, previous_hash = $4, previous_version_id = $5, revision = revision + 1,
				submitted_by = $6, submitted_at = now(), reason = '', updated_at = now()
			where id = $1 and status = 'DRAFT' and revision = $2`,
			id, revision, hash, previous.hashOrNull(), previous.idOrNull(), t.User.ID)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SOPSubmitted, version.object(), Details{"hash": hash, "graph_hash": version.GraphHash})
	})
}

// lockVersion reads a version under the lock of its line, so that moves of one line follow each other.
func lockVersion(ctx context.Context, tx pgx.Tx, id uuid.UUID) (SOP, error) {
	_, err := value[uuid.UUID](ctx, tx, `
		select l.id from sop_lines l join sops s on s.line_id = l.id
		where s.id = $1
		for update of l`, id)
	if err != nil {
		return SOP{}, err
	}
	return sopByID(ctx, tx, id)
}

// link is the end of a line's chain of versions; the zero link when no version was certified yet.
type link struct {
	ID      uuid.UUID `db:"id"`
	Version int       `db:"version"`
	Hash    string    `db:"hash"`
	Status  SOPStatus `db:"status"`
}

func (l link) idOrNull() *uuid.UUID { return orNull(l.ID) }

func (l link) hashOrNull() *string {
	if l.Hash == "" {
		return nil
	}
	return &l.Hash
}

// chainEnd is what the version would continue. The chain follows the versions' numbers and never forks: nothing may be
// submitted while another version of the line is in review, or after a later one was.
func chainEnd(ctx context.Context, tx pgx.Tx, version SOP) (link, error) {
	end, err := one[link](ctx, tx, `
		select id, version, hash, status
		from sops
		where line_id = $1 and status <> 'DRAFT' and id <> $2
		order by version desc
		limit 1`, version.LineID, version.ID)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return link{}, nil
	case err != nil:
		return link{}, err
	case end.Status == VersionInReview:
		return link{}, Conflict{Reason: fmt.Sprintf("Version %d of this procedure is in review. Certify or return it first.", end.Version)}
	case end.Version > version.Version:
		return link{}, Conflict{Reason: fmt.Sprintf("Version %d was submitted after this draft was begun. Make a new version from this draft and submit that.", end.Version)}
	}
	return end, nil
}

func versionHash(org uuid.UUID, version SOP, previous link) string {
	return sop.VersionHash(sop.VersionRecord{
		Org: org.String(), Line: version.LineID.String(), Version: version.Version,
		Title: version.Title, GraphHash: version.GraphHash, Previous: previous.Hash,
	})
}

// ReturnSOP sends a version in review back to its author with a reason; certifications so far are void. Reviewers may,
// and so may whoever wrote or submitted it. ErrConflict when the version is not at the revision that they saw.
func (t *Tenant) ReturnSOP(ctx context.Context, id uuid.UUID, revision int, reason string) error {
	reason, err := givenReason(reason)
	if err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		version, err := lockVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		own := version.CreatedBy == t.User.ID || version.SubmittedBy != nil && *version.SubmittedBy == t.User.ID
		if !own && !t.Can(ReviewSOPs) {
			return ErrForbidden
		}
		err = move(ctx, tx, `
			update sops
			set status = 'DRAFT', hash = null, previous_hash = null, previous_version_id = null, revision = revision + 1,
				submitted_by = null, submitted_at = null, reason = $3, updated_at = now()
			where id = $1 and status = 'REVIEW' and revision = $2`, id, revision, reason)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, SOPReturned, version.object(), Details{"reason": reason})
	})
}

// CertifySOP signs a version in review. When as many people have signed as the organisation asks for, the version is
// certified, and the one that was certified before it is deprecated, all in one transaction.
// Invalid for who created or edited the version; Conflict when the member signed it already.
func (t *Tenant) CertifySOP(ctx context.Context, id uuid.UUID, revision int, reason string) (certified bool, err error) {
	reason = strings.TrimSpace(reason)
	if len([]rune(reason)) > 5000 {
		return false, Invalid{"reason": "Use at most 5,000 characters."}
	}
	data, err := t.dataKey(ctx)
	if err != nil {
		return false, err
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		certified = false
		version, err := lockVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		if version.Status != VersionInReview || version.Revision != revision {
			return ErrConflict
		}
		if edited, err := t.hasEdited(ctx, tx, id); err != nil {
			return err
		} else if edited {
			return Invalid{"": "You edited this version. Nobody certifies their own work: ask another reviewer."}
		}
		details, err := t.sign(ctx, tx, data, signing{SOP: &id, Author: version.CreatedBy, Statement: signature.Statement{
			Line: version.LineID.String(), SOP: id.String(), Version: version.Version, Revision: version.Revision,
			Title: version.Title, GraphHash: version.GraphHash, VersionHash: version.Hash,
			Decision: signature.Certify, Reason: reason,
		}})
		if err != nil {
			return err
		}
		if err := t.audit(ctx, tx, SOPSigned, version.object(), details); err != nil {
			return err
		}
		certified, err = t.certifyWhenComplete(ctx, tx, version)
		return err
	})
	return certified, err
}

// hasEdited says whether this member ever changed the draft of a version: an author, whoever created it. The audit log
// knows, also of edits that the undo steps have forgotten.
func (t *Tenant) hasEdited(ctx context.Context, tx pgx.Tx, id uuid.UUID) (bool, error) {
	return value[bool](ctx, tx, `
		select exists (select from audit_entries where object_id = $1 and actor = $2 and action = 'sop.edited')`, id, t.User.ID)
}

// certifyWhenComplete certifies a version that has the signatures it needs.
func (t *Tenant) certifyWhenComplete(ctx context.Context, tx pgx.Tx, version SOP) (bool, error) {
	signed, err := value[int](ctx, tx, `
		select count(*) from sop_signatures s
		join signing_keys k on k.id = s.key_id and k.revoked_at is null
		where s.sop_id = $1 and s.revision = $2 and s.decision = 'CERTIFY'`, version.ID, version.Revision)
	if err != nil {
		return false, err
	}
	settings, err := orgSettings(ctx, tx)
	if err != nil || signed < settings.ApprovalsNeeded {
		return false, err
	}
	if err := t.deprecateCertified(ctx, tx, version.LineID, fmt.Sprintf("Replaced by version %d.", version.Version), uuid.Nil); err != nil {
		return false, err
	}
	err = move(ctx, tx, `
		update sops set status = 'CERTIFIED', certified_at = now(), updated_at = now()
		where id = $1 and status = 'REVIEW' and revision = $2`, version.ID, version.Revision)
	if err != nil {
		return false, err
	}
	return true, t.audit(ctx, tx, SOPCertified, version.object(), Details{"hash": version.Hash, "signatures": signed})
}

// deprecateCertified ends the certified version of a line, if there is one. The proposals that start from it become
// stale, each with an entry of its own; applied is the one that is being applied, which does not.
func (t *Tenant) deprecateCertified(ctx context.Context, tx pgx.Tx, line uuid.UUID, reason string, applied uuid.UUID) error {
	type row struct {
		ID      uuid.UUID `db:"id"`
		Title   string    `db:"title"`
		Version int       `db:"version"`
	}
	former, err := one[row](ctx, tx, `
		update sops
		set status = 'DEPRECATED', deprecated_by = $2, deprecated_at = now(), reason = $3, updated_at = now()
		where line_id = $1 and status = 'CERTIFIED'
		returning id, title, version`, line, t.User.ID, reason)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.audit(ctx, tx, SOPDeprecated, sopObject(former.ID, former.Title, former.Version), Details{"reason": reason}); err != nil {
		return err
	}
	return t.auditStale(ctx, tx, former.ID, applied)
}

// DeprecateSOP takes a certified version out of use. An active surrogate that has no other certified procedure is
// paused with it, because it has nothing left to follow. ErrConflict when the version is not at the revision that the
// member saw.
func (t *Tenant) DeprecateSOP(ctx context.Context, id uuid.UUID, revision int, reason string) error {
	reason, err := givenReason(reason)
	if err != nil {
		return err
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		version, err := lockVersion(ctx, tx, id)
		if err != nil {
			return err
		}
		if version.Status != VersionCertified || version.Revision != revision {
			return ErrConflict
		}
		if err := lockSurrogate(ctx, tx, version.SurrogateID); err != nil {
			return err
		}
		if err := t.deprecateCertified(ctx, tx, version.LineID, reason, uuid.Nil); err != nil {
			return err
		}
		return t.pauseWithoutProcedure(ctx, tx, version)
	})
}

func (t *Tenant) pauseWithoutProcedure(ctx context.Context, tx pgx.Tx, version SOP) error {
	paused, err := exec(ctx, tx, `
		update surrogates
		set status = 'PAUSED', revision = revision + 1, updated_at = now()
		where id = $1 and status = 'ACTIVE'
			and not exists (select from sops where surrogate_id = $1 and status = 'CERTIFIED')`, version.SurrogateID)
	if err != nil || paused == 0 {
		return err
	}
	return t.audit(ctx, tx, SurrogatePaused, Object{"surrogate", version.SurrogateID, version.RoleTitle},
		Details{"from": "ACTIVE", "to": "PAUSED", "reason": "Its last certified procedure was deprecated."})
}

// givenReason is a reason that somebody has to read later.
func givenReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if n := len([]rune(reason)); n < 1 || n > 5000 {
		return "", Invalid{"reason": "Say why, in up to 5,000 characters."}
	}
	return reason, nil
}
