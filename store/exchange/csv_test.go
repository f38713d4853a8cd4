package exchange_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

func TestCSVOfOthers(t *testing.T) {
	t.Parallel()
	file := "\ufeffName;Date;Note;Labels;Temperature;Unused\r\n" +
		"Pump;2024-05-01 10:00;\"hot\nnoisy\";a, b;0,5;x\r\n" +
		"Valve;soon;;;hot;\r\n" +
		"Too;many;cells;here;1;2;3\r\n" +
		"Bad \"quote;1;2\r\n" +
		"Last\r\n"
	got := rows(t, exchange.CSV, []byte(file))
	if bad := problemsOf(got); !reflect.DeepEqual(bad, map[string][]string{"line 4": {"captured_at", "temperature"}, "line 5": {""}, "line 6": {""}}) {
		t.Errorf("problems: %v", bad)
	}
	d := got[0].Draft
	if d.Title != "Pump" || d.Payload.(signal.Document).Content != "hot\nnoisy" || *d.Temperature != 0.5 || !slices.Equal(d.Tags, []string{"a", "b"}) || d.CapturedAt.Hour() != 10 {
		t.Errorf("%+v", d)
	}
	if last := got[len(got)-1]; last.Draft.Title != "Last" || last.Name != "line 7" {
		t.Errorf("%+v", last)
	}
	var byHand []exchange.Row
	for row, err := range exchange.Read(strings.NewReader(file), int64(len(file)), exchange.CSV, exchange.Mapping{"Unused": "title", "Name": "nothing"}) {
		if err != nil {
			t.Fatal(err)
		}
		byHand = append(byHand, row)
	}
	if d := byHand[0].Draft; d.Title != "x" || d.Source != "" || len(d.Tags) > 0 {
		t.Errorf("by hand: %+v", d)
	}
}

func TestGuessMapping(t *testing.T) {
	t.Parallel()
	got := exchange.GuessMapping([]string{"Author", "Subject", "title", "Created At", "signal_status", "LNG", "?", "body", "Text"})
	want := exchange.Mapping{"Author": "source", "title": "title", "Created At": "captured_at", "signal_status": "status", "LNG": "longitude", "body": "content"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestPreviewCSV(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"utf-8": "title,note\n'=1,\"é\"\n2\n3\n", "windows-1252": "title\tnote\n'=1\t\xe9\n2\n3\n",
		"utf-16": "\xff\xfet\x00i\x00t\x00l\x00e\x00,\x00n\x00o\x00t\x00e\x00\n\x00'\x00=\x001\x00,\x00\xe9\x00\n\x002\x00\n\x00",
	} {
		got, err := exchange.PreviewCSV(strings.NewReader(file), 2)
		if err != nil || !reflect.DeepEqual(got, exchange.Table{Header: []string{"title", "note"}, Rows: [][]string{{"=1", "é"}, {"2"}}}) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if _, err := exchange.PreviewCSV(strings.NewReader(""), 2); !isBadFile(err) {
		t.Errorf("empty: %v", err)
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	d := signal.NewDraft(signal.DocumentType)
	minus := -0.5
	d.Title, d.Source, d.Summary, d.Energy, d.Temperature = "=HYPERLINK(1)", "@x", "'=1", "-5", &minus
	d.Payload = signal.Document{Content: "\t+1"}
	var file bytes.Buffer
	w, err := exchange.NewCSVWriter(&file)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(d); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(bytes.NewReader(file.Bytes()[3:])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for i, name := range table[0] {
		cells[name] = table[1][i]
	}
	for name, want := range map[string]string{
		"title": "'=HYPERLINK(1)", "source": "'@x", "summary": "''=1", "energy": "-5", "temperature": "-0.5", "content": "'\t+1",
	} {
		if cells[name] != want {
			t.Errorf("%s is %q", name, cells[name])
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("csv", []byte("title,tags\n=1,a;b\n\"x"))
	f.Add("jsonl", []byte(`{"title":"a","payload":{"messages":[{}]},"type":"CONVERSATION"}`+"\n{"))
	f.Add("chatgpt", []byte(`[{"mapping":{"a":{"parent":"a","children":["a"]}},"current_node":"a"},{"chat_messages":[{}]}]`))
	f.Add("autonomy", []byte(`[{"signal_title":"a","signal_payload":{"transcript":"x"},"signal_type":"TRANSMISSION"}]`))
	f.Add("file", []byte("---\ntitle: &a x\ntags: [a, {b: c}]\n---\n\n# b"))
	f.Add("markdown", zipOf(f, "a.md", "---\ntitle: x\n---\n"))
	f.Fuzz(func(t *testing.T, format string, file []byte) {
		exchange.Detect(format, file)
		check := func(row exchange.Row) {
			if len(row.Problems) > 0 {
				return
			}
			if bad := row.Draft.Problems(); len(bad) > 0 || row.Draft.ExternalID == "" {
				t.Fatalf("%s is no draft: %v", row.Name, bad)
			}
			if again := row.Draft.Normalised(); !reflect.DeepEqual(again, row.Draft) {
				t.Fatalf("%s is not normalised", row.Name)
			}
		}
		if format == "file" {
			check(exchange.ReadMarkdown("a.md", file))
		}
		for row, err := range exchange.Read(bytes.NewReader(file), int64(len(file)), exchange.Format(format), nil) {
			if err == nil {
				check(row)
			}
		}
	})
}
