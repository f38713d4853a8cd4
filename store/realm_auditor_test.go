package store_test

import (
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// Somebody who is made an auditor changes nothing any more, in their own realm either; made a member again, they do.
func TestAnAuditorChangesNothingInRealms(t *testing.T) {
	t.Parallel()
	ada := storetest.Owner(t)
	ben := storetest.Join(t, ada, store.Member, "Ben")
	id := note(t, ben, "", "Pump", "The pump leaks.")
	rename := "update signals set title = 'x' where id = '" + id.String() + "'"
	for _, step := range []struct {
		from, to store.Role
		changed  int64
	}{{store.Member, store.Auditor, 0}, {store.Auditor, store.Member, 1}} {
		if err := ada.ChangeMemberRole(t.Context(), ben.User.ID, step.from, step.to); err != nil {
			t.Fatal(err)
		}
		p := enter(t, ben)
		p.changes(t, step.changed, rename)
		p.changes(t, 1, "select from signals where id = '"+id.String()+"'")
	}
}
