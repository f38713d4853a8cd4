package views

import (
	"strconv"
	"strings"

	"surrealm/store"
)

func taskText(kind store.TaskKind) string {
	switch kind {
	case store.TaskCertify:
		return "Certify or return"
	case store.TaskReview:
		return "Review"
	case store.TaskApply:
		return "Apply, it is approved"
	case store.TaskRevise:
		return "Revise, changes were asked for"
	case store.TaskRebase:
		return "Bring up to date, the procedure has moved on"
	}
	return "Go on, it was returned to you"
}

func taskURL(org string, task store.Task) string {
	if task.Kind == store.TaskCertify || task.Kind == store.TaskMend {
		return SOPURL(org, task.ID)
	}
	return ProposalURL(org, task.ID)
}

func number(n int) string { return strconv.Itoa(n) }

// hitItems are search results as the palette shows them.
func hitItems(org string, hits []store.Hit) []PaletteItem {
	items := make([]PaletteItem, 0, len(hits))
	for _, hit := range hits {
		item := PaletteItem{Label: hit.Label}
		switch hit.Kind {
		case "surrogate":
			item.Kind, item.Icon, item.Href = "Surrogate", "bot", SurrogateURL(org, hit.ID)
		case "sop":
			item.Kind, item.Icon, item.Href = "Procedure", "workflow", SOPURL(org, hit.ID)
		case "proposal":
			item.Kind, item.Icon, item.Href = "Proposal", "git-pull-request", ProposalURL(org, hit.ID)
		case "realm":
			item.Kind, item.Icon, item.Href = "Realm", "layers", RealmURL(org, hit.Note)
		case "member":
			item.Kind, item.Icon, item.Href = "Member", "user", MembersURL(org)+"?"+queryOf("q", hit.Note).Encode()
		}
		if hit.Kind != "member" && hit.Kind != "realm" && hit.Note != "" {
			item.Kind += ", " + hit.Note
		}
		items = append(items, item)
	}
	return items
}

// SearchItems are the hits of a search, after the pages whose name fits.
func SearchItems(org string, can FrameCan, query string, hits []store.Hit) []PaletteItem {
	items := []PaletteItem{}
	for _, page := range OrgNav(org, "", can) {
		if strings.Contains(strings.ToLower(page.Label), strings.ToLower(strings.TrimSpace(query))) {
			items = append(items, PaletteItem{Label: page.Label, Kind: "Page", Href: page.Href, Icon: page.Icon})
		}
	}
	return append(items, hitItems(org, hits)...)
}

// signalSearch leads on from a search by name: signals have a search of their own, by words and meaning.
func signalSearch(org, query string) PaletteItem {
	return PaletteItem{Label: "Look in signals for " + quoted(query), Kind: "Search", Icon: "search", Href: SignalsURL(org) + "?" + queryOf("q", query).Encode()}
}

// SearchURL is the search over an organisation's pages and objects.
func SearchURL(org string) string { return OrgURL(org) + "/search" }
