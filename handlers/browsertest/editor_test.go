package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"surrealm/store"
	"surrealm/store/sop/library"
	"surrealm/store/storetest"
	"surrealm/views"
)

// TestEditorByKeys writes in the editor without the mouse: walk, add, connect, move, delete, undo, and leave a step with
// unsaved text.
func TestEditorByKeys(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner := storetest.Owner(t)
	surrogate, err := owner.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: "Clerk", Domain: "retail", Jurisdiction: "European Union",
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := owner.CreateSOP(t.Context(), store.NewSOP{
		SurrogateID: surrogate, Origin: store.FromFile, File: string(library.Samples()[0].JSON),
	})
	if err != nil {
		t.Fatal(err)
	}
	olga := newPerson(t, startBrowser(t), s, "olga")
	olga.open(t, "/login")
	olga.keys(t, owner.User.Email+kb.Tab+storetest.Password)
	olga.leaving(t, "logging in", func() { olga.keys(t, kb.Enter) })
	olga.open(t, views.EditorURL(owner.Org.Slug, store.DraftRef{Kind: store.SOPDraft, ID: id})+"?step=n1")
	w := writer{olga, t}

	w.keys(kb.ArrowDown)
	w.at("2")
	w.keys(kb.ArrowDown + kb.ArrowDown)
	w.at("4")

	w.keys("n")
	w.holds("document.activeElement.id === 'label'", "n does not lead to the new step's label")
	w.keys("Weigh the goods" + kb.Enter)
	w.at("5")
	w.undoes("Added “Weigh the goods”")

	w.keys(kb.Escape)
	w.press("ArrowUp", altKey)
	w.press("ArrowUp", altKey)
	w.at("3")
	w.undoes("Moved “Weigh the goods” up")

	w.keys("c")
	w.holds("document.activeElement.id === 'to'", "c does not lead to the choice of a step")
	w.keys("1")
	w.press("Enter", ctrlKey)
	w.undoes("Connected “Weigh the goods” to")

	w.keys(kb.Escape + kb.Delete)
	w.undoes("Deleted “Weigh the goods”")
	w.sees("#toasts .toast", "Deleted “Weigh the goods”")
	w.keys("u")
	w.holds("document.getElementById('redo').title.startsWith('Redo: Deleted')", "u does not undo")
	w.at("3")

	w.press("e", 0)
	w.holds("document.activeElement.id === 'label'", "e does not lead to the label")
	do(t, olga.tab, paste("Weigh all goods"))
	w.keys(kb.Escape + kb.ArrowUp)
	w.at("2")
	w.undoes("Changed “Weigh the goods”: label")
	w.holds("[...document.querySelectorAll('.outline .label')].some((e) => e.textContent === 'Weigh all goods')", "leaving the step lost what was typed")
}

// Modifiers of a key.
const (
	altKey  = 1
	ctrlKey = 2
)

// writer is a person who edits a procedure.
type writer struct {
	p *person
	t *testing.T
}

func (w writer) keys(keys string)            { w.t.Helper(); w.p.keys(w.t, keys) }
func (w writer) sees(selector, text string)  { w.t.Helper(); w.p.sees(w.t, selector, text) }
func (w writer) holds(expression, or string) { w.t.Helper(); w.p.until(w.t, expression, or) }

// at waits until the panel shows the step with the number, and the outline says so too.
func (w writer) at(number string) {
	w.t.Helper()
	w.holds("document.querySelector('#panel .kind')?.textContent.trim().startsWith('"+number+" ·')"+
		" && document.querySelector('.outline [aria-current] .number')?.textContent === '"+number+"'", "is not at step "+number)
}

// undoes waits until the undo button names an edit.
func (w writer) undoes(what string) {
	w.t.Helper()
	w.holds("document.getElementById('undo').title.startsWith("+quoted("Undo: "+what)+")", "cannot undo "+what)
}

// press presses a key together with a modifier. Unlike keys it sends no character on its own, which would be typed into
// the field that the key has just led to.
func (w writer) press(key string, modifier int64) {
	w.t.Helper()
	code := map[string]int64{"ArrowUp": 38, "Enter": 13, "e": 69}[key]
	do(w.t, w.p.tab, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{
				Type: kind, Key: key, Code: key, WindowsVirtualKeyCode: code, Modifiers: modifier,
			})
			if err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	})
}
