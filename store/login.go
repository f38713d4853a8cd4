package store

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/argon2"
)

// wrongLogin is the one answer to a wrong password and to an address without an account.
func wrongLogin() error { return Invalid{"": "E-mail or password is wrong."} }

// credentials are what a login is checked against.
type credentials struct {
	ID         uuid.UUID `db:"id"`
	Hash       string    `db:"password_hash"`
	KnownPlace bool      `db:"known_place"` // the owner has logged in from this network before
}

// Authenticate checks an e-mail and a password and returns the user. Unknown and disabled accounts get the same answer
// after the same work as a wrong password. TooMany when account or address have had their tries; Invalid otherwise.
func (s *Store) Authenticate(ctx context.Context, email, password string, from Place) (User, error) {
	email = NormalizeEmail(email)
	found, err := s.credentials(ctx, email, from)
	if err != nil {
		return User{}, err
	}
	address, account := addressLimit(from), accountLimit(email, from, found.KnownPlace)
	if err := s.count(ctx, address, account); err != nil {
		return User{}, err
	}
	right, err := s.matchPassword(ctx, password, found.Hash)
	if err != nil {
		return User{}, err
	}
	if !right || found.ID == uuid.Nil {
		return User{}, s.loginFailed(ctx, found.ID, address, from)
	}
	newHash, err := s.rehash(ctx, password, found.Hash)
	if err != nil {
		return User{}, err
	}
	var user User
	err = s.platformTx(ctx, func(tx pgx.Tx) (err error) {
		user, err = loginSucceeded(ctx, tx, found, newHash, from)
		if err != nil {
			return err
		}
		return forgive(ctx, tx, address, account)
	})
	if errors.Is(err, ErrNotFound) { // disabled, or the password changed, while the hash was compared
		err = wrongLogin()
	}
	return user, err
}

// credentials finds what to check a login against; for an unknown address a hash that no password has.
func (s *Store) credentials(ctx context.Context, email string, from Place) (credentials, error) {
	found, err := one[credentials](ctx, s.ctl, `
		select u.id, u.password_hash, exists (
			select from account_events e
			where e.user_id = u.id and e.action in ($3, $4) and e.network = $2 and e.created_at > now() - interval '90 days'
		) as known_place
		from users u
		where u.email = $1 and u.disabled_at is null`, email, from.network(), AccountLogin, AccountCreated)
	if errors.Is(err, pgx.ErrNoRows) {
		return credentials{Hash: s.nobodysHash()}, nil
	}
	return found, translate(err)
}

// loginFailed notes the try for the account's owner. It writes for an unknown address too, so that both take as long.
func (s *Store) loginFailed(ctx context.Context, user uuid.UUID, address limit, from Place) error {
	_, err := s.ctl.Exec(ctx, `
		with noted as (
			insert into account_events (id, user_id, action, device, ip, network)
			select $1, u.id, $3, $4, $5, $6
			from users u
			where u.id = $2
		)
		update login_attempts set tries = tries where subject = $7`,
		newID(), user, AccountLoginFailed, from.Device, from.Address, from.network(), address.subject)
	if err != nil {
		return translate(err)
	}
	return wrongLogin()
}

// loginSucceeded notes the login, keeps a hash of today's cost, and loads the user. pgx.ErrNoRows when the password
// that was checked is no longer the account's.
func loginSucceeded(ctx context.Context, tx pgx.Tx, found credentials, newHash string, from Place) (User, error) {
	current, err := exec(ctx, tx, `
		update users set password_hash = $3
		where id = $1 and password_hash = $2 and disabled_at is null`, found.ID, found.Hash, newHash)
	if err != nil {
		return User{}, err
	}
	if current == 0 {
		return User{}, pgx.ErrNoRows
	}
	if err := note(ctx, tx, found.ID, AccountLogin, from); err != nil {
		return User{}, err
	}
	return userByID(ctx, tx, found.ID)
}

// ConfirmPassword asks a person who is signed in for the password again. Invalid on "password" when it is wrong,
// TooMany when it was wrong too often.
func (s *Store) ConfirmPassword(ctx context.Context, user uuid.UUID, password, address string) error {
	_, err := s.confirmPassword(ctx, user, password, Place{Address: address})
	return err
}

// confirmPassword returns the hash that the password was checked against.
func (s *Store) confirmPassword(ctx context.Context, user uuid.UUID, password string, from Place) (hash string, err error) {
	if password == "" {
		return "", Invalid{"password": "Enter your password."}
	}
	hash, err = value[string](ctx, s.ctl, `select password_hash from users where id = $1 and disabled_at is null`, user)
	if err != nil {
		return "", translate(err)
	}
	network, own := addressLimit(from), confirmLimit(user)
	if err := s.count(ctx, network, own); err != nil {
		return "", err
	}
	right, err := s.matchPassword(ctx, password, hash)
	if err != nil {
		return "", err
	}
	err = s.platformTx(ctx, func(tx pgx.Tx) error {
		if !right {
			return note(ctx, tx, user, AccountPasswordRefused, from)
		}
		return forgive(ctx, tx, network, own)
	})
	if err == nil && !right {
		err = Invalid{"password": "This is not your password."}
	}
	return hash, err
}

// nobodysHash is compared against when there is no account: the cost of a real one, and a key that nothing hashes to.
func (s *Store) nobodysHash() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.cost.Memory, s.cost.Iterations, s.cost.Parallelism,
		b64.EncodeToString(make([]byte, s.cost.SaltLength)), b64.EncodeToString(make([]byte, s.cost.KeyLength)))
}

// rehash returns hash, or a new one of the same password when hash was made at another cost than today's.
func (s *Store) rehash(ctx context.Context, password, hash string) (string, error) {
	cost, _, _, err := argon2id.DecodeHash(hash)
	if err != nil {
		return "", fmt.Errorf("read password hash: %w", err)
	}
	if *cost == *s.cost {
		return hash, nil
	}
	return s.hashPassword(ctx, password)
}
