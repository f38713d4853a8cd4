package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Repeated is returned when a form that was carried out before is sent again. Nothing was changed this time.
type Repeated struct {
	ObjectType string    // what the form made or changed the first time, as in its audit entry
	ObjectID   uuid.UUID // which one
}

// Error says what is repeated, for a log.
func (r Repeated) Error() string { return "sent before: " + r.ObjectType + " " + r.ObjectID.String() }

// sentForm is a form on its way through one request.
type sentForm struct {
	key     uuid.UUID
	written bool // by the transaction under way
	kept    bool // by one that was committed
}

type sentFormKey struct{}

// WithFormKey makes the changes of a request happen once for each key and person: the first transaction that records
// something keeps the key, and a later request with the same key gets Repeated. Two at once wait for each other.
func WithFormKey(ctx context.Context, key uuid.UUID) context.Context {
	return context.WithValue(ctx, sentFormKey{}, &sentForm{key: key})
}

func formOf(ctx context.Context) *sentForm {
	form, _ := ctx.Value(sentFormKey{}).(*sentForm)
	return form
}

// once runs a transaction unless its form was carried out before. Later transactions of the same request go on.
func once(ctx context.Context, commit func(do func(pgx.Tx) error) error, do func(pgx.Tx) error) error {
	form := formOf(ctx)
	if form == nil || form.kept {
		return commit(do)
	}
	form.written = false
	err := commit(func(tx pgx.Tx) error {
		if err := form.check(ctx, tx); err != nil {
			return err
		}
		return do(tx)
	})
	form.kept = err == nil && form.written
	return err
}

// check waits for others that send the same form, and looks whether one of them carried it out.
func (f *sentForm) check(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	batch.Queue(`select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))`, f.key)
	batch.Queue(`select object_type, object_id from form_keys where key = $1`, f.key)
	results := tx.SendBatch(ctx, batch)
	defer results.Close()
	if _, err := results.Exec(); err != nil {
		return fmt.Errorf("wait for the same form: %w", err)
	}
	rows, err := results.Query()
	if err != nil {
		return fmt.Errorf("look for the same form: %w", err)
	}
	before, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Repeated])
	if err != nil {
		return fmt.Errorf("look for the same form: %w", err)
	}
	if len(before) > 0 {
		return before[0]
	}
	return nil
}

// keep queues what remembers the form beside the audit entry of its change, and forgets old ones.
func (f *sentForm) keep(batch *pgx.Batch, user uuid.UUID, object Object) {
	f.written = true
	batch.Queue(`insert into form_keys (user_id, key, object_type, object_id) values ($1, $2, $3, $4) on conflict do nothing`,
		user, f.key, object.Type, object.ID)
	batch.Queue(`delete from form_keys where user_id = $1 and kept_at < now() - interval '2 days'`, user)
}
