package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// WebSession is one of a user's own sessions, for the list on the account page.
type WebSession struct {
	ID         string    `db:"id"` // the hash of its token: names it without opening it
	Device     string    `db:"device"`
	IP         string    `db:"ip"`
	CreatedAt  time.Time `db:"created_at"`
	LastUsedAt time.Time `db:"last_used_at"`
}

// WebSessionsOf lists a user's live sessions, the last used first.
func (s *Store) WebSessionsOf(ctx context.Context, user uuid.UUID) ([]WebSession, error) {
	list, err := many[WebSession](ctx, s.ctl, `
		select w.token_hash as id, w.device, w.ip, w.created_at, w.last_used_at
		from web_sessions w
		join users u on u.id = w.user_id and u.session_epoch = w.epoch
		where w.user_id = $1 and w.ended_at is null and w.expires_at > now() and w.last_used_at > now() - $2::interval
		order by w.last_used_at desc, w.token_hash`, user, SessionIdle)
	return list, translate(err)
}

// EndWebSession ends one of the user's own sessions. ErrNotFound when it is not theirs or has ended.
func (s *Store) EndWebSession(ctx context.Context, user uuid.UUID, id string, from Place) error {
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		return endWebSession(ctx, tx, user, id, AccountSessionEnded, from)
	})
}

// Logout ends the session from which the user asks for it. ErrNotFound when it has ended already.
func (s *Store) Logout(ctx context.Context, user uuid.UUID, id string, from Place) error {
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		return endWebSession(ctx, tx, user, id, AccountLogout, from)
	})
}

func endWebSession(ctx context.Context, tx pgx.Tx, user uuid.UUID, id string, action AccountAction, from Place) error {
	ended, err := exec(ctx, tx, `
		update web_sessions set ended_at = now(), data = ''
		where user_id = $1 and token_hash = $2 and ended_at is null`, user, id)
	if err != nil {
		return err
	}
	if ended == 0 {
		return ErrNotFound
	}
	return note(ctx, tx, user, action, from)
}

// endWebSessions ends all of a user's sessions but the one named keep, which may be "".
func endWebSessions(ctx context.Context, tx pgx.Tx, user uuid.UUID, keep string) error {
	_, err := tx.Exec(ctx, `
		update web_sessions set ended_at = now(), data = ''
		where user_id = $1 and token_hash <> $2 and ended_at is null`, user, keep)
	return err
}

// EndOtherWebSessions logs the user out everywhere but in the session named keep. The new epoch also voids a session
// that another request of theirs is about to write.
func (s *Store) EndOtherWebSessions(ctx context.Context, user uuid.UUID, keep string, from Place) error {
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with u as (update users set session_epoch = session_epoch + 1 where id = $1 returning id, session_epoch)
			update web_sessions w set epoch = u.session_epoch
			from u
			where w.user_id = u.id and w.token_hash = $2 and w.ended_at is null`, user, keep)
		if err != nil {
			return err
		}
		if err := endWebSessions(ctx, tx, user, keep); err != nil {
			return err
		}
		return note(ctx, tx, user, AccountSessionsEnded, from)
	})
}

// SweepWebSessions removes sessions and tombstones whose time is over, and returns how many.
func (s *Store) SweepWebSessions(ctx context.Context) (int64, error) {
	tag, err := s.ctl.Exec(ctx, `delete from web_sessions where expires_at < now()`)
	return tag.RowsAffected(), translate(err)
}
