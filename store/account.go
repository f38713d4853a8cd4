package store

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"
)

// NewAccount is what a person gives to get an account.
type NewAccount struct {
	Name     string
	Email    string
	Password string
}

// NewOrg is what an organisation starts with.
type NewOrg struct {
	Name string
	Slug string
}

// NormalizeEmail is the form in which addresses are kept and compared.
func NormalizeEmail(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

func (a NewAccount) normalize() NewAccount {
	a.Name = norm.NFC.String(strings.TrimSpace(a.Name))
	a.Email = NormalizeEmail(a.Email)
	return a
}

func (a NewAccount) check(bad Invalid, context ...string) {
	if n := len([]rune(a.Name)); n < 1 || n > 100 {
		bad["name"] = "Enter your name, up to 100 characters."
	}
	if problem := checkEmail(a.Email); problem != "" {
		bad["email"] = problem
	}
	local, _, _ := strings.Cut(a.Email, "@")
	if problem := checkPassword(a.Password, append(context, a.Name, local)...); problem != "" {
		bad["password"] = problem
	}
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
// Invalid when a field cannot be used, also when the address of either is taken.
func (s *Store) Register(ctx context.Context, account NewAccount, org NewOrg) (User, error) {
	account = account.normalize()
	bad := Invalid{}
	account.check(bad, org.Name)
	checkOrg(bad, org.Name, org.Slug)
	if err := bad.orNil(); err != nil {
		return User{}, err
	}
	hash, err := hashPassword(ctx, account.Password)
	if err != nil {
		return User{}, err
	}
	user := User{ID: newID(), Email: account.Email, Name: account.Name}
	err = s.platformTx(ctx, func(tx pgx.Tx) error {
		if err := insertUser(ctx, tx, user, hash); err != nil {
			return err
		}
		name := norm.NFC.String(strings.TrimSpace(org.Name))
		id, err := s.createOrg(ctx, tx, org.Slug, name, user.ID)
		user.Memberships = []Membership{{OrgID: id, OrgSlug: org.Slug, OrgName: name, Role: Owner}}
		return err
	})
	return user, err
}

func insertUser(ctx context.Context, tx pgx.Tx, user User, hash string) error {
	_, err := tx.Exec(ctx, `
		insert into users (id, email, name, password_hash)
		values ($1, $2, $3, $4)`, user.ID, user.Email, user.Name, hash)
	return err
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
