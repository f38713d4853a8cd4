package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"surrealm/store/storetest"
)

// TestEveryPageIsAccessible looks at every page of the product in Chromium: no violation that axe-core finds, nothing that
// the content policy blocks, no script error and no sideways scrolling, in both themes at both widths.
func TestEveryPageIsAccessible(t *testing.T) {
	t.Parallel()
	s, w := newSite(t), newWorld(t)
	tours := []tour{
		{w.owner.User.Email, w.pages()}, {w.auditor.User.Email, w.auditorPages()},
		{w.newcomer.User.Email, emptyPages(w.newcomer.Org.Slug)}, {"", w.signedOutPages()},
	}
	t.Run("at", func(t *testing.T) { // returns when both widths are through
		for _, width := range []int64{390, 1440} {
			t.Run(strconv.FormatInt(width, 10), func(t *testing.T) {
				t.Parallel()
				chromium := startBrowser(t)
				for _, tour := range tours {
					walk{s, width}.take(t, chromium, tour)
				}
			})
		}
	})

	for _, route := range s.routes {
		seen := slices.ContainsFunc(tours, func(one tour) bool {
			return slices.ContainsFunc(one.pages, func(page look) bool { return page.route == route.Path })
		})
		if route.Method == http.MethodGet && !seen && !slices.Contains(noPages, route.Path) {
			t.Errorf("no test looks at %s", route.Path)
		}
	}
}

// noPages are routes that answer with something else than a page of their own.
var noPages = []string{
	"/", "/healthz", "/readyz", "/static/*", "/*", "/register/slug",
	"/o/:org/sops/:id/export.json", "/o/:org/sops/:id/graph.svg", "/o/:org/sops/:id/signatures.json", "/o/:org/realms/:slug/map/points",
	"/o/:org/proposals/:id/change.json", "/o/:org/proposals/waiting", "/o/:org/tags/suggest",
	"/o/:org/signals/:id/files/:file", "/o/:org/signals/:id/files/:file/thumbnail",
	"/o/:org/signals/imports/:id/problems.csv", "/o/:org/events",
}

// look is a page to look at: its route, its address, and what is done there first.
type look struct{ route, url, do string }

// submitEmpty sends the page's form as it is, past the browser's own checks.
const submitEmpty = `document.querySelector('main form.form').submit()`

// A tour is the pages that somebody looks at; nobody is logged in when email is "".
type tour struct {
	email string
	pages []look
}

type walk struct {
	site  *site
	width int64
}

// take looks at the pages of a tour in one tab.
func (w walk) take(t *testing.T, chromium context.Context, tour tour) {
	tab, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	defer closeTab()
	if err := chromedp.Do(tab, chromedp.EmulateViewport(w.width, 900), inFront, useTheme("light"), beforeScripts(collectProblems)); err != nil {
		t.Fatal(err)
	}
	if tour.email != "" {
		w.logIn(t, tab, tour.email)
	}
	for _, page := range tour.pages {
		t.Run(strings.TrimPrefix(page.url, "/")+"/"+who(tour.email), func(t *testing.T) { w.look(t, tab, page) })
	}
}

func (w walk) logIn(t *testing.T, tab context.Context, email string) {
	t.Helper()
	if err := chromedp.Do(tab, chromedp.Navigate(w.site.url+"/login")); err != nil {
		t.Fatal(err)
	}
	w.leave(t, tab, fmt.Sprintf(`document.getElementById('email').value = %q; document.getElementById('password').value = %q; %s`,
		email, storetest.Password, submitEmpty))
}

// leave runs a script that leads to another page, and waits for it.
func (w walk) leave(t *testing.T, tab context.Context, script string) {
	t.Helper()
	evaluate[bool](t, tab, `(() => { window.left = true; `+script+`; return true })()`)
	for range 600 {
		gone, err := chromedp.Run(tab, chromedp.Evaluate[bool](`!window.left && document.readyState === 'complete'`))
		if err == nil && gone {
			return
		}
		if err := chromedp.Do(tab, chromedp.Sleep(20e6)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("nothing came of %s", script)
}

func (w walk) look(t *testing.T, tab context.Context, page look) {
	if err := chromedp.Do(tab, useTheme("light"), chromedp.Navigate(w.site.url+page.url)); err != nil {
		t.Fatal(err)
	}
	switch page.do {
	case "":
	case unfold, chooseAll:
		evaluate[bool](t, tab, `(() => { `+page.do+`; return true })()`)
	default:
		w.leave(t, tab, page.do)
	}
	if heads := evaluate[int](t, tab, `document.querySelectorAll('h1').length`); heads != 1 {
		t.Errorf("%d level-one headings", heads)
	}
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](axeScript)); err != nil {
		t.Fatal(err)
	}
	name := strings.Trim(strings.NewReplacer("/", "_", "?", "_", "=", "_", "&", "_").Replace(page.url), "_")
	for _, theme := range []string{"light", "dark"} {
		checkGalleryPage(t, tab, fmt.Sprintf("%s-%d-%s", name, w.width, theme), theme)
	}
}

func who(email string) string {
	name, _, _ := strings.Cut(email, "-")
	if name == "" {
		return "nobody"
	}
	return name
}

func emptyPages(org string) []look {
	o := "/o/" + org
	return []look{
		{"/o/:org", o, ""}, {"/o/:org/surrogates", o + "/surrogates", ""}, {"/o/:org/sops", o + "/sops", ""},
		{"/o/:org/proposals", o + "/proposals", ""}, {"/o/:org/keys", o + "/keys", ""}, {"/o/:org/audit", o + "/audit?who=nobody", ""},
		{"/o/:org/search", o + "/search?q=nothing", ""}, {"/o/:org/sops/new", o + "/sops/new", ""},
	}
}
