package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SavedView is a filter of the list of signals that a person keeps under a name.
type SavedView struct {
	ID    uuid.UUID `db:"id"`
	Name  string    `db:"name"`
	Query string    `db:"query"` // the query part of the list's URL
}

// maxViews is how many views a person keeps.
const maxViews = 50

// SaveView keeps a filter. Invalid: "name".
func (t *Tenant) SaveView(ctx context.Context, name, query string) error {
	name = oneLine(name)
	if length := len([]rune(name)); length < 1 || length > 60 {
		return Invalid{"name": "Use 1 to 60 characters."}
	}
	if len(query) > 4000 {
		return Invalid{"name": "This filter is too long to keep. Leave something out."}
	}
	return t.tx(ctx, func(tx pgx.Tx) error {
		kept, err := exec(ctx, tx, `
			insert into saved_views (id, user_id, name, query)
			select $1, $2, $3, $4 where (select count(*) from saved_views where user_id = $2) < $5`, newID(), t.User.ID, name, query, maxViews)
		if err == nil && kept == 0 {
			err = Invalid{"name": "You have 50 views. Remove one first."}
		}
		return err
	})
}

// RemoveView forgets an own view.
func (t *Tenant) RemoveView(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		gone, err := exec(ctx, tx, `delete from saved_views where id = $1 and user_id = $2`, id, t.User.ID)
		if err == nil && gone == 0 {
			err = ErrNotFound
		}
		return err
	})
}
