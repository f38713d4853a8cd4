package store_test

import (
	"errors"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

func TestAnOrgIsNeverWithoutAnOwner(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)

	err := owner.Leave(t.Context())

	var bad store.Invalid
	if !errors.As(err, &bad) || bad[""] == "" {
		t.Errorf("the last owner left: %v", err)
	}
}

func TestTwoOwnersWhoLeaveAtOnceLeaveOne(t *testing.T) {
	t.Parallel()
	first := storetest.Owner(t)
	second := storetest.Join(t, first, store.Admin, "Sam Second")
	if err := first.ChangeMemberRole(t.Context(), second.User.ID, store.Admin, store.Owner); err != nil {
		t.Fatal(err)
	}
	results := make(chan error, 2)
	for _, tenant := range []*store.Tenant{first, second} {
		go func() { results <- tenant.Leave(t.Context()) }()
	}
	a, b := <-results, <-results
	if (a == nil) == (b == nil) {
		t.Errorf("one may leave, not both and not none: %v, %v", a, b)
	}
}

func TestMembersDoNotRiseAboveTheirRole(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	admin := storetest.Join(t, owner, store.Admin, "Ada Admin")
	member := storetest.Join(t, owner, store.Member, "Max Member")
	ctx := t.Context()
	for name, err := range map[string]error{
		"admin makes an owner":      admin.ChangeMemberRole(ctx, member.User.ID, store.Member, store.Owner),
		"admin demotes the owner":   admin.ChangeMemberRole(ctx, owner.User.ID, store.Owner, store.Member),
		"admin removes the owner":   admin.RemoveMember(ctx, owner.User.ID),
		"admin changes own role":    admin.ChangeMemberRole(ctx, admin.User.ID, store.Admin, store.Owner),
		"admin takes the ownership": admin.TransferOwnership(ctx, member.User.ID),
		"member disables":           member.DisableMember(ctx, admin.User.ID),
		"member changes settings":   member.UpdateSettings(ctx, 1, "Mine", 1),
		"admin plans deletion":      admin.ScheduleDeletion(ctx, admin.Org.Slug),
	} {
		if !errors.Is(err, store.ErrForbidden) {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

func TestAChangedMembershipActsAtOnce(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	member := storetest.Join(t, owner, store.Member, "Max Member")
	ctx := t.Context()

	if err := owner.DisableMember(ctx, member.User.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := member.Members(ctx, store.MemberFilter{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a disabled member entered: %v", err)
	}
	if err := owner.EnableMember(ctx, member.User.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := member.Members(ctx, store.MemberFilter{}); err != nil {
		t.Errorf("an enabled member did not enter: %v", err)
	}
	if err := owner.RemoveMember(ctx, member.User.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := member.Members(ctx, store.MemberFilter{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a removed member entered: %v", err)
	}
	found, err := owner.Members(ctx, store.MemberFilter{State: "LEFT"})
	if err != nil || len(found.People) != 1 || found.People[0].Name != "Max Member" {
		t.Errorf("the former member's name is gone: %+v (%v)", found.People, err)
	}
}

func TestOwnershipMoves(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	admin := storetest.Join(t, owner, store.Admin, "Ada Admin")

	if err := owner.TransferOwnership(t.Context(), admin.User.ID); err != nil {
		t.Fatal(err)
	}
	if now := storetest.View(t, owner.User, owner.Org.Slug); now.Role != store.Admin {
		t.Errorf("the former owner is %s", now.Role)
	}
	if now := storetest.View(t, admin.User, owner.Org.Slug); now.Role != store.Owner {
		t.Errorf("the new owner is %s", now.Role)
	}
}

func TestDeletionIsPlannedAndCalledOff(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ctx := t.Context()

	if err := owner.ScheduleDeletion(ctx, "something-else"); err == nil {
		t.Error("planned without the slug")
	}
	if err := owner.ScheduleDeletion(ctx, owner.Org.Slug); err != nil {
		t.Fatal(err)
	}
	if err := owner.ScheduleDeletion(ctx, owner.Org.Slug); !errors.Is(err, store.ErrConflict) {
		t.Errorf("planned twice: %v", err)
	}
	if now, err := owner.Settings(ctx); err != nil || now.DeleteAfter == nil {
		t.Errorf("settings = %+v (%v)", now, err)
	}
	if err := owner.CancelDeletion(ctx); err != nil {
		t.Fatal(err)
	}
	if now, err := owner.Settings(ctx); err != nil || now.DeleteAfter != nil {
		t.Errorf("settings = %+v (%v)", now, err)
	}
}

func TestInvitationIsRenewedAndRevoked(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ctx := t.Context()
	email := storetest.Email("ivy")
	first, err := owner.Invite(ctx, store.NewInvitation{Email: email, Role: store.Member})
	if err != nil {
		t.Fatal(err)
	}
	_, err = owner.Invite(ctx, store.NewInvitation{Email: email, Role: store.Admin})
	var bad store.Invalid
	if !errors.As(err, &bad) || bad["email"] == "" {
		t.Errorf("invited twice: %v", err)
	}
	page, err := owner.Members(ctx, store.MemberFilter{})
	if err != nil || len(page.Invitations) != 1 {
		t.Fatalf("invitations = %+v (%v)", page.Invitations, err)
	}
	second, err := owner.RenewInvitation(ctx, page.Invitations[0].ID, "http://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	account := store.NewAccount{Name: "Ivy", Email: email, Password: storetest.Password}
	if _, err := storetest.Store(t).AcceptWithNewAccount(ctx, first, account); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the old link worked: %v", err)
	}
	if err := owner.RevokeInvitation(ctx, page.Invitations[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Store(t).AcceptWithNewAccount(ctx, second, account); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a withdrawn link worked: %v", err)
	}
}

// Access that was taken away comes back by EnableMember alone.
func TestADisabledMemberIsNotMadeOwner(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	member := storetest.Join(t, owner, store.Member, "Dana Disabled")
	if err := owner.DisableMember(t.Context(), member.User.ID); err != nil {
		t.Fatal(err)
	}
	if err := owner.TransferOwnership(t.Context(), member.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("made owner: %v", err)
	}
	if err := owner.EnableMember(t.Context(), member.User.ID); err != nil {
		t.Fatal(err)
	}
	if err := owner.TransferOwnership(t.Context(), member.User.ID); err != nil {
		t.Error(err)
	}
}

func TestARoleIsChangedFromTheOneThatWasSeen(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	member := storetest.Join(t, owner, store.Member, "Max Member")
	ctx := t.Context()

	if err := owner.ChangeMemberRole(ctx, member.User.ID, store.Reviewer, store.Admin); !errors.Is(err, store.ErrConflict) {
		t.Errorf("changed from a role that the member does not have: %v", err)
	}
	if err := owner.ChangeMemberRole(ctx, member.User.ID, store.Member, store.Admin); err != nil {
		t.Error(err)
	}
	if err := owner.EnableMember(ctx, member.User.ID); !errors.Is(err, store.ErrConflict) {
		t.Errorf("enabled who is: %v", err)
	}
}

func TestSettingsAreSavedOnTheRevisionThatWasSeen(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	ctx := t.Context()

	first := owner.UpdateSettings(ctx, 1, "First", 2)
	second := owner.UpdateSettings(ctx, 1, "Second", 3)

	if saved, err := owner.Settings(ctx); first != nil || !errors.Is(second, store.ErrConflict) || err != nil || saved.Name != "First" || saved.Revision != 2 {
		t.Errorf("first %v, second %v, saved %+v (%v)", first, second, saved, err)
	}
}
