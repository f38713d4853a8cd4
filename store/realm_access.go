package store

import "surrealm/store/signal"

// RealmRole is what a person is in a realm.
type RealmRole string

// The roles in a realm. Outsider is everyone else in the organisation, who finds a realm only when it is listed.
const (
	RealmOwner  RealmRole = "OWNER"
	Contributor RealmRole = "CONTRIBUTOR"
	Observer    RealmRole = "OBSERVER"
	Outsider    RealmRole = ""
)

// RealmRoles are those of members, from the one who answers for the realm to the one who only looks.
var RealmRoles = []RealmRole{RealmOwner, Contributor, Observer}

// Label is the role's name for people.
func (r RealmRole) Label() string {
	return map[RealmRole]string{RealmOwner: "Owner", Contributor: "Contributor", Observer: "Observer"}[r]
}

// Access is what a person may do with a signal.
type Access int

// What gate.access answers.
const (
	NoAccess Access = iota
	MayRead
	MayChange // and read
)

// RealmAccess is what somebody with a role may do with a signal in an open realm; own says that they made it. An Outsider is
// one of a listed realm: of any other they see nothing. The database decides, in gate.access: this is its table for pages
// to print, and a test compares the two cell by cell.
func RealmAccess(role RealmRole, visibility signal.Visibility, own bool) Access {
	switch {
	case role == Outsider && visibility == signal.Public:
		return MayRead
	case role == Outsider:
		return NoAccess
	case own && role != Observer:
		return MayChange
	case visibility == signal.Private && !own:
		return NoAccess
	case role == RealmOwner:
		return MayChange
	}
	return MayRead
}
