package store_test

import (
	"errors"
	"fmt"
	"testing"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// Those who run the organisation see that a private realm exists, and nothing of what is in it.
func TestTheCensusCountsAndTellsNothing(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	adam, rory := colleague(t, olga, store.Admin, "Adam Admin"), colleague(t, olga, store.Member, "Rory Owner")
	private, public := newRealm(t, rory, "Diary", store.PrivateRealm), newRealm(t, rory, "Square", store.PublicRealm)
	for _, visibility := range signal.Visibilities {
		write(t, rory, private, visibility)
	}
	for _, who := range []*store.Tenant{olga, adam} {
		if seen := titles(t, who, `select title from signals`); len(seen) != 0 {
			t.Errorf("%s reads %v", who.User.Name, seen)
		}
		if slugs := scan[string](t, enter(t, who).tx, `select slug from realms where name <> 'Personal'`); len(slugs) != 1 || slugs[0] != public {
			t.Errorf("%s finds %v", who.User.Name, slugs)
		}
		census, err := who.RealmCensus(t.Context(), store.CensusFilter{Query: "rory"})
		if err != nil || len(census.Realms) != 3 || len(census.Heirs) != 0 {
			t.Fatalf("%+v, %v", census, err)
		}
		signals, named := 0, 0
		for _, r := range census.Realms {
			signals += r.Signals
			if r.Name != nil || r.Slug != nil {
				named++
			}
			if (r.Name != nil) != (r.Type == store.PublicRealm) || r.Members != 1 || r.Orphaned() {
				t.Errorf("%+v", r)
			}
		}
		if signals != 4 || named != 1 {
			t.Errorf("%d signals, %d names", signals, named)
		}
	}
	for _, role := range []store.Role{store.Member, store.Reviewer, store.Auditor} {
		if _, err := colleague(t, olga, role, "Curious").RealmCensus(t.Context(), store.CensusFilter{}); !errors.Is(err, store.ErrForbidden) {
			t.Errorf("the census as %s: %v", role, err)
		}
	}
}

func TestARealmIsHandedOverWhenItsOwnerHasLeft(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	adam, rory, mina := colleague(t, olga, store.Admin, "Adam Admin"), colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	admit(t, rory, slug, mina, store.Observer)
	write(t, rory, slug, signal.Private)
	write(t, rory, slug, signal.Shared)
	handle := func() string {
		census, err := adam.RealmCensus(t.Context(), store.CensusFilter{Query: "Rory"})
		ok(t, err)
		for _, r := range census.Realms {
			if r.Type == store.SharedRealm {
				return r.Handle
			}
		}
		t.Fatal("not in the census")
		return ""
	}()
	if _, err := adam.HandOverRealm(t.Context(), handle, adam.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("while its owner is here: %v", err)
	}
	ok(t, olga.RemoveMember(t.Context(), rory.User.ID))
	if census, err := adam.RealmCensus(t.Context(), store.CensusFilter{Takeable: true}); err != nil || len(census.Realms) != 2 || len(census.Heirs) != 3 {
		t.Errorf("orphans: %+v, %v", census, err)
	}
	for what, c := range map[string]struct {
		by     *store.Tenant
		handle string
		to     *store.Tenant
		want   error
	}{
		"by a member":        {mina, handle, mina, store.ErrForbidden},
		"an unknown realm":   {adam, "0123456789abcdef0123", adam, store.ErrNotFound},
		"to somebody gone":   {adam, handle, rory, store.ErrNotFound},
		"to an auditor":      {adam, handle, colleague(t, olga, store.Auditor, "Aud"), store.ErrConflict},
		"to another company": {adam, handle, storetest.Owner(t), store.ErrNotFound},
	} {
		if _, err := c.by.HandOverRealm(t.Context(), c.handle, c.to.User.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	errs := atOnce(10, func(i int) error {
		_, err := adam.HandOverRealm(t.Context(), handle, []*store.Tenant{adam, mina}[i%2].User.ID)
		return err
	})
	if done := count(errs, nil); done != 1 {
		t.Errorf("handed over %d times: %v", done, errs)
	}
	super := storetest.Connect(t, "postgres")
	if owners := scan[int](t, super, `select count(*) from `+schemaOf(olga)+`.realms_users u join `+schemaOf(olga)+`.realms r on r.id = u.realm_id
		where r.slug = $1 and u.role = 'OWNER' and u.user_id = r.owner_id`, slug)[0]; owners != 1 {
		t.Errorf("%d owners", owners)
	}
	if entries := scan[int](t, super, `select count(*) from `+schemaOf(olga)+`.audit_entries
		where action = 'realm.handed_over' and object_label = '' and convert_from(body, 'UTF8') like '%"signals_opened":1%'`)[0]; entries != 1 {
		t.Errorf("%d entries tell of it", entries)
	}
	if page, err := mina.Realm(t.Context(), slug); err != nil || page.Signals[signal.Sanctum] != 1 || page.SignalCount() != 2 || page.Hidden != 0 {
		t.Errorf("what only the former owner saw: %+v, %v", page, err)
	}
}

// An auditor's shared realm goes to somebody who can look after it. Nobody sees more of it for that, the actor least of all.
func TestAnAuditorsRealmIsHandedOver(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	adam, rory := colleague(t, olga, store.Admin, "Adam Admin"), colleague(t, olga, store.Member, "Rory Owner")
	mina, nell := colleague(t, olga, store.Member, "Mina Member"), colleague(t, olga, store.Member, "Nell Nobody")
	shared, private := newRealm(t, rory, "Ward", store.SharedRealm), newRealm(t, rory, "Diary", store.PrivateRealm)
	admit(t, rory, shared, mina, store.Observer)
	write(t, rory, shared, signal.Private)
	write(t, rory, shared, signal.Shared)
	write(t, rory, private, signal.Shared)
	ok(t, rory.ChooseDefaultRealm(t.Context(), shared))
	handles := func() map[store.RealmType]string {
		census, err := adam.RealmCensus(t.Context(), store.CensusFilter{Query: "Rory"})
		ok(t, err)
		found := map[store.RealmType]string{}
		for _, r := range census.Realms {
			found[r.Type] = r.Handle
			if r.Takeable != (r.OwnerRole == store.Auditor && r.Type == store.SharedRealm) {
				t.Errorf("takeable: %+v", r)
			}
		}
		return found
	}
	handle := handles()
	if _, err := adam.HandOverRealm(t.Context(), handle[store.SharedRealm], mina.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("while its owner can give it away: %v", err)
	}
	ok(t, olga.ChangeMemberRole(t.Context(), rory.User.ID, store.Member, store.Auditor))
	if err := storetest.ViewIn(t, storetest.Store(t), rory.User, olga.Org.Slug).TransferRealm(t.Context(), shared, mina.User.ID); err == nil {
		t.Error("an auditor gave a realm away")
	}
	handles()
	for what, c := range map[string]struct {
		by     *store.Tenant
		handle string
		to     *store.Tenant
		want   error
	}{
		"by a member":                       {mina, handle[store.SharedRealm], mina, store.ErrForbidden},
		"a realm that is the auditor's own": {adam, handle[store.PrivateRealm], mina, store.ErrConflict},
		"to oneself":                        {adam, handle[store.SharedRealm], adam, store.ErrConflict},
		"to an auditor":                     {adam, handle[store.SharedRealm], rory, store.ErrConflict},
	} {
		if _, err := c.by.HandOverRealm(t.Context(), c.handle, c.to.User.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
	// By SQL, in the role of the tenant.
	super := storetest.Connect(t, "postgres")
	ids := map[string]string{}
	for _, slug := range []string{shared, private} {
		ids[slug] = scan[string](t, super, `select id::text from `+schemaOf(olga)+`.realms where slug = $1`, slug)[0]
	}
	p := enter(t, adam)
	p.refused(t, fmt.Sprintf(`select gate.hand_over_realm('%s', '%s')`, ids[private], mina.User.ID), "SR409")
	p.refused(t, fmt.Sprintf(`select gate.hand_over_realm('%s', '%s')`, ids[shared], adam.User.ID), "SR409")
	enter(t, nell).refused(t, fmt.Sprintf(`select gate.hand_over_realm('%s', '%s')`, ids[shared], nell.User.ID), "SR403")

	if opened, err := adam.HandOverRealm(t.Context(), handle[store.SharedRealm], mina.User.ID); opened != 0 || err != nil {
		t.Fatalf("hand over: %d opened, %v", opened, err)
	}
	for who, want := range map[*store.Tenant]int{rory: 2, mina: 1, adam: 0, nell: 0} {
		if seen := titles(t, who, `select s.title from signals s join realms r on r.id = s.realm_id where r.slug = '`+shared+`'`); len(seen) != want {
			t.Errorf("%s reads %v, want %d", who.User.Name, seen, want)
		}
	}
	if defaults := scan[string](t, super, `select name from `+schemaOf(olga)+`.realms where owner_id = $1 and is_default`, rory.User.ID); len(defaults) != 1 {
		t.Errorf("where the auditor's captures would go: %q", defaults)
	}
	if entries := scan[int](t, super, `select count(*) from `+schemaOf(olga)+`.audit_entries
		where action = 'realm.handed_over' and object_label = '' and convert_from(body, 'UTF8') like '%"owner_left":false%'`)[0]; entries != 1 {
		t.Errorf("%d entries tell of it", entries)
	}
	if _, err := adam.HandOverRealm(t.Context(), handle[store.SharedRealm], nell.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("twice: %v", err)
	}
}
