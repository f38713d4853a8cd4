package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Invitation is an open invitation to an organisation.
type Invitation struct {
	ID        uuid.UUID `db:"id"`
	Email     string    `db:"email"`
	Role      Role      `db:"role"`
	SentAt    time.Time `db:"sent_at"`
	ExpiresAt time.Time `db:"expires_at"`
}

// NewInvitation is what an admin gives to invite somebody.
type NewInvitation struct {
	Email   string
	Role    Role
	BaseURL string // scheme and host of this server, for the link in the mail
}

// Invite invites an address and queues the mail. It returns the token for the link, which is kept nowhere.
// Invalid when the address is a member's or is invited already, or when too many are open or were mailed of late.
func (t *Tenant) Invite(ctx context.Context, n NewInvitation) (token string, err error) {
	email := NormalizeEmail(n.Email)
	if problem := checkEmail(email); problem != "" {
		return "", Invalid{"email": problem}
	}
	if n.Role == Owner {
		return "", Invalid{"role": "Invite as another role, then transfer the ownership."}
	}
	if err := t.countInvitation(ctx, "email"); err != nil {
		return "", err
	}
	id, token := newID(), newToken()
	subject, body := t.invitationMail(n.BaseURL, token, n.Role)
	err = t.tx(ctx, func(tx pgx.Tx) error {
		open, err := value[int](ctx, tx, `select count(*) from gate.invitations() where expires_at > now()`)
		if err != nil {
			return err
		}
		if open >= maxOpenInvitations {
			return Invalid{"email": fmt.Sprintf("%d invitations are open. Withdraw some that nobody accepts, then invite again.", open)}
		}
		_, err = tx.Exec(ctx, `select gate.invite($1, $2, $3, $4, $5, $6)`, id, email, n.Role, hashToken(token), subject, body)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, MemberInvited, Object{"invitation", id, email}, Details{"role": string(n.Role)})
	})
	return token, err
}

// maxOpenInvitations bounds what one organisation can have open: each is a link into it.
const maxOpenInvitations = 100

// countInvitation counts a mail to somebody who did not ask for it. Invalid at the field when the hour's are used up.
func (t *Tenant) countInvitation(ctx context.Context, field string) error {
	var tooMany TooMany
	err := t.store.count(ctx, invitationLimit(t.Org.ID))
	if errors.As(err, &tooMany) {
		return Invalid{field: fmt.Sprintf("This organisation has sent %d invitations within an hour. Send the next in %s.",
			invitationLimit(t.Org.ID).most, tooMany.minutes())}
	}
	return err
}

// RenewInvitation gives an open invitation a new link and seven new days, and mails it. The old link stops working.
// It returns the token for the link. ErrNotFound when the invitation is not open; Invalid after too much mail.
func (t *Tenant) RenewInvitation(ctx context.Context, id uuid.UUID, baseURL string) (token string, err error) {
	if err := t.countInvitation(ctx, ""); err != nil {
		return "", err
	}
	token = newToken()
	err = t.tx(ctx, func(tx pgx.Tx) error {
		open, err := one[invited](ctx, tx, `select email, role from gate.renew_invitation($1, $2)`, id, hashToken(token))
		if err != nil {
			return err
		}
		subject, body := t.invitationMail(baseURL, token, open.Role)
		if _, err := tx.Exec(ctx, `select gate.mail_invitation($1, $2, $3, $4)`, id, newID(), subject, body); err != nil {
			return err
		}
		return t.audit(ctx, tx, InvitationRenewed, Object{"invitation", id, open.Email}, Details{"role": string(open.Role)})
	})
	return token, err
}

// RevokeInvitation withdraws an open invitation. ErrNotFound when it is not open.
func (t *Tenant) RevokeInvitation(ctx context.Context, id uuid.UUID) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		open, err := one[invited](ctx, tx, `select email, role from gate.revoke_invitation($1)`, id)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, InvitationRevoked, Object{"invitation", id, open.Email}, Details{"role": string(open.Role)})
	})
}

// invited is whom an invitation is for, and as what.
type invited struct {
	Email string `db:"email"`
	Role  Role   `db:"role"`
}

func (t *Tenant) invitationMail(baseURL, token string, role Role) (subject, body string) {
	return fmt.Sprintf("%s invites you to %s", t.User.Name, t.Org.Name),
		fmt.Sprintf("%s invites you to join %s on Surrealm as %s.\n\nOpen this link within 7 days to accept:\n%s/invitations/%s\n",
			t.User.Name, t.Org.Name, role.Label(), baseURL, token)
}

// newToken makes 256 random bits for a link.
func newToken() string {
	bits := make([]byte, 32)
	_, _ = rand.Read(bits) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(bits)
}

// hashToken is what is kept of a token.
func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
