package store_test

import (
	"errors"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestRegisterInviteAccept(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)

	reviewer := storetest.Join(t, owner, store.Reviewer, "Rita Reviewer")

	if reviewer.Role != store.Reviewer {
		t.Errorf("role = %s", reviewer.Role)
	}
	if reviewer.Can(store.ManageMembers) || !reviewer.Can(store.ReviewSOPs) {
		t.Error("the reviewer's permissions are wrong")
	}
	if _, err := reviewer.Invite(t.Context(), store.NewInvitation{Email: "x@example.com", Role: store.Member}); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("a reviewer invited: %v", err)
	}
}
