package signal_test

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"surrealm/store/signal"
)

func TestProblemsNameTheField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*signal.Draft)
		field  string
	}{
		"no title":             {func(d *signal.Draft) { d.Title = " \n" }, "title"},
		"long title":           {func(d *signal.Draft) { d.Title = strings.Repeat("é", 201) }, "title"},
		"long source":          {func(d *signal.Draft) { d.Source = strings.Repeat("a", 201) }, "source"},
		"no such type":         {func(d *signal.Draft) { d.Type = "MYTH" }, "type"},
		"no such context":      {func(d *signal.Draft) { d.Context = "MYTH" }, "context"},
		"no such status":       {func(d *signal.Draft) { d.Status = "MYTH" }, "status"},
		"no such visibility":   {func(d *signal.Draft) { d.Visibility = "MYTH" }, "visibility"},
		"long tag":             {func(d *signal.Draft) { d.Tags = []string{strings.Repeat("a", 51)} }, "tags"},
		"hot":                  {func(d *signal.Draft) { d.Temperature = ptr(1.01) }, "temperature"},
		"density of no number": {func(d *signal.Draft) { d.Density = ptr(math.NaN()) }, "density"},
		"north of the pole":    {func(d *signal.Draft) { d.Place = &signal.Place{Latitude: 91} }, "latitude"},
		"place of no number":   {func(d *signal.Draft) { d.Place = &signal.Place{Longitude: math.Inf(1)} }, "longitude"},
		"long energy":          {func(d *signal.Draft) { d.Energy = strings.Repeat("a", 201) }, "energy"},
		"another's payload":    {func(d *signal.Draft) { d.Payload = signal.Photo{} }, "payload"},
		"another's metadata":   {func(d *signal.Draft) { d.Metadata = signal.PhotoFacts{} }, "metadata"},
		"no such format":       {func(d *signal.Draft) { d.Payload = signal.Document{Format: "docx"} }, "payload.format"},
		"NUL in the content":   {func(d *signal.Draft) { d.Payload = signal.Document{Content: "a\x00"} }, "payload"},
		"large content":        {func(d *signal.Draft) { d.Payload = signal.Document{Content: strings.Repeat("a", signal.PayloadLimit)} }, "payload"},
		"unread format":        {func(d *signal.Draft) { d.Payload = payload(signal.DocumentType, `{"format":5}`) }, "payload.format"},
		"deep payload": {func(d *signal.Draft) {
			d.Payload = payload(signal.DocumentType, `{"x":`+strings.Repeat("[", 200)+strings.Repeat("]", 200)+`}`)
		}, "payload"},
		"endless number":    {func(d *signal.Draft) { d.Payload = payload(signal.DocumentType, `{"x":1e200000}`) }, "payload"},
		"negative words":    {func(d *signal.Draft) { d.Metadata = signal.DocumentFacts{WordCount: -1} }, "metadata.word_count"},
		"unread words":      {func(d *signal.Draft) { d.Metadata = metadata(signal.DocumentType, `{"word_count":"many"}`) }, "metadata.word_count"},
		"action of no kind": {func(d *signal.Draft) { d.Actions = []signal.Action{{Text: "a", Kind: "dreamt"}} }, "actions"},
		"no name":           {func(d *signal.Draft) { d.Entities = []signal.Entity{{Kind: "place"}} }, "entities"},
		"link to a script":  {as(signal.Transmission{URL: "javascript:alert(1)"}), "payload.url"},
		"cue ends early":    {as(signal.Transmission{Transcript: []signal.Cue{{From: 2, To: 1}}}), "payload.transcript"},
		"unread cue":        {as(payload(signal.TransmissionType, `{"transcript":[{"from":"soon"}]}`)), "payload.transcript"},
		"no role":           {as(signal.Conversation{Messages: []signal.Message{{Content: "a"}}}), "payload.messages"},
		"ends before it begins": {func(d *signal.Draft) {
			now, before := time.Unix(9, 0), time.Unix(8, 0)
			*d = signal.NewDraft(signal.ConversationType)
			d.Title, d.Metadata = "t", signal.ConversationFacts{StartedAt: &now, EndedAt: &before}
		}, "metadata.ended_at"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := signal.NewDraft(signal.DocumentType)
			d.Title = "t"
			if bad := d.Normalised().Problems(); len(bad) > 0 {
				t.Fatalf("before: %v", bad)
			}
			c.change(&d)
			if bad := d.Normalised().Problems(); len(bad) != 1 || bad[c.field] == "" {
				t.Errorf("got %v", bad)
			}
		})
	}
}

