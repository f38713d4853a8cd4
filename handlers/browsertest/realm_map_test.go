package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// mapped is a realm with a map: three signals stand on the left of it, three on the right.
func mapped(t *testing.T, owner *store.Tenant, realm string) (all []uuid.UUID) {
	t.Helper()
	for i := range 6 {
		draft := signal.NewDraft(signal.DocumentType)
		draft.Title, draft.Status = fmt.Sprint([]string{"Pump ", "Valve "}[i/3], i), signal.Active
		draft.Payload = signal.Document{Content: "About it", Format: signal.Plain}
		id := must(owner.CreateSignal(t.Context(), store.NewSignal{Realm: realm, Draft: draft}))(t)
		storetest.Inside(t, owner, `insert into signal_points (realm_id, signal_id, visibility, signal_author, x, y)
			select realm_id, id, visibility, created_by, $2, $3 from signals where id = $1`, id, 0.1+0.7*float64(i/3), 0.2+0.2*float64(i%3))
		all = append(all, id)
	}
	return all
}

// circles draws a line around the left or the right half of the map.
func (p *person) circles(t *testing.T, left bool) {
	t.Helper()
	box := evaluate[[]float64](t, p.tab, `(() => { scrollTo(0, 0); const b = document.querySelector('svg.realm-map').getBoundingClientRect(); return [b.x, b.y, b.width, b.height] })()`)
	x := box[0] + box[2]/2 + 4
	if left {
		x = box[0] + 4
	}
	top, right, bottom := box[1]+4, x+box[2]/2-8, box[1]+box[3]*0.8
	p.drags(t, false, [2]float64{x, top}, [2]float64{right, top}, [2]float64{right, bottom}, [2]float64{x, bottom})
}

func TestSignalsAreChosenOnTheMap(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	realm := must(owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	other := must(owner.CreateRealm(t.Context(), store.RealmInput{Name: "Elsewhere"}, store.PrivateRealm))(t)
	all := mapped(t, owner, realm)
	there := must(owner.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: "Valves"}, all[3]))(t)
	drafts := func(id uuid.UUID) signal.Draft { return must(owner.Signal(t.Context(), id))(t).Draft }

	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	page := "/o/" + owner.Org.Slug + "/realms/" + realm + "/map"
	open := func() {
		ann.open(t, page)
		ann.until(t, "document.querySelector('realm-map').points.length === 6", "the dots are not known")
	}
	chooses := func(n int) {
		ann.until(t, fmt.Sprintf("document.querySelectorAll('[name=ids]:checked').length === %d && (document.querySelector('.picked').getAttribute('d').match(/M/g) || []).length === %[1]d", n), fmt.Sprint("has not chosen ", n))
	}
	open()
	ann.seesNot(t, "button", "Add tag")
	ann.press(t, "button", "Choose an area")
	ann.circles(t, true)
	chooses(3)
	ann.sees(t, "[data-map-said]", "3 signals are chosen.")
	ann.fills(t, "Tag", "deck", ".bulk-bar")
	ann.follow(t, "button", "Add tag")
	ann.sees(t, "h1", "Map of")
	if got := [2]int{len(drafts(all[0]).Tags), len(drafts(all[3]).Tags)}; got != [2]int{1, 0} {
		t.Errorf("signals on the left and on the right have %v tags", got)
	}

	// Shift adds to what is chosen, Escape chooses none, a box of the table chooses too.
	open()
	ann.press(t, "button", "Choose an area")
	ann.circles(t, false)
	chooses(3)
	evaluate[bool](t, ann.tab, "document.querySelectorAll('[name=ids]:not(:checked)')[0].click() || true")
	chooses(4)
	ann.focus(t, "button", "Choose an area")
	ann.keys(t, kb.Escape)
	chooses(0)
	ann.seesNot(t, "button", "Add tag")

	ann.press(t, "button", "Choose an area")
	ann.circles(t, true)
	chooses(3)
	ann.follow(t, "button", "Put into cluster")
	ann.sees(t, ".alert", "It begins with 3 signals.")
	ann.fills(t, "Title", "Pumps")
	ann.follow(t, "button", "Make the cluster")
	ann.sees(t, "#members-title", "3 signals")

	open()
	ann.press(t, "button", "Choose an area")
	ann.circles(t, false)
	ann.chooses(t, "Cluster", "Valves", ".bulk-bar")
	ann.follow(t, "button", "Put into cluster")
	ann.sees(t, ".toast", "3 signals put into the cluster.")
	if members := must(owner.Cluster(t.Context(), there))(t).Members; len(members) != 3 {
		t.Errorf("%d members", len(members))
	}

	open()
	ann.press(t, "button", "Choose an area")
	ann.circles(t, false)
	ann.follow(t, "button", "Archive", ".bulk-bar")
	if drafts(all[5]).Status != signal.Archived || drafts(all[0]).Status == signal.Archived {
		t.Error("the wrong signals are archived")
	}
	open()
	ann.press(t, "button", "Choose an area")
	ann.circles(t, true)
	ann.chooses(t, "Realm", "Elsewhere", ".bulk-bar")
	ann.press(t, "button", "Move to realm")
	ann.confirms(t, "Move")
	ann.sees(t, "h2", "3 signals")
	if moved := must(owner.Signal(t.Context(), all[0]))(t); moved.RealmSlug != other {
		t.Errorf("it is in %s", moved.RealmSlug)
	}
}

