package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// DraftChange is one thing that was done to a draft.
type DraftChange struct {
	Summary string    `db:"summary"`
	By      string    `db:"by"`
	Self    bool      `db:"self"` // by the member who asks, in another window
	At      time.Time `db:"at"`
}

// DraftSince returns a draft as it is now, with what was done to it after a revision, the oldest first: what somebody
// has to know whose edit came too late. The audit log tells it, so undone edits are told as well.
func (t *Tenant) DraftSince(ctx context.Context, ref DraftRef, revision int) (Draft, []DraftChange, error) {
	var draft Draft
	var changes []DraftChange
	err := t.tx(ctx, func(tx pgx.Tx) error {
		row, err := one[draftRow](ctx, tx, ref.selectDraft(), ref.ID)
		if err != nil {
			return err
		}
		if draft, err = t.draft(row); err != nil {
			return err
		}
		changes, err = changesSince(ctx, tx, ref.ID, revision, t.User.ID)
		return err
	})
	return draft, changes, err
}

func changesSince(ctx context.Context, tx pgx.Tx, id uuid.UUID, revision int, self uuid.UUID) ([]DraftChange, error) {
	return many[DraftChange](ctx, tx, `
		select coalesce(details ->> 'summary', '') as summary, actor_name as by, coalesce(actor = $3, false) as self, at
		from (
			select seq, at, actor, actor_name, convert_from(body, 'UTF8')::jsonb -> 'details' as details
			from audit_entries
			where object_id = $1 and action in ('sop.edited', 'proposal.edited')
			order by seq desc
			limit 50
		) as latest
		where (details ->> 'revision')::int > $2
		order by seq`, id, revision, self)
}
