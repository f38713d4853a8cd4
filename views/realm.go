package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// RealmFilterForm is the query of the list of realms.
type RealmFilterForm struct {
	Query string `form:"q"`
}

// RealmForm is a realm as it was typed.
type RealmForm struct {
	Name        string `form:"name"`
	Slug        string `form:"slug"`
	Description string `form:"description"`
	Type        string `form:"type"` // of a new one
	Revision    int    `form:"revision"`
}

// Input is the form as the store takes it.
func (f RealmForm) Input() store.RealmInput {
	return store.RealmInput{Slug: f.Slug, Name: f.Name, Description: f.Description}
}

// NewRealmForm is an empty form.
func NewRealmForm() RealmForm { return RealmForm{Type: string(store.PrivateRealm)} }

// EditRealmForm is the form of what is saved.
func EditRealmForm(r store.Realm) RealmForm {
	return RealmForm{Name: r.Name, Slug: r.Slug, Description: r.Description, Type: string(r.Type), Revision: r.Revision}
}

// RealmTypeForm is a change of a realm's type, and the revision that was seen.
type RealmTypeForm struct {
	Type     string `form:"type"`
	Revision int    `form:"revision"`
}

// RealmDeletionForm confirms a deletion by the realm's name.
type RealmDeletionForm struct {
	Name string `form:"name"`
}

// RealmConflict is an edit that came second: what was typed, and what is saved now.
type RealmConflict struct {
	Mine   RealmForm
	Theirs RealmForm
}

func (c RealmConflict) rows() []conflictRow {
	return []conflictRow{{"Name", c.Mine.Name, c.Theirs.Name}, {"Address", c.Mine.Slug, c.Theirs.Slug}, {"Description", c.Mine.Description, c.Theirs.Description}}
}

// RealmView is what a realm's pages need beside the realm.
type RealmView struct {
	Org      string
	Role     store.Role // in the organisation
	Late     Late
	Form     RealmForm
	Deletion RealmDeletionForm
	Bad      store.Invalid
}

// owns says whether the pages offer what the realm's owner may do.
func (v RealmView) owns(r store.Realm) bool {
	return r.Role == store.RealmOwner && v.Role.Can(store.UseRealms)
}

func realmTabs(v RealmView, r store.Realm, current string) []Tab {
	tabs := []Tab{{Label: "Overview", Href: RealmURL(v.Org, r.Slug)}}
	if r.Role != store.Outsider {
		tabs = append(tabs, Tab{Label: "Members", Href: RealmMembersURL(v.Org, r.Slug)}, Tab{Label: "Consents", Href: RealmConsentsURL(v.Org, r.Slug)})
	}
	if v.owns(r) {
		tabs = append(tabs, Tab{Label: "Settings", Href: RealmEditURL(v.Org, r.Slug)})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Label == current
	}
	return tabs
}

// realmMeaning says who a realm of a type is for.
func realmMeaning(kind store.RealmType) string {
	switch kind {
	case store.PrivateRealm:
		return "Its owner alone. Nobody else finds it, reads it or can be invited."
	case store.SharedRealm:
		return "Its members, whom its owner invites. Nobody else finds it."
	case store.PublicRealm:
		return "Everyone in the organisation finds it and reads its public signals. The rest is for its members."
	}
	return ""
}

func realmTypeOptions() []Option {
	options := []Option{}
	for _, kind := range store.RealmTypes {
		options = append(options, Option{Value: string(kind), Label: kind.Label(), Hint: realmMeaning(kind)})
	}
	return options
}

func realmStatusTone(s store.RealmStatus) string {
	switch s {
	case store.RealmIsOpen:
		return "good"
	case store.RealmIsDeleting:
		return "bad"
	}
	return "neutral"
}

func realmStatusLabel(s store.RealmStatus) string {
	switch s {
	case store.RealmIsOpen:
		return "Open"
	case store.RealmIsDeleting:
		return "Will be deleted"
	}
	return "Archived"
}

// visibilityName is a visibility in a word or two.
func visibilityName(v signal.Visibility) string {
	switch v {
	case signal.Private:
		return "Private"
	case signal.Sanctum:
		return "Members only"
	case signal.Shared:
		return "Shared"
	}
	return "Public"
}

// widestFirst are the visibilities as the pages of realms order them.
var widestFirst = []signal.Visibility{signal.Public, signal.Shared, signal.Sanctum, signal.Private}

// accessRow is what one role may do: with signals of each visibility that others made, and with its own.
type accessRow struct {
	Role  string
	Cells []string
	Own   string
}

