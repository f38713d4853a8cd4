package browsertest

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"surrealm/store/storetest"
)

// logsIn signs a person in who has an account.
func (p *person) logsIn(t *testing.T, email string) {
	t.Helper()
	p.open(t, "/login")
	p.until(t, "document.activeElement.id === 'email'", "does not start in the first field")
	p.keys(t, email+kb.Tab+storetest.Password)
	p.leaving(t, "logging in", func() { p.keys(t, kb.Enter) })
}

// mouse does one thing with the left button of the mouse, which stays down between pressed and released.
func (p *person) mouse(t *testing.T, what input.DispatchMouseEventType, x, y float64) {
	t.Helper()
	do(t, p.tab, chromedp.MouseEvent(what, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1), func(e *input.DispatchMouseEventParams) {
		if what == chromedp.MouseMoved {
			e.Buttons = 1
		}
	}))
}

// spot is the middle of what a selector finds, in the window.
func (p *person) spot(t *testing.T, selector string) (x, y float64) {
	t.Helper()
	p.until(t, "document.querySelector("+quoted(selector)+")", "does not find "+selector)
	at := evaluate[[]float64](t, p.tab, `(() => { const b = document.querySelector(`+quoted(selector)+`).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2] })()`)
	return at[0], at[1]
}

// drags presses the mouse, moves it from corner to corner of a line in a few steps as a hand does, and lets go unless it is held.
func (p *person) drags(t *testing.T, held bool, line ...[2]float64) {
	t.Helper()
	p.mouse(t, chromedp.MousePressed, line[0][0], line[0][1])
	for i := 1; i < len(line); i++ {
		from, to := line[i-1], line[i]
		for step := range 6 {
			part := float64(step+1) / 6
			p.mouse(t, chromedp.MouseMoved, from[0]+(to[0]-from[0])*part, from[1]+(to[1]-from[1])*part)
		}
	}
	if last := line[len(line)-1]; !held {
		p.mouse(t, chromedp.MouseReleased, last[0], last[1])
	}
}
