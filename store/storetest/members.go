package storetest

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
)

// Slug is an organisation address that no other test has.
func Slug(prefix string) string {
	return prefix + "-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12]
}

// Email is an address that no other test has.
func Email(name string) string {
	return strings.ToLower(name) + "-" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12] + "@example.com"
}

// Owner registers a person with an organisation of their own and returns their view of it.
func Owner(t testing.TB) *store.Tenant {
	t.Helper()
	return OwnerIn(t, Store(t))
}

// OwnerIn is Owner in another store than the shared one.
func OwnerIn(t testing.TB, s *store.Store) *store.Tenant {
	t.Helper()
	slug := Slug("org")
	user, err := s.Register(context.Background(),
		store.NewAccount{Name: "Olga Owner", Email: Email("olga"), Password: Password},
		store.NewOrg{Name: "Organisation " + slug, Slug: slug})
	if err != nil {
		t.Fatalf("register: %v", err)
	}
	return ViewIn(t, s, user, slug)
}

// Join adds a person with a role to the organisation of an owner, by invitation, and returns their view of it.
func Join(t testing.TB, owner *store.Tenant, role store.Role, name string) *store.Tenant {
	t.Helper()
	return JoinIn(t, Store(t), owner, role, name)
}

// JoinIn is Join in another store than the shared one.
func JoinIn(t testing.TB, s *store.Store, owner *store.Tenant, role store.Role, name string) *store.Tenant {
	t.Helper()
	ctx := context.Background()
	email := Email(strings.Fields(name)[0])
	token, err := owner.Invite(ctx, store.NewInvitation{Email: email, Role: role, BaseURL: "http://127.0.0.1"})
	if err != nil {
		t.Fatalf("invite: %v", err)
	}
	user, err := s.AcceptWithNewAccount(ctx, token, store.NewAccount{Name: name, Email: email, Password: Password})
	if err != nil {
		t.Fatalf("accept: %v", err)
	}
	return ViewIn(t, s, user, owner.Org.Slug)
}

// View loads the user afresh and enters the organisation.
func View(t testing.TB, user store.User, slug string) *store.Tenant {
	t.Helper()
	return ViewIn(t, Store(t), user, slug)
}

// ViewIn is View in another store than the shared one.
func ViewIn(t testing.TB, s *store.Store, user store.User, slug string) *store.Tenant {
	t.Helper()
	fresh, err := s.UserByID(context.Background(), user.ID)
	if err != nil {
		t.Fatalf("load user: %v", err)
	}
	tenant, err := s.Tenant(fresh, slug)
	if err != nil {
		t.Fatalf("enter %s: %v", slug, err)
	}
	return tenant
}
