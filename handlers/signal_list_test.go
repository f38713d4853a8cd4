package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/views"
)

// captured makes a signal of the member's own, in their default realm.
func captured(t *testing.T, member *store.Tenant, title string, change ...func(*signal.Draft)) uuid.UUID {
	t.Helper()
	draft := signal.NewDraft(signal.DocumentType)
	draft.Title, draft.Payload = title, signal.Document{Content: "About " + title, Format: signal.Plain}
	draft.Status, draft.Visibility = signal.Active, signal.Shared
	for _, c := range change {
		c(&draft)
	}
	return got[uuid.UUID](t)(member.CreateSignal(t.Context(), store.NewSignal{Draft: draft}))
}

func TestTheListOfSignalsIsInItsURL(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	list := views.SignalsURL(org.Org.Slug)
	olga.get(t, list).text(t, ".empty h2", "Nothing captured yet").has(t, `.empty a[href="`+list+`/new"]`).hasNot(t, "#q")

	warm := 0.5
	captured(t, org, "Pump", func(d *signal.Draft) { d.Tags, d.Temperature = []string{"deck", "oil"}, &warm })
	captured(t, org, "Valve", func(d *signal.Draft) { d.Tags, d.Status = []string{"deck"}, signal.Archived })
	captured(t, org, "Anchor", func(d *signal.Draft) {
		d.Context, d.Source, d.Place = signal.Journal, "The boatswain", &signal.Place{Latitude: 53.55, Longitude: 9.99}
		d.CapturedAt, _ = signal.ParseTime("2024-02-29T23:30:00Z")
	})
	for query, want := range map[string]string{
		"":                               "Pump Anchor",
		"?sort=title":                    "Anchor Pump",
		"?sort=-title":                   "Pump Anchor",
		"?sort=captured":                 "Anchor Pump",
		"?sort=-temperature":             "Pump Anchor",
		"?status=ARCHIVED":               "Valve",
		"?tag=deck":                      "Pump",
		"?tag=deck&tag=oil":              "Pump",
		"?tag=deck,rope":                 "",
		"?context=JOURNAL":               "Anchor",
		"?type=PHOTO":                    "",
		"?type=PHOTO&type=DOCUMENT":      "Pump Anchor",
		"?source=boats":                  "Anchor",
		"?coldest=0.4":                   "Pump",
		"?from=2024-02-29&to=2024-02-29": "Anchor",
		"?to=2024-02-28":                 "",
		"?near=52.5,13.4&radius=300":     "Anchor",
		"?near=52.5,13.4&radius=100":     "",
		"?near=nowhere":                  "Pump Anchor",
		"?placed=on":                     "Anchor",
		"?realm=no-such-realm":           "",
		"?author=olga":                   "Pump Anchor",
		"?cursor=nonsense":               "Pump Anchor",
		"?sort=nonsense":                 "Pump Anchor",
		"?q=pump":                        "Pump",
		"?q=pump&tag=rope":               "",
		"?view=cards&sort=title":         "Anchor Pump",
		"?view=timeline":                 "Pump Anchor",
		"?view=map":                      "Anchor",
	} {
		page := olga.get(t, list+query).status(t, 200)
		if found := strings.Join(page.texts("[data-row] a.signal-link"), " "); found != want {
			t.Errorf("%q lists %q, want %q", query, found, want)
		}
	}
	olga.get(t, list+"?view=calendar&month=2024-02").text(t, ".calendar td", "Anchor").text(t, "h2", "February 2024").
		has(t, `a[href="`+list+`?month=2024-03&view=calendar"]`)
	olga.get(t, list+"?q=pump").text(t, "td", "words: Pump")
	olga.get(t, list+"?near=nowhere").text(t, ".filters[open] #near-error", "Write degrees")
}

func TestFiltersOfSignalsSurviveEveryStep(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	list := views.SignalsURL(org.Org.Slug)
	for range store.PageSize + 1 {
		captured(t, org, "Rope", func(d *signal.Draft) { d.Tags, d.Context = []string{"deck"}, signal.Note })
	}
	const query = "?context=NOTE&tag=deck&view=cards"
	page := olga.get(t, list+query).status(t, 200).count(t, ".signal-card", store.PageSize)
	for selector, wants := range map[string][]string{
		`a[rel="next"]`: {"context=NOTE", "tag=deck", "view=cards", "cursor="},
		`a[aria-label="Without the filter #deck"]`: {"context=NOTE", "view=cards"},
	} {
		href := page.attr(t, selector, "href")
		for _, want := range wants {
			if !strings.Contains(href, want) {
				t.Errorf("%s leads to %s, without %s", selector, href, want)
			}
		}
	}
	if href := page.attr(t, `a[aria-label="Without the filter #deck"]`, "href"); strings.Contains(href, "deck") {
		t.Errorf("the chip keeps its filter: %s", href)
	}
	if at := page.click(t, "Timeline").status(t, 200).response.Request.URL.RawQuery; at != "context=NOTE&tag=deck&view=timeline" {
		t.Errorf("the timeline is at %s", at)
	}
	page.text(t, ".filters .count", "2").has(t, `#signal-filter input[name="context"][value="NOTE"][checked]`)
	second := olga.get(t, page.attr(t, `a[rel="next"]`, "href")).count(t, ".signal-card", 1)
	olga.get(t, second.attr(t, `a[rel="prev"]`, "href")).count(t, ".signal-card", store.PageSize)

	sent := page.submit(t, "#signal-filter", url.Values{"q": {"rope"}})
	if sent.status(t, http.StatusSeeOther).location() != list+"?context=NOTE&q=rope&tag=deck&view=cards" {
		t.Errorf("the form leads to %s", sent.location())
	}
}

