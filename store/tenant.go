package store

import (
	"time"

	"github.com/google/uuid"
)

// Org is an organisation as its members see it.
type Org struct {
	ID          uuid.UUID
	Slug        string
	Name        string
	DeleteAfter *time.Time // when it will be deleted; nil while nothing is planned
}

// Tenant is one member's view of one organisation, and the only road to the organisation's data.
// It is made for one request and holds no connection.
type Tenant struct {
	Org  Org
	User User
	Role Role

	store *Store
}

// Tenant returns the user's view of the organisation at slug. It costs no statement: the memberships came with the
// user, in this request, and the database checks them again whenever the tenant is entered.
// ErrNotFound when the user is not an active member, whether the organisation exists or not.
func (s *Store) Tenant(user User, slug string) (*Tenant, error) {
	for _, m := range user.Memberships {
		if m.OrgSlug == slug {
			return &Tenant{
				Org:   Org{ID: m.OrgID, Slug: m.OrgSlug, Name: m.OrgName, DeleteAfter: m.DeleteAfter},
				User:  user,
				Role:  m.Role,
				store: s,
			}, nil
		}
	}
	return nil, ErrNotFound
}

// Can says whether this member may do something here.
func (t *Tenant) Can(need Permission) bool {
	return t.Role.Can(need)
}
