package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// OpenInvitation is an invitation as the person sees it who holds its link.
type OpenInvitation struct {
	OrgName    string    `db:"org_name"`
	OrgSlug    string    `db:"org_slug"`
	Email      string    `db:"email"`
	Role       Role      `db:"role"`
	InvitedBy  string    `db:"invited_by"`
	ExpiresAt  time.Time `db:"expires_at"`
	HasAccount bool      `db:"has_account"` // the invited address has an account to log in with
}

// InvitationByToken returns what a link invites to. ErrNotFound when it is unknown, used, withdrawn or too old.
func (s *Store) InvitationByToken(ctx context.Context, token string) (OpenInvitation, error) {
	found, err := one[OpenInvitation](ctx, s.ctl, `
		select o.name as org_name, o.slug as org_slug, i.email, i.role, inviter.name as invited_by, i.expires_at,
			exists (select from users u where u.email = i.email) as has_account
		from invitations i
		join orgs o on o.id = i.org_id
		join users inviter on inviter.id = i.invited_by
		where i.token_hash = $1 and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()`, hashToken(token))
	return found, translate(err)
}

// AcceptWithNewAccount makes an account for the invited address and joins the organisation, in one transaction.
// ErrNotFound when the invitation is not open, ErrForbidden when it is for another address; Invalid when a field
// cannot be used.
func (s *Store) AcceptWithNewAccount(ctx context.Context, token string, account NewAccount) (User, error) {
	invitation, err := s.InvitationByToken(ctx, token)
	if err != nil {
		return User{}, err
	}
	account = account.normalize()
	bad := Invalid{}
	account.check(bad, invitation.OrgName)
	if err := bad.orNil(); err != nil {
		return User{}, err
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
		user, err = accept(ctx, tx, token, id)
		return err
	})
	return user, err
}

// AcceptWithAccount joins the organisation of an invitation and returns the user with the new membership.
// ErrNotFound when the invitation is not open, ErrForbidden when it is for another address; Invalid when the user is a
// member already.
func (s *Store) AcceptWithAccount(ctx context.Context, token string, id uuid.UUID) (User, error) {
	var user User
	err := s.platformTx(ctx, func(tx pgx.Tx) (err error) {
		user, err = accept(ctx, tx, token, id)
		return err
	})
	return user, err
}

func accept(ctx context.Context, tx pgx.Tx, token string, id uuid.UUID) (User, error) {
	if _, err := tx.Exec(ctx, `select public.accept_invitation($1, $2)`, hashToken(token), id); err != nil {
		return User{}, err
	}
	return userByID(ctx, tx, id)
}
