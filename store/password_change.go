package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// PasswordChange is what a person gives to change the password.
type PasswordChange struct {
	Current string
	New     string
	BaseURL string // scheme and host of this server, for the link in the mail
}

// ChangePassword sets a new password and ends every session of the user, also the one that asks: its browser starts
// a new one with the user that is returned. The owner is told by mail.
// Invalid on "password" or "new_password", TooMany when the current one was wrong too often.
func (s *Store) ChangePassword(ctx context.Context, user User, change PasswordChange, from Place) (User, error) {
	if problem := checkNewPassword(user, change.New); problem != "" {
		return User{}, Invalid{"new_password": problem}
	}
	if change.New == change.Current {
		return User{}, Invalid{"new_password": "This is the password that you have now. Choose another."}
	}
	old, err := s.confirmPassword(ctx, user.ID, change.Current, from)
	if err != nil {
		return User{}, err
	}
	hash, err := s.hashPassword(ctx, change.New)
	if err != nil {
		return User{}, err
	}
	var fresh User
	err = s.platformTx(ctx, func(tx pgx.Tx) (err error) {
		err = move(ctx, tx, `
			update users set password_hash = $3, session_epoch = session_epoch + 1, updated_at = now()
			where id = $1 and password_hash = $2 and disabled_at is null`, user.ID, old, hash)
		if err != nil {
			return err
		}
		fresh, err = passwordChanged(ctx, tx, user.ID, AccountPasswordChanged, change.BaseURL, from)
		return err
	})
	return fresh, err
}

// checkNewPassword says what is wrong with a user's new password, or "".
func checkNewPassword(user User, password string) string {
	local, _, _ := strings.Cut(user.Email, "@")
	words := []string{user.Name, local}
	for _, m := range user.Memberships {
		words = append(words, m.OrgName)
	}
	return checkPassword(password, words...)
}

// passwordChanged does what follows every new password: nothing that was opened with the old one stays open, and the
// owner learns of it.
func passwordChanged(ctx context.Context, tx pgx.Tx, id uuid.UUID, action AccountAction, baseURL string, from Place) (User, error) {
	user, err := userByID(ctx, tx, id)
	if err != nil {
		return User{}, err
	}
	if err := endWebSessions(ctx, tx, id, ""); err != nil {
		return User{}, err
	}
	if _, err := tx.Exec(ctx, `update password_resets set used_at = now() where user_id = $1 and used_at is null`, id); err != nil {
		return User{}, err
	}
	if err := note(ctx, tx, id, action, from); err != nil {
		return User{}, err
	}
	return user, queueMail(ctx, tx, user.Email, "Your password was changed", fmt.Sprintf(
		"Hello %s,\n\nthe password of your Surrealm account was changed just now, and every device was logged out.\n\n"+
			"If it was not you, set a new password at once:\n%s/forgot\n", user.Name, baseURL))
}
