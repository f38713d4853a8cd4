// Package gallery shows every shared component with canned data, so that they
// can be looked at, and checked by machine, without a server or a database.
// Only tests import it.
package gallery

import (
	"time"

	"github.com/a-h/templ"

	"surrealm/views"
)

// Page is one page of the gallery. Do is script that brings it into the state
// to look at, such as an open dialog; empty for the page as it loads.
type Page struct {
	Name string
	Body templ.Component
	Do   string
}

// showSidebar opens the navigation where it is closed: on narrow screens.
const showSidebar = `if (innerWidth < 896) document.querySelector('#sidebar').showPopover(); `

// Pages are all pages of the gallery, in the order of a walk through the product.
func Pages() []Page {
	return []Page{
		{Name: "login", Body: login()},
		{Name: "dashboard", Body: framed("Overview", dashboard())},
		{Name: "list", Body: framed("Surrogates", list())},
		{Name: "empty", Body: framed("Procedures", nothing())},
		{Name: "form", Body: framed("New surrogate", form(nil))},
		{Name: "form-errors", Body: framed("New surrogate", form(formErrors))},
		{Name: "parts", Body: framed("Parts", parts())},
		{Name: "actions", Body: framed("Actions", actions())},
		{Name: "graph", Body: framed("SOP", graph(sampleView()))},
		{Name: "graph-change", Body: framed("Change", graph(changeView()))},
		{Name: "graph-problems", Body: framed("Draft", graph(draftView()))},
		{Name: "palette", Body: framed("Overview", dashboard()), Do: `document.getElementById('palette').showModal()`},
		{Name: "help", Body: framed("Overview", dashboard()), Do: `document.getElementById('help').showModal()`},
		{Name: "confirm", Body: framed("Parts", parts()), Do: `document.querySelector('[data-confirm] button').click()`},
		{Name: "menus", Body: framed("Surrogates", list()), Do: showSidebar + `document.querySelector('.account').open = true; document.querySelector('.table tr:last-child .menu').open = true`},
		{Name: "switcher", Body: framed("Surrogates", list()), Do: showSidebar + `document.querySelector('.switcher').open = true`},
		{Name: "error", Body: framed("Not found", notFound())},
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
			{Label: "Procedures", Href: "/o/northwind/sops", Icon: "workflow", Key: "o", Current: title == "Procedures"},
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
