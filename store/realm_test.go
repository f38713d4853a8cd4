package store_test

import (
	"errors"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

func TestEverybodyFindsARealmOfTheirOwn(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	mina := storetest.Join(t, olga, store.Member, "Mina Member")
	for _, who := range []*store.Tenant{olga, mina} {
		list, err := who.Realms(t.Context(), store.RealmFilter{})
		if err != nil || len(list.Mine) != 1 || len(list.Listed)+len(list.Invitations) != 0 {
			t.Fatalf("%s: %+v, %v", who.User.Name, list, err)
		}
		own := list.Mine[0]
		if own.Type != store.PrivateRealm || own.Role != store.RealmOwner || !own.IsDefault || own.Members != 1 || own.Status != store.RealmIsOpen {
			t.Errorf("%+v", own)
		}
	}
	if defaultRealm(t, olga) == defaultRealm(t, mina) {
		t.Error("two people have one realm")
	}
}

func TestWhoFindsARealm(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	for name, kind := range map[string]store.RealmType{"Diary": store.PrivateRealm, "Ward": store.SharedRealm, "Square": store.PublicRealm} {
		newRealm(t, rory, name, kind)
	}
	admit(t, rory, "ward", mina, store.Observer)
	write(t, rory, "square", signal.Public)
	write(t, rory, "square", signal.Shared)
	for who, want := range map[*store.Tenant]string{rory: "Personal Diary Square Ward |", mina: "Personal Ward | Square", olga: "Personal | Square"} {
		list, err := who.Realms(t.Context(), store.RealmFilter{})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, r := range list.Mine {
			names = append(names, r.Name)
		}
		names = append(names, "|")
		for _, r := range list.Listed {
			names = append(names, r.Name)
			if r.Members != 0 || r.Signals != 1 {
				t.Errorf("an outsider is told of %d members and %d signals", r.Members, r.Signals)
			}
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s finds %q, want %q", who.User.Name, got, want)
		}
	}
	if list, err := mina.Realms(t.Context(), store.RealmFilter{Query: "SQU"}); err != nil || len(list.Mine) != 0 || len(list.Listed) != 1 {
		t.Errorf("search: %+v, %v", list, err)
	}
	for slug, want := range map[string]error{"diary": store.ErrNotFound, "ward": store.ErrNotFound, "no-such-realm": store.ErrNotFound, "square": nil} {
		if _, err := olga.Realm(t.Context(), slug); !errors.Is(err, want) {
			t.Errorf("%s as the organisation's owner: %v, want %v", slug, err, want)
		}
	}
}

func TestARealmCountsWhatOneMayRead(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, cleo := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Cleo Contributor")
	slug := newRealm(t, rory, "Square", store.PublicRealm)
	admit(t, rory, slug, cleo, store.Contributor)
	for _, author := range []*store.Tenant{rory, cleo} {
		for _, visibility := range signal.Visibilities {
			write(t, author, slug, visibility)
		}
	}
	for who, want := range map[*store.Tenant][3]int{rory: {7, 1, 1}, cleo: {7, 1, 0}, olga: {2, 0, 0}} {
		page, err := who.Realm(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		if got := [3]int{page.SignalCount(), page.Signals[signal.Private], page.Hidden}; got != want {
			t.Errorf("%s: %v signals, private and hidden, want %v", who.User.Name, got, want)
		}
		if members := len(page.Members); members != map[bool]int{true: 0, false: 2}[who == olga] {
			t.Errorf("%s sees %d members", who.User.Name, members)
		}
	}
	empty := newRealm(t, rory, "Empty", store.SharedRealm)
	if page, err := rory.Realm(t.Context(), empty); err != nil || page.SignalCount() != 0 || page.Hidden != 0 {
		t.Errorf("an empty realm: %+v, %v", page, err)
	}
}

func TestARealmIsMadeAndChanged(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	mina := colleague(t, olga, store.Member, "Mina Member")
	for name, c := range map[string]struct {
		input store.RealmInput
		kind  store.RealmType
		field string
	}{
		"no name":         {store.RealmInput{Name: " "}, store.SharedRealm, "name"},
		"a long name":     {store.RealmInput{Name: strings.Repeat("ä", 101)}, store.SharedRealm, "name"},
		"a bad address":   {store.RealmInput{Name: "x", Slug: "a--b"}, store.SharedRealm, "slug"},
		"a reserved one":  {store.RealmInput{Name: "x", Slug: "all"}, store.SharedRealm, "slug"},
		"a long text":     {store.RealmInput{Name: "x", Description: strings.Repeat("x", 5001)}, store.SharedRealm, "description"},
		"an unknown type": {store.RealmInput{Name: "x"}, "SECRET", "type"},
		"a taken address": {store.RealmInput{Name: "x", Slug: defaultRealm(t, mina)}, store.SharedRealm, "slug"},
	} {
		_, err := olga.CreateRealm(t.Context(), c.input, c.kind)
		if bad := (store.Invalid)(nil); !errors.As(err, &bad) || bad[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	first, second := newRealm(t, olga, "Night shift", store.SharedRealm), newRealm(t, mina, "Night shift", store.PrivateRealm)
	if first != "night-shift" || !strings.HasPrefix(second, "night-shift-") {
		t.Errorf("addresses %q and %q", first, second)
	}
	if _, err := colleague(t, olga, store.Auditor, "Aud Auditor").CreateRealm(t.Context(), store.RealmInput{Name: "x"}, store.SharedRealm); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("an auditor makes a realm: %v", err)
	}

	admit(t, olga, first, mina, store.Contributor)
	change := store.RealmInput{Name: "Day shift", Slug: "days", Description: "What the day brings."}
	if _, err := mina.UpdateRealm(t.Context(), first, 1, change); !errors.Is(err, store.ErrRealmRole) {
		t.Errorf("a contributor renames a realm: %v", err)
	}
	if _, err := olga.UpdateRealm(t.Context(), second, 1, change); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger renames a realm: %v", err)
	}
	if saved, err := olga.UpdateRealm(t.Context(), first, 1, change); err != nil || saved != "days" {
		t.Fatalf("%q, %v", saved, err)
	}
	if _, err := olga.UpdateRealm(t.Context(), "days", 1, change); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a stale edit: %v", err)
	}
	if page, err := mina.Realm(t.Context(), "days"); err != nil || page.Name != "Day shift" || page.Description != change.Description || page.Revision != 2 {
		t.Errorf("%+v, %v", page.Realm, err)
	}
}

// The database keeps the list of reserved slugs too.
func TestReservedRealmSlugsAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	super := storetest.Connect(t, "postgres")
	for _, slug := range store.ReservedRealmSlugs {
		_, err := super.Exec(t.Context(), `update `+schemaOf(olga)+`.realms set slug = $1`, slug)
		if err == nil || !strings.Contains(err.Error(), "realms_slug_reserved") {
			t.Errorf("%s: %v", slug, err)
		}
	}
}

