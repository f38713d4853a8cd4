package store_test

import (
	"errors"
	"sync"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Two owners who act on each other, or both go, at the same moment: whatever the order, an active owner is left.
func TestTwoOwnersAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(t *testing.T, me, other *store.Tenant) error{
		"both leave": func(t *testing.T, me, _ *store.Tenant) error { return me.Leave(t.Context()) },
		"each demotes the other": func(t *testing.T, me, other *store.Tenant) error {
			return me.ChangeMemberRole(t.Context(), other.User.ID, store.Owner, store.Member)
		},
		"each disables the other": func(t *testing.T, me, other *store.Tenant) error { return me.DisableMember(t.Context(), other.User.ID) },
		"each removes the other":  func(t *testing.T, me, other *store.Tenant) error { return me.RemoveMember(t.Context(), other.User.ID) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 5 {
				olga := storetest.Owner(t)
				otto := storetest.Join(t, olga, store.Admin, "Otto Owner")
				if err := olga.ChangeMemberRole(t.Context(), otto.User.ID, store.Admin, store.Owner); err != nil {
					t.Fatal(err)
				}
				otto = storetest.View(t, otto.User, olga.Org.Slug)
				errs, ready := make([]error, 2), make(chan struct{})
				var wait sync.WaitGroup
				for i, pair := range [][2]*store.Tenant{{olga, otto}, {otto, olga}} {
					wait.Go(func() {
						<-ready
						errs[i] = act(t, pair[0], pair[1])
					})
				}
				close(ready)
				wait.Wait()
				for _, err := range errs {
					if bad := (store.Invalid)(nil); err != nil && !errors.As(err, &bad) && !errors.Is(err, store.ErrNotFound) &&
						!errors.Is(err, store.ErrForbidden) && !errors.Is(err, store.ErrConflict) {
						t.Errorf("the slower of the two is told %v", err)
					}
				}
				super := storetest.Connect(t, "postgres")
				owners := scan[int](t, super, `select count(*) from memberships where org_id = $1 and role = 'OWNER' and state = 'ACTIVE'`, olga.Org.ID)[0]
				if owners < 1 {
					t.Errorf("no owner is left: %v", errs)
				}
				mirror := scan[int](t, super, `select count(*) from `+schemaOf(olga)+`.people where org_role = 'OWNER' and state = 'ACTIVE'`)[0]
				if mirror != owners {
					t.Errorf("%d owners, and %d in the mirror", owners, mirror)
				}
			}
		})
	}
}