func TestSeveralSignalsAreChangedAtOnce(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	olga, org := a.owner(t)
	list := views.SignalsURL(org.Org.Slug)
	first, second := captured(t, org, "Pump").String(), captured(t, org, "Valve").String()
	both := url.Values{"ids": {first, second}}
	do := func(p *page, what string, fields url.Values) *page {
		t.Helper()
		values := url.Values{"do": {what}, "ids": both["ids"]}
		for name, value := range fields {
			values[name] = value
		}
		return p.submit(t, "#bulk", values)
	}
	page := do(olga.get(t, list+"?sort=title"), "tag", url.Values{"bulk_tag": {"deck"}}).status(t, 303)
	if page.location() != list+"?sort=title" {
		t.Errorf("the filter is lost: %s", page.location())
	}
	page = page.follow(t).text(t, ".toast", "2 signals tagged").count(t, `tbody a.tag-link`, 2)
	do(page, "tag", nil).status(t, 422).text(t, "#bulk_tag-error", "Use 1 to").has(t, `input[value="`+first+`"][checked]`)
	do(page, "", nil).status(t, 422).text(t, "#bulk-error", "Choose what to do")
	page.submit(t, "#bulk", url.Values{"do": {"archive"}, "ids": {first, uuid.NewString()}}).status(t, 404).text(t, "#bulk-error", "not there any more")
	page.submit(t, "#bulk", url.Values{"do": {"archive"}, "ids": {first, "x"}}).status(t, 404)
	olga.get(t, list).count(t, "tbody tr", 2)

	gone := do(page, "delete", nil).follow(t).hasNot(t, "tbody tr").text(t, ".toast", "2 signals put into the bin")
	back := gone.submit(t, ".toast form", nil).follow(t).text(t, ".toast", "2 signals taken out")
	back.count(t, "tbody tr", 2).hasNot(t, ".toast form")

	// Another member sees what is shared, and changes none of it.
	mira, member := a.join(t, org, store.Member)
	realm := sharedWith(t, org, member)
	if err := org.MoveSignal(t.Context(), uuid.MustParse(first), got[store.SignalPage](t)(org.Signal(t.Context(), uuid.MustParse(first))).Revision, realm); err != nil {
		t.Fatal(err)
	}
	own := captured(t, member, "Own").String()
	refused := mira.post(t, list+"/bulk", url.Values{"do": {"archive"}, "ids": {own, first}}).status(t, 403)
	refused.text(t, "#bulk-error", "all or nothing").count(t, "tbody tr", 2)
	mira.get(t, list+"?status=ARCHIVED").hasNot(t, "tbody tr")
	refused.hasNot(t, `input[name="ids"][value="`+first+`"]`)
}

func TestAViewIsSavedAndRemoved(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	olga, org := a.owner(t)
	list := views.SignalsURL(org.Org.Slug)
	captured(t, org, "Pump")
	form := `form[action="` + list + `/views"]`
	olga.get(t, list).hasNot(t, form)
	page := olga.get(t, list+"?context=CAPTURE&view=cards")
	page.submit(t, form, url.Values{"name": {" "}}).status(t, 422).text(t, "#view-name-error", "Use 1 to 60")
	saved := page.submit(t, form, url.Values{"name": {"New <ones>"}}).follow(t).text(t, ".saved-views", "New <ones>")
	if href := saved.attr(t, ".saved-views a", "href"); href != list+"?context=CAPTURE&view=cards" {
		t.Errorf("the view leads to %s", href)
	}
	page.submit(t, form, url.Values{"name": {"New <ones>"}}).status(t, 422).text(t, "#view-name-error", "Choose another")
	max, _ := a.join(t, org, store.Member)
	max.get(t, list).hasNot(t, ".saved-views")
	remove := saved.attr(t, ".saved-views form", "action")
	max.post(t, remove, nil).status(t, 404)
	saved.submit(t, ".saved-views form", nil).follow(t).hasNot(t, ".saved-views")
}

func TestTagsAreCountedAndRenamed(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	tags := views.TagsURL(org.Org.Slug)
	olga.get(t, tags).text(t, ".empty h2", "No tags yet")
	captured(t, org, "Pump", func(d *signal.Draft) { d.Tags = []string{"deck", "oil"} })
	captured(t, org, "Valve", func(d *signal.Draft) { d.Tags = []string{"deck"} })
	olga.get(t, tags).count(t, "tbody tr", 2).text(t, "tbody tr", "deck")
	olga.get(t, tags+"?q=OI").count(t, "tbody tr", 1).text(t, "tbody tr", "oil")
	olga.get(t, tags+"?q=rope").text(t, ".empty h2", "Nothing matches")
	form := `form[action="` + tags + `/rename"]`
	page := olga.get(t, tags+"?rename=oil").text(t, form, "1 signal")
	page.submit(t, form, url.Values{"to": {" "}}).status(t, 422).text(t, "#to-error", "Use 1 to")
	page.submit(t, form, url.Values{"to": {"deck"}}).follow(t).count(t, "tbody tr", 1).text(t, "tbody tr", "2")
	suggested := olga.hx(t, "GET", tags+"/suggest?tag=rope,+de", "x", nil)
	if suggested.attr(t, "option", "value") != "rope, deck" {
		t.Errorf("suggests %s", suggested.body)
	}
}