// Whoever reads the log and not the realm learns no name, address or text from it.
func TestTheLogTellsNothingOfHiddenRealms(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	slug, err := rory.CreateRealm(t.Context(), store.RealmInput{Name: "Canary name", Slug: "canary-slug", Description: "Canary text"}, store.SharedRealm)
	ok(t, err)
	admit(t, rory, slug, mina, store.Contributor)
	ok(t, rory.ChangeRealmRole(t.Context(), slug, mina.User.ID, store.Contributor, store.Observer))
	slug, err = rory.UpdateRealm(t.Context(), slug, 1, store.RealmInput{Name: "Canary again", Slug: "canary-two", Description: "Canary"})
	ok(t, err)
	ok(t, rory.ChangeRealmType(t.Context(), slug, 2, store.PublicRealm))
	ok(t, rory.ChangeRealmType(t.Context(), slug, 3, store.SharedRealm))
	ok(t, rory.TransferRealm(t.Context(), slug, mina.User.ID))
	_, err = rory.LeaveRealm(t.Context(), slug, true)
	ok(t, err)
	ok(t, mina.ChooseDefaultRealm(t.Context(), slug))
	super := storetest.Connect(t, "postgres")
	if n := scan[int](t, super, `select count(*) from `+schemaOf(olga)+`.audit_entries where object_type = 'realm'`)[0]; n != 10 {
		t.Errorf("%d entries about realms", n)
	}
	if told := scan[string](t, super, `select convert_from(body, 'UTF8') from `+schemaOf(olga)+`.audit_entries where convert_from(body, 'UTF8') ilike '%canary%'`); len(told) > 0 {
		t.Errorf("the log tells %q", told)
	}
}
