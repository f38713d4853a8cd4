package store

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signature"
	"surrealm/store/sop"
)

// SOPProof is what the verification of one version found, just now and from the stored bytes.
type SOPProof struct {
	Chain      []sop.StoredVersion // the versions that have left DRAFT, oldest first
	Problems   []sop.ChainProblem  // of the whole chain; empty when it holds
	Signatures []SignatureCheck    // certifications of this version, or the approvals of the proposal that made it
	Needed     int                 // signatures that the organisation asks for today
}

// Holds says that chain and signatures are as they were made.
func (p SOPProof) Holds() bool {
	for _, s := range p.Signatures {
		if !s.Verdict.OK {
			return false
		}
	}
	return len(p.Problems) == 0
}

// Signed counts the signatures that count today.
func (p SOPProof) Signed() int {
	n := 0
	for _, s := range p.Signatures {
		if s.Verdict.OK {
			n++
		}
	}
	return n
}

// SOPPage is a version with everything that its page shows.
type SOPPage struct {
	SOP
	Versions  []SOPVersion
	Proof     SOPProof
	Proposals []ProposalLine // of this procedure that are not finished
	Evidence  EvidenceList   // what stands behind this version
	History   []AuditEntry
	MySigned  bool // this member has certified this revision
	MyEdits   bool // this member changed the draft, so somebody else has to certify it
}

// SOPPage returns a version, re-verifies its chain and its signatures, and gathers what surrounds it.
func (t *Tenant) SOPPage(ctx context.Context, id uuid.UUID) (SOPPage, error) {
	var found SOPPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.SOP, err = sopByID(ctx, tx, id); err != nil {
			return err
		}
		if found.Versions, err = versionsOf(ctx, tx, id); err != nil {
			return err
		}
		if found.Proof, err = t.proof(ctx, tx, found.SOP); err != nil {
			return err
		}
		if found.Proposals, err = unfinishedProposals(ctx, tx, found.LineID); err != nil {
			return err
		}
		if found.Evidence, err = listEvidence(ctx, tx, uuid.Nil, id); err != nil {
			return err
		}
		found.MySigned, err = value[bool](ctx, tx, `
			select exists (select from sop_signatures where sop_id = $1 and revision = $2 and signer = $3)`,
			id, found.Revision, t.User.ID)
		if err != nil {
			return err
		}
		if found.MyEdits, err = t.hasEdited(ctx, tx, id); err != nil {
			return err
		}
		found.History, err = t.history(ctx, tx, id)
		return err
	})
	return found, err
}

// proof verifies the chain that a version stands in, and the signatures on it.
func (t *Tenant) proof(ctx context.Context, tx pgx.Tx, version SOP) (SOPProof, error) {
	settings, err := orgSettings(ctx, tx)
	if err != nil {
		return SOPProof{}, err
	}
	proof := SOPProof{Needed: settings.ApprovalsNeeded}
	if proof.Chain, err = t.chain(ctx, tx, version.LineID); err != nil {
		return proof, err
	}
	proof.Problems = sop.VerifyChain(proof.Chain)
	proof.Signatures, err = t.signaturesOn(ctx, tx, version)
	return proof, err
}

// chain reads the versions of a line that have left DRAFT, oldest first, with their graphs.
func (t *Tenant) chain(ctx context.Context, tx pgx.Tx, line uuid.UUID) ([]sop.StoredVersion, error) {
	type row struct {
		Version   int    `db:"version"`
		Title     string `db:"title"`
		Graph     string `db:"graph"`
		GraphHash string `db:"graph_hash"`
		Hash      string `db:"hash"`
		Previous  string `db:"previous_hash"`
	}
	rows, err := many[row](ctx, tx, `
		select version, title, graph::text as graph, graph_hash, hash, coalesce(previous_hash, '') as previous_hash
		from sops
		where line_id = $1 and status <> 'DRAFT'
		order by version`, line)
	if err != nil {
		return nil, err
	}
	chain := make([]sop.StoredVersion, len(rows))
	for i, r := range rows {
		chain[i] = sop.StoredVersion{
			VersionRecord: sop.VersionRecord{
				Org: t.Org.ID.String(), Line: line.String(), Version: r.Version, Title: r.Title, GraphHash: r.GraphHash, Previous: r.Previous,
			},
			Hash:  r.Hash,
			Graph: []byte(r.Graph),
		}
	}
	return chain, nil
}

