package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// RealmFilter narrows the list of realms.
type RealmFilter struct {
	Query string // words of name, slug or description
}

// RealmSummary is a realm in the list.
type RealmSummary struct {
	Realm
	Members int `db:"members"` // 0 for an outsider, who may not know them
	Signals int `db:"signals"` // that this member may read, with those opted into it from elsewhere; counted to MaxListedSignals + 1
}

// MaxListedSignals is how far the list counts the signals of a realm.
const MaxListedSignals = 10000

// RealmInvitation is an open invitation of this member, with what they need to decide.
type RealmInvitation struct {
	Slug        string    `db:"slug"`
	Name        string    `db:"name"`
	Description string    `db:"description"`
	Type        RealmType `db:"type"`
	Role        RealmRole `db:"role"`
	InvitedBy   string    `db:"invited_by"`
	InvitedAt   time.Time `db:"invited_at"`
}

// RealmList is what the page of realms shows.
type RealmList struct {
	Mine        []RealmSummary // the member's own and those that they belong to; where captures go first, archived ones last
	Listed      []RealmSummary // PUBLIC ones of others
	Invitations []RealmInvitation
}

// maxRealms bounds the list of realms. A member with more narrows it by search.
const maxRealms = 300

// Realms lists the member's realms, those that are listed for everyone, and the member's open invitations.
func (t *Tenant) Realms(ctx context.Context, f RealmFilter) (RealmList, error) {
	var found RealmList
	var all []RealmSummary
	err := t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &all, `
			select`+realmColumns+`,
				(select count(*) from realms_users m where m.realm_id = r.id and m.state = 'ACTIVE') as members,
				(select count(*) from (select from signals s where s.realm_id = r.id and s.deleted_at is null limit $4) s)
					+ `+optedInto+` as signals
			from`+realmTables+`
			where $2 = '' or concat_ws(' ', r.name, r.slug, r.description) ilike '%' || $2 || '%'
			order by u.role is null, r.status <> 'ACTIVE', not (r.is_default and r.owner_id = $1), lower(r.name), r.id
			limit $3`, t.User.ID, likePattern(f.Query), maxRealms, MaxListedSignals+1)
		queueMany(b, &found.Invitations, `
			select slug, name, description, type, role, invited_by, invited_at
			from gate.realm_invitations()`)
	})
	mine := 0
	for mine < len(all) && all[mine].Role != Outsider {
		mine++
	}
	found.Mine, found.Listed = all[:mine], all[mine:]
	return found, err
}

// RealmInCensus is a realm as those who run the organisation see it: that it exists, whose it is and how big.
type RealmInCensus struct {
	ID         uuid.UUID   `db:"id"`
	Handle     string      `db:"handle"` // names it in addresses: a fingerprint of the id, which cannot be turned back
	Name       *string     `db:"name"`   // nil unless it is listed
	Slug       *string     `db:"slug"`   // likewise
	Type       RealmType   `db:"type"`
	Status     RealmStatus `db:"status"`
	OwnerID    uuid.UUID   `db:"owner_id"`
	Owner      string      `db:"owner"`
	OwnerState string      `db:"owner_state"` // ACTIVE, DISABLED or LEFT
	OwnerRole  Role        `db:"owner_role"`
	Takeable   bool        `db:"takeable"` // it can be handed over: its owner has left, or is an auditor and does not have it alone
	Members    int         `db:"members"`
	Signals    int         `db:"signals"`
	DeleteAt   *time.Time  `db:"delete_at"`
}

// Orphaned says that nobody in the organisation answers for the realm.
func (r RealmInCensus) Orphaned() bool { return r.OwnerState == "LEFT" }

// CensusFilter narrows the census.
type CensusFilter struct {
	Query    string // words of the owner's name
	Takeable bool   // only realms that can be handed over
}

// RealmCensus counts all realms of the organisation, those that can be handed over first. Heirs are the members to whom one can be
// handed over, when there is one to hand over.
type RealmCensus struct {
	Realms []RealmInCensus
	Heirs  []Person
}

const censusQuery = `
	select id, left(encode(sha256(uuid_send(id)), 'hex'), 20) as handle, name, slug, type, status, owner_id, owner, owner_state, owner_role, takeable,
		members, signals, delete_at
	from gate.realm_census()`

// RealmCensus lists the realms of the organisation for its owners and admins. ErrForbidden for others.
func (t *Tenant) RealmCensus(ctx context.Context, f CensusFilter) (RealmCensus, error) {
	var found RealmCensus
	err := t.read(ctx, func(b *pgx.Batch) {
		queueMany(b, &found.Realms, censusQuery+`
			where ($1 = '' or owner ilike '%' || $1 || '%') and (not $2 or takeable)
			order by not takeable, lower(owner), id
			limit $3`, likePattern(f.Query), f.Takeable, maxRealms)
		queueMany(b, &found.Heirs, `
			select user_id, display_name, email, org_role, state, joined_at
			from people
			where state = 'ACTIVE' and org_role <> 'AUDITOR'
			order by lower(display_name), user_id
			limit $1`, maxPeople)
	})
	if len(found.Realms) == 0 || !found.Realms[0].Takeable {
		found.Heirs = nil
	}
	return found, err
}

// HandOverRealm gives a realm whose owner has left the organisation to a member, and returns how many signals that only the
// former owner saw are now seen by the realm's members. It also gives away a realm that an auditor shares, who cannot do so: they stay
// in it, and keep what only they see. Conflict while its owner could give it away, and when the actor would take an auditor's
// realm without being its member.
func (t *Tenant) HandOverRealm(ctx context.Context, handle string, user uuid.UUID) (opened int, err error) {
	err = t.tx(ctx, func(tx pgx.Tx) error {
		found, err := one[RealmInCensus](ctx, tx, censusQuery+` where left(encode(sha256(uuid_send(id)), 'hex'), 20) = $1`, handle)
		if err != nil {
			return err
		}
		if opened, err = value[int](ctx, tx, `select gate.hand_over_realm($1, $2)`, found.ID, user); err != nil {
			return err
		}
		return t.audit(ctx, tx, RealmHandedOver, Object{Type: "realm", ID: found.ID},
			Details{"from": found.OwnerID.String(), "to": user.String(), "signals_opened": opened, "owner_left": found.Orphaned()})
	})
	return opened, err
}
