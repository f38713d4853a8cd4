package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/views"
)

func surrogateForm(action string) string { return `form[action="` + action + `"]` }

func TestASurrogateIsCreatedByItsForm(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	list := views.SurrogatesURL(org.Org.Slug)
	form := olga.get(t, list).status(t, 200).text(t, ".empty h2", "No surrogates yet").hasNot(t, "#q").
		click(t, "Define a surrogate").status(t, 200)

	typed := url.Values{
		"role_title": {"Night <pharmacist>"}, "domain": {""}, "jurisdiction": {"European Union"}, "seniority": {"Senior"},
		"certifications": {"ALS\n\nBLS"}, "communication_style": {"plain"}, "assertiveness": {"11"}, "empathy_level": {"x"},
		"risk_tolerance": {"medium"}, "escalation_threshold": {"0.85"},
	}
	refused := form.submit(t, surrogateForm(list), typed).status(t, 422)
	for _, field := range []string{"domain", "assertiveness", "empathy_level"} {
		refused.has(t, "#"+field+"-error")
	}
	kept := refused.form(t, surrogateForm(list))
	for name, want := range typed {
		if got := kept.Get(name); strings.ReplaceAll(got, "\r\n", "\n") != want[0] {
			t.Errorf("%s is %q after the mistake, want %q", name, got, want[0])
		}
	}

	page := refused.submit(t, surrogateForm(list), url.Values{"domain": {"Healthcare"}, "assertiveness": {"3"}, "empathy_level": {"8"}}).follow(t)
	page.status(t, 200).text(t, "h1", "Night <pharmacist>").text(t, ".badge", "Draft").text(t, "dd", "ALS, BLS").text(t, "dd", "85 %").
		text(t, ".row-main", "created")
	olga.get(t, list).count(t, "tbody tr", 1).text(t, "tbody th", "Night <pharmacist>")
}

func TestTheSecondEditorOfASurrogateLosesNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	address := views.SurrogateURL(w.slug(), w.surrogate)
	hers, his := a.as(t, w.owner).get(t, address+"/edit"), a.as(t, w.person(t, store.Member)).get(t, address+"/edit")

	hers.submit(t, surrogateForm(address), url.Values{"role_title": {"Hers"}, "seniority": {"Chief"}}).status(t, 303)
	late := his.submit(t, surrogateForm(address), url.Values{"role_title": {"His"}, "domain": {"Law"}, "certifications": {"ALS\nBLS"}}).status(t, 409)

	late.text(t, "h1", "Somebody else saved first").text(t, "td", "Hers").text(t, "td", "Chief").text(t, "td", "His").text(t, "th .badge", "Differs")
	kept := late.form(t, surrogateForm(address))
	if kept.Get("role_title") != "His" || kept.Get("domain") != "Law" || !strings.Contains(kept.Get("certifications"), "BLS") {
		t.Errorf("the form has %v", kept)
	}
	if now := got[store.SurrogatePage](t)(w.owner.Surrogate(t.Context(), w.surrogate)); now.RoleTitle != "Hers" || now.Revision != 2 {
		t.Errorf("the late edit changed it: %q, revision %d", now.RoleTitle, now.Revision)
	}
	late.submit(t, surrogateForm(address), nil).follow(t).text(t, "h1", "His")

	stale := a.as(t, w.owner).get(t, address+"/edit")
	if err := w.owner.MoveSurrogate(t.Context(), w.surrogate, 3, store.ArchiveSurrogate); err != nil {
		t.Fatal(err)
	}
	stale.submit(t, surrogateForm(address), nil).status(t, 409).text(t, "main", "was archived meanwhile")
}

func TestTheListOfSurrogatesIsInItsURL(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	list := views.SurrogatesURL(org.Org.Slug)
	ids := map[string]uuid.UUID{}
	for _, d := range []sop.Document{
		{RoleTitle: "Baker", Domain: "Food", Jurisdiction: "France"},
		{RoleTitle: "Clerk", Domain: "Retail", Jurisdiction: "France"},
		{RoleTitle: "Alchemist", Domain: "Food", Jurisdiction: "Bohemia"},
	} {
		ids[d.RoleTitle] = surrogateFor(t, org, d)
	}
	if err := org.MoveSurrogate(t.Context(), ids["Baker"], 1, store.ArchiveSurrogate); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"":                                "Alchemist Clerk",
		"?sort=name":                      "Alchemist Clerk",
		"?sort=-name":                     "Clerk Alchemist",
		"?sort=created":                   "Clerk Alchemist",
		"?status=ARCHIVED":                "Baker",
		"?domain=Food":                    "Alchemist",
		"?jurisdiction=France&sort=name":  "Clerk",
		"?q=chem":                         "Alchemist",
		"?q=bohemia&domain=Food":          "Alchemist",
		"?cursor=nonsense&sort=name":      "Alchemist Clerk",
		"?status=no-such-state":           "",
		"?domain=Food&jurisdiction=Spain": "",
	} {
		page := olga.get(t, list+query).status(t, 200)
		if found := strings.Join(page.texts("tbody th a"), " "); found != want {
			t.Errorf("%q lists %q, want %q", query, found, want)
		}
		// The choices are those of the organisation, whatever the filters leave.
		page.has(t, `#domain option[value="Retail"]`).has(t, `#jurisdiction option[value="Bohemia"]`)
	}
	olga.get(t, list+"?q=nothing+like+it").text(t, ".empty h2", "Nothing matches").has(t, `.empty a[href="`+list+`"]`)
	olga.get(t, list+"?domain=Food").has(t, `#domain option[value="Food"][selected]`)
	for _, name := range []string{"Clerk", "Alchemist"} {
		if err := org.MoveSurrogate(t.Context(), ids[name], 1, store.ArchiveSurrogate); err != nil {
			t.Fatal(err)
		}
	}
	olga.get(t, list).text(t, ".empty h2", "Every surrogate is archived").click(t, "See the archived ones").count(t, "tbody tr", 3)
}

func TestASurrogateIsArchivedAndRestored(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	olga, max := a.as(t, w.owner), a.as(t, w.person(t, store.Member))
	address := views.SurrogateURL(w.slug(), w.surrogate)
	max.get(t, address).hasNot(t, formAt(address, "archive"))

	archived := olga.get(t, address).submit(t, formAt(address, "archive"), nil).follow(t)
	archived.text(t, ".badge", "Archived").text(t, ".row-main", "archived").hasNot(t, `a[href="`+address+`/edit"]`)
	olga.get(t, views.SurrogatesURL(w.slug())).hasNot(t, "tbody tr")
	restored := archived.submit(t, formAt(address, "restore"), nil).follow(t).text(t, ".badge", "Draft").has(t, `a[href="`+address+`/edit"]`)
	restored.hasNot(t, formAt(address, "activate")).text(t, ".alert", "Not active yet")
}
