package store_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// colleague adds a person to the organisation of an owner, with the realm that newcomers find. It is done behind the walls,
// because these tests need many people and a password for each would take minutes.
func colleague(t *testing.T, owner *store.Tenant, role store.Role, name string) *store.Tenant {
	t.Helper()
	id, email := uuid.Must(uuid.NewV7()), storetest.Email("colleague")
	super := storetest.Connect(t, "postgres")
	run(t, super, `insert into users (id, email, name, password_hash) values ($1, $2, $3, 'none')`, id, email, name)
	run(t, super, `insert into memberships (org_id, user_id, role) values ($1, $2, $3)`, owner.Org.ID, id, role)
	run(t, super, `insert into `+schemaOf(owner)+`.people (user_id, display_name, email, org_role) values ($1, $2, $3, $4)`, id, name, email, role)
	run(t, super, `select gate.add_default_realm($1, $2, $3)`, schemaOf(owner), owner.Org.ID, id)
	return storetest.View(t, store.User{ID: id}, owner.Org.Slug)
}

// newRealm makes a realm and returns its slug.
func newRealm(t *testing.T, owner *store.Tenant, name string, kind store.RealmType) string {
	t.Helper()
	slug, err := owner.CreateRealm(t.Context(), store.RealmInput{Name: name}, kind)
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return slug
}

// admit invites somebody to a realm and accepts in their name.
func admit(t *testing.T, owner *store.Tenant, slug string, member *store.Tenant, role store.RealmRole) {
	t.Helper()
	if err := owner.InviteToRealm(t.Context(), slug, member.User.ID, role); err != nil {
		t.Fatalf("invite %s to %s: %v", member.User.Name, slug, err)
	}
	if err := member.AnswerRealmInvitation(t.Context(), slug, true); err != nil {
		t.Fatalf("accept as %s: %v", member.User.Name, err)
	}
}

// write puts a signal into a realm, behind the walls, and returns its id.
func write(t *testing.T, author *store.Tenant, slug string, visibility signal.Visibility) uuid.UUID {
	t.Helper()
	return scan[uuid.UUID](t, storetest.Connect(t, "postgres"), fmt.Sprintf(`
		insert into %[1]s.signals (id, realm_id, realm_listed, type, title, visibility, created_by)
		select gen_random_uuid(), id, listed, 'DOCUMENT', slug || ' ' || $2 || ' of ' || $3, $2, $4 from %[1]s.realms where slug = $1
		returning id`, schemaOf(author)), slug, visibility, author.User.Name, author.User.ID)[0]
}

// titles are the signals that a statement returns to somebody, as the tenant's role and without any WHERE; it is undone.
func titles(t *testing.T, who *store.Tenant, sql string) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	p := enter(t, who)
	for _, title := range scan[string](t, p.tx, sql) {
		seen[title] = true
	}
	ok(t, p.tx.Rollback(t.Context()))
	return seen
}

// defaultRealm is the slug of the realm to which somebody's captures go.
func defaultRealm(t *testing.T, who *store.Tenant) string {
	t.Helper()
	list, err := who.Realms(t.Context(), store.RealmFilter{})
	if err != nil || len(list.Mine) == 0 || !list.Mine[0].IsDefault {
		t.Fatalf("the default realm does not come first: %+v, %v", list.Mine, err)
	}
	return list.Mine[0].Slug
}
