package views

import (
	"strings"
	"time"
)

// Frame is what every page inside an organisation needs around its region.
type Frame struct {
	Title   string // of the page; the product's name is added
	User    FrameUser
	Org     *FrameOrg // nil on pages outside an organisation, such as the account
	Orgs    []OrgLink // the person's organisations, for the switcher
	Nav     []NavItem
	Flash   *Toast // the message left by the page before
	Version string // of the program, for the footer
}

// FrameUser is the person who is signed in.
type FrameUser struct {
	Name  string
	Email string
}

// FrameOrg is the organisation the page belongs to, and the person's place in it.
type FrameOrg struct {
	Slug string
	Name string
	Role string // OWNER, ADMIN, REVIEWER, MEMBER or AUDITOR
	Can  FrameCan

	DeleteAfter *time.Time // when it will be deleted; nil while nothing is planned
}

// FrameCan says which actions the page may offer. It decides what is shown,
// never what is allowed.
type FrameCan struct {
	WriteSurrogates bool
	WriteSOPs       bool
	ReviewSOPs      bool
	ReadAudit       bool
	ManageMembers   bool
	ManageOrg       bool
	OwnKeys         bool
	UseRealms       bool
}

// OrgLink is one line of the organisation switcher.
type OrgLink struct {
	Name    string
	Role    string
	Href    string
	Current bool
}

// NavItem is one entry of the side navigation.
type NavItem struct {
	Label    string
	Href     string
	Icon     string
	Begins   bool   // the first of a group, a little apart from what is above it
	Key      string // the letter after g that goes there; empty for none
	CountURL string // answers with NavCount; empty for an entry where nothing waits. Fetched after a page that does not know the count
	Count    int    // what waits, on a page that knows it
	Current  bool
}

// Initial is the letter that stands for the organisation.
func (o FrameOrg) Initial() string { return initials(o.Name, 1) }

// DocumentTitle is the text of the browser's tab.
func (f Frame) DocumentTitle() string {
	parts := []string{}
	if f.Title != "" {
		parts = append(parts, f.Title)
	}
	if f.Org != nil {
		parts = append(parts, f.Org.Name)
	}
	return strings.Join(append(parts, "Surrealm"), " · ")
}

// SearchHref is where the palette looks; without script it is a page.
func (f Frame) SearchHref() string {
	if f.Org == nil {
		return ""
	}
	return "/o/" + f.Org.Slug + "/search"
}

// RoleName is a role as people read it.
func RoleName(role string) string {
	if role == "" {
		return ""
	}
	return role[:1] + strings.ToLower(role[1:])
}

// initials takes the first letters of the first words of a name.
func initials(name string, most int) string {
	var out []rune
	for word := range strings.FieldsSeq(name) {
		if len(out) == most {
			break
		}
		out = append(out, []rune(strings.ToUpper(word))[0])
	}
	if len(out) == 0 {
		return "?"
	}
	return string(out)
}

// plainTitle is the title of a page without an organisation.
func plainTitle(title string) string {
	if title == "" {
		return "Surrealm"
	}
	return title + " · Surrealm"
}
