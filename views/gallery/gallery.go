// Package gallery shows every shared component with canned data, so that they
// can be looked at, and checked by machine, without a server or a database.
// Only tests import it.
package gallery

import (
	"time"

	"github.com/a-h/templ"

	"surrealm/views"
)

// Page is one page of the gallery.
type Page struct {
	Name string
	Body templ.Component
}

// Pages are all pages of the gallery, in the order of a walk through the product.
func Pages() []Page {
	return []Page{
		{"login", login()},
		{"dashboard", framed("Overview", dashboard())},
		{"list", framed("Surrogates", list())},
		{"empty", framed("SOPs", nothing())},
		{"form", framed("New surrogate", form(nil))},
		{"form-errors", framed("New surrogate", form(formErrors))},
		{"parts", framed("Parts", parts())},
		{"graph", framed("SOP", graph(sampleView()))},
		{"graph-change", framed("Change", graph(changeView()))},
		{"graph-problems", framed("Draft", graph(draftView()))},
		{"error", framed("Not found", notFound())},
	}
}

var at = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

var formErrors = map[string]string{
	"role_title":   "Give the surrogate a role.",
	"jurisdiction": "Choose where its rules apply.",
	"temperature":  "Choose a value between 0 and 2.",
	"autonomy":     "Choose how far it may act alone.",
	"agree":        "Confirm that the domain's owner knows of it.",
}

func framed(title string, region templ.Component) templ.Component {
	return page(frame(title), region)
}

func frame(title string) views.Frame {
	return views.Frame{
		Title: title,
		User:  views.FrameUser{Name: "Amira Haddad", Email: "amira@northwind.example"},
		Org: &views.FrameOrg{Slug: "northwind", Name: "Northwind Hospitals", Role: "ADMIN", Can: views.FrameCan{
			WriteSurrogates: true, WriteSOPs: true, ReviewSOPs: true, ReadAudit: true,
			ManageMembers: true, ManageOrg: true, OwnKeys: true,
		}},
		Orgs: []views.OrgLink{
			{Name: "Northwind Hospitals", Role: "ADMIN", Href: "/o/northwind/", Current: true},
			{Name: "Gdańsk Rescue Łódź Trust", Role: "REVIEWER", Href: "/o/gdansk/"},
		},
		Nav: []views.NavItem{
			{Label: "Overview", Href: "/o/northwind/", Icon: "house", Key: "d", Current: title == "Overview"},
			{Label: "Surrogates", Href: "/o/northwind/surrogates", Icon: "bot", Key: "s", Current: title == "Surrogates" || title == "New surrogate"},
			{Label: "SOPs", Href: "/o/northwind/sops", Icon: "workflow", Key: "o", Current: title == "SOPs"},
			{Label: "Proposals", Href: "/o/northwind/proposals", Icon: "git-pull-request", Key: "p"},
			{Label: "Audit log", Href: "/o/northwind/audit", Icon: "scroll-text", Key: "a"},
			{Label: "Members", Href: "/o/northwind/members", Icon: "users", Key: "m"},
			{Label: "Signing keys", Href: "/o/northwind/keys", Icon: "key-round", Key: "k"},
			{Label: "Settings", Href: "/o/northwind/settings", Icon: "settings"},
		},
		Flash:   flashFor(title),
		Version: "0.1.0",
	}
}

func flashFor(title string) *views.Toast {
	if title == "Surrogates" {
		return &views.Toast{Tone: "good", Text: "Surrogate saved."}
	}
	return nil
}
