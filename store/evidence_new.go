package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// NewEvidence is what a new proposal or procedure rests on. Uncited are the numbers that the form offered and that were not chosen: the
// text must not name them.
type NewEvidence struct {
	Origin    EvidenceOrigin
	Citations []Citation
	Uncited   []int
}

// ProposeFromEvidence starts a proposal like ProposeChange, with what it rests on, in one transaction. It starts from the version of the
// same procedure that is in force at that moment. Invalid fields: title, rationale, sop, cite; Conflict as EvidenceSource.
func (t *Tenant) ProposeFromEvidence(ctx context.Context, sopID uuid.UUID, n NewProposal, e NewEvidence) (uuid.UUID, error) {
	n.Title, n.Rationale = trimmed(n.Title), trimmed(n.Rationale)
	bad := e.validate("rationale", n.Rationale)
	checkProposalTexts(bad, n.Title, n.Rationale)
	if sopID == uuid.Nil {
		bad["sop"] = "Choose a procedure that is in force."
	}
	if err := bad.orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		base, err := certifiedOfLine(ctx, tx, sopID)
		if err != nil {
			return err
		}
		if err := e.check(ctx, tx); err != nil {
			return err
		}
		number, err := t.insertProposal(ctx, tx, id, base, n, base.GraphText)
		if err != nil {
			return err
		}
		if err := e.add(ctx, tx, id, uuid.Nil); err != nil {
			return err
		}
		details := startDetails(base, base.GraphText)
		details["citations"] = len(e.Citations)
		return t.audit(ctx, tx, ProposalCreated, proposalObject(id, number, n.Title), details)
	})
	return id, err
}

// StartSOPFromEvidence starts a procedure like CreateSOP, with what it rests on, in one transaction. Invalid fields: those of
// CreateSOP, and cite.
func (t *Tenant) StartSOPFromEvidence(ctx context.Context, n NewSOP, e NewEvidence) (uuid.UUID, error) {
	if err := e.validate("description", n.Description).orNil(); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := t.tx(ctx, func(tx pgx.Tx) error {
		if err := e.check(ctx, tx); err != nil {
			return err
		}
		title, details, err := t.insertSOP(ctx, tx, id, n)
		if err != nil {
			return err
		}
		if err := e.add(ctx, tx, uuid.Nil, id); err != nil {
			return err
		}
		details["citations"] = len(e.Citations)
		return t.audit(ctx, tx, SOPCreated, sopObject(id, title, 1), details)
	})
	return id, err
}

// validate checks the citations and that the text, which is the form's field, names none that is not among them.
func (e NewEvidence) validate(field, text string) Invalid {
	bad := Invalid{}
	if n := len(e.Citations); n < 1 || n > maxCitations {
		bad["cite"] = fmt.Sprintf("Choose 1 to %d.", maxCitations)
	}
	for _, n := range e.Uncited {
		if containsCitation(text, n) {
			bad[field] = fmt.Sprintf("It names [%d], which is not chosen above. Choose it, or take it out of the text.", n)
			break
		}
	}
	return bad
}

// check reads the source again: what was chosen has to be the member's to see at this moment.
func (e NewEvidence) check(ctx context.Context, tx pgx.Tx) error {
	source := EvidenceSource{EvidenceOrigin: e.Origin}
	if _, err := source.read(ctx, tx); err != nil {
		return err
	}
	found, err := citedSignals(ctx, tx, e.Citations)
	if err == nil && len(found) != len(e.Citations) {
		err = Invalid{"cite": "Some of the signals are gone, were changed, or are not yours to see any more. They are left out now: look at the list and the text again."}
	}
	return err
}

// add writes the links of a proposal or, when that is no id, of a version. The database checks each.
func (e NewEvidence) add(ctx context.Context, tx pgx.Tx, proposal, version uuid.UUID) error {
	_, err := tx.Exec(ctx, `select gate.add_evidence($1, $2, $3, null, $4, $5, null, null, null)`,
		newID(), orNull(proposal), orNull(version), orNull(e.Origin.Cluster), orNull(e.Origin.Synthesis))
	if err != nil {
		return err
	}
	numbers, signals, from, length := columnsOf(e.Citations)
	ids := make([]uuid.UUID, len(signals))
	for i := range ids {
		ids[i] = newID()
	}
	_, err = tx.Exec(ctx, `
		select gate.add_evidence(x.id, $6, $7, x.signal_id, null, null, x.number,
			case when x.passage_length > 0 then x.passage_from end, nullif(x.passage_length, 0))
		from unnest($1::uuid[], $2::int[], $3::uuid[], $4::int[], $5::int[]) as x (id, number, signal_id, passage_from, passage_length)`,
		ids, numbers, signals, from, length, orNull(proposal), orNull(version))
	return err
}

// certifiedOfLine is the version in force of the procedure that a version belongs to.
func certifiedOfLine(ctx context.Context, tx pgx.Tx, id uuid.UUID) (SOP, error) {
	found, err := many[SOPChoice](ctx, tx, `
		select c.id, c.title, c.version, '' as role_title
		from sops s join sops c on c.line_id = s.line_id and c.status = 'CERTIFIED'
		where s.id = $1`, id)
	if err != nil {
		return SOP{}, err
	}
	if len(found) == 0 {
		return SOP{}, Invalid{"sop": "Choose a procedure that is in force."}
	}
	return sopByID(ctx, tx, found[0].ID)
}

// mayChooseEvidence are the states in which the author adds and removes evidence; the database knows the same two.
var mayChooseEvidence = []ProposalStatus{ProposalDrafted, ProposalChangesRequested}

// EvidenceOpen says that the author may add and remove evidence: while it is the author's turn.
func (p Proposal) EvidenceOpen() bool { return slices.Contains(mayChooseEvidence, p.Status) }

// EvidenceOpen says that the author may add and remove evidence: until the version is submitted.
func (s SOP) EvidenceOpen() bool { return s.Status == VersionDraft }
