package browsertest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"surrealm/static"
	"surrealm/views/gallery"
)

//go:embed testdata/axe.min.js
var axeScript string

// axeRun reports each violation on one line: rule, what it asks, the elements.
// The structure of a page does not change with the theme, so the second theme
// is asked about its colours only.
const axeRun = `(options => axe.run(document, options).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | '))))`

var axeOptions = map[string]string{
	"light": `({rules: {'target-size': {enabled: true}}})`,
	"dark":  `({runOnly: ['color-contrast', 'link-in-text-block']})`,
}

// collectProblems runs before the page's own scripts.
const collectProblems = `window.problems = [];
	addEventListener('error', e => problems.push('error: ' + e.message));
	document.addEventListener('securitypolicyviolation', e => problems.push('csp: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));`

// settled waits until a new theme is on the screen. The colours of elements that are not drawn stay the old ones.
const settled = `new Promise(done => { setTimeout(done, 5000, false); requestAnimationFrame(() => requestAnimationFrame(() => done(true))) })`

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// TestGallery looks at every shared component in Chromium: no accessibility
// violation, no script error, nothing that the content policy blocks, and no
// sideways scrolling, in both themes at both widths. With SURREALM_SHOTS set
// to a folder it leaves a screenshot of each there.
func TestGallery(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(galleryHandler(t))
	defer server.Close()
	ctx := startBrowser(t)
	for _, p := range gallery.Pages() {
		for _, width := range []int64{390, 1440} {
			t.Run(fmt.Sprintf("%s/%d", p.Name, width), func(t *testing.T) {
				tab := openGalleryPage(t, ctx, server.URL+"/"+p.Name, p.Do, width)
				for _, theme := range []string{"light", "dark"} {
					checkGalleryPage(t, tab, fmt.Sprintf("%s-%d-%s", p.Name, width, theme), theme)
				}
			})
		}
	}
}

func galleryHandler(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for _, p := range gallery.Pages() {
		mux.HandleFunc("/"+p.Name, func(w http.ResponseWriter, r *http.Request) {
			var out bytes.Buffer
			if err := p.Body.Render(r.Context(), &out); err != nil {
				t.Errorf("render %s: %v", p.Name, err)
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", contentPolicy)
			_, _ = out.WriteTo(w)
		})
	}
	return mux
}

func openGalleryPage(t *testing.T, ctx context.Context, url, do string, width int64) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, 900), inFront, beforeScripts(collectProblems), chromedp.Navigate(url),
		chromedp.Evaluate[chromedp.Void](do), chromedp.Evaluate[chromedp.Void](axeScript)); err != nil {
		t.Fatal(err)
	}
	return tab
}

// checkGalleryPage switches the theme as the system would and looks.
func checkGalleryPage(t *testing.T, tab context.Context, name, theme string) {
	t.Helper()
	if err := chromedp.Do(tab, useTheme(theme)); err != nil {
		t.Fatal(err)
	}
	if !evaluate[bool](t, tab, settled) {
		t.Error("the page was not drawn within five seconds")
	}
	shoot(t, tab, name)
	for _, violation := range evaluate[[]string](t, tab, axeRun+axeOptions[theme]) {
		t.Errorf("%s: %s", theme, violation)
	}
	for _, problem := range evaluate[[]string](t, tab, `problems`) {
		t.Errorf("%s: %s", theme, problem)
	}
	if over := evaluate[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("the page is %d px wider than the screen", over)
	}
}

func shoot(t *testing.T, ctx context.Context, name string) {
	folder := os.Getenv("SURREALM_SHOTS")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), image, 0o644); err != nil {
		t.Fatal(err)
	}
}
