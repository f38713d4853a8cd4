package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// Who may do what to the members of a realm: every call by every kind of person.
func TestWhoMayChangeTheMembersOfARealm(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	people := map[string]*store.Tenant{"contributor": nil, "observer": nil, "invited": nil, "outsider": nil}
	for name := range people {
		people[name] = colleague(t, olga, store.Member, name)
	}
	people["admin of the organisation"] = colleague(t, olga, store.Admin, "admin")
	subject, next := colleague(t, olga, store.Member, "subject"), colleague(t, olga, store.Member, "next")
	rory := colleague(t, olga, store.Member, "Rory Owner")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	admit(t, rory, slug, people["contributor"], store.Contributor)
	admit(t, rory, slug, people["observer"], store.Observer)
	admit(t, rory, slug, subject, store.Contributor)
	ok(t, rory.InviteToRealm(t.Context(), slug, people["invited"].User.ID, store.Observer))
	for call, do := range map[string]func(who *store.Tenant) error{
		"invite": func(who *store.Tenant) error {
			return who.InviteToRealm(t.Context(), slug, next.User.ID, store.Observer)
		},
		"change a role": func(who *store.Tenant) error {
			return who.ChangeRealmRole(t.Context(), slug, subject.User.ID, store.Contributor, store.Observer)
		},
		"remove":   func(who *store.Tenant) error { return who.RemoveFromRealm(t.Context(), slug, subject.User.ID) },
		"transfer": func(who *store.Tenant) error { return who.TransferRealm(t.Context(), slug, subject.User.ID) },
		"retype":   func(who *store.Tenant) error { return who.ChangeRealmType(t.Context(), slug, 1, store.PublicRealm) },
		"archive":  func(who *store.Tenant) error { return who.MoveRealm(t.Context(), slug, store.ArchiveRealm) },
		"delete":   func(who *store.Tenant) error { return who.DeleteRealm(t.Context(), slug, "Ward") },
		"default":  func(who *store.Tenant) error { return who.ChooseDefaultRealm(t.Context(), slug) },
	} {
		for name, who := range people {
			want := map[string]error{"contributor": store.ErrRealmRole, "observer": store.ErrRealmRole}[name]
			if want == nil {
				want = store.ErrNotFound
			}
			if err := do(who); !errors.Is(err, want) {
				t.Errorf("%s as %s: %v, want %v", call, name, err, want)
			}
		}
	}
}

// The functions themselves refuse too: the program's own check is not what keeps the door.
func TestRealmFunctionsCheckTheActor(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, cleo := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Cleo Contributor")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	admit(t, rory, slug, cleo, store.Contributor)
	id := scan[string](t, storetest.Connect(t, "postgres"), `select id::text from `+schemaOf(olga)+`.realms where slug = $1`, slug)[0]
	for name, sql := range map[string]string{
		"type":       `select gate.change_realm_type('@realm', 1, 'PUBLIC')`,
		"move":       `select gate.move_realm('@realm', 'ACTIVE', 'DELETING')`,
		"default":    `select gate.choose_default_realm('@realm')`,
		"invite":     `select gate.invite_to_realm('@realm', '@cleo', 'CONTRIBUTOR')`,
		"role":       `select gate.change_realm_role('@realm', '@rory', 'OWNER', 'OBSERVER')`,
		"remove":     `select gate.end_realm_membership('@realm', '@rory', false)`,
		"transfer":   `select gate.transfer_realm('@realm', '@cleo')`,
		"hand over":  `select gate.hand_over_realm('@realm', '@cleo')`,
		"the census": `select gate.realm_census()`,
	} {
		sql = strings.NewReplacer("@realm", id, "@cleo", cleo.User.ID.String(), "@rory", rory.User.ID.String()).Replace(sql)
		enter(t, cleo).refused(t, sql, "SR403")
		if name == "hand over" || name == "the census" {
			enter(t, olga).refused(t, fmt.Sprintf(`select gate.hand_over_realm('%s', '%s')`, id, olga.User.ID), "SR409")
			continue
		}
		enter(t, olga).refused(t, sql, "SR404") // the owner of the organisation is a stranger here
	}
	for who, want := range map[*store.Tenant]int{rory: 1, cleo: 0, olga: 0} {
		write(t, cleo, slug, signal.Private)
		if got := scan[int](t, enter(t, who).tx, `select (gate.hidden_signals($1) > 0)::int`, id)[0]; got != want {
			t.Errorf("%s is told of hidden signals: %d", who.User.Name, got)
		}
	}
}

