package handlers_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
	"surrealm/store/sop/library"
	"surrealm/views"
)

// surrogateFor makes a surrogate that fits a document.
func surrogateFor(t *testing.T, tenant *store.Tenant, d sop.Document) uuid.UUID {
	t.Helper()
	id, err := tenant.CreateSurrogate(t.Context(), store.SurrogateInput{
		RoleTitle: d.RoleTitle, Domain: d.Domain, Jurisdiction: d.Jurisdiction,
		Config: store.SurrogateConfig{Assertiveness: 5, EmpathyLevel: 5, RiskTolerance: "low", EscalationThreshold: 0.5},
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func clerk(t *testing.T, tenant *store.Tenant) uuid.UUID {
	return surrogateFor(t, tenant, sop.Document{RoleTitle: "Clerk", Domain: "Retail", Jurisdiction: "European Union"})
}

// procedureOf makes a draft of a file.
func procedureOf(t *testing.T, tenant *store.Tenant, surrogate uuid.UUID, file string) uuid.UUID {
	t.Helper()
	id, err := tenant.CreateSOP(t.Context(), store.NewSOP{SurrogateID: surrogate, Origin: store.FromFile, File: file})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestListOfProcedures(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	list := views.SOPsURL(org.Org.Slug)
	olga.get(t, list).status(t, 200).text(t, ".empty h2", "No procedures yet")

	procedureOf(t, org, clerk(t, org), string(library.Samples()[0].JSON))

	page := olga.get(t, list).status(t, 200)
	page.count(t, "tr[data-row]", 1).text(t, "tr[data-row] .badge", "Draft")
	olga.get(t, list+"?q=nothing+like+it").text(t, ".empty h2", "Nothing matches").has(t, `.empty a[href="`+list+`"]`)
	olga.get(t, list+"?status=CERTIFIED&surrogate=no-id&cursor=bad").status(t, 200).count(t, "tr[data-row]", 0)
}

func TestImportOfEverySampleIsExportedAsItWas(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	for _, sample := range library.Samples() {
		document, err := sop.ParseDocument(sample.JSON)
		if err != nil {
			t.Fatal(err)
		}
		surrogate := surrogateFor(t, org, document)
		page := olga.get(t, views.NewSOPFromURL(org.Org.Slug, "paste", surrogate.String(), "")).status(t, 200)
		made := page.submit(t, "form.form", url.Values{"file": {string(sample.JSON)}}).status(t, http.StatusSeeOther)
		version := strings.TrimSuffix(made.location(), "/edit")

		olga.get(t, version).status(t, 200).text(t, "h1", sample.Title).
			count(t, "sop-graph .node", len(document.Graph.Nodes)).count(t, ".step-list > li, .step-list li[id]", len(document.Graph.Nodes))
		file := olga.get(t, version+"/export.json").status(t, 200)
		if file.body != string(document.Export()) {
			t.Errorf("%s: the export differs from the file", sample.Slug)
		}
		if got := file.header("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename=") || !strings.HasSuffix(got, "-v1.json") {
			t.Errorf("%s: disposition %q", sample.Slug, got)
		}
		svg := olga.get(t, version+"/graph.svg").status(t, 200)
		if svg.header("Content-Type") != "image/svg+xml" || !strings.HasPrefix(svg.header("Content-Disposition"), "attachment") ||
			!strings.HasPrefix(svg.body, "<?xml") {
			t.Errorf("%s: drawing %q %q", sample.Slug, svg.header("Content-Type"), svg.header("Content-Disposition"))
		}
	}
}

func TestNewProcedureFromATemplateACopyAndNothing(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	slug := org.Org.Slug
	olga.get(t, views.NewSOPURL(slug)).text(t, ".empty h2", "needs a surrogate")
	surrogate := clerk(t, org).String()

	page := olga.get(t, views.NewSOPFromURL(slug, "", surrogate, "")).status(t, 200).count(t, ".template-card", len(library.Templates()))
	made := page.submit(t, "form.form", url.Values{"template": {library.Templates()[1].Slug}, "title": {"Ours"}}).status(t, 303)
	id := uuid.MustParse(strings.Split(made.location(), "/")[4])

	page = olga.get(t, views.NewSOPFromURL(slug, "copy", surrogate, id.String())).status(t, 200)
	page.submit(t, "form.form", nil).status(t, 303)
	olga.get(t, views.NewSOPFromURL(slug, "empty", surrogate, "")).submit(t, "form.form", url.Values{"title": {"Blank"}}).status(t, 303)

	olga.get(t, views.SOPsURL(slug)).count(t, "tr[data-row]", 3).text(t, "tr[data-row] a", "Ours").text(t, "tr[data-row] a", "Blank")
}

func TestABadFileIsToldInPlainSentencesAndKept(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	surrogate := clerk(t, org).String()
	page := olga.get(t, views.NewSOPFromURL(org.Org.Slug, "paste", surrogate, "")).status(t, 200)
	bad := `{"title": "<b>X", "graph": {"nodes": [{"id": "n1", "type": "DANCE", "label": "Step"}], "edges": [{"id": "e1", "from": 7}]}}`

	answer := page.submit(t, "form.form", url.Values{"file": {bad}}).status(t, 422)

	answer.text(t, "textarea#file", bad).text(t, "#file-error", "problems").text(t, ".problems li", "Step n1 has the type")
	answer.text(t, `select option[selected]`, "Clerk")
	page.submit(t, "form.form", url.Values{"file": {"nonsense"}}).status(t, 422).has(t, "#file-error")
	page.submit(t, "form.form", url.Values{"file": {"  "}}).status(t, 422).text(t, "#file-error", "Paste the JSON")
	page.submit(t, "form.form", url.Values{"surrogate": {"none"}, "file": {string(library.Samples()[0].JSON)}}).status(t, 422).text(t, "#surrogate-error", "Choose a surrogate")
}

func TestUploadedFileIsImportedAndABadOneCanBeMended(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	surrogate := clerk(t, org).String()
	upload := func(content string) *page {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for name, value := range map[string]string{"from": "upload", "surrogate": surrogate} {
			if err := form.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		file, err := form.CreateFormFile("upload", "procedure.json")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write([]byte(content)) // a buffer takes everything
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		request := olga.request(t, http.MethodPost, views.SOPsURL(org.Org.Slug), nil)
		request.Body = http.NoBody
		request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), &body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", form.FormDataContentType())
		return olga.do(t, request)
	}
	upload(string(library.Samples()[1].JSON)).status(t, 303)
	upload(`{"graph": 7}`).status(t, 422).text(t, "textarea#file", `{"graph": 7}`).has(t, "#file-error")
	upload(strings.Repeat(" ", sop.MaxFileBytes)+"{}").status(t, 422).text(t, "#file-error", "larger than 512 KiB")
	upload("").status(t, 422).text(t, "#upload-error", "Paste the JSON of a procedure, or choose a file.")
}

func TestProcedurePageEscapesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	hostile := `<script>alert(1)</script>"'&lt;`
	id := procedureOf(t, org, clerk(t, org), string(sop.Document{
		Kind: sop.SOPDocument, Title: hostile, Description: hostile, Source: hostile,
		Graph: sop.Graph{Nodes: []sop.Node{{ID: "n1", Type: sop.Checkpoint, Label: hostile, Description: hostile, Config: map[string]any{hostile: hostile}}}},
	}.Export()))

	page := olga.get(t, views.SOPURL(org.Org.Slug, id)).status(t, 200).text(t, "h1", hostile).text(t, ".step-list h3", hostile).
		text(t, ".step-settings dd", hostile)

	if strings.Contains(page.body, "<script>alert") {
		t.Error("the page contains the script")
	}
	if svg := olga.get(t, views.SOPActionURL(org.Org.Slug, id, "graph.svg")); strings.Contains(svg.body, "<script") {
		t.Error("the drawing contains the script")
	}
}

func TestAuditorReadsProceduresOnly(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	_, org := app.owner(t)
	auditor, _ := app.join(t, org, store.Auditor)
	id := procedureOf(t, org, clerk(t, org), string(library.Samples()[0].JSON))
	url := views.SOPURL(org.Org.Slug, id)

	auditor.get(t, url).status(t, 200).hasNot(t, ".page-head form").hasNot(t, `a[href="`+url+`/edit"]`)
	auditor.get(t, url+"/export.json").status(t, 200)
	auditor.get(t, views.NewSOPURL(org.Org.Slug)).status(t, 403)
	auditor.post(t, url+"/discard", nil).status(t, 403)
	auditor.post(t, url+"/new-version", nil).status(t, 403)
}

func TestDiscardAndNewVersion(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	olga, org := app.owner(t)
	id := procedureOf(t, org, clerk(t, org), string(library.Samples()[0].JSON))
	page := olga.get(t, views.SOPURL(org.Org.Slug, id))

	made := olga.post(t, views.SOPActionURL(org.Org.Slug, id, "new-version"), nil).status(t, 303)
	second := strings.TrimSuffix(made.location(), "/edit")
	olga.get(t, second).status(t, 200).text(t, ".subtitle", "Version 2")
	olga.post(t, second+"/discard", url.Values{"revision": {"7"}}).status(t, 409)
	olga.get(t, second).submit(t, `form[action="`+second+`/discard"]`, nil).status(t, 303)
	olga.get(t, second).status(t, 404)
	page.status(t, 200)

	stranger, _ := app.owner(t)
	stranger.get(t, views.SOPURL(org.Org.Slug, id)).status(t, 404)
}
