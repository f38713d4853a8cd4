package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Person is somebody who belongs to the organisation, or once did.
type Person struct {
	UserID   uuid.UUID `db:"user_id"`
	Name     string    `db:"display_name"`
	Email    string    `db:"email"`
	Role     Role      `db:"org_role"`
	State    string    `db:"state"` // ACTIVE, DISABLED or LEFT
	JoinedAt time.Time `db:"joined_at"`
}

// MemberFilter narrows the list of members.
type MemberFilter struct {
	Query string // words of name or address
	Role  string
	State string // "" is everybody who has not left
}

// MembersPage is what the members' page shows.
type MembersPage struct {
	People      []Person
	Invitations []Invitation // open ones; empty for those who may not manage members
}

// maxPeople bounds the members' page. An organisation with more narrows it by search.
const maxPeople = 200

// Members lists people by name, and the open invitations for those who manage them.
func (t *Tenant) Members(ctx context.Context, f MemberFilter) (MembersPage, error) {
	var found MembersPage
	err := t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &found.People, `
			select user_id, display_name, email, org_role, state, joined_at
			from people
			where ($1 = '' or concat_ws(' ', display_name, email) ilike '%' || $1 || '%')
				and ($2 = '' or org_role = $2)
				and (case when $3 = '' then state <> 'LEFT' else state = $3 end)
			order by lower(display_name), user_id
			limit $4`, likePattern(f.Query), f.Role, f.State, maxPeople)
		if t.Can(ManageMembers) {
			queueMany(b, &found.Invitations, `
				select id, email, role, sent_at, expires_at
				from gate.invitations()`)
		}
	})
	return found, err
}

// person returns somebody of the organisation, also one who left.
func person(ctx context.Context, tx pgx.Tx, user uuid.UUID) (Person, error) {
	return one[Person](ctx, tx, `
		select user_id, display_name, email, org_role, state, joined_at
		from people
		where user_id = $1`, user)
}

// ChangeMemberRole gives a member another role than the one that was seen. ErrForbidden for oneself, and for owners
// unless an owner asks; Conflict when the member has another role by now.
func (t *Tenant) ChangeMemberRole(ctx context.Context, user uuid.UUID, seen, role Role) error {
	return t.changeMember(ctx, user, MemberRoleChanged, func(tx pgx.Tx) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.change_member_role($1, $2, $3)`, user, seen, role)
		return Details{"from": string(seen), "to": string(role)}, err
	})
}

// DisableMember takes a member's access away until EnableMember gives it back. Conflict when it is taken already.
func (t *Tenant) DisableMember(ctx context.Context, user uuid.UUID) error {
	return t.changeMember(ctx, user, MemberDisabled, func(tx pgx.Tx) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.set_member_state($1, 'DISABLED')`, user)
		return nil, err
	})
}

// EnableMember undoes DisableMember.
func (t *Tenant) EnableMember(ctx context.Context, user uuid.UUID) error {
	return t.changeMember(ctx, user, MemberEnabled, func(tx pgx.Tx) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.set_member_state($1, 'ACTIVE')`, user)
		return nil, err
	})
}

// RemoveMember ends a membership. What the person made stays, under their name.
func (t *Tenant) RemoveMember(ctx context.Context, user uuid.UUID) error {
	return t.changeMember(ctx, user, MemberRemoved, func(tx pgx.Tx) (Details, error) {
		if _, err := tx.Exec(ctx, `select gate.remove_member($1)`, user); err != nil {
			return nil, err
		}
		former, err := person(ctx, tx, user) // who left keeps the last role
		return Details{"role": string(former.Role)}, err
	})
}

// TransferOwnership makes another member the owner and this owner an admin.
func (t *Tenant) TransferOwnership(ctx context.Context, user uuid.UUID) error {
	return t.changeMember(ctx, user, OwnershipTransferred, func(tx pgx.Tx) (Details, error) {
		former, err := value[string](ctx, tx, `select gate.transfer_ownership($1)`, user)
		return Details{"former_role": former}, err
	})
}

// Leave ends the own membership. Invalid for the last owner.
func (t *Tenant) Leave(ctx context.Context) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select gate.leave_org()`); err != nil {
			return err
		}
		return t.audit(ctx, tx, MemberLeft, Object{"member", t.User.ID, t.User.Name}, Details{"role": string(t.Role)})
	})
}

// changeMember runs one change of somebody else's membership and records it.
func (t *Tenant) changeMember(ctx context.Context, user uuid.UUID, action Action, change func(pgx.Tx) (Details, error)) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		whom, err := person(ctx, tx, user)
		if err != nil {
			return err
		}
		details, err := change(tx)
		if err != nil {
			return err
		}
		return t.audit(ctx, tx, action, Object{"member", user, whom.Name}, details)
	})
}
