package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// RealmMember is a member of a realm, or somebody who is invited to it.
type RealmMember struct {
	UserID    uuid.UUID  `db:"user_id"`
	Name      string     `db:"display_name"`
	Email     string     `db:"email"`
	Role      RealmRole  `db:"role"`
	State     string     `db:"state"` // ACTIVE or INVITED
	InvitedBy string     `db:"invited_by"`
	JoinedAt  *time.Time `db:"joined_at"`
	Since     time.Time  `db:"updated_at"` // of the invitation or the last change of role
}

// realmMembers lists the members of a realm to its members, and who is invited to its owner.
func (t *Tenant) realmMembers(ctx context.Context, tx pgx.Tx, r Realm) ([]RealmMember, error) {
	return many[RealmMember](ctx, tx, `
		select u.user_id, p.display_name, p.email, u.role, u.state, i.display_name as invited_by, u.joined_at, u.updated_at
		from realms_users u
		join people p on p.user_id = u.user_id
		join people i on i.user_id = u.invited_by
		where u.realm_id = $1 and $2 <> '' and (u.state = 'ACTIVE' or u.state = 'INVITED' and $2 = 'OWNER')
		order by u.state, array_position(array['OWNER', 'CONTRIBUTOR', 'OBSERVER'], u.role), lower(p.display_name), u.user_id`, r.ID, r.Role)
}

// RealmMembersPage is what the page of a realm's members shows.
type RealmMembersPage struct {
	Realm
	Members    []RealmMember
	Candidates []Person // whom the owner can invite: the first of those that fit the search
	More       bool     // there are more candidates
}

// RealmMembers returns a realm with its members. query narrows the people that its owner can invite. ErrRealmRole for those
// who are no members.
func (t *Tenant) RealmMembers(ctx context.Context, slug, query string) (RealmMembersPage, error) {
	var found RealmMembersPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Realm, err = t.realmAs(ctx, tx, slug, RealmRoles...); err != nil {
			return err
		}
		if found.Members, err = t.realmMembers(ctx, tx, found.Realm); err != nil || !found.TakesMembers() {
			return err
		}
		found.Candidates, err = many[Person](ctx, tx, `
			select user_id, display_name, email, org_role, state, joined_at
			from people p
			where state = 'ACTIVE' and ($2 = '' or concat_ws(' ', display_name, email) ilike '%' || $2 || '%')
				and not exists (select from realms_users u where u.realm_id = $1 and u.user_id = p.user_id and u.state in ('ACTIVE', 'INVITED'))
			order by lower(display_name), user_id
			limit $3`, found.ID, likePattern(query), maxPeople+1)
		if found.More = len(found.Candidates) > maxPeople; found.More {
			found.Candidates = found.Candidates[:maxPeople]
		}
		return err
	})
	return found, err
}

// TakesMembers says whether this member may invite others: the owner of an open realm that is not PRIVATE.
func (r Realm) TakesMembers() bool {
	return r.Role == RealmOwner && r.Status == RealmIsOpen && r.Type != PrivateRealm
}

// InviteToRealm invites a member of the organisation. Conflict when they are a member or invited already, when the realm is
// PRIVATE or closed, and for an auditor as contributor.
func (t *Tenant) InviteToRealm(ctx context.Context, slug string, user uuid.UUID, role RealmRole) error {
	return t.changeRealmMember(ctx, slug, user, RealmMemberInvited, func(tx pgx.Tx, r Realm) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.invite_to_realm($1, $2, $3)`, r.ID, user, role)
		return Details{"role": string(role)}, err
	})
}

// AnswerRealmInvitation accepts or declines this member's open invitation. ErrNotFound when there is none.
func (t *Tenant) AnswerRealmInvitation(ctx context.Context, slug string, accept bool) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		id, err := value[uuid.UUID](ctx, tx, `select gate.answer_realm_invitation($1, $2)`, slug, accept)
		if err != nil {
			return err
		}
		action := RealmMemberDeclined
		if accept {
			action = RealmMemberJoined
		}
		return t.audit(ctx, tx, action, Object{Type: "realm", ID: id}, nil)
	})
}

// ChangeRealmRole gives a member another role than the one that was seen; Conflict when they have another one by now.
func (t *Tenant) ChangeRealmRole(ctx context.Context, slug string, user uuid.UUID, seen, role RealmRole) error {
	return t.changeRealmMember(ctx, slug, user, RealmRoleChanged, func(tx pgx.Tx, r Realm) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.change_realm_role($1, $2, $3, $4)`, r.ID, user, seen, role)
		return Details{"from": string(seen), "to": string(role)}, err
	})
}

