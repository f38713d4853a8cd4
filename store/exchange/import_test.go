package exchange_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

func sample(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// problemsOf lists the fields with problems of each row by its name.
func problemsOf(rows []exchange.Row) map[string][]string {
	out := map[string][]string{}
	for _, row := range rows {
		if len(row.Problems) > 0 {
			out[row.Name] = slices.Sorted(maps.Keys(row.Problems))
		}
	}
	return out
}

func TestJSONLOfOthers(t *testing.T) {
	t.Parallel()
	got := rows(t, exchange.JSONL, sample(t, "signals.jsonl"))
	if bad := problemsOf(got); !reflect.DeepEqual(bad, map[string][]string{"line 5": {"type"}, "line 6": {""}, "line 7": {"tags", "temperature"}}) {
		t.Errorf("problems: %v", bad)
	}
	d := got[0].Draft
	if d.ExternalID != "wiggle" || d.Source != "catalogue" || d.Context != signal.Reference || d.Visibility != signal.Private ||
		d.Payload.(signal.Document).Content != "Wiggle is a program.\nIt applies." || !d.CapturedAt.Equal(time.Date(2025, 1, 1, 1, 0, 7, 0, time.UTC)) {
		t.Errorf("first: %+v", d)
	}
	d = got[1].Draft
	if facts := d.Metadata.(signal.DocumentFacts); facts.Language != "en" || string(facts.Extra["colour"]) != `"red"` || !strings.HasPrefix(d.ExternalID, "row:") {
		t.Errorf("second: %+v", d)
	}
	d = got[2].Draft
	if len(d.Payload.(signal.Conversation).Messages) != 1 || d.Temperature == nil || *d.Temperature != 0 {
		t.Errorf("third: %+v", d)
	}
}

func TestASecondReadingGivesTheSameIDs(t *testing.T) {
	t.Parallel()
	for format, name := range map[exchange.Format]string{
		exchange.JSONL: "signals.jsonl", exchange.ChatGPT: "chatgpt.json", exchange.Claude: "claude.json", exchange.Autonomy: "autonomy.json",
	} {
		seen := map[string]bool{}
		for i, row := range rows(t, format, sample(t, name)) {
			again := rows(t, format, sample(t, name))[i]
			if row.Draft.ExternalID != again.Draft.ExternalID || len(row.Problems) == 0 && (row.Draft.ExternalID == "" || seen[row.Draft.ExternalID]) {
				t.Errorf("%s, %s: %q, then %q", name, row.Name, row.Draft.ExternalID, again.Draft.ExternalID)
			}
			seen[row.Draft.ExternalID] = true
		}
	}
}

func TestChatGPT(t *testing.T) {
	t.Parallel()
	got := rows(t, exchange.ChatGPT, sample(t, "chatgpt.json"))
	if bad := problemsOf(got); !reflect.DeepEqual(bad, map[string][]string{"conversation 3": {""}, "conversation 4": {""}}) {
		t.Errorf("problems: %v", bad)
	}
	d := got[0].Draft
	var said []string
	for _, m := range d.Payload.(signal.Conversation).Messages {
		said = append(said, string(m.Role)+": "+m.Content)
	}
	want := []string{"user: How often is a pump greased?", "assistant: Every 2,000 hours.", "user: [image]\n\nAnd this one?"}
	if !slices.Equal(said, want) {
		t.Errorf("said %q", said)
	}
	if d.ExternalID != "chatgpt:0b1c" || d.Title != "Pump maintenance" || !d.CapturedAt.Equal(time.UnixMilli(1714550400500)) {
		t.Errorf("%+v", d)
	}
	if m := d.Metadata.(signal.ConversationFacts); m.Platform != "chatgpt" || m.Model != "gpt-4o" || m.MessageCount != 3 || m.TurnCount != 2 {
		t.Errorf("%+v", m)
	}
	if ring := got[1].Draft; ring.Title != "Conversation with ChatGPT" || len(ring.Payload.(signal.Conversation).Messages) != 1 {
		t.Errorf("ring: %+v", ring)
	}
}

func TestClaude(t *testing.T) {
	t.Parallel()
	for _, file := range [][]byte{sample(t, "claude.json"), zipOf(t, "data/conversations.json", string(sample(t, "claude.json")), "users.json", "[]")} {
		got := rows(t, exchange.Claude, file)
		if len(got) != 1 || len(got[0].Problems) > 0 {
			t.Fatalf("%+v", got)
		}
		d := got[0].Draft
		m := d.Payload.(signal.Conversation).Messages
		if len(m) != 2 || m[0].Content != "What goes into a handover?\n\n[old.txt]" || m[1].Content != "Open alarms,\n\nand who owns them." || m[1].Role != signal.Assistant {
			t.Errorf("said %+v", m)
		}
		if d.ExternalID != "claude:7d0f6a52-0000-4000-8000-000000000001" || d.CapturedAt.Nanosecond() != 123456000 {
			t.Errorf("%+v", d)
		}
	}
}

func TestConversationsInParts(t *testing.T) {
	t.Parallel()
	part := func(id string) string {
		return `[{"uuid":"` + id + `","chat_messages":[{"sender":"human","text":"Hi"}]}]`
	}
	file := zipOf(t, "conversations-001.json", part("b"), "user.json", "{}", "conversations-000.json", part("a"))
	if got := exchange.Detect("export.zip", file); got != exchange.ChatGPT {
		t.Errorf("detected %q", got)
	}
	got := rows(t, exchange.ChatGPT, file)
	if len(got) != 2 || got[0].Draft.ExternalID != "claude:a" || got[1].Draft.ExternalID != "claude:b" || got[1].Name != "conversations-001.json, conversation 1" {
		t.Errorf("%+v", got)
	}
}

func TestABadTranscriptIsNamedByItsLine(t *testing.T) {
	t.Parallel()
	row := exchange.ReadMarkdown("talk.md", []byte("---\ntype: TRANSMISSION\n---\nWEBVTT\n\n00:05.000 --> 00:02.000\nbackwards\n"))
	if want := "Line 3: The passage ends before it begins."; row.Problems["payload.transcript"] != want || len(row.Problems) != 1 {
		t.Errorf("problems: %v", row.Problems)
	}
}

func TestAutonomy(t *testing.T) {
	t.Parallel()
	got := rows(t, exchange.Autonomy, sample(t, "autonomy.json"))
	if bad := problemsOf(got); !reflect.DeepEqual(bad, map[string][]string{"signal 3": {"title"}, "signal 4": {""}}) {
		t.Errorf("problems: %v", bad)
	}
	d := got[0].Draft
	if d.ExternalID != "autonomy:01J00000000000000000000001" || d.Summary != "By the river" || d.Source != "Ada" || d.Visibility != signal.Private ||
		d.Temperature == nil || *d.Temperature != 0 || d.Density != nil || d.InnerState != "calm" || !slices.Equal(d.Tags, []string{"walk"}) ||
		!slices.Equal(d.Subsystems, []string{"body, mind"}) || *d.Place != (signal.Place{Latitude: 59.91, Longitude: 10.75}) {
		t.Errorf("%+v", d)
	}
	if !d.CapturedAt.Equal(time.Date(2025, 5, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("the swapped stamps give %v", d.CapturedAt)
	}
	if !reflect.DeepEqual(d.Actions, []signal.Action{{Text: "walked", Kind: "performed"}, {Text: "rest", Kind: "planned"}}) ||
		!reflect.DeepEqual(d.Entities, []signal.Entity{{Name: "Bob", Kind: "people"}, {Name: "Oslo", Kind: "places"}}) {
		t.Errorf("%+v, %+v", d.Actions, d.Entities)
	}
	p, m := d.Payload.(signal.Transmission), d.Metadata.(signal.TransmissionFacts)
	if len(p.Transcript) != 2 || p.Transcript[1].From != signal.Offset(1500*time.Millisecond) || string(p.Extra["file_path"]) != `"/media/walk.mp4"` {
		t.Errorf("payload: %+v", p)
	}
	if m.YouTube.ID != "abc" || string(m.Extra["original_duration"]) != `"12"` || m.Extra["legacy"] == nil || m.Extra["annotations"] == nil || m.Extra["history"] != nil {
		t.Errorf("metadata: %+v", m)
	}
	talk := got[1].Draft
	c := talk.Payload.(signal.Conversation)
	if talk.Visibility != signal.Sanctum || c.Summary != "S" || len(c.KeyPoints) != 1 || c.Messages[0].At.Hour() != 8 || string(c.Messages[0].Extra["tokens"]) != "1" {
		t.Errorf("%+v", talk)
	}
	if talk.Entities[0].Kind != "beings" || talk.Actions[0].Text != "called" {
		t.Errorf("%+v", talk)
	}
}

func TestDetect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		head []byte
		want exchange.Format
	}{
		{"signals.jsonl", sample(t, "signals.jsonl"), exchange.JSONL},
		{"x.json", sample(t, "chatgpt.json"), exchange.ChatGPT},
		{"x.json", sample(t, "claude.json")[:400], exchange.Claude},
		{"x.json", sample(t, "autonomy.json")[:300], exchange.Autonomy},
		{"C:\\down\\conversations.json", []byte("[{"), exchange.ChatGPT},
		{"x.zip", zipOf(t, "conversations.json", "[]"), exchange.ChatGPT},
		{"x.zip", zipOf(t, "a.md", "# A"), exchange.Markdown},
		{"x.CSV", []byte("a,b\n1,2"), exchange.CSV},
		{"x.txt", []byte("\ufeffTitle;Date;Notes\n"), exchange.CSV},
		{"x.txt", []byte("Dear diary,"), ""},
		{"x", nil, ""},
	} {
		if got := exchange.Detect(c.name, c.head); got != c.want {
			t.Errorf("%s, %.20q: %q", c.name, c.head, got)
		}
	}
}

