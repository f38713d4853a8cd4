package store

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SignalNote is an annotation: words that a person adds to a signal.
type SignalNote struct {
	ID        uuid.UUID `db:"id"`
	Body      string    `db:"body"`
	Author    string    `db:"author"`
	Own       bool      `db:"own"` // the reader's
	CreatedAt time.Time `db:"created_at"`
}

func signalNotes(ctx context.Context, tx pgx.Tx, id uuid.UUID) ([]SignalNote, error) {
	return many[SignalNote](ctx, tx, `
		select a.id, a.body, p.display_name as author, a.author = current_setting('app.user_id')::uuid as own, a.created_at
		from signal_annotations a
		join people p on p.user_id = a.author
		where a.signal_id = $1
		order by a.created_at, a.id`, id)
}

// AnnotateSignal adds a note. Every contributor of the realm who may read the signal may. Invalid: "note".
func (t *Tenant) AnnotateSignal(ctx context.Context, id uuid.UUID, note string) error {
	note = strings.TrimSpace(note)
	if length := len([]rune(note)); length < 1 || length > 10000 {
		return Invalid{"note": "Write 1 to 10,000 characters."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := findSignal(ctx, tx, id); err != nil {
			return err
		}
		made, err := exec(ctx, tx, `
			insert into signal_annotations (id, realm_id, signal_id, visibility, signal_author, body, author)
			select $1, realm_id, id, visibility, created_by, $3, current_setting('app.user_id')::uuid
			from signals
			where id = $2 and deleted_at is null and realm_id = any (current_setting('app.realms_write')::uuid[])`, newID(), id, note)
		if err != nil {
			return err
		}
		if made == 0 {
			return ErrForbidden
		}
		return t.audit(ctx, tx, SignalAnnotated, Object{"signal", id, ""}, nil)
	})
}

// RemoveNote takes back an own note.
func (t *Tenant) RemoveNote(ctx context.Context, id, note uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		gone, err := exec(ctx, tx, `
			delete from signal_annotations where id = $1 and signal_id = $2 and author = current_setting('app.user_id')::uuid`, note, id)
		if err != nil {
			return err
		}
		if gone == 0 {
			return ErrNotFound
		}
		return t.audit(ctx, tx, SignalNoteRemoved, Object{"signal", id, ""}, nil)
	})
}