// signaturesOn reads and checks what was signed about a version: its certifications, or, for a version that a proposal
// made, the approvals of the revision that was applied. Those speak of the version that the proposal started from.
func (t *Tenant) signaturesOn(ctx context.Context, tx pgx.Tx, version SOP) ([]SignatureCheck, error) {
	certifications, err := many[signatureRow](ctx, tx, selectSignatures+`
		where s.sop_id = $1 and s.revision = $2
		order by s.signed_at, s.id`, version.ID, version.Revision)
	if err != nil {
		return nil, err
	}
	checks := []SignatureCheck{}
	for _, r := range certifications {
		checks = append(checks, r.check(signature.Expected{
			Org: t.Org.ID.String(), Line: version.LineID.String(), SOP: version.ID.String(), Version: version.Version,
			Title: version.Title, GraphHash: version.GraphHash, VersionHash: version.Hash,
		}))
	}
	approvals, err := t.approvalsOf(ctx, tx, version)
	return append(checks, approvals...), err
}

func (t *Tenant) approvalsOf(ctx context.Context, tx pgx.Tx, version SOP) ([]SignatureCheck, error) {
	type origin struct {
		ProposalID  uuid.UUID `db:"proposal_id"`
		Revision    int       `db:"revision"`
		BaseID      uuid.UUID `db:"base_id"`
		BaseVersion int       `db:"base_version"`
		BaseHash    string    `db:"base_hash"`
	}
	origins, err := many[origin](ctx, tx, `
		select p.id as proposal_id, r.revision, b.id as base_id, b.version as base_version, b.hash as base_hash
		from sop_proposals p
		join proposal_revisions r on r.proposal_id = p.id and r.revision = p.revision
		join sops b on b.id = r.base_sop_id
		where p.applied_sop_id = $1`, version.ID)
	if err != nil || len(origins) == 0 {
		return nil, err
	}
	from := origins[0]
	rows, err := many[signatureRow](ctx, tx, selectSignatures+`
		where s.proposal_id = $1 and s.revision = $2 and s.decision = 'APPROVE'
		order by s.signed_at, s.id`, from.ProposalID, from.Revision)
	checks := []SignatureCheck{}
	for _, r := range rows {
		checks = append(checks, r.check(signature.Expected{
			Org: t.Org.ID.String(), Line: version.LineID.String(), SOP: from.BaseID.String(), Proposal: from.ProposalID.String(),
			Version: from.BaseVersion, Title: version.Title, GraphHash: version.GraphHash, VersionHash: from.BaseHash,
		}))
	}
	return checks, err
}

// SignatureFile gathers a version with its chain and signatures for somebody who verifies it elsewhere.
// Conflict for a draft, which nobody has signed.
func (t *Tenant) SignatureFile(ctx context.Context, id uuid.UUID) (signature.File, SOP, error) {
	page, err := t.SOPPage(ctx, id)
	if err != nil {
		return signature.File{}, SOP{}, err
	}
	if page.Status == VersionDraft {
		return signature.File{}, SOP{}, Conflict{Reason: "A draft has no signatures. Submit it first."}
	}
	file := signature.File{
		Org: t.Org.ID.String(), OrgName: t.Org.Name, Line: page.LineID.String(), SOP: id.String(),
		Graph: json.RawMessage(page.GraphText), Earlier: []signature.VersionRecord{}, Signatures: []signature.FileSignature{},
	}
	for _, v := range page.Proof.Chain {
		record := signature.VersionRecord{Version: v.Version, Title: v.Title, GraphHash: v.GraphHash, VersionHash: v.Hash, PreviousHash: v.Previous}
		if v.Version < page.Version {
			file.Earlier = append(file.Earlier, record)
		} else if v.Version == page.Version {
			file.Version = record
		}
	}
	for _, s := range page.Proof.Signatures {
		entry, err := signature.NewFileSignature(s.Signed)
		if err != nil {
			return signature.File{}, SOP{}, err
		}
		file.Signatures = append(file.Signatures, entry)
	}
	return file, page.SOP, nil
}
