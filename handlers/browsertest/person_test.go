package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed testdata/find.js
var findScript string

// patience is how long a person waits for a page to say something.
const patience = 30 * time.Second

// A person sits at a browser of their own: a tab that shares no cookie with anybody else's. They find things by the words
// on them, press them with the mouse or the keys, and read what is on the screen.
type person struct {
	name string
	site *site
	tab  context.Context
	kept string // the folder of what they download

	mu        sync.Mutex
	requested map[string]bool // "GET /path?query" of everything that the browser asked the site for
	sent      int             // how many of these would change something
	problems  []string        // errors of scripts, violations of the content policy, requests to elsewhere
}

// newPerson opens a browser context in a Chromium.
func newPerson(t *testing.T, chromium context.Context, s *site, name string) *person {
	t.Helper()
	tab, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	p := &person{name: name, site: s, tab: tab, kept: t.TempDir(), requested: map[string]bool{}}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(1440, 1000), useTheme("light"), beforeScripts(findScript)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(tab, p.notice); err != nil {
		t.Fatal(err)
	}
	p.keepsDownloads(t)
	t.Cleanup(func() { p.report(t) })
	return p
}

// notice keeps what the browser says beside the page.
func (p *person) notice(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		path, ours := strings.CutPrefix(e.Request.URL, p.site.url)
		switch {
		case ours:
			p.requested[e.Request.Method+" "+path] = true
			if e.Request.Method != "GET" {
				p.sent++
			}
		case !strings.HasPrefix(e.Request.URL, "data:"):
			p.problems = append(p.problems, "request to "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 500 {
			p.problems = append(p.problems, fmt.Sprintf("status %d from %s", int(e.Response.Status), e.Response.URL))
		}
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		// A form that is refused with 422 is logged as an error of the network.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			p.problems = append(p.problems, string(e.Entry.Source)+": "+e.Entry.Text)
		}
	case *page.EventJavascriptDialogOpening:
		p.problems = append(p.problems, "the browser asked: "+string(e.Type)+" "+e.Message)
	}
}

// report fails the test for every problem that was noticed.
func (p *person) report(t *testing.T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, problem := range p.problems {
		t.Errorf("%s's browser: %s", p.name, problem)
	}
}

// open goes to an address of the site.
func (p *person) open(t *testing.T, path string) {
	t.Helper()
	if err := chromedp.Do(p.tab, chromedp.Navigate(p.site.url+path)); err != nil {
		t.Fatalf("%s opens %s: %v", p.name, path, err)
	}
}

// path is where the person is.
func (p *person) path(t *testing.T) string {
	t.Helper()
	return evaluate[string](t, p.tab, "location.pathname")
}