func TestTheMapIsSearchedAndScaled(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	realm := must(owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	all := mapped(t, owner, realm)
	for i, title := range []string{"Water that leaks out of every pump", "Water that leaks, too"} {
		must(owner.CreateCluster(t.Context(), realm, store.ClusterInput{Type: "COLLECTION", Title: title}, all[i]))(t)
	}
	storetest.Inside(t, owner, `update signal_points set x = 0.1, y = 0.2 where signal_id = any ($1)`, all[:2])
	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	ann.open(t, "/o/"+owner.Org.Slug+"/realms/"+realm+"/map")
	ann.until(t, "document.querySelector('realm-map').points.length === 6", "the dots are not known")

	// Two names at one place do not cover one another, from afar and from near by.
	const names = "[...document.querySelectorAll('.realm-map text')].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect())"
	const apart = names + ".every((a, i, all) => all.every((b, j) => i === j || a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top))"
	const scale = "document.querySelector('[data-graph-scale]').textContent"
	ann.until(t, names+".length > 0 && "+apart, "the names cover one another")
	fits := evaluate[string](t, ann.tab, scale)
	evaluate[bool](t, ann.tab, "document.querySelector('.graph-view').focus() || true")
	ann.keys(t, "+++++")
	ann.until(t, names+".length === 2 && "+apart+" && "+scale+" !== "+quoted(fits), "does not come nearer")
	left := evaluate[float64](t, ann.tab, "document.querySelector('.graph-view').scrollLeft")
	ann.keys(t, kb.ArrowRight)
	ann.until(t, fmt.Sprintf("document.querySelector('.graph-view').scrollLeft > %f", left), "the arrow keys do not move the map")
	ann.keys(t, "0")
	ann.until(t, scale+" === "+quoted(fits)+" && "+apart, "does not fit again")

	// Typing dims the rest; sent, the table and the address say the same.
	ann.fills(t, "Search the map", "valve")
	ann.until(t, "document.querySelector('svg.realm-map').classList.contains('searching') && document.querySelector('.found').getAttribute('d').match(/M/g).length === 3", "the search does not dim the rest")
	ann.leaving(t, "searching", func() { ann.keys(t, kb.Enter) })
	ann.sees(t, "h2", "3 signals")
	ann.until(t, "document.querySelector('.found').getAttribute('d').match(/M/g).length === 3 && location.search.includes('q=valve')", "the address does not keep the search")

	// A dot says its name, and leads to its signal.
	ann.until(t, "document.querySelector('realm-map').points.length === 6", "the dots are not known")
	at := evaluate[[]float64](t, ann.tab, `(() => { scrollTo(0, 0); const m = document.querySelector('realm-map'); const p = m.points.find((p) => p[3] === 'Valve 4'); const b = m.svg.getBoundingClientRect(); return [b.x + p[0] * m.scale, b.y + p[1] * m.scale] })()`)
	do(t, ann.tab, chromedp.MouseEvent(chromedp.MouseMoved, at[0], at[1]))
	ann.sees(t, "[data-map-tip]", "Valve 4")
	ann.leaving(t, "a dot", func() { do(t, ann.tab, chromedp.MouseClickXY(at[0], at[1])) })
	ann.sees(t, "h1", "Valve 4")
}