// RemoveFromRealm takes a member out, or an invitation back. Signals that only they see go to their own default realm.
func (t *Tenant) RemoveFromRealm(ctx context.Context, slug string, user uuid.UUID) error {
	return t.changeRealmMember(ctx, slug, user, RealmMemberRemoved, func(tx pgx.Tx, r Realm) (Details, error) {
		_, err := value[int](ctx, tx, `select gate.end_realm_membership($1, $2, false)`, r.ID, user)
		return nil, err
	})
}

// TransferRealm makes another member the owner, and this owner a contributor.
func (t *Tenant) TransferRealm(ctx context.Context, slug string, user uuid.UUID) error {
	return t.changeRealmMember(ctx, slug, user, RealmTransferred, func(tx pgx.Tx, r Realm) (Details, error) {
		_, err := tx.Exec(ctx, `select gate.transfer_realm($1, $2)`, r.ID, user)
		return nil, err
	})
}

// changeRealmMember runs a change that the realm's owner makes to somebody else, and records it.
func (t *Tenant) changeRealmMember(ctx context.Context, slug string, user uuid.UUID, action Action, change func(pgx.Tx, Realm) (Details, error)) error {
	return t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		if user == t.User.ID {
			return Conflict{Reason: "A realm needs an owner. Transfer it first."}
		}
		details, err := change(tx, found)
		if err != nil {
			return err
		}
		if details == nil {
			details = Details{}
		}
		details["member"] = user.String()
		return t.audit(ctx, tx, action, found.object(), details)
	})
}

// RealmDeparture is what somebody who leaves a realm has to decide about.
type RealmDeparture struct {
	Realm
	Private int // signals of theirs that only they see: they go along in any case
	Others  int // signals of theirs that others see
}

// RealmDeparture returns what leaving a realm would mean. ErrRealmRole for those who are no members; Conflict for the owner.
func (t *Tenant) RealmDeparture(ctx context.Context, slug string) (RealmDeparture, error) {
	var found RealmDeparture
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Realm, err = t.realmAs(ctx, tx, slug, RealmRoles...); err != nil {
			return err
		}
		if found.Role == RealmOwner {
			return Conflict{Reason: "A realm needs an owner. Transfer it to another member first."}
		}
		type counts struct {
			Private int `db:"private"`
			Others  int `db:"others"`
		}
		n, err := one[counts](ctx, tx, `
			select count(*) filter (where visibility = 'PRIVATE') as private, count(*) filter (where visibility <> 'PRIVATE') as others
			from signals
			where realm_id = $1 and created_by = $2`, found.ID, t.User.ID)
		found.Private, found.Others = n.Private, n.Others
		return err
	})
	return found, err
}

// LeaveRealm ends this member's own membership and returns how many of their signals went to their default realm with them:
// those that only they see, and with withdraw all of them.
func (t *Tenant) LeaveRealm(ctx context.Context, slug string, withdraw bool) (moved int, err error) {
	err = t.tx(ctx, func(tx pgx.Tx) error {
		found, err := t.realmAs(ctx, tx, slug, RealmRoles...)
		if err != nil {
			return err
		}
		if moved, err = value[int](ctx, tx, `select gate.end_realm_membership($1, $2, $3)`, found.ID, t.User.ID, withdraw); err != nil {
			return err
		}
		return t.audit(ctx, tx, RealmMemberLeft, found.object(), Details{"signals_withdrawn": withdraw})
	})
	return moved, err
}
