package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// AccountAction names something that happened to an account.
type AccountAction string

// What happens to accounts; AccountActions puts each into words.
const (
	AccountCreated         AccountAction = "created"
	AccountLogin           AccountAction = "login"
	AccountLoginFailed     AccountAction = "login_failed"
	AccountLogout          AccountAction = "logout"
	AccountSessionEnded    AccountAction = "session_ended"
	AccountSessionsEnded   AccountAction = "sessions_ended"
	AccountPasswordChanged AccountAction = "password_changed"
	AccountPasswordRefused AccountAction = "password_refused"
	AccountResetRequested  AccountAction = "reset_requested"
	AccountPasswordReset   AccountAction = "password_reset"
)

// AccountActions is the registry: each action as a sentence to the account's owner.
var AccountActions = map[AccountAction]string{
	AccountCreated:         "Created the account",
	AccountLogin:           "Logged in",
	AccountLoginFailed:     "Login refused: wrong password",
	AccountLogout:          "Logged out",
	AccountSessionEnded:    "Ended a session on another device",
	AccountSessionsEnded:   "Logged out everywhere else",
	AccountPasswordChanged: "Changed the password",
	AccountPasswordRefused: "Wrong password when asked for it again",
	AccountResetRequested:  "Asked for a link to reset the password",
	AccountPasswordReset:   "Set a new password with a link from an e-mail",
}

// AccountEvent is one thing that happened to an account.
type AccountEvent struct {
	Action AccountAction `db:"action"`
	Device string        `db:"device"`
	IP     string        `db:"ip"`
	At     time.Time     `db:"created_at"`
}

// Text is the event in words.
func (e AccountEvent) Text() string { return AccountActions[e.Action] }

// AccountEvents lists what happened to a user's account lately, the newest first.
func (s *Store) AccountEvents(ctx context.Context, user uuid.UUID) ([]AccountEvent, error) {
	list, err := many[AccountEvent](ctx, s.ctl, `
		select action, device, ip, created_at
		from account_events
		where user_id = $1
		order by created_at desc, id desc
		limit $2`, user, PageSize)
	return list, translate(err)
}

// note keeps an event of an account, in the transaction of what it is about.
func note(ctx context.Context, tx pgx.Tx, user uuid.UUID, action AccountAction, from Place) error {
	_, err := tx.Exec(ctx, `
		insert into account_events (id, user_id, action, device, ip, network)
		values ($1, $2, $3, $4, $5, $6)`, newID(), user, action, from.Device, from.Address, from.network())
	return err
}

// SweepAccounts removes what accounts need no longer: counts and links whose time is over, mail after 30 days, and
// events after a year.
func (s *Store) SweepAccounts(ctx context.Context) error {
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		for _, statement := range []string{
			`delete from login_attempts where since < now() - interval '1 day'`,
			`delete from password_resets where expires_at < now() - interval '1 day'`,
			`delete from outbox where created_at < now() - interval '30 days'`,
			`delete from account_events where created_at < now() - interval '1 year'`,
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}
