package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"surrealm/store/signal"
)

// RealmType is who sees that a realm exists, and what is PUBLIC in it.
type RealmType string

// The types, from the narrowest to the widest.
const (
	PrivateRealm RealmType = "PRIVATE" // its owner alone
	SharedRealm  RealmType = "SHARED"  // its members
	PublicRealm  RealmType = "PUBLIC"  // its members, and everyone in the organisation finds it and reads its PUBLIC signals
)

// RealmTypes are all of them, the narrowest first.
var RealmTypes = []RealmType{PrivateRealm, SharedRealm, PublicRealm}

// Label is the type's name for people.
func (t RealmType) Label() string {
	return map[RealmType]string{PrivateRealm: "Private", SharedRealm: "Shared", PublicRealm: "Public"}[t]
}

// RealmStatus is a realm's place in its life: ACTIVE ⇄ ARCHIVED, and DELETING for seven days before it is gone.
type RealmStatus string

// The states of a realm.
const (
	RealmIsOpen     RealmStatus = "ACTIVE"
	RealmIsArchived RealmStatus = "ARCHIVED"
	RealmIsDeleting RealmStatus = "DELETING"
)

// Realm is a territory inside the organisation, as one member sees it. Its id never goes into an address or a page: the
// slug names it there.
type Realm struct {
	ID          uuid.UUID   `db:"id"`
	Slug        string      `db:"slug"`
	Name        string      `db:"name"`
	Description string      `db:"description"`
	Type        RealmType   `db:"type"`
	Status      RealmStatus `db:"status"`
	Listed      bool        `db:"listed"` // everyone in the organisation finds it
	OwnerID     uuid.UUID   `db:"owner_id"`
	Owner       string      `db:"owner"`
	Role        RealmRole   `db:"role"`       // this member's; Outsider for one who only finds it listed
	IsDefault   bool        `db:"is_default"` // this member's captures go here unless told otherwise
	Revision    int         `db:"revision"`
	CreatedAt   time.Time   `db:"created_at"`
	UpdatedAt   time.Time   `db:"updated_at"`
	DeleteAt    *time.Time  `db:"delete_at"` // when it will be gone; nil unless DELETING
}

const (
	realmColumns = `
		r.id, r.slug, r.name, r.description, r.type, r.status, r.listed, r.owner_id, o.display_name as owner,
		coalesce(u.role, '') as role, r.is_default and coalesce(u.role, '') = 'OWNER' as is_default, r.revision,
		r.created_at, r.updated_at, r.delete_at`
	realmTables = `
		realms r
		join people o on o.user_id = r.owner_id
		left join realms_users u on u.realm_id = r.id and u.user_id = $1 and u.state = 'ACTIVE'`
)

// realm returns the realm at slug with the member's role in it. ErrNotFound when they may not know that it exists.
func (t *Tenant) realm(ctx context.Context, tx pgx.Tx, slug string) (Realm, error) {
	return one[Realm](ctx, tx, `select`+realmColumns+` from`+realmTables+` where r.slug = $2`, t.User.ID, slug)
}

// realmAs is realm for a change that needs one of the roles; ErrRealmRole without it.
func (t *Tenant) realmAs(ctx context.Context, tx pgx.Tx, slug string, roles ...RealmRole) (Realm, error) {
	found, err := t.realm(ctx, tx, slug)
	if err == nil && !slices.Contains(roles, found.Role) {
		return Realm{}, ErrRealmRole
	}
	return found, err
}

// object is the realm in an audit entry, which more people read than the realm: it tells the name of a listed one only.
func (r Realm) object() Object {
	if r.Listed {
		return Object{"realm", r.ID, r.Name}
	}
	return Object{Type: "realm", ID: r.ID}
}

// RealmPage is a realm with what its page shows beside it.
type RealmPage struct {
	Realm
	Members []RealmMember             // empty for an outsider
	Signals map[signal.Visibility]int // those that this member may read, the bin left out
	Hidden  int                       // PRIVATE ones of others, which the owner only counts
	Opted   int                       // signals of other realms that were opted into this one, for its members
	History []AuditEntry              // the newest few; empty for those who may not read the audit log
}

// SignalCount is how many signals this member may read.
func (p RealmPage) SignalCount() int {
	sum := p.Opted
	for _, n := range p.Signals {
		sum += n
	}
	return sum
}

// Realm returns the realm at slug. ErrNotFound when this member may not know that it exists.
func (t *Tenant) Realm(ctx context.Context, slug string) (RealmPage, error) {
	var found RealmPage
	err := t.tx(ctx, func(tx pgx.Tx) (err error) {
		if found.Realm, err = t.realm(ctx, tx, slug); err != nil {
			return err
		}
		if found.Members, err = t.realmMembers(ctx, tx, found.Realm); err != nil {
			return err
		}
		if err = found.countSignals(ctx, tx); err != nil {
			return err
		}
		found.History, err = t.history(ctx, tx, found.ID)
		return err
	})
	return found, err
}

// optedInto counts the signals of other realms that were opted into the realm r, which only its members know.
const optedInto = `(select count(*) from signal_shares x join signals s on s.realm_id = x.realm_id and s.id = x.signal_id
	where x.target_realm_id = r.id and r.id = any ((select current_setting('app.realms_read')::uuid[])::uuid[]) and s.deleted_at is null)`

