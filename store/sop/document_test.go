package sop

import (
	"reflect"
	"strings"
	"testing"
)

func TestDocumentsRoundTrip(t *testing.T) {
	t.Parallel()
	original := refund(t)
	for _, d := range []Document{
		original,
		{Kind: ChangeDocument, Rationale: "Why: <b> & \"so\"\n…", Graph: original.Graph},
		{Kind: GraphDocument, Graph: original.Graph},
	} {
		got, err := ParseDocument(d.Export())
		if err != nil {
			t.Fatal(d.Kind, err)
		}
		if !reflect.DeepEqual(got, d) {
			t.Errorf("%s came back as %+v", d.Kind, got)
		}
	}
}

func TestDocumentExportKeepsTheReadableFormOfItsFields(t *testing.T) {
	t.Parallel()
	text := string(Document{Kind: ChangeDocument, Rationale: "a < b", Graph: Graph{}}.Export())
	want := "{\n  \"rationale\": \"a < b\",\n  \"proposed_graph\": {\n    \"nodes\": [],\n    \"edges\": []\n  }\n}\n"
	if text != want {
		t.Errorf("got %s", text)
	}
}

func TestDocumentErrorsNameTheField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"unknown field", `{"title":"T","graph":{"nodes":[],"edges":[]},"author":"me"}`, `"author"`},
		{"no title", `{"graph":{"nodes":[],"edges":[]}}`, "the title is missing"},
		{"title on two lines", `{"title":"a\nb","graph":{"nodes":[],"edges":[]}}`, "the title must be on one line"},
		{"title of the wrong kind", `{"title":7,"graph":{"nodes":[],"edges":[]}}`, "title must be text"},
		{"both graphs", `{"title":"T","graph":{"nodes":[],"edges":[]},"proposed_graph":{}}`, `"proposed_graph"`},
		{"a list", `[1]`, "must hold a JSON object"},
		{"graph of the wrong kind", `{"title":"T","graph":[]}`, "The graph must be a JSON object"},
		{"neither", `{"title":"T"}`, "holds no graph"},
		{"too large", `{"title":"` + strings.Repeat("x", MaxFileBytes) + `"}`, "larger than 512 KiB"},
	} {
		_, err := ParseDocument([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}