func TestLongRowsAreNamedAndSkipped(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	file.WriteString("\ufeff" + `{"title":"a"}` + "\r\n" + `{"title":"` + strings.Repeat("b", exchange.RowLimit) + "\"}\n")
	for range 12_000 {
		file.WriteString(`{"title":"c","id":"d"}` + "\n")
	}
	got := rows(t, exchange.JSONL, file.Bytes())
	if len(got) != 12_002 || !reflect.DeepEqual(problemsOf(got), map[string][]string{"line 2": {""}}) || got[12_001].Name != "line 12002" {
		t.Errorf("%d rows, %v", len(got), problemsOf(got))
	}
	if err := failure(exchange.JSONL, bytes.Repeat([]byte("7\n"), exchange.RowsLimit+1)); !isBadFile(err) {
		t.Errorf("too many rows: %v", err)
	}
}

func TestDamagedListsSayWhere(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"damaged at conversation 2": `[{"mapping":{}},{"map`, "not a JSON list": `{"a":1}`, "not a JSON list ": ``, "ends too early": `[{"mapping":{}}`,
		"conversation 1 is larger than": `["` + strings.Repeat("a", exchange.ObjectLimit+70_000) + `"]`,
	} {
		if err := failure(exchange.ChatGPT, []byte(file)); !isBadFile(err) || !strings.Contains(err.Error(), strings.TrimSpace(name)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
