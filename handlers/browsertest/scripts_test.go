package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"surrealm/views"
)

// scriptSite serves the gallery and records what is posted to it.
type scriptSite struct {
	*httptest.Server
	mu    sync.Mutex
	posts []string
}

func newScriptSite(t *testing.T) *scriptSite {
	t.Helper()
	site := &scriptSite{}
	mux := http.NewServeMux()
	mux.Handle("/", galleryHandler(t))
	mux.HandleFunc("GET /o/northwind/search", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query().Get("q")
		_ = views.PaletteSearch("o", q, []views.PaletteItem{
			{Label: "First for " + q, Kind: "Procedure", Href: "/found-1", Icon: "workflow"},
			{Label: "Second for " + q, Kind: "Procedure", Href: "/found-2", Icon: "workflow"},
		}).Render(r.Context(), w)
	})
	for _, path := range []string{"/found-1", "/found-2", "/o/northwind/surrogates"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, "<!doctype html><html lang=en><title>%s</title>", path)
		})
	}
	mux.HandleFunc("POST /try/{outcome}", site.try)
	site.Server = httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site
}

// try answers a partial request in each of the ways that pages know.
func (s *scriptSite) try(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.posts = append(s.posts, r.PathValue("outcome")+" "+r.FormValue("note"))
	s.mu.Unlock()
	switch r.PathValue("outcome") {
	case "good":
		w.Header().Set("HX-Trigger", `{"toast":{"text":"Saved it.","tone":"good"}}`)
		_, _ = w.Write([]byte(`<p id="answer">swapped</p>`))
	case "invalid":
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = w.Write([]byte(`<p id="answer">invalid</p>`))
	default:
		w.WriteHeader(http.StatusInternalServerError)
		_ = views.ToastMessage("bad", "That did not work.").Render(r.Context(), w)
	}
}

func (s *scriptSite) posted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.posts...)
}

// visit opens a page of the gallery in a new tab on a wide screen.
func (s *scriptSite) visit(t *testing.T, ctx context.Context, name string) context.Context {
	t.Helper()
	return openGalleryPage(t, ctx, s.URL+"/"+name, "", 1440)
}

func do(t *testing.T, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
}

// until waits for an expression to hold; it fails the test after ten seconds.
func until(t *testing.T, tab context.Context, expression string) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for time.Now().Before(deadline) {
		held, err := chromedp.Run(tab, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && held {
			return
		}
		time.Sleep(30 * time.Millisecond)
	}
	t.Fatalf("this never held: %s (the focus is on %s)", expression, evaluate[string](t, tab, `document.activeElement.outerHTML.slice(0, 200) + ' ' + document.activeElement.value`))
}

func TestScripts(t *testing.T) {
	t.Parallel()
	site := newScriptSite(t)
	ctx := startBrowser(t)
	for name, walk := range map[string]func(*testing.T, *scriptSite, context.Context){
		"keys": walkKeys, "palette": walkPalette, "confirm": walkConfirm, "partial": walkPartial,
		"theme": walkTheme, "menu": walkMenu, "graph": walkGraph, "fields": walkFields,
	} {
		t.Run(name, func(t *testing.T) { walk(t, site, ctx) })
	}
}

