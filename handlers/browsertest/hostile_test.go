package browsertest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
	"surrealm/store/storetest"
)

// attacks are names and contents that would do something if any page took them for a part of itself: open a dialog, ask another server, send
// a request with the reader's rights, or break what the content policy allows.
var attacks = []string{
	`<script>alert(1)</script>`, `"><img src=//evil.example/x onerror=alert(1)>`, `' autofocus onfocus='alert(1)`, `<svg/onload=alert(1)>`,
	`<div hx-post="/logout" hx-trigger="load">x</div>`, `<a href="javascript:alert(1)">x</a>`, `</textarea></title></style><script>alert(1)</script>`,
	`<style>*{background:url(//evil.example)}</style>`, `<iframe src="javascript:alert(1)"></iframe>`, `<meta http-equiv=refresh content="0;url=//evil.example">`,
	`<base href=//evil.example>`, `{{constructor.constructor('alert(1)')()}}`, `[x](javascript:alert(1)) ![x](//evil.example/y.png)`, `<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>`,
	strings.Repeat(`<b title="`, 19), strings.Repeat(`[{"a":`, 33),
}

// What people wrote is text to a browser, wherever it is shown: it opens no dialog, asks no other server, runs nothing and offends no policy.
// The person's browser complains of each of these by itself.
func TestHostileContentStaysText(t *testing.T) {
	t.Parallel()
	s, chromium := newSite(t), startBrowser(t)
	owner := storetest.Owner(t)
	realm := must(owner.CaptureChoices(t.Context()))(t).Realms[0].Slug
	base := "/o/" + owner.Org.Slug
	pages := []string{"", "/surrogates", "/sops", "/signals", "/signals?view=timeline", "/signals?q=alert", "/clusters", "/audit", "/signals/new", "/sops/new"}
	var members []uuid.UUID
	for i, attack := range attacks {
		draft := signal.NewDraft(signal.DocumentType)
		draft.Title, draft.Tags = attack, []string{fmt.Sprintf("%.50s", attack)}
		draft.Payload = signal.Document{Content: attack + "\n\n" + attack, Format: signal.Formats[i%len(signal.Formats)]}
		id := must(owner.CreateSignal(t.Context(), store.NewSignal{Realm: realm, Draft: draft}))(t)
		members, pages = append(members, id), append(pages, fmt.Sprintf("/signals/%s", id))
	}
	pages = append(pages, fmt.Sprintf("/signals/%s/edit", members[0]), fmt.Sprintf("/clusters/%s", must(owner.CreateCluster(t.Context(), realm,
		store.ClusterInput{Type: "COLLECTION", Title: attacks[1], Description: attacks[4], Tags: []string{attacks[0]}}, members...))(t)))
	surrogate := must(owner.CreateSurrogate(t.Context(), store.SurrogateInput{RoleTitle: attacks[0], Domain: attacks[1], Jurisdiction: attacks[3],
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5}}))(t)
	procedure := must(owner.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromFile, File: hostileProcedure(t)}))(t)
	pages = append(pages, fmt.Sprintf("/surrogates/%s", surrogate), fmt.Sprintf("/surrogates/%s/edit", surrogate),
		fmt.Sprintf("/sops/%s", procedure), fmt.Sprintf("/sops/%s/edit", procedure))

	ann := newPerson(t, chromium, s, "Ann")
	ann.logsIn(t, owner.User.Email)
	for _, page := range pages {
		ann.open(t, base+page)
		ann.until(t, `document.querySelector('h1') && document.querySelector('h1').textContent !== 'Not found' && !document.querySelector('main :is(script, img[src*=evil], iframe, base, meta, math, [onerror], [onload], [onfocus], [hx-post="/logout"])')`,
			"finds something of what was typed among the elements of "+page)
		ann.until(t, `location.pathname + location.search === `+string(must(json.Marshal(base+page))(t)), "was led away from "+page)
	}
}

// hostileProcedure is a procedure whose steps and connections are called like attacks.
func hostileProcedure(t *testing.T) string {
	t.Helper()
	type step map[string]any
	var nodes, edges []step
	for i, attack := range attacks {
		nodes = append(nodes, step{"id": fmt.Sprint("n", i), "type": "ACTION_DIGITAL", "label": attack, "description": attack, "config": step{"say": attack}})
		if i > 0 {
			edges = append(edges, step{"id": fmt.Sprint("e", i), "from": fmt.Sprint("n", i-1), "to": fmt.Sprint("n", i), "condition": attack, "label": attack})
		}
	}
	file := must(json.Marshal(step{"title": attacks[0], "domain": "x", "jurisdiction": "x", "role_title": attacks[1], "description": attacks[2], "graph": step{"nodes": nodes, "edges": edges}}))(t)
	return string(file)
}
