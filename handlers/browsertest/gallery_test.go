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
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"surrealm/static"
	"surrealm/views/gallery"
)

//go:embed testdata/axe.min.js
var axeScript string

// axeRun reports each violation on one line: rule, what it asks, the elements.
const axeRun = `axe.run(document, {rules: {'target-size': {enabled: true}}}).then(r => r.violations.map(v =>
	v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')))`

// collectProblems runs before the page's own scripts.
const collectProblems = `window.problems = [];
	addEventListener('error', e => problems.push('error: ' + e.message));
	document.addEventListener('securitypolicyviolation', e => problems.push('csp: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile));`

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// TestGallery looks at every shared component in Chromium: no accessibility
// violation, no script error, nothing that the content policy blocks, and no
// sideways scrolling, in both themes at both widths. With SURREALM_SHOTS set
// to a folder it leaves a screenshot of each there.
func TestGallery(t *testing.T) {
	server := httptest.NewServer(galleryHandler(t))
	defer server.Close()
	ctx := startBrowser(t)
	for _, p := range gallery.Pages() {
		for _, width := range []int64{390, 1440} {
			for _, theme := range []string{"light", "dark"} {
				t.Run(fmt.Sprintf("%s/%d/%s", p.Name, width, theme), func(t *testing.T) {
					checkGalleryPage(t, ctx, server.URL+"/"+p.Name, width, theme)
				})
			}
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

func startBrowser(t *testing.T) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true))
	allocated, stopAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop := chromedp.NewContext(allocated)
	limited, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(func() { cancel(); stop(); stopAllocator() })
	return limited
}

func checkGalleryPage(t *testing.T, ctx context.Context, url string, width int64, theme string) {
	tab, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	emulate := func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: collectProblems})
		if err == nil {
			_, err = cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		}
		return chromedp.Void{}, err
	}
	height := int64(900)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, height), emulate, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	shoot(t, tab, url, width, theme)
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](axeScript)); err != nil {
		t.Fatal(err)
	}
	for _, violation := range evaluate[[]string](t, tab, axeRun) {
		t.Error(violation)
	}
	for _, problem := range evaluate[[]string](t, tab, `problems`) {
		t.Error(problem)
	}
	if over := evaluate[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("the page is %d px wider than the screen", over)
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func shoot(t *testing.T, ctx context.Context, url string, width int64, theme string) {
	folder := os.Getenv("SURREALM_SHOTS")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s-%d-%s.png", url[strings.LastIndex(url, "/")+1:], width, theme)
	if err := os.WriteFile(filepath.Join(folder, name), image, 0o644); err != nil {
		t.Fatal(err)
	}
}
