package views

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
)

// RealmInviteForm is an invitation to a realm, as it was typed.
type RealmInviteForm struct {
	Member string `form:"member"`
	Role   string `form:"role"`
}

// RealmRoleForm is a change of role in a realm: the role that was seen, and the new one.
type RealmRoleForm struct {
	Seen string `form:"seen"`
	Role string `form:"role"`
}

// RealmLeaveForm says what becomes of the signals of somebody who leaves.
type RealmLeaveForm struct {
	Signals string `form:"signals"` // keep or withdraw
}

// RealmMembersView is what the page of a realm's members needs beside the realm.
type RealmMembersView struct {
	RealmView
	Me     uuid.UUID
	Query  string // of the people that can be invited
	Invite RealmInviteForm
}

// canChange says whether the page offers to change a member.
func (v RealmMembersView) canChange(r store.Realm, m store.RealmMember) bool {
	return v.owns(r) && m.Role != store.RealmOwner
}

var realmRoleOptions = []Option{
	{Value: string(store.Contributor), Label: store.Contributor.Label()},
	{Value: string(store.Observer), Label: store.Observer.Label()},
}

func realmRoleChoices() []Option {
	return []Option{
		{Value: string(store.Contributor), Label: store.Contributor.Label(), Hint: "Reads what members read, adds signals, and changes their own."},
		{Value: string(store.Observer), Label: store.Observer.Label(), Hint: "Reads what members read, and changes nothing."},
	}
}

func candidateOptions(people []store.Person) []Option {
	options := []Option{{Value: "", Label: "Choose a person"}}
	for _, p := range people {
		options = append(options, Option{Value: p.UserID.String(), Label: p.Name + " (" + p.Email + ")"})
	}
	return options
}

func leaveOptions(d store.RealmDeparture) []Option {
	return []Option{
		{Value: "keep", Label: "Leave them here", Hint: "They stay under your name. You will not see them unless the realm is public or you are invited again."},
		{Value: "withdraw", Label: "Take them along", Hint: counted(d.Others, "signal") + " will go to the realm of your captures, leave their clusters here, and are shared with nobody."},
	}
}

// privateSentence says what becomes of the signals that only their author sees.
func privateSentence(n int) string {
	if n == 1 {
		return "1 signal here is private to you. It goes to the realm of your captures with you."
	}
	return strconv.Itoa(n) + " signals here are private to you. They go to the realm of your captures with you."
}

// hiddenSentence tells the owner of a realm what they do not see.
func hiddenSentence(n int) string {
	if n == 1 {
		return "1 more signal is private to its author."
	}
	return strconv.Itoa(n) + " more signals are private to their authors."
}

// memberSince is when somebody joined, or was invited.
func memberSince(m store.RealmMember) time.Time {
	if m.JoinedAt != nil {
		return *m.JoinedAt
	}
	return m.Since
}
