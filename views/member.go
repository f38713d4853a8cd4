package views

import (
	"slices"

	"github.com/google/uuid"

	"surrealm/store"
)

// MemberFilterForm is the query of the members' page.
type MemberFilterForm struct {
	Query  string `form:"q"`
	Role   string `form:"role"`
	State  string `form:"state"`
	Invite string `form:"invite"` // the role that the form of an invitation begins with
}

// Narrowed says whether any filter is set.
func (f MemberFilterForm) Narrowed() bool { return f.Query != "" || f.Role != "" || f.State != "" }

// InviteForm is an invitation as it was typed.
type InviteForm struct {
	Email string `form:"email"`
	Role  string `form:"role"`
}

// MemberRoleForm is a change of a member's role: the role that was seen, and the new one.
type MemberRoleForm struct {
	Seen string `form:"seen"`
	Role string `form:"role"`
}

// MembersView is what the members' page needs beside the people.
type MembersView struct {
	Org    string
	Me     uuid.UUID
	Role   store.Role
	Filter MemberFilterForm
	Invite InviteForm
	Bad    store.Invalid // of the invitation
	Link   string        // of an invitation that was just made: shown once, to copy
	LinkTo string        // whom the link is for
	Late   Late
}

// canChange says whether this member may change that one: never oneself, and an owner only by an owner.
func (v MembersView) canChange(p store.Person) bool {
	return v.Role.Can(store.ManageMembers) && p.UserID != v.Me && p.State != "LEFT" && (p.Role != store.Owner || v.Role == store.Owner)
}

// roleChoices are the roles that this member may give.
func (v MembersView) roleChoices() []Option {
	options := []Option{}
	for _, role := range store.Roles {
		if role != store.Owner || v.Role == store.Owner {
			options = append(options, Option{Value: string(role), Label: role.Label()})
		}
	}
	return options
}

var inviteRoles = []Option{
	{Value: string(store.Member), Label: "Member"}, {Value: string(store.Reviewer), Label: "Reviewer"},
	{Value: string(store.Admin), Label: "Admin"}, {Value: string(store.Auditor), Label: "Auditor"},
}

var roleFilter = []Option{
	{Value: "", Label: "Any role"}, {Value: string(store.Owner), Label: "Owner"}, {Value: string(store.Admin), Label: "Admin"},
	{Value: string(store.Reviewer), Label: "Reviewer"}, {Value: string(store.Member), Label: "Member"}, {Value: string(store.Auditor), Label: "Auditor"},
}

var memberStates = []Option{
	{Value: "", Label: "All but former"}, {Value: "ACTIVE", Label: "Active"}, {Value: "DISABLED", Label: "Disabled"}, {Value: "LEFT", Label: "Former"},
}

// InvitedRole is the role of the query when somebody can be invited with it, and empty otherwise.
func (f MemberFilterForm) InvitedRole() string {
	if slices.ContainsFunc(inviteRoles, func(o Option) bool { return o.Value == f.Invite }) {
		return f.Invite
	}
	return ""
}

// InviteReviewerURL is the page of the members, ready to invite a reviewer.
func InviteReviewerURL(org string) string {
	return MembersURL(org) + "?invite=" + string(store.Reviewer)
}

// MembersURL is the page of the organisation's people.
func MembersURL(org string) string { return OrgURL(org) + "/members" }

// MemberActionURL is where an action on a member is posted: role, disable, enable, remove, owner.
func MemberActionURL(org string, user uuid.UUID, action string) string {
	return MembersURL(org) + "/" + user.String() + "/" + action
}

// LeaveURL is where a member leaves.
func LeaveURL(org string) string { return MembersURL(org) + "/leave" }

// InvitationsURL is where invitations are posted.
func InvitationsURL(org string) string { return MembersURL(org) + "/invitations" }

// InvitationActionURL is where an action on an invitation is posted: renew, revoke.
func InvitationActionURL(org string, id uuid.UUID, action string) string {
	return InvitationsURL(org) + "/" + id.String() + "/" + action
}

func memberTone(state string) string {
	switch state {
	case "ACTIVE":
		return "good"
	case "DISABLED":
		return "warn"
	}
	return "neutral"
}

func memberState(state string) string {
	switch state {
	case "ACTIVE":
		return "Active"
	case "DISABLED":
		return "Disabled"
	}
	return "Former"
}
