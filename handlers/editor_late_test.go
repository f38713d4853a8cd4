package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"surrealm/store"
	"surrealm/views"
)

func TestTheSecondOfTwoEditorsSeesWhatChangedAndLosesNothing(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	olga, org := app.owner(t)
	mira, _ := app.join(t, org, store.Member)
	ref, editor := newDraft(t, org)
	id := draft(t, org, ref).Graph.Nodes[0].ID
	hers, his := olga.get(t, editor+"?step="+id), mira.get(t, editor+"?step="+id)

	hers.submit(t, "#panel-form", url.Values{"label": {"Olga's"}}).status(t, 303)
	late := his.submit(t, "#panel-form", url.Values{"label": {"Mira's"}}).status(t, 409)

	late.text(t, ".alert", "Olga Owner").text(t, ".alert", "Changed").text(t, ".alert td", "Olga's").text(t, ".alert td", "Mira's")
	if got := late.attr(t, "#label", "value"); got != "Mira's" {
		t.Errorf("typed %q", got)
	}
	late.submit(t, "#panel-form", nil).status(t, 303).follow(t).text(t, "#panel h2", "Mira's")

	fragment := mira.hx(t, http.MethodPost, editor, "editor", his.form(t, "#panel-form")).status(t, 409)
	if fragment.header("HX-Retarget") != "#editor" || strings.HasPrefix(fragment.body, "<!") {
		t.Error("the late answer would not replace the region")
	}
	gone := olga.get(t, editor+"?step="+id)
	gone.submit(t, "#delete-form", nil).status(t, 303)
	again := gone.submit(t, "#panel-form", url.Values{"label": {"Still here"}}).status(t, 409).text(t, ".alert", "was deleted")
	again.submit(t, "#panel-form", nil).status(t, 303).follow(t).text(t, "#panel h2", "Still here")
	his.submit(t, "#undo-form", nil).status(t, 409).text(t, ".alert", "Nothing of yours was saved")
}

func TestWhatWasTypedIntoAClosedDraftIsNotLost(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	olga, org := app.owner(t)
	mira, _ := app.join(t, org, store.Member)
	ref, editor := newDraft(t, org)
	id := draft(t, org, ref).Graph.Nodes[0].ID
	step, texts := mira.get(t, editor+"?step="+id), mira.get(t, editor)
	olga.post(t, views.SOPActionURL(org.Org.Slug, ref.ID, "submit"), url.Values{"revision": {"1"}}).status(t, 303)

	typed := url.Values{"label": {"A <better> label"}, "description": {"First line.\r\nSecond line."}}
	late := step.submit(t, "#panel-form", typed).status(t, 409).text(t, ".alert", "no draft any more").text(t, "#typed-0", "A <better> label")
	late.text(t, "#typed-1", "Second line.").click(t, "See the version as it is").text(t, ".badge", "In review")
	texts.submit(t, "#panel-form", url.Values{"title": {"New title"}, "source": {"A law."}}).status(t, 409).text(t, "pre", "New title").text(t, "pre", "A law.")

	sent := step.form(t, "#panel-form")
	sent.Set("label", "By htmx")
	fragment := mira.hx(t, http.MethodPost, editor, "editor", sent).status(t, 409).text(t, "#typed-0", "By htmx")
	if fragment.header("HX-Retarget") != "#editor" {
		t.Error("the answer would go to the toasts")
	}
	sent.Set("more", "1")
	mira.post(t, editor, sent).status(t, 409).text(t, "#typed-0", "By htmx")
	mira.post(t, editor, url.Values{"op": {"undo"}, "revision": {"1"}}).status(t, 409).hasNot(t, "pre")
}
