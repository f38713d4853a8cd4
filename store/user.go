package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// User is a person with an account, as the current request knows them.
type User struct {
	ID              uuid.UUID
	Email           string
	Name            string
	AuthenticatedAt time.Time // when this session's password was last entered
	Memberships     []Membership

	epoch int // of the account's sessions: a session that begins now carries it
}

// Membership is what a user is in one organisation. Only active ones are ever loaded.
type Membership struct {
	OrgID       uuid.UUID  `json:"org_id"`
	OrgSlug     string     `json:"org_slug"`
	OrgName     string     `json:"org_name"`
	Role        Role       `json:"role"`
	DeleteAfter *time.Time `json:"delete_after"`
}

// FreshFor is how long after a login the password need not be entered again to sign.
const FreshFor = 10 * time.Minute

// Fresh says that the password was entered recently enough to sign with.
func (u User) Fresh(now time.Time) bool {
	return now.Sub(u.AuthenticatedAt) < FreshFor
}

// membershipsJSON selects the active memberships of users u, by the organisation's name.
const membershipsJSON = `(
	select coalesce(jsonb_agg(jsonb_build_object('org_id', o.id, 'org_slug', o.slug, 'org_name', o.name,
		'role', m.role, 'delete_after', o.delete_after) order by lower(o.name), o.slug), '[]')
	from memberships m join orgs o on o.id = m.org_id
	where m.user_id = u.id and m.state = 'ACTIVE')`

// userRow is a user as one statement brings it.
type userRow struct {
	ID          uuid.UUID `db:"id"`
	Email       string    `db:"email"`
	Name        string    `db:"name"`
	Epoch       int       `db:"session_epoch"`
	Memberships []byte    `db:"memberships"`
}

func (r userRow) user() (User, error) {
	user := User{ID: r.ID, Email: r.Email, Name: r.Name, epoch: r.Epoch}
	if err := json.Unmarshal(r.Memberships, &user.Memberships); err != nil {
		return User{}, fmt.Errorf("read memberships of %s: %w", r.ID, err)
	}
	return user, nil
}
