package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ResetLifetime is how long the link of a reset works.
const ResetLifetime = 30 * time.Minute

// resetTime is how long RequestReset takes, so that its duration does not tell whether there was anything to write.
const resetTime = 300 * time.Millisecond

// RequestReset mails a link for a new password to the account with this address; links that were mailed before stop
// working. Without such an account it does nothing, and nothing that the caller sees is different.
// TooMany when the address, or the place, has asked too often.
func (s *Store) RequestReset(ctx context.Context, email, baseURL string, from Place) error {
	done := time.Now().Add(resetTime)
	email = NormalizeEmail(email)
	if problem := checkEmail(email); problem != "" {
		return Invalid{"email": problem}
	}
	err := s.count(ctx,
		limit{"reset-address:" + from.network(), 20, time.Hour},
		limit{"reset:" + emailKey(email), 5, time.Hour})
	if err != nil {
		return err
	}
	err = s.platformTx(ctx, func(tx pgx.Tx) error { return mailReset(ctx, tx, email, baseURL, from) })
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	sleepUntil(ctx, done)
	return err
}

func mailReset(ctx context.Context, tx pgx.Tx, email, baseURL string, from Place) error {
	type owner struct {
		ID   uuid.UUID `db:"id"`
		Name string    `db:"name"`
	}
	// The lock makes two requests at once follow each other, so that one link is left.
	user, err := one[owner](ctx, tx, `select id, name from users where email = $1 and disabled_at is null for update`, email)
	if err != nil {
		return err
	}
	token := newToken()
	_, err = tx.Exec(ctx, `
		with voided as (update password_resets set used_at = now() where user_id = $2 and used_at is null)
		insert into password_resets (token_hash, user_id, expires_at)
		values ($1, $2, now() + $3::interval)`, hashToken(token), user.ID, ResetLifetime)
	if err != nil {
		return err
	}
	if err := note(ctx, tx, user.ID, AccountResetRequested, from); err != nil {
		return err
	}
	return queueMail(ctx, tx, email, "Set a new password", fmt.Sprintf(
		"Hello %s,\n\nopen this link within %d minutes to set a new password for your Surrealm account. It works once.\n%s/reset/%s\n\n"+
			"If you did not ask for it, you need to do nothing.\n", user.Name, int(ResetLifetime.Minutes()), baseURL, token))
}

func sleepUntil(ctx context.Context, t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// ResetOwner returns the user whose password a link would set. ErrNotFound when the link is unknown, used or too old.
func (s *Store) ResetOwner(ctx context.Context, token string) (User, error) {
	id, err := value[uuid.UUID](ctx, s.ctl, `
		select r.user_id
		from password_resets r
		where r.token_hash = $1 and r.used_at is null and r.expires_at > now()`, hashToken(token))
	if err != nil {
		return User{}, translate(err)
	}
	return s.UserByID(ctx, id)
}

// ResetPassword sets a new password with the token of a mailed link, which works once, and ends every session of the
// user. It also clears the throttle of the account: who reads its mail is its owner.
// ErrNotFound when the link is unknown, used or too old; Invalid on "new_password".
func (s *Store) ResetPassword(ctx context.Context, token string, change PasswordChange, from Place) (User, error) {
	user, err := s.ResetOwner(ctx, token)
	if err != nil {
		return User{}, err
	}
	if problem := checkNewPassword(user, change.New); problem != "" {
		return User{}, Invalid{"new_password": problem}
	}
	hash, err := s.hashPassword(ctx, change.New)
	if err != nil {
		return User{}, err
	}
	err = s.platformTx(ctx, func(tx pgx.Tx) (err error) {
		user, err = useReset(ctx, tx, token, hash, change.BaseURL, from)
		return err
	})
	return user, err
}

func useReset(ctx context.Context, tx pgx.Tx, token, hash, baseURL string, from Place) (User, error) {
	id, err := value[uuid.UUID](ctx, tx, `
		update password_resets r set used_at = now()
		where r.token_hash = $1 and r.used_at is null and r.expires_at > now()
		returning r.user_id`, hashToken(token))
	if err != nil {
		return User{}, err
	}
	_, err = tx.Exec(ctx, `
		update users set password_hash = $2, session_epoch = session_epoch + 1, updated_at = now()
		where id = $1`, id, hash)
	if err != nil {
		return User{}, err
	}
	user, err := passwordChanged(ctx, tx, id, AccountPasswordReset, baseURL, from)
	if err != nil {
		return User{}, err
	}
	subject := "account:" + emailKey(user.Email)
	_, err = tx.Exec(ctx, `
		delete from login_attempts
		where subject in ($1, $2) or starts_with(subject, $1 || '@')`, subject, confirmLimit(id).subject)
	return user, err
}
