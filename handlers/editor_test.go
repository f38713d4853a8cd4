package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/views"
)

// newDraft is a draft of a small template, and the address of its editor.
func newDraft(t *testing.T, org *store.Tenant) (ref store.DraftRef, editor string) {
	t.Helper()
	id, err := org.CreateSOP(t.Context(), store.NewSOP{SurrogateID: clerk(t, org), Origin: store.FromTemplate, Template: library.Templates()[0].Slug})
	if err != nil {
		t.Fatal(err)
	}
	ref = store.DraftRef{Kind: store.SOPDraft, ID: id}
	return ref, views.EditorURL(org.Org.Slug, ref)
}

func draft(t *testing.T, org *store.Tenant, ref store.DraftRef) store.Draft {
	t.Helper()
	d, err := org.Draft(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEditingWithoutScript(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	ref, editor := newDraft(t, org)
	before := draft(t, org, ref)
	first, edge := before.Graph.Nodes[0], before.Graph.Edges[0]

	page := olga.get(t, editor+"?step="+first.ID).status(t, 200).text(t, "#panel h2", first.Label).
		text(t, "[data-outline] [aria-current]", first.Label).has(t, "sop-graph .node.selected")
	page = page.submit(t, "#panel-form", url.Values{"label": {"Begin"}, "type": {"ASSESSMENT"}}).status(t, 303).follow(t)
	page.text(t, "#panel h2", "Begin").text(t, "#undo", "Changed “"+first.Label+"”: type, label")

	page = olga.get(t, editor+"?add=1&after="+first.ID).status(t, 200)
	page = page.submit(t, "#panel-form", url.Values{"label": {"Look again"}, "type": {"CHECKPOINT"}}).status(t, 303).follow(t)
	page.text(t, "#panel h2", "Look again")
	after := draft(t, org, ref)
	added := after.Graph.Nodes[1]
	if added.Label != "Look again" || after.Graph.Edges[0].To != added.ID || after.Graph.Edges[1].To != edge.To {
		t.Errorf("the new step is not between the two: %+v %+v", added, after.Graph.Edges[:2])
	}

	page.submit(t, "#move1-form", nil).status(t, 303).follow(t)
	if now := draft(t, org, ref); now.Graph.Nodes[2].ID != added.ID {
		t.Errorf("the step did not move: %+v", now.Graph.Nodes[:3])
	}
	page = olga.get(t, editor+"?connect="+added.ID)
	page = page.submit(t, "#panel-form", url.Values{"to": {first.ID}, "condition": {"once more"}, "max_iterations": {"3"}}).status(t, 303).follow(t)
	page.text(t, ".ways li", "once more").text(t, ".ways li", "at most 3 times")

	loop := draft(t, org, ref).Graph.Edges
	page = olga.get(t, editor+"?edge="+loop[len(loop)-1].ID).has(t, "sop-graph .edge.selected")
	page = page.submit(t, "#panel-form", url.Values{"max_iterations": {"7"}}).status(t, 303).follow(t)
	page = page.submit(t, "#delete-form", nil).status(t, 303).follow(t)
	page.text(t, "#toasts", "Undo brings it back")

	page = olga.get(t, editor+"?step="+added.ID).submit(t, "#delete-form", nil).status(t, 303).follow(t)
	page.text(t, "#panel h2", draft(t, org, ref).Graph.Nodes[1].Label)
	if now := draft(t, org, ref); len(now.Graph.Nodes) != len(before.Graph.Nodes) || now.Graph.Edges[0].To != edge.To {
		t.Error("deleting did not join the steps around")
	}
	for page = olga.get(t, editor); len(page.find("#undo[disabled]")) == 0; {
		page = page.submit(t, "#undo-form", nil).status(t, 303).follow(t)
	}
	if now := draft(t, org, ref); fmt.Sprint(now.Graph) != fmt.Sprint(before.Graph) {
		t.Error("undoing everything did not lead back to the start")
	}
	steps := 0
	for ; len(page.find("#redo[disabled]")) == 0; steps++ {
		page = page.submit(t, "#redo-form", nil).status(t, 303).follow(t)
	}
	if steps != 7 {
		t.Errorf("redid %d edits", steps)
	}
}

func TestTextsOfADraft(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	_, editor := newDraft(t, org)
	page := olga.get(t, editor).status(t, 200)
	page.submit(t, "#panel-form", url.Values{"title": {" "}}).status(t, 422).text(t, "#title-error", "missing")
	page.submit(t, "#panel-form", url.Values{"title": {"Ours"}, "description": {"All of it."}, "source": {"Handbook"}}).status(t, 303).
		follow(t).text(t, "h1", "Ours").text(t, "textarea#description", "All of it.")
}

func TestSettingsOfAStep(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	ref, editor := newDraft(t, org)
	id := draft(t, org, ref).Graph.Nodes[0].ID
	page := olga.get(t, editor+"?step="+id)
	rows := len(page.find(".setting-row"))

	page = page.submit(t, "#panel-form", url.Values{"label": {"Typed"}, "more": {"1"}}).status(t, 200).count(t, ".setting-row", rows+1)
	if page.attr(t, "#label", "value") != "Typed" || draft(t, org, ref).Revision != 1 {
		t.Error("adding a row lost what was typed, or saved it")
	}
	field := func(name string) string { return fmt.Sprintf("config[%d].%s", rows, name) }
	page.submit(t, "#panel-form", url.Values{field("name"): {"hours"}, field("kind"): {"number"}, field("value"): {"ten"}}).status(t, 422).
		text(t, "#config-error", "hours is to be a number")
	page.submit(t, "#panel-form", url.Values{field("name"): {"hours"}, field("kind"): {"number"}, field("value"): {"10"}}).status(t, 303)
	if now, _ := draft(t, org, ref).Graph.Node(id); now.Config["hours"] != 10.0 || now.Label != "Typed" {
		t.Errorf("saved %+v", now)
	}
	page = olga.get(t, editor+"?step="+id).submit(t, "#panel-form", url.Values{"remove": {"0"}}).status(t, 200).count(t, ".setting-row", rows)
	page.submit(t, "#panel-form", nil).status(t, 303)
	if now, _ := draft(t, org, ref).Graph.Node(id); len(now.Config) != rows {
		t.Errorf("%d settings, want %d", len(now.Config), rows)
	}
}

func TestOnlyAuthorsEdit(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	_, org := app.owner(t)
	auditor, _ := app.join(t, org, store.Auditor)
	ref, editor := newDraft(t, org)
	auditor.get(t, editor).status(t, 403)
	auditor.post(t, editor, url.Values{"op": {"undo"}, "revision": {"1"}}).status(t, 403)
	stranger, _ := app.owner(t)
	stranger.get(t, editor).status(t, 404)
	stranger.post(t, editor, url.Values{"op": {"undo"}, "revision": {"1"}}).status(t, 404)
	mira, member := app.join(t, org, store.Member)
	if err := member.SubmitSOP(t.Context(), ref.ID, 1); err != nil {
		t.Fatal(err)
	}
	mira.get(t, editor).status(t, 303)
	mira.post(t, editor, url.Values{"op": {"save-step"}, "element": {"n1"}, "revision": {"1"}}).status(t, 409)
	mira.post(t, editor, url.Values{"op": {"no such thing"}, "revision": {"1"}}).status(t, 404)
	mira.get(t, views.EditorURL(org.Org.Slug, store.DraftRef{Kind: store.ProposalDraft, ID: uuid.New()})).status(t, 404)
}

func TestHostileTextComesBackEscapedAndWhole(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	ref, editor := newDraft(t, org)
	id := draft(t, org, ref).Graph.Nodes[0].ID
	for _, hostile := range []string{`"><script>alert(1)</script>`, `' onfocus=alert(1) x='`, `{{.}} ${x} <!-- & &amp; 𝔘`, `javascript:alert(1)`} {
		page := olga.get(t, editor+"?step="+id).submit(t, "#panel-form", url.Values{"label": {hostile}, "description": {hostile + "\n" + hostile}}).
			status(t, 303).follow(t)
		if got := page.attr(t, "#label", "value"); got != hostile || strings.Contains(page.body, "<script>alert") {
			t.Errorf("%q came back as %q", hostile, got)
		}
		page.text(t, "[data-outline] [aria-current]", hostile)
	}
	olga.get(t, editor+"?step="+url.QueryEscape(`"><script>`)).status(t, 200).has(t, "#title")
	olga.get(t, editor+"?step="+id).submit(t, "#panel-form", url.Values{"label": {"a\u202eb"}}).status(t, 422).text(t, "#label-error", "invisible")
}

func TestLimitsAreToldAtTheField(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	ref, editor := newDraft(t, org)
	g := draft(t, org, ref).Graph
	step, way := olga.get(t, editor+"?step="+g.Nodes[0].ID), olga.get(t, editor+"?edge="+g.Edges[0].ID)
	step.submit(t, "#panel-form", url.Values{"label": {strings.Repeat("x", 201)}}).status(t, 422).text(t, "#label-error", "the most is 200")
	step.submit(t, "#panel-form", url.Values{"description": {strings.Repeat("x", 4001)}}).status(t, 422).text(t, "#description-error", "4000")
	step.submit(t, "#panel-form", url.Values{"type": {"DANCE"}}).status(t, 422).has(t, "#type-error")
	for _, limit := range []string{"0", "101", "-1", "many"} {
		way.submit(t, "#panel-form", url.Values{"max_iterations": {limit}}).status(t, 422).text(t, "#max_iterations-error", "1 to 100")
	}
	way.submit(t, "#panel-form", url.Values{"to": {"n999"}}).status(t, 422).has(t, "#to-error")
	olga.post(t, editor, url.Values{"op": {"save-step"}, "revision": {"x"}}).status(t, 400)
}

func TestAnHtmxEditAnswersWithTheRegion(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	ref, editor := newDraft(t, org)
	id := draft(t, org, ref).Graph.Nodes[1].ID
	page := olga.get(t, editor+"?step="+id)

	answer := olga.hx(t, http.MethodPost, editor, "editor", page.form(t, "#delete-form")).status(t, 200)

	if strings.HasPrefix(answer.body, "<!") || !strings.Contains(answer.header("HX-Trigger"), `"clicks":"#undo"`) {
		t.Errorf("answer %q, trigger %q", answer.body[:40], answer.header("HX-Trigger"))
	}
	if got := answer.header("HX-Replace-Url"); got != editor+"?step="+draft(t, org, ref).Graph.Nodes[0].ID {
		t.Errorf("address %q", got)
	}
	answer.has(t, "#editor #undo")
}

func TestALargeGraphIsEditedQuickly(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	large := sop.Graph{}
	for i := range sop.MaxNodes {
		id := "n" + strconv.Itoa(i+1)
		large.Nodes = append(large.Nodes, sop.Node{ID: id, Type: sop.ActionDigital, Label: "Step " + id})
		if i > 0 {
			large.Edges = append(large.Edges, sop.Edge{ID: "e" + strconv.Itoa(i), From: "n" + strconv.Itoa((i+1)/2), To: id})
		}
	}
	surrogate := clerk(t, org)
	file := sop.Document{Kind: sop.SOPDocument, Title: "Large", Graph: large}
	id := procedureOf(t, org, surrogate, string(file.Export()))
	editor := views.EditorURL(org.Org.Slug, store.DraftRef{Kind: store.SOPDraft, ID: id})
	start := time.Now()
	olga.get(t, editor+"?step=n250").status(t, 200).count(t, "sop-graph .node", sop.MaxNodes).count(t, ".outline li", sop.MaxNodes)
	t.Logf("500 steps shown in %v", time.Since(start))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("500 steps took %v", took)
	}
	page := olga.get(t, editor+"?add=1&after=n500")
	page.submit(t, "#panel-form", url.Values{"label": {"One more"}}).status(t, 422).text(t, "#errors", "at most 500 steps")
	large.Nodes = append(large.Nodes, sop.Node{ID: "n501", Type: sop.ActionDigital, Label: "One more"})
	file.Graph = large
	olga.post(t, views.SOPsURL(org.Org.Slug), url.Values{"from": {"paste"}, "surrogate": {surrogate.String()}, "file": {string(file.Export())}}).
		status(t, 422).text(t, "#file-error", "500")
}

func TestAProposalIsEditedInTheSameEditor(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	olga, org := app.owner(t)
	rita, reviewer := app.join(t, org, store.Reviewer)
	base, _ := newDraft(t, org)
	if err := org.SubmitSOP(t.Context(), base.ID, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := reviewer.CertifySOP(t.Context(), base.ID, 2, "Checked."); err != nil {
		t.Fatal(err)
	}
	id, err := org.ProposeChange(t.Context(), base.ID, store.NewProposal{Title: "Ask twice", Rationale: "Once was not enough."})
	if err != nil {
		t.Fatal(err)
	}
	ref := store.DraftRef{Kind: store.ProposalDraft, ID: id}
	editor := views.EditorURL(org.Org.Slug, ref)
	g := draft(t, org, ref).Graph

	olga.get(t, editor).status(t, 200).text(t, "#panel", "Nothing yet")
	page := olga.get(t, editor+"?step="+g.Nodes[1].ID).submit(t, "#panel-form", url.Values{"label": {"Ask twice"}}).status(t, 303).follow(t)
	page.has(t, "sop-graph .node.changed").submit(t, "#delete-form", nil).status(t, 303)
	page = olga.get(t, editor).status(t, 200).text(t, "#panel .change-list li", "removed").has(t, "sop-graph .node.removed")
	page.text(t, "sop-graph .node .kind", "2 · "+g.Nodes[2].Type.Label())
	rita.get(t, editor).status(t, 303)
	rita.post(t, editor, page.form(t, "#undo-form")).status(t, 403)
}
