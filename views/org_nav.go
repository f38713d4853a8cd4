package views

import "strings"

// OrgNav is the side navigation inside an organisation. Entries that a person may not open are left out.
func OrgNav(org, path string, can FrameCan) []NavItem {
	base := OrgURL(org)
	items := []NavItem{
		{Label: "Overview", Href: base, Icon: "house", Key: "d"},
		{Label: "Surrogates", Href: base + "/surrogates", Icon: "bot", Key: "s", Begins: true},
		{Label: "Procedures", Href: base + "/sops", Icon: "workflow", Key: "o"},
		{Label: "Proposals", Href: base + "/proposals", Icon: "git-pull-request", Key: "p", CountURL: base + "/proposals/waiting"},
		{Label: "Signals", Href: SignalsURL(org), Icon: "inbox", Key: "i", Begins: true},
		{Label: "Clusters", Href: ClustersURL(org), Icon: "boxes", Key: "c"},
		{Label: "Realms", Href: RealmsURL(org), Icon: "layers", Key: "r"},
		{Label: "Members", Href: base + "/members", Icon: "users", Key: "m", Begins: true},
	}
	if can.ReadAudit {
		items = append(items, NavItem{Label: "Audit log", Href: base + "/audit", Icon: "scroll-text", Key: "a"})
	}
	items = append(items,
		NavItem{Label: "Signing keys", Href: KeysURL(org), Icon: "key-round", Key: "k"},
		NavItem{Label: "Settings", Href: base + "/settings", Icon: "settings", Key: ","})
	for i := range items {
		items[i].Current = path == items[i].Href || i > 0 && strings.HasPrefix(path, items[i].Href+"/")
	}
	return items
}

// WithWaiting puts the number of waiting proposals into the navigation of a page that knows it.
func WithWaiting(items []NavItem, n int) []NavItem {
	for i := range items {
		if items[i].CountURL != "" {
			items[i].CountURL, items[i].Count = "", n
		}
	}
	return items
}

// AccountNav is the side navigation outside of an organisation: back into one, and a person's own pages.
func AccountNav(path string, orgs []OrgLink) []NavItem {
	var items []NavItem
	for _, org := range orgs[:min(len(orgs), 5)] {
		items = append(items, NavItem{Label: org.Name, Href: org.Href, Icon: "arrow-right"})
	}
	items = append(items,
		NavItem{Label: "Organisations", Href: OrgsURL(), Icon: "building-2", Begins: len(items) > 0},
		NavItem{Label: "Account", Href: AccountURL(), Icon: "user"},
		NavItem{Label: "Sessions", Href: SessionsURL(), Icon: "monitor-smartphone"})
	for i := range items {
		items[i].Current = path == items[i].Href
	}
	return items
}
