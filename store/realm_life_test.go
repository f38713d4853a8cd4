package store_test

import (
	"errors"
	"testing"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

func TestARealmTurnsPrivateOnlyOverNobodysHead(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	slug := newRealm(t, rory, "Square", store.PublicRealm)
	write(t, rory, slug, signal.Public)
	if page, err := mina.Realm(t.Context(), slug); err != nil || page.SignalCount() != 1 {
		t.Fatalf("an outsider of a public realm: %+v, %v", page, err)
	}
	ok(t, rory.InviteToRealm(t.Context(), slug, mina.User.ID, store.Observer))
	if err := rory.ChangeRealmType(t.Context(), slug, 1, store.PrivateRealm); !errors.Is(err, store.ErrConflict) {
		t.Errorf("private with somebody invited: %v", err)
	}
	ok(t, mina.AnswerRealmInvitation(t.Context(), slug, true))
	if err := rory.ChangeRealmType(t.Context(), slug, 1, store.PrivateRealm); !errors.Is(err, store.ErrConflict) {
		t.Errorf("private with a member: %v", err)
	}
	_, err := mina.LeaveRealm(t.Context(), slug, false)
	ok(t, err)
	if err := rory.ChangeRealmType(t.Context(), slug, 7, store.PrivateRealm); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a revision that never was: %v", err)
	}
	ok(t, rory.ChangeRealmType(t.Context(), slug, 1, store.PrivateRealm))
	if _, err := mina.Realm(t.Context(), slug); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a private realm is found: %v", err)
	}
	if seen := titles(t, mina, `select title from signals`); len(seen) != 0 {
		t.Errorf("an outsider of a private realm reads %v", seen)
	}
	if bad := (store.Invalid)(nil); !errors.As(rory.ChangeRealmType(t.Context(), slug, 2, "SECRET"), &bad) {
		t.Error("an unknown type is taken")
	}
}

func TestTheRealmOfCapturesStaysOpen(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	mina := colleague(t, olga, store.Member, "Mina Member")
	first, second := defaultRealm(t, olga), newRealm(t, olga, "Ward", store.SharedRealm)
	for what, err := range map[string]error{
		"archived": olga.MoveRealm(t.Context(), first, store.ArchiveRealm),
		"deleted":  olga.DeleteRealm(t.Context(), first, "Personal"),
	} {
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	ok(t, olga.ChooseDefaultRealm(t.Context(), second))
	if now := defaultRealm(t, olga); now != second {
		t.Errorf("captures go to %s", now)
	}
	admit(t, olga, second, mina, store.Contributor)
	if err := olga.TransferRealm(t.Context(), second, mina.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("transferred: %v", err)
	}
	ok(t, olga.MoveRealm(t.Context(), first, store.ArchiveRealm))
	if err := olga.ChooseDefaultRealm(t.Context(), first); !errors.Is(err, store.ErrConflict) {
		t.Errorf("captures go to an archived realm: %v", err)
	}
	if list, err := mina.Realms(t.Context(), store.RealmFilter{}); err != nil || list.Mine[0].Slug == second || list.Mine[1].IsDefault {
		t.Errorf("somebody else's choice shows as one's own: %+v, %v", list.Mine, err)
	}
}

func TestArchivedRealmsAreReadOnly(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	mina := colleague(t, olga, store.Member, "Mina Member")
	slug := newRealm(t, olga, "Ward", store.SharedRealm)
	admit(t, olga, slug, mina, store.Contributor)
	write(t, mina, slug, signal.Private)
	ok(t, olga.MoveRealm(t.Context(), slug, store.ArchiveRealm))
	if err := olga.MoveRealm(t.Context(), slug, store.ArchiveRealm); !errors.Is(err, store.ErrConflict) {
		t.Errorf("archived twice: %v", err)
	}
	for what, err := range map[string]error{
		"renamed": func() error {
			_, err := olga.UpdateRealm(t.Context(), slug, 2, store.RealmInput{Name: "New"})
			return err
		}(),
		"retyped": olga.ChangeRealmType(t.Context(), slug, 2, store.PublicRealm),
		"invited": olga.InviteToRealm(t.Context(), slug, colleague(t, olga, store.Member, "Late").User.ID, store.Observer),
	} {
		if !errors.Is(err, store.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	insert := `insert into signals (id, realm_id, type, title, created_by) select gen_random_uuid(), id, 'DOCUMENT', 'x', $1::uuid from realms where slug = $2`
	for _, who := range []*store.Tenant{olga, mina} {
		if err := enter(t, who).try(t, insert, who.User.ID, slug); codeOf(err) != denied {
			t.Errorf("%s adds to an archived realm: %v", who.User.Name, err)
		}
	}
	if page, err := mina.Realm(t.Context(), slug); err != nil || page.Signals[signal.Private] != 1 {
		t.Errorf("an author lost sight of a private signal: %+v, %v", page, err)
	}
	ok(t, olga.MoveRealm(t.Context(), slug, store.ReopenRealm))
	for _, who := range []*store.Tenant{olga, mina} {
		enter(t, who).allowed(t, insert, who.User.ID, slug)
	}
}

func TestADueRealmIsDeletedUnlessItsOwnerThoughtBetter(t *testing.T) {
	t.Parallel()
	s, dsn := storetest.FreshStore(t)
	olga := storetest.OwnerIn(t, s)
	conn := behindTheWalls(t, dsn)
	for _, name := range []string{"Going", "Staying"} {
		newRealm(t, olga, name, store.SharedRealm)
	}
	if bad := (store.Invalid)(nil); !errors.As(olga.DeleteRealm(t.Context(), "going", "going"), &bad) || bad["confirm"] == "" {
		t.Errorf("the name was not typed: %v", bad)
	}
	run(t, conn, `insert into `+schemaOf(olga)+`.signals (id, realm_id, type, title, created_by)
		select gen_random_uuid(), id, 'DOCUMENT', 'x', owner_id from `+schemaOf(olga)+`.realms where slug in ('going', 'staying')`)
	ok(t, olga.DeleteRealm(t.Context(), "going", "Going"))
	ok(t, olga.DeleteRealm(t.Context(), "staying", "Staying"))
	ok(t, olga.MoveRealm(t.Context(), "staying", store.KeepRealm))
	run(t, conn, `update `+schemaOf(olga)+`.realms set delete_at = now() where status = 'DELETING'`)
	run(t, conn, `update river.river_job set scheduled_at = now(), state = 'available' where kind = 'delete_realm'`)
	startJobs(t, s, nil)
	await(t, "both jobs", func() bool {
		return scan[int](t, conn, `select count(*) from river.river_job where kind = 'delete_realm' and state <> 'completed'`)[0] == 0
	})
	if _, err := olga.Realm(t.Context(), "going"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the realm that was due: %v", err)
	}
	if page, err := olga.Realm(t.Context(), "staying"); err != nil || page.SignalCount() != 1 || page.Status != store.RealmIsOpen {
		t.Errorf("the realm that stays: %+v, %v", page, err)
	}
	if left := scan[int](t, conn, `select count(*) from `+schemaOf(olga)+`.signals`)[0]; left != 1 {
		t.Errorf("%d signals are left", left)
	}
	if entry := scan[string](t, conn, `select object_label || details from (select object_label, convert_from(body, 'UTF8')::jsonb -> 'details' as details
		from `+schemaOf(olga)+`.audit_entries where action = 'realm.deleted') e`); len(entry) != 1 || entry[0] != "{}" {
		t.Errorf("the log says %q", entry)
	}
}
