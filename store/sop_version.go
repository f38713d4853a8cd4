package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/sop"
)

// SOPStatus is where a version of a procedure is in its life.
type SOPStatus string

// The states of a version, in the order of its life.
const (
	VersionDraft      SOPStatus = "DRAFT"
	VersionInReview   SOPStatus = "REVIEW"
	VersionCertified  SOPStatus = "CERTIFIED"
	VersionDeprecated SOPStatus = "DEPRECATED"
)

// SOPStatuses lists the states in the order in which pages show them.
var SOPStatuses = []SOPStatus{VersionDraft, VersionInReview, VersionCertified, VersionDeprecated}

// SOP is one version of a procedure.
type SOP struct {
	ID           uuid.UUID `db:"id"`
	LineID       uuid.UUID `db:"line_id"`
	SurrogateID  uuid.UUID `db:"surrogate_id"`
	RoleTitle    string    `db:"role_title"` // of the surrogate
	Domain       string    `db:"domain"`
	Jurisdiction string    `db:"jurisdiction"`

	Version     int    `db:"version"`
	Title       string `db:"title"`
	Description string `db:"description"`
	Source      string `db:"source"` // citation of what the procedure rests on

	GraphText string    `db:"graph"` // the canonical text, byte for byte as it was stored
	GraphHash string    `db:"graph_hash"`
	Graph     sop.Graph `db:"-"` // GraphText, read

	Hash              string     `db:"hash"`          // "" while a draft
	PreviousHash      string     `db:"previous_hash"` // "" while a draft, and for the first of the line
	PreviousVersionID *uuid.UUID `db:"previous_version_id"`

	Status       SOPStatus  `db:"status"`
	Revision     int        `db:"revision"`
	CreatedBy    uuid.UUID  `db:"created_by"`
	Author       string     `db:"author"`
	SubmittedBy  *uuid.UUID `db:"submitted_by"`
	Submitter    string     `db:"submitter"`
	SubmittedAt  *time.Time `db:"submitted_at"`
	CertifiedAt  *time.Time `db:"certified_at"`
	DeprecatedBy *uuid.UUID `db:"deprecated_by"`
	Deprecator   string     `db:"deprecator"`
	DeprecatedAt *time.Time `db:"deprecated_at"`
	Reason       string     `db:"reason"` // given with the last move
	CreatedAt    time.Time  `db:"created_at"`
	UpdatedAt    time.Time  `db:"updated_at"`
}

// Document is the version as a file that ParseDocument reads back.
func (s SOP) Document() sop.Document {
	return sop.Document{
		Kind: sop.SOPDocument, Title: s.Title, Description: s.Description, Source: s.Source,
		Domain: s.Domain, Jurisdiction: s.Jurisdiction, RoleTitle: s.RoleTitle, Graph: s.Graph,
	}
}

// object is the version in the audit log.
func (s SOP) object() Object { return sopObject(s.ID, s.Title, s.Version) }

func sopObject(id uuid.UUID, title string, version int) Object {
	return Object{"sop", id, fmt.Sprintf("%s v%d", title, version)}
}

const selectSOP = `
	select s.id, s.line_id, s.surrogate_id, g.role_title, g.domain, g.jurisdiction,
		s.version, s.title, s.description, s.source, s.graph::text as graph, s.graph_hash,
		coalesce(s.hash, '') as hash, coalesce(s.previous_hash, '') as previous_hash, s.previous_version_id,
		s.status, s.revision, s.created_by, a.display_name as author,
		s.submitted_by, coalesce(b.display_name, '') as submitter, s.submitted_at, s.certified_at,
		s.deprecated_by, coalesce(d.display_name, '') as deprecator, s.deprecated_at,
		s.reason, s.created_at, s.updated_at
	from sops s
	join surrogates g on g.id = s.surrogate_id
	join people a on a.user_id = s.created_by
	left join people b on b.user_id = s.submitted_by
	left join people d on d.user_id = s.deprecated_by`

// SOP returns one version. ErrNotFound when there is none with the id.
func (t *Tenant) SOP(ctx context.Context, id uuid.UUID) (SOP, error) {
	var s SOP
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		s, err = sopByID(ctx, tx, id)
		return err
	})
	return s, err
}

// sopByID reads one version inside a transaction.
func sopByID(ctx context.Context, tx pgx.Tx, id uuid.UUID) (SOP, error) {
	s, err := one[SOP](ctx, tx, selectSOP+` where s.id = $1`, id)
	if err != nil {
		return SOP{}, err
	}
	s.Graph, err = sop.Parse([]byte(s.GraphText))
	if err != nil {
		return SOP{}, fmt.Errorf("read the stored graph of %s: %w", id, err)
	}
	return s, nil
}

// SOPVersion is one line of a procedure's history.
type SOPVersion struct {
	ID        uuid.UUID `db:"id"`
	Version   int       `db:"version"`
	Status    SOPStatus `db:"status"`
	Author    string    `db:"author"`
	CreatedAt time.Time `db:"created_at"`
}

// SOPVersions lists all versions of the procedure that the given version belongs to, the newest first.
// ErrNotFound when there is no such version.
func (t *Tenant) SOPVersions(ctx context.Context, id uuid.UUID) ([]SOPVersion, error) {
	var list []SOPVersion
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		list, err = versionsOf(ctx, tx, id)
		return err
	})
	if err == nil && len(list) == 0 {
		return nil, ErrNotFound
	}
	return list, err
}

// versionsOf reads the history of the line that a version belongs to.
func versionsOf(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SOPVersion, error) {
	return many[SOPVersion](ctx, tx, `
		select s.id, s.version, s.status, a.display_name as author, s.created_at
		from sops s
		join people a on a.user_id = s.created_by
		where s.line_id = (select line_id from sops where id = $1)
		order by s.version desc`, id)
}

// trimmed takes off what a form adds without the person's wish: spaces around a text and foreign line ends.
func trimmed(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
}

// SOPPair returns two versions of one procedure and all versions of its line. ErrNotFound when they are not of one line.
func (t *Tenant) SOPPair(ctx context.Context, id, with uuid.UUID) (one, other SOP, versions []SOPVersion, err error) {
	err = t.tx(ctx, func(tx pgx.Tx) (err error) {
		if one, err = sopByID(ctx, tx, id); err != nil {
			return err
		}
		if other, err = sopByID(ctx, tx, with); err != nil {
			return err
		}
		if one.LineID != other.LineID {
			return ErrNotFound
		}
		versions, err = versionsOf(ctx, tx, id)
		return err
	})
	return one, other, versions, err
}
