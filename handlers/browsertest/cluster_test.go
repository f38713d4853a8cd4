package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// membersOf reads the titles of a cluster's members as they stand on the page.
const membersOf = `[...document.querySelectorAll('[data-order] .signal-link')].map((e) => e.textContent.trim())`

// titles waits for the members to stand in this order.
func (p *person) titles(t *testing.T, want ...string) {
	t.Helper()
	p.until(t, membersOf+".join() === "+quoted(strings.Join(want, ",")), "the members are not "+strings.Join(want, ", "))
}

// dragsRow drags a member by its grip to the place of another one, and lets go unless it is held.
func (p *person) dragsRow(t *testing.T, title, over string, held bool) {
	t.Helper()
	evaluate[bool](t, p.tab, "(document.querySelector('[data-order]').scrollIntoView({ block: 'center' }), true)")
	x, y := p.spot(t, `[data-grip="`+title+`"]`)
	toX, toY := p.spot(t, `[data-grip="`+over+`"]`)
	p.drags(t, held, [2]float64{x, y}, [2]float64{toX, toY})
}

func TestMembersOfAClusterAreOrderedByHand(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	realm := must(owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	var members []uuid.UUID
	for _, title := range []string{"Ada", "Bob", "Cy", "Dot", "Eve"} {
		draft := signal.NewDraft(signal.DocumentType)
		draft.Title, draft.Payload = title, signal.Document{Content: "About " + title, Format: signal.Plain}
		members = append(members, must(owner.CreateSignal(t.Context(), store.NewSignal{Realm: realm, Draft: draft}))(t))
	}
	id := must(owner.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "People"}, members...))(t)
	must(0, owner.OrderCluster(t.Context(), id, 1, members))(t)

	page := fmt.Sprintf("/o/%s/clusters/%s", owner.Org.Slug, id)
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	ann.open(t, page)
	ann.titles(t, "Ada", "Bob", "Cy", "Dot", "Eve")

	ann.dragsRow(t, "Ada", "Cy", false)
	ann.titles(t, "Bob", "Cy", "Ada", "Dot", "Eve")
	ann.until(t, `document.getElementById('order-said').textContent === 'Ada is in place 3 of 5.'`, "is not told where it went")
	ann.dragsRow(t, "Dot", "Bob", true)
	ann.titles(t, "Dot", "Bob", "Cy", "Ada", "Eve")
	ann.keys(t, kb.Escape)
	ann.titles(t, "Bob", "Cy", "Ada", "Dot", "Eve")
	ann.mouse(t, chromedp.MouseReleased, 5, 5)

	ann.focus(t, "button", "Order of Eve")
	ann.keys(t, kb.Home)
	ann.titles(t, "Eve", "Bob", "Cy", "Ada", "Dot")
	ann.keys(t, kb.ArrowDown+kb.ArrowDown)
	ann.titles(t, "Bob", "Cy", "Eve", "Ada", "Dot")
	ann.until(t, `document.activeElement.dataset.grip === 'Eve'`, "the focus was lost")
	ann.press(t, "button", "Move up: Cy")
	ann.titles(t, "Cy", "Bob", "Eve", "Ada", "Dot")
	ann.until(t, `document.querySelector('button[aria-label="Move up: Cy"]').disabled && !document.querySelector('button[aria-label="Move up: Bob"]').disabled`, "the first can go further up")

	// What was said last was kept, and the other forms of the page know it.
	ann.until(t, `!document.querySelector('.htmx-request') && document.querySelector('#order [name=revision]').value === document.querySelector('form[action$="/publish"] [name=revision]').value`, "the order is not saved")
	ann.open(t, page)
	ann.titles(t, "Cy", "Bob", "Eve", "Ada", "Dot")

	// Somebody else is faster: nothing is saved over it, and it is said.
	must(0, owner.OrderCluster(t.Context(), id, must(owner.Cluster(t.Context(), id))(t).Revision, members))(t)
	ann.dragsRow(t, "Dot", "Bob", false)
	ann.sees(t, "#order .alert", "Somebody else changed this cluster meanwhile.")
	ann.follow(t, "link", "Look at how it stands now")
	ann.titles(t, "Ada", "Bob", "Cy", "Dot", "Eve")

	// A published cluster stays as it is until it is taken back.
	ann.press(t, "button", "Publish")
	ann.confirms(t, "Publish")
	ann.sees(t, ".page-head .badge", "Published")
	ann.seesNot(t, "a", "Add signals")
	ann.until(t, "!"+find("button", "Order of Ada", nil), "may change the order")
	ann.follow(t, "button", "Take back into use")
	ann.focus(t, "button", "Order of Ada")
}
