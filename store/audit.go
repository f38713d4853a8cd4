package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"github.com/jackc/pgx/v5"
)

// Object is what an audit entry is about.
type Object struct {
	Type  string // a noun of the product: surrogate, sop, proposal, member, ...
	ID    uuid.UUID
	Label string // its name at that moment, so that the entry can be read after the object is gone
}

// Details are the facts of an audit entry beside action and object. Values are strings, numbers, booleans, and lists
// and maps of them.
type Details map[string]any

// audit appends an entry to the organisation's chain, in the transaction of the change that it records: when the
// append fails, the change fails. Call it last, because it holds the chain's head until the commit.
func (t *Tenant) audit(ctx context.Context, tx pgx.Tx, action Action, object Object, details Details) error {
	args, err := auditArgs(action, object, details)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	t.queueAudit(ctx, batch, object, args)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("audit %s: %w", action, err)
	}
	return nil
}

// queueAudit adds an entry of auditArgs to a batch, as the last statement for the reason that audit has.
func (t *Tenant) queueAudit(ctx context.Context, b *pgx.Batch, object Object, args []any) {
	if form := formOf(ctx); form != nil {
		form.keep(b, t.User.ID, object)
	}
	b.Queue(`select gate.append_audit($1, $2, $3, $4, $5)`, args...)
}

// auditArgs are the facts of an entry as the database takes them.
func auditArgs(action Action, object Object, details Details) ([]any, error) {
	if _, known := Actions[action]; !known {
		return nil, fmt.Errorf("audit action %q is not registered", action)
	}
	canonical, err := canonicalDetails(details)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", action, err)
	}
	return []any{string(action), object.Type, object.ID, object.Label, canonical}, nil
}

// canonicalDetails is RFC 8785 JSON, as the chain hashes it.
func canonicalDetails(details Details) (string, error) {
	if len(details) == 0 {
		return "{}", nil
	}
	plain, err := json.Marshal(details)
	if err != nil {
		return "", err
	}
	canonical, err := jcs.Transform(plain)
	return string(canonical), err
}
