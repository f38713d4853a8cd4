package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"surrealm/store/signal"
)

// SignalChange is one entry of a signal's history: true before and after of the fields that changed.
type SignalChange struct {
	Revision  int                        `db:"revision"`
	Action    string                     `db:"action"` // CREATED, IMPORTED, EDITED, MOVED, DELETED, RESTORED or ANALYSED
	Before    map[string]json.RawMessage `db:"before"`
	After     map[string]json.RawMessage `db:"after"`
	ChangedBy string                     `db:"changed_by"`
	ChangedAt time.Time                  `db:"changed_at"`
}

// recordSignal adds to the history of a signal, in the transaction of the change. The audit log says that something
// changed; what it said before and after is behind the walls of the realm, and only here.
func recordSignal(ctx context.Context, tx pgx.Tx, id uuid.UUID, action string, before, after map[string]json.RawMessage) error {
	_, err := tx.Exec(ctx, `
		insert into signal_history (id, realm_id, signal_id, visibility, signal_author, revision, action, before, after, changed_by)
		select $1, realm_id, id, visibility, created_by, revision, $3, coalesce($4, '{}'::jsonb), coalesce($5, '{}'::jsonb),
			current_setting('app.user_id')::uuid
		from signals where id = $2`, newID(), id, action, before, after)
	return err
}

// fieldsOf returns some fields of a draft as JSON.
func fieldsOf(draft signal.Draft, names []string) (map[string]json.RawMessage, error) {
	all, err := draft.Fields()
	if err != nil {
		return nil, err
	}
	some := make(map[string]json.RawMessage, len(names))
	for _, name := range names {
		some[name] = all[name]
	}
	return some, nil
}

// signalHistory returns the changes of a signal, the last first, at most a hundred.
func signalHistory(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SignalChange, error) {
	return many[SignalChange](ctx, tx, `
		select h.revision, h.action, h.before, h.after, p.display_name as changed_by, h.changed_at
		from signal_history h
		join people p on p.user_id = h.changed_by
		where h.signal_id = $1
		order by h.changed_at desc, h.id desc
		limit 100`, id)
}

// SignalPage is a signal with what its page shows beside it.
type SignalPage struct {
	Signal
	Notes   []SignalNote
	Shares  []SignalShare
	History []SignalChange
	Files   []SignalFile
	Grown   []Outgrowth   // the proposals and procedures that rest on it
	Realms  []RealmChoice // of a signal that the member may change: those to move it to or share it with
}

// Signal returns one signal. ErrNotFound when it does not exist or the member may not know that it does.
func (t *Tenant) Signal(ctx context.Context, id uuid.UUID) (SignalPage, error) {
	var found SignalPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Signal, err = findSignal(ctx, tx, id); err != nil {
			return err
		}
		if found.Notes, err = signalNotes(ctx, tx, id); err != nil {
			return err
		}
		if found.Shares, err = signalShares(ctx, tx, id); err != nil {
			return err
		}
		if found.Grown, err = outgrowths(ctx, tx, id, uuid.Nil); err != nil {
			return err
		}
		if found.Files, err = signalFiles(ctx, tx, id); err != nil {
			return err
		}
		if found.History, err = signalHistory(ctx, tx, id); err != nil || !found.Editable {
			return err
		}
		choices, err := signalChoices(ctx, tx)
		found.Realms = writable(choices.Realms, found.RealmSlug)
		return err
	})
	return found, err
}