func (p *RealmPage) countSignals(ctx context.Context, tx pgx.Tx) error {
	type count struct {
		Visibility signal.Visibility `db:"visibility"`
		Count      int               `db:"count"`
		Hidden     int               `db:"hidden"`
		Opted      int               `db:"opted"`
	}
	rows, err := many[count](ctx, tx, `
		select coalesce(visibility, '') as visibility, count(visibility) as count, hidden, opted
		from gate.hidden_signals($1) as hidden
		cross join (select `+optedInto+` as opted from realms r where r.id = $1) o
		left join signals on realm_id = $1 and deleted_at is null
		group by visibility, hidden, opted`, p.ID)
	p.Signals = map[signal.Visibility]int{}
	for _, row := range rows {
		p.Hidden, p.Opted = row.Hidden, row.Opted
		if row.Count > 0 {
			p.Signals[row.Visibility] = row.Count
		}
	}
	return err
}

// RealmInput is what an owner writes.
type RealmInput struct {
	Slug        string // "" for one made of the name, or for the one that the realm has
	Name        string
	Description string
}

// ReservedRealmSlugs are no realm's, because pages have these addresses. The database keeps the list too.
var ReservedRealmSlugs = []string{"new", "all", "invitations"}

const maxRealmSlug = 100

func (n RealmInput) normal() RealmInput {
	n.Name = norm.NFC.String(strings.TrimSpace(n.Name))
	n.Slug = strings.ToLower(strings.TrimSpace(n.Slug))
	n.Description = norm.NFC.String(strings.TrimSpace(n.Description))
	return n
}

func (n RealmInput) validate() Invalid {
	bad := Invalid{}
	if length := len([]rune(n.Name)); length < 1 || length > 100 {
		bad["name"] = violations["realms_name_length"]["name"]
	}
	if len(n.Slug) > maxRealmSlug || !slugForm.MatchString(n.Slug) {
		bad["slug"] = violations["realms_slug"]["slug"]
	}
	if slices.Contains(ReservedRealmSlugs, n.Slug) {
		bad["slug"] = violations["realms_slug_reserved"]["slug"]
	}
	if len([]rune(n.Description)) > 5000 {
		bad["description"] = violations["realms_description_length"]["description"]
	}
	return bad
}

// CreateRealm makes a realm that this member owns, and returns its slug. Invalid when a field is out of its range or the
// slug that was asked for is taken.
func (t *Tenant) CreateRealm(ctx context.Context, input RealmInput, kind RealmType) (slug string, err error) {
	input = input.normal()
	if input.Slug != "" {
		return input.Slug, t.createRealm(ctx, input, kind)
	}
	if input.Slug = SuggestSlug(input.Name); input.Slug == "" {
		input.Slug = "realm"
	}
	err = t.createRealm(ctx, input, kind)
	if bad := (Invalid)(nil); errors.As(err, &bad) && len(bad) == 1 && bad["slug"] != "" {
		input.Slug += "-" + uuid.NewString()[:8] // the short one is somebody else's, perhaps of a realm that this member may not know
		err = t.createRealm(ctx, input, kind)
	}
	return input.Slug, err
}

func (t *Tenant) createRealm(ctx context.Context, input RealmInput, kind RealmType) error {
	bad := input.validate()
	if !slices.Contains(RealmTypes, kind) {
		bad["type"] = violations["realms_type"]["type"]
	}
	if err := bad.orNil(); err != nil {
		return err
	}
	id := newID()
	return t.tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select gate.create_realm($1, $2, $3, $4, $5)`, id, input.Slug, input.Name, input.Description, kind)
		if err != nil {
			return err
		}
		made := Realm{ID: id, Name: input.Name, Listed: kind == PublicRealm}
		return t.audit(ctx, tx, RealmCreated, made.object(), Details{"type": string(kind)})
	})
}

// UpdateRealm replaces what its owner writes, if the realm still is at the revision that they saw, and returns the slug that
// it has now. ErrConflict when it is not, or when the realm is not open.
func (t *Tenant) UpdateRealm(ctx context.Context, slug string, revision int, input RealmInput) (saved string, err error) {
	if input = input.normal(); input.Slug == "" {
		input.Slug = slug
	}
	if err := input.validate().orNil(); err != nil {
		return "", err
	}
	err = t.tx(ctx, func(tx pgx.Tx) error {
		before, err := t.realmAs(ctx, tx, slug, RealmOwner)
		if err != nil {
			return err
		}
		err = move(ctx, tx, `
			update realms
			set slug = $3, name = $4, description = $5, revision = revision + 1, updated_at = now()
			where id = $1 and revision = $2`, before.ID, revision, input.Slug, input.Name, input.Description)
		if err != nil {
			return err
		}
		after := before
		after.Name = input.Name
		return t.audit(ctx, tx, RealmUpdated, after.object(), Details{"changed": before.changed(input)})
	})
	return input.Slug, err
}

// changed names the fields that an input changes. The log does not hold their text.
func (r Realm) changed(input RealmInput) []string {
	fields := []string{}
	for _, f := range []struct{ name, before, after string }{
		{"slug", r.Slug, input.Slug}, {"name", r.Name, input.Name}, {"description", r.Description, input.Description},
	} {
		if f.before != f.after {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// ErrRealmRole is ErrForbidden for somebody whose role in the realm is too small, whatever theirs is in the organisation.
var ErrRealmRole = fmt.Errorf("%w: needs another role in the realm", ErrForbidden)
