package browsertest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"surrealm/store/hostiletest"
)

// amiss is a function that lists what a page has that none of ours has: elements and attributes of what somebody wrote, what runs, loads or
// sends elsewhere, and another number of what every page has once. Links of people may lead anywhere but into a script.
const amiss = `((page) => {
	const found = [];
	const harmless = (e, address) => {
		const to = URL.parse(address, location);
		return to && (to.origin === location.origin && !to.pathname.includes('mk') || address.startsWith('data:image/') ||
			e.localName === 'a' && e.rel.includes('noreferrer') && ['http:', 'https:', 'mailto:'].includes(to.protocol));
	};
	for (const e of page.querySelectorAll('*')) {
		const name = e.localName, at = (what) => found.push(what + ' of <' + name + '> in ' + (e.parentElement ? e.parentElement.outerHTML.slice(0, 120) : ''));
		if (name.startsWith('mk-') || ['iframe', 'object', 'embed', 'base', 'style', 'math', 'noscript'].includes(name)) at('element');
		if (name === 'script' && !(e.getAttribute('src') || '').startsWith('/static/') || name === 'meta' && e.httpEquiv) at('element');
		for (const a of e.attributes) {
			if (a.name.startsWith('mk-') || a.name.startsWith('on') || a.name === 'style' || a.name === 'srcdoc') at(a.name);
			if (/^(href|src|action|formaction|data|poster|srcset|xlink:href|(data-)?hx-(get|post|put|patch|delete|push-url))$/.test(a.name) && !harmless(e, a.value)) at(a.name + '=' + a.value);
		}
	}
	for (const once of ['h1', 'main', 'head > title', 'body > .shell'])
		if (page.querySelectorAll(once).length !== 1) found.push(page.querySelectorAll(once).length + ' of ' + once);
	return found;
})`

// fetched looks at pages without opening them: as the browser takes them apart, before anything in them runs.
const fetched = `Promise.all(%s.map(async (address) => {
	const answer = await fetch(address), page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	return (answer.status < 500 ? [] : ['status ' + answer.status]).concat(` + amiss + `(page)).map((what) => address + ': ' + what);
})).then((all) => all.flat())`

// finders are the addresses of the page's forms that look for something, with a hostile text in every field.
const finders = `[...document.querySelectorAll('form:not([method=post])')].map((form) => {
	const sent = new URLSearchParams([...form.elements].filter((e) => e.name && e.type !== 'checkbox').map((e) => [e.name, %s]));
	return (form.getAttribute('action') || location.pathname) + '?' + sent;
}).filter((address) => !address.endsWith('?'))`

// Every text of an organisation is hostile, and every page of it is opened: each is text to the browser, wherever it is shown. It opens no
// dialog, asks no other server, sends nothing, runs nothing and offends no policy. The person's browser complains of these by itself.
func TestHostileContentStaysText(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	w := newWorld(t, hostileSample)
	pages := w.said(t)
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, w.owner.User.Email)
	if columns := w.spoil(t); columns < 45 {
		t.Errorf("only %d columns hold hostile texts", columns)
	}
	ann.mu.Lock()
	before := ann.sent
	ann.mu.Unlock()
	// One page of each route is opened; the others, which have the same parts, are only taken apart.
	var rest []string
	routes, finds := map[string]bool{}, map[string]string{}
	for _, page := range w.pages() {
		if view, _, _ := strings.Cut(page.url, "&"); page.route != "" && routes[page.route] && !strings.Contains(view, "view=") && !strings.Contains(view, "tab=") {
			rest = append(rest, page.url)
		} else if !slices.Contains(pages, page.url) {
			pages = append(pages, page.url)
		}
		routes[page.route] = true
	}
	for _, page := range pages {
		ann.open(t, page)
		if at := evaluate[string](t, ann.tab, `location.pathname + location.search`); at != page {
			t.Errorf("%s leads to %s", page, at)
		}
		for _, what := range evaluate[[]string](t, ann.tab, amiss+`(document)`) {
			t.Errorf("%s: %s", page, what)
		}
		for _, address := range evaluate[[]string](t, ann.tab, strings.Replace(finders, "%s", quoted(hostiletest.Markup[8]+hostiletest.Htmx[0]), 1)) {
			path, _, _ := strings.Cut(address, "?")
			finds[path] = address
		}
	}
	if len(finds) < 8 {
		t.Errorf("only %d pages look for something: %q", len(finds), finds)
	}
	rest = append(rest, slices.Collect(maps.Values(finds))...)
	for _, what := range evaluate[[]string](t, ann.tab, strings.Replace(fetched, "%s", string(must(json.Marshal(rest))(t)), 1)) {
		t.Error(what)
	}
	t.Logf("%d pages opened, %d taken apart", len(pages), len(rest))

	// What comes into a page later is text as well.
	ann.open(t, "/o/"+w.owner.Org.Slug)
	evaluate[bool](t, ann.tab, `(() => { document.getElementById('palette').showModal(); const q = document.querySelector('#palette input'); q.value = 'mk'; return q.dispatchEvent(new Event('input', { bubbles: true })) })()`)
	ann.until(t, `document.querySelectorAll('#palette .palette-link').length > 3`, "finds nothing that is called mk")
	for _, what := range evaluate[[]string](t, ann.tab, amiss+`(document)`) {
		t.Errorf("the palette: %s", what)
	}
	ann.mu.Lock()
	for request := range ann.requested {
		if path, _, _ := strings.Cut(request, "?"); strings.Contains(path, "mk-") {
			t.Errorf("the browser asked for %s", request)
		}
	}
	if ann.sent != before {
		t.Errorf("the pages sent %d requests by themselves", ann.sent-before)
	}
	ann.mu.Unlock()
	ann.leavesNothingBehind(t)
}

// leavesNothingBehind signs out and goes back: the pages before are gone, and the browser keeps nothing of them.
func (p *person) leavesNothingBehind(t *testing.T) {
	t.Helper()
	p.leaving(t, "signing out", func() {
		evaluate[bool](t, p.tab, `(() => { document.querySelector('form[action="/logout"]').submit(); return true })()`)
	})
	if err := chromedp.Do(p.tab, chromedp.NavigateBack()); err != nil {
		t.Fatal(err)
	}
	p.until(t, `location.pathname === '/login'`, "still sees the page before")
	if kept := evaluate[string](t, p.tab, `JSON.stringify({...sessionStorage, ...localStorage}) + document.cookie`); strings.Contains(kept, "mk") {
		t.Errorf("the browser keeps %s", kept)
	}
}
