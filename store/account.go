package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// NewAccount is what a person gives to get an account.
type NewAccount struct {
	Name     string
	Email    string
	Password string
	From     Place // where the request comes from; nowhere for commands, which are not throttled
}

// NewOrg is what an organisation starts with.
type NewOrg struct {
	Name string
	Slug string // its address; "" for one made from the name
}

// NormalizeEmail is the form in which addresses are kept and compared.
func NormalizeEmail(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

func (a NewAccount) normalize() NewAccount {
	a.Name = normalizeName(a.Name)
	a.Email = NormalizeEmail(a.Email)
	return a
}

func (a NewAccount) check(bad Invalid, context ...string) {
	if problem := checkPersonName(a.Name); problem != "" {
		bad["name"] = problem
	}
	if problem := checkEmail(a.Email); problem != "" {
		bad["email"] = problem
	}
	local, _, _ := strings.Cut(a.Email, "@")
	if problem := checkPassword(a.Password, append(context, a.Name, local)...); problem != "" {
		bad["password"] = problem
	}
}

// normalizeName is the form in which names are kept: composed letters, single spaces, one line.
func normalizeName(name string) string {
	return norm.NFC.String(strings.Join(strings.Fields(name), " "))
}

// checkPersonName says what is wrong with a normalised name, or "".
func checkPersonName(name string) string {
	if n := utf8.RuneCountInString(name); n < 1 || n > 100 {
		return "Enter your name, up to 100 characters."
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		return "Use letters, digits and signs only."
	}
	return ""
}

// checkEmail says what is wrong with an address, or "". Whether mail arrives there, only mail can tell.
func checkEmail(email string) string {
	at := strings.LastIndex(email, "@")
	if at < 1 || at == len(email)-1 || len(email) > 254 || strings.ContainsAny(email, " \t\r\n<>,;") {
		return violations["users_email_form"]["email"]
	}
	return ""
}

// Register makes an account and an organisation that it owns, in one transaction.
// Invalid when a field cannot be used, also when the address of either is taken; TooMany after many from one place.
//
// Security: unlike login and password reset, this tells whether an e-mail address has an account. To hide it, every
// registration would have to end with "look into your mail", and nobody could begin without a mail server, which
// `make run` has none of and many installations behind a firewall never get. The leak is accepted and bounded instead:
// every try counts, also one that succeeds, and a network has 20 an hour. Whoever has to hide who has an account keeps
// /register off the Internet.
func (s *Store) Register(ctx context.Context, account NewAccount, org NewOrg) (User, error) {
	account = account.normalize()
	org, err := s.normalizeOrg(ctx, org)
	if err != nil {
		return User{}, err
	}
	bad := Invalid{}
	account.check(bad, org.Name)
	org.check(bad)
	if err := bad.orNil(); err != nil {
		return User{}, err
	}
	if account.From.Address != "" {
		if err := s.count(ctx, registerLimit(account.From)); err != nil {
			return User{}, err
		}
	}
	hash, err := s.hashPassword(ctx, account.Password)
	if err != nil {
		return User{}, err
	}
	var user User
	err = s.platformTx(ctx, func(tx pgx.Tx) (err error) {
		id := newID()
		if err := insertUser(ctx, tx, id, account, hash); err != nil {
			return err
		}
		if _, err := s.createOrg(ctx, tx, org.Slug, org.Name, id); err != nil {
			return err
		}
		user, err = userByID(ctx, tx, id)
		return err
	})
	return user, err
}

func insertUser(ctx context.Context, tx pgx.Tx, id uuid.UUID, account NewAccount, hash string) error {
	_, err := tx.Exec(ctx, `
		insert into users (id, email, name, password_hash)
		values ($1, $2, $3, $4)`, id, account.Email, account.Name, hash)
	if err != nil {
		return err
	}
	return note(ctx, tx, id, AccountCreated, account.From)
}

// Rename changes a person's name, here and in every organisation, each of which records it. Invalid on "name".
func (s *Store) Rename(ctx context.Context, user uuid.UUID, name string) error {
	name = normalizeName(name)
	if problem := checkPersonName(name); problem != "" {
		return Invalid{"name": problem}
	}
	return s.platformTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			select public.rename_user(id, $2)
			from users
			where id = $1 and name <> $2`, user, name)
		return err
	})
}

// UserByID loads a user with the active memberships.
func (s *Store) UserByID(ctx context.Context, id uuid.UUID) (User, error) {
	user, err := userByID(ctx, s.ctl, id)
	return user, translate(err)
}

func userByID(ctx context.Context, q queryer, id uuid.UUID) (User, error) {
	row, err := one[userRow](ctx, q, `
		select u.id, u.email, u.name, u.session_epoch, `+membershipsJSON+` as memberships
		from users u
		where u.id = $1 and u.disabled_at is null`, id)
	if err != nil {
		return User{}, err
	}
	return row.user()
}