func ptr(f float64) *float64 { return &f }

func as(p signal.Payload) func(*signal.Draft) {
	return func(d *signal.Draft) {
		*d = signal.NewDraft(p.Type())
		d.Title, d.Payload = "t", p
	}
}

func payload(kind signal.Type, text string) signal.Payload {
	p, err := signal.ParsePayload(kind, []byte(text))
	if err != nil {
		panic(err)
	}
	return p
}

func metadata(kind signal.Type, text string) signal.Metadata {
	m, err := signal.ParseMetadata(kind, []byte(text))
	if err != nil {
		panic(err)
	}
	return m
}

func TestTags(t *testing.T) {
	t.Parallel()
	got := signal.NormaliseTags([]string{" Safety ", "", "safety", "e\u0301tude", "Étude", "STRASSE", "straße", "two\n words", "a\x00"})
	if want := []string{"Safety", "étude", "STRASSE", "two words", "a"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestZeroAndNullStay(t *testing.T) {
	t.Parallel()
	fields, err := signal.Draft{Type: signal.PhotoType, Title: "t", Temperature: ptr(0), Place: &signal.Place{}}.Normalised().Fields()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"temperature": "0", "density": "null", "latitude": "0", "environment": "null", "tags": "[]", "visibility": `"PRIVATE"`} {
		if got := string(fields[name]); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
	if len(fields) != len(signal.FieldNames) {
		t.Errorf("%d fields, %d names", len(fields), len(signal.FieldNames))
	}
	again, bad := signal.FromFields(fields)
	if len(bad) > 0 || again.Temperature == nil || *again.Temperature != 0 || again.Density != nil || !reflect.DeepEqual(again.Place, &signal.Place{}) {
		t.Errorf("came back as %+v, %v", again, bad)
	}
}

// The table is the last judge: its checks must list the same words and the same limits.
func TestConstantsAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("../../tenant_schema/0018_signals.sql")
	if err != nil {
		t.Fatal(err)
	}
	sql := strings.ReplaceAll(strings.Join(strings.Fields(string(file)), " "), "( '", "('")
	for _, want := range []string{
		inList("type", signal.Types), inList("context", signal.Contexts),
		fmt.Sprintf("length(title) between 1 and %d", signal.TitleLimit), fmt.Sprintf("length(source) <= %d", signal.SourceLimit),
		fmt.Sprintf("cardinality(tags) <= %d", signal.TagsLimit),
		fmt.Sprintf("length(energy) <= %[1]d and length(inner_state) <= %[1]d and length(orientation) <= %[1]d", signal.PhraseLimit),
		"temperature between -1 and 1", "density between -1 and 1", "latitude between -90 and 90 and longitude between -180 and 180",
		"status in ('ACTIVE', 'ARCHIVED', 'FAILED', 'PENDING', 'REJECTED')", "visibility in ('PUBLIC', 'PRIVATE', 'SANCTUM', 'SHARED')",
		"context text not null default '" + string(signal.Capture) + "'", "status text not null default '" + string(signal.Pending) + "'",
		"visibility text not null default '" + string(signal.Private) + "'",
	} {
		if !strings.Contains(sql, want) {
			t.Errorf("the table does not say: %s", want)
		}
	}
	if len(signal.Statuses) != 5 || len(signal.Visibilities) != 4 {
		t.Error("a status or a visibility too many or too few")
	}
}

func inList[T ~string](column string, list []T) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = "'" + string(word) + "'"
	}
	return column + " in (" + strings.Join(words, ", ") + ")"
}