func TestInvitationsToRealms(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	aud, gone := colleague(t, olga, store.Auditor, "Aud Auditor"), colleague(t, olga, store.Member, "Gone Member")
	ok(t, gone.Leave(t.Context()))
	slug, private := newRealm(t, rory, "Ward", store.SharedRealm), newRealm(t, rory, "Diary", store.PrivateRealm)
	for name, c := range map[string]struct {
		slug string
		whom *store.Tenant
		role store.RealmRole
		want error
	}{
		"to a private realm":       {private, mina, store.Observer, store.ErrConflict},
		"as owner":                 {slug, mina, store.RealmOwner, store.ErrConflict},
		"as nothing":               {slug, mina, "", store.ErrConflict},
		"an auditor to contribute": {slug, aud, store.Contributor, store.ErrConflict},
		"somebody who left":        {slug, gone, store.Observer, store.ErrNotFound},
		"a stranger":               {slug, storetest.Owner(t), store.Observer, store.ErrNotFound},
		"oneself":                  {slug, rory, store.Observer, store.ErrConflict},
	} {
		if err := rory.InviteToRealm(t.Context(), c.slug, c.whom.User.ID, c.role); !errors.Is(err, c.want) {
			t.Errorf("invite %s: %v, want %v", name, err, c.want)
		}
	}
	ok(t, rory.InviteToRealm(t.Context(), slug, mina.User.ID, store.Observer))
	if err := rory.InviteToRealm(t.Context(), slug, mina.User.ID, store.Contributor); !errors.Is(err, store.ErrConflict) {
		t.Errorf("invited twice: %v", err)
	}
	write(t, rory, slug, signal.Shared)
	if _, err := mina.Realm(t.Context(), slug); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who is invited reads the realm: %v", err)
	}
	list, err := mina.Realms(t.Context(), store.RealmFilter{})
	if err != nil || len(list.Invitations) != 1 || list.Invitations[0].Slug != slug || list.Invitations[0].InvitedBy != "Rory Owner" {
		t.Fatalf("%+v, %v", list.Invitations, err)
	}
	ok(t, mina.AnswerRealmInvitation(t.Context(), slug, false))
	if err := mina.AnswerRealmInvitation(t.Context(), slug, true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("accepted after declining: %v", err)
	}
	admit(t, rory, slug, mina, store.Contributor) // asking again is a new invitation
	if page, err := mina.Realm(t.Context(), slug); err != nil || page.SignalCount() != 1 || page.Role != store.Contributor {
		t.Errorf("%+v, %v", page, err)
	}
	admit(t, rory, slug, aud, store.Observer)
	ok(t, rory.RemoveFromRealm(t.Context(), slug, aud.User.ID))
	if _, err := aud.Realm(t.Context(), slug); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("who was removed reads on: %v", err)
	}
	if err := rory.ChangeRealmRole(t.Context(), slug, mina.User.ID, store.Observer, store.Contributor); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a role that is not the one that was seen: %v", err)
	}
	if err := rory.RemoveFromRealm(t.Context(), slug, rory.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the last owner is removed: %v", err)
	}
	if _, err := rory.LeaveRealm(t.Context(), slug, false); !errors.Is(err, store.ErrConflict) {
		t.Errorf("the last owner leaves: %v", err)
	}
}

// Who leaves takes along what only they see, and all of theirs when they ask for it. What hangs on a signal goes with it.
func TestLeavingARealm(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory := colleague(t, olga, store.Member, "Rory Owner")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	super := storetest.Connect(t, "postgres")
	group := got[uuid.UUID](t)(rory.CreateCluster(t.Context(), slug, store.ClusterInput{Type: "COLLECTION", Title: "Group"}))
	for name, c := range map[string]struct {
		end  func(who *store.Tenant) error
		gone int
	}{
		"leaves":    {func(who *store.Tenant) error { _, err := who.LeaveRealm(t.Context(), slug, false); return err }, 1},
		"withdraws": {func(who *store.Tenant) error { _, err := who.LeaveRealm(t.Context(), slug, true); return err }, 4},
		"removed":   {func(who *store.Tenant) error { return rory.RemoveFromRealm(t.Context(), slug, who.User.ID) }, 1},
	} {
		who := colleague(t, olga, store.Member, name)
		admit(t, rory, slug, who, store.Contributor)
		for _, visibility := range signal.Visibilities {
			id := write(t, who, slug, visibility)
			run(t, super, `insert into `+schemaOf(olga)+`.signal_annotations (id, realm_id, signal_id, visibility, signal_author, body, author)
				select gen_random_uuid(), realm_id, id, visibility, created_by, 'a note', created_by from `+schemaOf(olga)+`.signals where id = $1`, id)
			run(t, super, `insert into `+schemaOf(olga)+`.cluster_constraints (id, realm_id, own_id, kind, signal_id, cluster_id, created_by)
				select gen_random_uuid(), realm_id, id, 'OUTSIDE', id, $2, created_by from `+schemaOf(olga)+`.signals where id = $1`, id, group)
		}
		if d, err := who.RealmDeparture(t.Context(), slug); err != nil || d.Private != 1 || d.Others != 3 {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
		before := defaultRealm(t, who)
		ok(t, c.end(who))
		page, err := who.Realm(t.Context(), before)
		if err != nil || page.SignalCount() != c.gone {
			t.Errorf("%s: %d signals went home, want %d (%v)", name, page.SignalCount(), c.gone, err)
		}
		if notes := len(scan[string](t, enter(t, who).tx, `select body from signal_annotations`)); notes != c.gone {
			t.Errorf("%s: %d notes went along, want %d", name, notes, c.gone)
		}
		if _, err := who.Realm(t.Context(), slug); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: still reads the realm: %v", name, err)
		}
	}
	if page, err := rory.Realm(t.Context(), slug); err != nil || page.SignalCount() != 3+0+3 || page.Hidden != 0 {
		t.Errorf("%d signals are left, %d hidden (%v)", page.SignalCount(), page.Hidden, err)
	}
}

