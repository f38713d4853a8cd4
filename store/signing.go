package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/seal"
	"surrealm/store/signature"
)

// signing is one signature to make: what is said, and the row that it belongs to.
type signing struct {
	Statement signature.Statement // what it is about; signer, role and time are filled in
	SOP       *uuid.UUID          // a certification of this version, or
	Proposal  *uuid.UUID          // a verdict on this proposal, given by
	Review    *uuid.UUID          // this review
	Author    uuid.UUID           // who made what is signed; the database refuses the author's own signature
}

// sign signs in the member's name with their live key, which is made at first use and then has an audit entry of its own.
// The caller appends the entry of the signature, with the details that sign returns.
func (t *Tenant) sign(ctx context.Context, tx pgx.Tx, data seal.DataKey, s signing) (Details, error) {
	key, err := t.liveKey(ctx, tx, data)
	if err != nil {
		return nil, fmt.Errorf("open the signing key: %w", err)
	}
	now, err := value[time.Time](ctx, tx, `select now()`)
	if err != nil {
		return nil, err
	}
	said := s.Statement
	said.Org, said.Signer, said.SignerName = t.Org.ID.String(), t.User.ID.String(), t.User.Name
	said.Role, said.SignedAt = string(t.Role), now
	statement, bytes, err := signature.Sign(key.private, said)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		insert into sop_signatures (id, sop_id, proposal_id, review_id, revision, key_id, signer, author, decision, statement, signature, signed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		newID(), s.SOP, s.Proposal, s.Review, said.Revision, key.id, t.User.ID, s.Author, string(said.Decision), string(statement), bytes, now)
	if err != nil {
		return nil, err
	}
	fingerprint := signature.Fingerprint(key.private.Public())
	if key.fresh {
		err = t.audit(ctx, tx, KeyCreated, Object{"signing_key", key.id, fingerprint}, nil)
	}
	return Details{"fingerprint": fingerprint}, err
}

// SignatureCheck is a stored signature with what its verification found just now.
type SignatureCheck struct {
	Signer      string
	Decision    signature.Decision
	SignedAt    time.Time
	Fingerprint string
	Verdict     signature.Verdict
	Signed      signature.Signed
}

// signatureRow is a signature with its key.
type signatureRow struct {
	Signer       uuid.UUID  `db:"signer"`
	SignerName   string     `db:"signer_name"`
	Decision     string     `db:"decision"`
	Revision     int        `db:"revision"`
	Statement    string     `db:"statement"`
	Signature    []byte     `db:"signature"`
	SignedAt     time.Time  `db:"signed_at"`
	KeyOwner     uuid.UUID  `db:"key_owner"`
	PublicKey    []byte     `db:"public_key"`
	Fingerprint  string     `db:"fingerprint"`
	RetiredAt    *time.Time `db:"retired_at"`
	RevokedAt    *time.Time `db:"revoked_at"`
	RevokeReason string     `db:"revoke_reason"`
}

const selectSignatures = `
	select s.signer, p.display_name as signer_name, s.decision, s.revision, s.statement, s.signature, s.signed_at,
		k.user_id as key_owner, k.public_key, k.fingerprint, k.retired_at, k.revoked_at, k.revoke_reason
	from sop_signatures s
	join signing_keys k on k.id = s.key_id
	join people p on p.user_id = s.signer`

// check verifies a stored signature against what it should be about.
func (r signatureRow) check(want signature.Expected) SignatureCheck {
	want.Signer, want.Decision, want.Revision = r.Signer.String(), signature.Decision(r.Decision), r.Revision
	key := SigningKey{UserID: r.KeyOwner, PublicKey: r.PublicKey, RetiredAt: r.RetiredAt, RevokedAt: r.RevokedAt, RevokeReason: r.RevokeReason}
	signed := signature.Signed{Statement: []byte(r.Statement), Signature: r.Signature, Key: key.Key()}
	return SignatureCheck{
		Signer: r.SignerName, Decision: want.Decision, SignedAt: r.SignedAt, Fingerprint: r.Fingerprint,
		Verdict: signature.Check(signed, want), Signed: signed,
	}
}