// until waits for an expression to hold in the page. Between two pages there is none to ask, which is no failure.
func (p *person) until(t *testing.T, expression, what string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		ctx, cancel := context.WithTimeout(p.tab, patience)
		held, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !!("+expression+")"))
		cancel()
		if err == nil && held {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.fail(t, what)
}

// fail ends the test with what is on the screen.
func (p *person) fail(t *testing.T, what string) {
	t.Helper()
	shoot(t, p.tab, "failed-"+p.name)
	t.Fatalf("%s: %s\n%s", p.name, what, evaluate[string](t, p.tab, `location.href + '\n' + [...document.querySelectorAll('h1, h2, .alert, .error, .toast, button, summary, main a')]
		.filter((e) => e.checkVisibility()).map((e) => e.tagName.toLowerCase() + ': ' + e.textContent.replace(/\s+/g, ' ').trim().slice(0, 160)).join('\n')`))
}

// sees waits for a text in an element that is shown.
func (p *person) sees(t *testing.T, selector, text string) {
	t.Helper()
	p.until(t, call("person.sees", selector, text), "does not see "+text+" in "+selector)
}

// seesNot makes sure that a text is in no such element of the page as it stands.
func (p *person) seesNot(t *testing.T, selector, text string) {
	t.Helper()
	if evaluate[bool](t, p.tab, call("person.sees", selector, text)) {
		p.fail(t, "sees "+text+" in "+selector)
	}
}

// reads returns the texts of the elements that are shown.
func (p *person) reads(t *testing.T, selector string) []string {
	t.Helper()
	return evaluate[[]string](t, p.tab, call("person.texts", selector))
}

// press clicks on what is called so with the mouse. It waits until it is there and nothing covers it.
func (p *person) press(t *testing.T, role, name string, within ...string) {
	t.Helper()
	var spot struct {
		X, Y    float64
		Problem string
	}
	deadline := time.Now().Add(patience)
	for {
		found, err := chromedp.Run(p.tab, chromedp.Evaluate[[]byte]("document.readyState === 'complete' ? "+place(role, name, within)+" : {problem: 'the page is not there yet'}"))
		if err == nil && json.Unmarshal(found, &spot) == nil && spot.Problem == "" {
			break
		}
		if time.Now().After(deadline) {
			p.fail(t, "cannot press the "+role+" "+name+": "+spot.Problem)
		}
		time.Sleep(20 * time.Millisecond)
	}
	do(t, p.tab, chromedp.MouseClickXY(spot.X, spot.Y))
}

// follow presses a link or a button and waits for the page that it leads to.
func (p *person) follow(t *testing.T, role, name string, within ...string) {
	t.Helper()
	p.leaving(t, name, func() { p.press(t, role, name, within...) })
}

// leaving waits until what is done has led to another page.
func (p *person) leaving(t *testing.T, what string, act func()) {
	t.Helper()
	evaluate[bool](t, p.tab, "person.left = true")
	act()
	p.until(t, "window.person && !person.left", what+" leads nowhere")
}

// confirms answers the question in the dialog with the button that goes on.
func (p *person) confirms(t *testing.T, label string) {
	t.Helper()
	p.until(t, "document.getElementById('confirm').open", "is not asked whether to go on")
	p.follow(t, "button", label)
}

// focus puts the keyboard on what is called so.
func (p *person) focus(t *testing.T, role, name string, within ...string) {
	t.Helper()
	element := find(role, name, within)
	p.until(t, element, "does not find the "+role+" "+name)
	evaluate[bool](t, p.tab, element+".focus() || true")
}

// keys types, key by key.
func (p *person) keys(t *testing.T, keys string) {
	t.Helper()
	do(t, p.tab, chromedp.KeyEvent(keys))
}

// fills replaces what stands in a field.
func (p *person) fills(t *testing.T, label, text string, within ...string) {
	t.Helper()
	p.press(t, "field", label, within...)
	evaluate[bool](t, p.tab, "document.activeElement.select() || true")
	do(t, p.tab, paste(text))
}

// chooses picks an option of a list by typing its first letters, as people do on the keyboard.
func (p *person) chooses(t *testing.T, label, option string, within ...string) {
	t.Helper()
	p.focus(t, "field", label, within...)
	p.keys(t, option)
	p.until(t, find("field", label, within)+".selectedOptions[0].textContent.trim().startsWith("+quoted(option)+")", "could not choose "+option)
}

// uploads chooses a file.
func (p *person) uploads(t *testing.T, label, file string) {
	t.Helper()
	p.until(t, find("field", label, nil), "does not find the field "+label)
	do(t, p.tab, chromedp.SetUploadFiles(chromedp.JSPath(find("field", label, nil)), []string{file}))
}

// paste puts a text where the keyboard is, all at once.
func paste(text string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	}
}

func find(role, name string, within []string) string {
	return call("person.find", role, name, strings.Join(within, " "))
}

func place(role, name string, within []string) string {
	return call("person.place", role, name, strings.Join(within, " "))
}

// call is a call of a function of the page with texts.
func call(function string, texts ...string) string {
	for i := range texts {
		texts[i] = quoted(texts[i])
	}
	return function + "(" + strings.Join(texts, ", ") + ")"
}

func quoted(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		panic(err) // no text fails to be encoded
	}
	return string(encoded)
}