func walkKeys(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "list")
	do(t, tab, chromedp.KeyEvent("?"))
	until(t, tab, `document.getElementById('help').open`)
	do(t, tab, chromedp.KeyEvent(kb.Escape))
	until(t, tab, `!document.getElementById('help').open`)
	do(t, tab, chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"))
	until(t, tab, `document.activeElement.textContent === 'Due diligence analyst'`)
	do(t, tab, chromedp.KeyEvent("/"))
	until(t, tab, `document.activeElement.name === 'q' && document.activeElement.id === 'q'`)
	do(t, tab, chromedp.KeyEvent("gs?"))
	// The driver sends the letter of a key even when the page has taken the key, so the slash may stand there too.
	until(t, tab, `document.getElementById('q').value.endsWith('gs?') && !document.querySelector('dialog[open]')`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.activeElement.blur()`), chromedp.KeyEvent("g"), chromedp.KeyEvent("s"))
	until(t, tab, `location.pathname === '/o/northwind/surrogates'`)
}

func walkPalette(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "dashboard")
	do(t, tab, chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	until(t, tab, `document.getElementById('palette').open && document.activeElement.matches('#palette input')`)
	do(t, tab, chromedp.KeyEvent("pad"))
	until(t, tab, `document.querySelector('.palette-link').textContent.includes('First for pad')`)
	do(t, tab, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	until(t, tab, `document.activeElement.textContent.includes('Second for pad')`)
	do(t, tab, chromedp.KeyEvent(kb.Enter))
	until(t, tab, `location.pathname === '/found-2'`)
}

func walkConfirm(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "actions")
	before := len(site.posted())
	do(t, tab, chromedp.Click(chromedp.CSS("#careful button")))
	until(t, tab, `document.getElementById('confirm').open && document.querySelector('[data-confirm-text]').textContent === 'Really do it?'`)
	do(t, tab, chromedp.Click(chromedp.CSS("#confirm button[value=stay]")))
	until(t, tab, `!document.getElementById('confirm').open`)
	if n := len(site.posted()) - before; n != 0 {
		t.Fatalf("%d forms were sent without a yes", n)
	}
	do(t, tab, chromedp.Click(chromedp.CSS("#careful button")), chromedp.Click(chromedp.CSS("#confirm button[value=go]")))
	until(t, tab, `document.querySelector('#careful-out #answer')`)
	if n := len(site.posted()) - before; n != 1 {
		t.Fatalf("%d forms were sent after one yes", n)
	}
}

func walkPartial(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "actions")
	do(t, tab, chromedp.Click(chromedp.CSS("#good button")))
	until(t, tab, `document.querySelector('#good-out #answer') && document.querySelector('#toasts .toast.good').textContent.includes('Saved it.')`)
	do(t, tab, chromedp.Click(chromedp.CSS("#invalid button")))
	until(t, tab, `document.querySelector('#invalid-out').textContent === 'invalid'`)
	do(t, tab, chromedp.Click(chromedp.CSS("#broken button")))
	until(t, tab, `document.querySelector('#toasts .toast.bad').textContent.includes('That did not work.')`)
	until(t, tab, `document.querySelector('#broken-out').textContent === 'untouched'`)
	do(t, tab, chromedp.Click(chromedp.CSS("#toasts .toast.bad button")))
	until(t, tab, `!document.querySelector('#toasts .toast.bad')`)
}

func walkTheme(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "dashboard")
	light := evaluate[string](t, tab, `getComputedStyle(document.body).backgroundColor`)
	do(t, tab, chromedp.Click(chromedp.CSS(".account > summary")), chromedp.Click(chromedp.CSS(".account [data-theme-choice=dark]")))
	until(t, tab, `getComputedStyle(document.body).backgroundColor !== '`+light+`'`)
	do(t, tab, chromedp.Navigate(site.URL+"/list"))
	until(t, tab, `document.documentElement.dataset.theme === 'dark' && document.querySelector('[data-theme-choice=dark]').getAttribute('aria-pressed') === 'true'`)
	do(t, tab, chromedp.Click(chromedp.CSS(".account > summary")), chromedp.Click(chromedp.CSS(".account [data-theme-choice=system]")))
	until(t, tab, `!document.documentElement.dataset.theme && getComputedStyle(document.body).backgroundColor === '`+light+`'`)
}

func walkMenu(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "list")
	menu := `document.querySelector('.table .menu')`
	do(t, tab, chromedp.Click(chromedp.CSS(".table .menu > summary")), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	until(t, tab, menu+`.open && document.activeElement.textContent.trim() === 'Pause'`)
	do(t, tab, chromedp.KeyEvent(kb.Escape))
	until(t, tab, `!`+menu+`.open && document.activeElement.matches('.table .menu > summary')`)
	do(t, tab, chromedp.Click(chromedp.CSS(".table .menu > summary")), chromedp.Click(chromedp.CSS("h1")))
	until(t, tab, `!`+menu+`.open`)
}

func walkGraph(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "graph")
	width := `+document.querySelector('.graph-view svg').getAttribute('width')`
	at := evaluate[float64](t, tab, width)
	do(t, tab, chromedp.Click(chromedp.CSS("[data-graph=in]")))
	until(t, tab, fmt.Sprintf(`%s > %g`, width, at))
	do(t, tab, chromedp.Click(chromedp.CSS("[data-graph=fit]")))
	until(t, tab, `document.querySelector('.graph-view').scrollHeight <= document.querySelector('.graph-view').clientHeight + 1`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector('.graph-view').focus()`), chromedp.KeyEvent("+++++++"), chromedp.KeyEvent(kb.ArrowDown))
	until(t, tab, `document.querySelector('.graph-view').scrollTop > 0`)
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.querySelector('.sop-graph a.node').focus()`), chromedp.KeyEvent(kb.Enter))
	until(t, tab, `location.hash.startsWith('#step-')`)
}

func walkFields(t *testing.T, site *scriptSite, ctx context.Context) {
	tab := site.visit(t, ctx, "form")
	do(t, tab, chromedp.Evaluate[chromedp.Void](`document.getElementById('temperature').focus()`), chromedp.KeyEvent(kb.ArrowRight))
	until(t, tab, `document.querySelector('output[for=temperature]').value === '0.5'`)
	tab = site.visit(t, ctx, "list")
	do(t, tab, chromedp.Evaluate[chromedp.Void](`const s = document.getElementById('status'); s.value = 'ACTIVE'; s.dispatchEvent(new Event('change', {bubbles: true}))`))
	until(t, tab, `location.search.includes('status=ACTIVE')`)
}
