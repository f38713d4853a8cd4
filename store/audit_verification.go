package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/auditlog"
)

// AuditVerification is what the background verification of an organisation's chain found last.
type AuditVerification struct {
	Entries    int64     `db:"entries"`    // how many were found whole, from the first
	Checkpoint int64     `db:"checkpoint"` // how many the newest signed checkpoint covers
	FaultSeq   *int64    `db:"fault_seq"`  // the first bad entry; 0 when the fault is not in one entry; nil when all is well
	Reason     *string   `db:"reason"`     // what is wrong with it, as a sentence
	VerifiedAt time.Time `db:"verified_at"`
}

// OK says that nothing was wrong.
func (v AuditVerification) OK() bool { return v.FaultSeq == nil }

// AuditVerification returns the last outcome. ErrNotFound before the first verification, which the server does within
// the hour.
func (t *Tenant) AuditVerification(ctx context.Context) (AuditVerification, error) {
	var found AuditVerification
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		found, err = auditVerification(ctx, tx)
		return err
	})
	return found, err
}

// auditVerification is AuditVerification inside a transaction in the tenant.
func auditVerification(ctx context.Context, tx pgx.Tx) (AuditVerification, error) {
	return one[AuditVerification](ctx, tx, `
		select entries, checkpoint, fault_seq, reason, verified_at
		from gate.audit_verification()`)
}

// RequestVerification asks for a verification soon. It needs ReadAudit, and changes nothing that is audited.
func (t *Tenant) RequestVerification(ctx context.Context) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select gate.request_verification()`)
		return err
	})
}

// VerifyAudit checks an organisation's whole chain against the checkpoints that were kept outside the database, signs a
// new one when it is whole, and stores the outcome. A damaged chain is an outcome, not an error. ErrNotFound when the
// organisation is gone.
func (j *Jobs) VerifyAudit(ctx context.Context, org uuid.UUID) (AuditVerification, error) {
	schema, err := value[string](ctx, j.pool, `select schema_name from orgs where id = $1`, org)
	if err != nil {
		return AuditVerification{}, translate(err)
	}
	found := AuditVerification{}
	c := chain{from: j.pool, schema: schema}
	found.Entries, found.Checkpoint, err = c.verify(ctx, org.String(), j.checkpoints)
	var fault *auditlog.Fault
	if errors.As(err, &fault) {
		found.FaultSeq, found.Reason = &fault.Seq, &fault.Reason
	} else if err != nil && !errors.Is(err, auditlog.ErrEmptyLog) {
		return AuditVerification{}, err
	}
	found.VerifiedAt, err = value[time.Time](ctx, j.pool, `
		insert into audit_verifications (org_id, entries, checkpoint, fault_seq, reason)
		values ($1, $2, $3, $4, $5)
		on conflict (org_id) do update
		set entries = excluded.entries, checkpoint = excluded.checkpoint, fault_seq = excluded.fault_seq,
			reason = excluded.reason, verified_at = now()
		returning verified_at`, org, found.Entries, found.Checkpoint, found.FaultSeq, found.Reason)
	return found, translate(err)
}