// Who leaves the organisation leaves its realms, and nothing behind that nobody could ever read or remove.
func TestLeavingTheOrganisationLeavesItsRealms(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	admit(t, rory, slug, mina, store.Contributor)
	home := defaultRealm(t, mina)
	write(t, mina, slug, signal.Private)
	write(t, mina, slug, signal.Shared)
	ok(t, mina.Leave(t.Context()))
	page, err := rory.Realm(t.Context(), slug)
	if err != nil || page.SignalCount() != 1 || page.Hidden != 0 || len(page.Members) != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	if left := scan[string](t, storetest.Connect(t, "postgres"), `select s.visibility from `+schemaOf(olga)+`.signals s
		join `+schemaOf(olga)+`.realms r on r.id = s.realm_id where r.slug = $1`, home); !slices.Equal(left, []string{"PRIVATE"}) {
		t.Errorf("in their own realm: %v", left)
	}
}

// Fifty people at once, and one owner at the end.
func TestFiftyTransfersAtOnceLeaveOneOwner(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory := colleague(t, olga, store.Member, "Rory Owner")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	var members []*store.Tenant
	for i := range 10 {
		members = append(members, colleague(t, olga, store.Member, fmt.Sprint("Member ", i)))
		admit(t, rory, slug, members[i], store.Contributor)
	}
	errs := atOnce(50, func(i int) error { return rory.TransferRealm(t.Context(), slug, members[i%10].User.ID) })
	if done := count(errs, nil); done != 1 {
		t.Errorf("%d transfers of one owner went through", done)
	}
	for _, err := range errs {
		if err != nil && !errors.Is(err, store.ErrForbidden) && !errors.Is(err, store.ErrConflict) {
			t.Errorf("a slower one is told %v", err)
		}
	}
	super := storetest.Connect(t, "postgres")
	owners := scan[string](t, super, `select user_id::text from `+schemaOf(olga)+`.realms_users where role = 'OWNER'
		and realm_id = (select id from `+schemaOf(olga)+`.realms where slug = $1)`, slug)
	if owner := scan[string](t, super, `select owner_id::text from `+schemaOf(olga)+`.realms where slug = $1`, slug); !slices.Equal(owners, owner) {
		t.Errorf("owners %v, and the realm says %v", owners, owner)
	}
}

func TestFiftyInvitationsAndAnswersAtOnce(t *testing.T) {
	t.Parallel()
	olga := storetest.Owner(t)
	rory, mina := colleague(t, olga, store.Member, "Rory Owner"), colleague(t, olga, store.Member, "Mina Member")
	slug := newRealm(t, rory, "Ward", store.SharedRealm)
	if done := count(atOnce(50, func(int) error { return rory.InviteToRealm(t.Context(), slug, mina.User.ID, store.Observer) }), nil); done != 1 {
		t.Errorf("%d invitations of one person went through", done)
	}
	if done := count(atOnce(50, func(i int) error { return mina.AnswerRealmInvitation(t.Context(), slug, i%2 == 0) }), nil); done != 1 {
		t.Errorf("%d answers to one invitation went through", done)
	}
}

// atOnce runs something many times side by side and returns the errors.
func atOnce(n int, do func(i int) error) []error {
	errs, ready := make([]error, n), make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-ready
			errs[i] = do(i)
		})
	}
	close(ready)
	wait.Wait()
	return errs
}

func count(errs []error, want error) int {
	n := 0
	for _, err := range errs {
		if errors.Is(err, want) {
			n++
		}
	}
	return n
}