// accessRows are the rows that mean something in a realm of a type.
func accessRows(kind store.RealmType) []accessRow {
	roles := []store.RealmRole{store.RealmOwner}
	if kind != store.PrivateRealm {
		roles = store.RealmRoles
	}
	if kind == store.PublicRealm {
		roles = append(roles[:len(roles):len(roles)], store.Outsider)
	}
	var rows []accessRow
	for _, role := range roles {
		row := accessRow{Role: orDefault(role.Label(), "Everyone else"), Own: accessWords(store.RealmAccess(role, signal.Private, true))}
		for _, visibility := range widestFirst {
			row.Cells = append(row.Cells, accessWords(store.RealmAccess(role, visibility, false)))
		}
		rows = append(rows, row)
	}
	return rows
}

func accessWords(a store.Access) string {
	switch a {
	case store.MayChange:
		return "Sees and changes"
	case store.MayRead:
		return "Sees"
	}
	return ""
}

// signalCount is a count of the list, which stops at a bound.
func signalCount(n int) string {
	if n > store.MaxListedSignals {
		return "over " + strconv.Itoa(store.MaxListedSignals)
	}
	return strconv.Itoa(n)
}

// realmFacts is what a realm is.
func realmFacts(r store.Realm) []Fact {
	facts := []Fact{{Term: "Owner", Value: r.Owner}, {Term: "Created", Value: shortTime(r.CreatedAt)}, {Term: "Changed", Value: shortTime(r.UpdatedAt)}}
	if r.Role != store.Outsider {
		facts = append([]Fact{{Term: "Your role", Value: r.Role.Label()}}, facts...)
	}
	return facts
}

// signalFacts counts the signals that this member may read.
func signalFacts(p store.RealmPage) []Fact {
	facts := []Fact{}
	for _, visibility := range widestFirst {
		if n := p.Signals[visibility]; n > 0 {
			facts = append(facts, Fact{Term: visibilityName(visibility), Value: strconv.Itoa(n)})
		}
	}
	if p.Opted > 0 {
		facts = append(facts, Fact{Term: fromElsewhere, Value: strconv.Itoa(p.Opted)})
	}
	return facts
}

// RealmsURL is the list of realms.
func RealmsURL(org string) string { return OrgURL(org) + "/realms" }

// NewRealmURL is where a realm begins.
func NewRealmURL(org string) string { return RealmsURL(org) + "/new" }

// RealmURL is one realm. Its slug names it; its id is in no address.
func RealmURL(org, slug string) string { return RealmsURL(org) + "/" + url.PathEscape(slug) }

// RealmSignalsURL is the list of a realm's signals.
func RealmSignalsURL(org, slug string) string {
	return SignalsURL(org) + "?" + queryOf("realm", slug).Encode()
}

// RealmEditURL is where its owner changes a realm.
func RealmEditURL(org, slug string) string { return RealmActionURL(org, slug, "edit") }

// RealmMembersURL is the page of a realm's members.
func RealmMembersURL(org, slug string) string { return RealmActionURL(org, slug, "members") }

// RealmActionURL is where an action on a realm is posted: type, archive, reopen, delete, keep, default, leave.
func RealmActionURL(org, slug, action string) string { return RealmURL(org, slug) + "/" + action }

// RealmMemberActionURL is where an action on a member of a realm is posted: role, remove, owner.
func RealmMemberActionURL(org, slug string, user uuid.UUID, action string) string {
	return RealmMembersURL(org, slug) + "/" + user.String() + "/" + action
}

// RealmInvitationURL is where an invitation is answered: accept, decline.
func RealmInvitationURL(org, slug, answer string) string {
	return RealmsURL(org) + "/invitations/" + slug + "/" + answer
}

// firstLine is the beginning of a text, for a list.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if runes := []rune(line); len(runes) > 140 {
		return string(runes[:139]) + "…"
	}
	return line
}

// mayCapture says whether to offer to add a signal to the realm.
func (v RealmView) mayCapture(p store.RealmPage) bool {
	return v.Role.Can(store.UseRealms) && p.Status == store.RealmIsOpen && (p.Role == store.RealmOwner || p.Role == store.Contributor)
}

// captureInURL and importIntoURL are the ways to bring signals into a realm.
func captureInURL(org, realm string) string {
	return NewSignalURL(org) + "?" + queryOf("realm", realm).Encode()
}

func importIntoURL(org, realm string) string {
	return NewSignalImportURL(org) + "?" + queryOf("realm", realm).Encode()
}
