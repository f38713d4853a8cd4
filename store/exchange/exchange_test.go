package exchange_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surrealm/store/exchange"
	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
)

// rows reads a file that must not fail as a whole.
func rows(t testing.TB, format exchange.Format, file []byte) []exchange.Row {
	t.Helper()
	return collect(t, exchange.Read(bytes.NewReader(file), int64(len(file)), format, nil))
}

func collect(t testing.TB, seq iter.Seq2[exchange.Row, error]) []exchange.Row {
	t.Helper()
	var out []exchange.Row
	for row, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	return out
}

func failure(format exchange.Format, file []byte) error {
	for _, err := range exchange.Read(bytes.NewReader(file), int64(len(file)), format, nil) {
		if err != nil {
			return err
		}
	}
	return nil
}

// drafts draws drafts with different external ids, as rows of an export have them.
func drafts(t *rapid.T) []signal.Draft {
	var out []signal.Draft
	for i := range rapid.IntRange(0, 4).Draw(t, "drafts") {
		d := signaltest.Draft(t)
		d.ExternalID = strconv.Itoa(i) + d.ExternalID
		out = append(out, d.Normalised())
	}
	return out
}

// comesBack checks that a file gives the drafts that were written to it.
func comesBack(t *rapid.T, format exchange.Format, file []byte, want []signal.Draft) {
	i := 0
	for row, err := range exchange.Read(bytes.NewReader(file), int64(len(file)), format, nil) {
		if err != nil || len(row.Problems) > 0 {
			t.Fatalf("%s: %v, %v in\n%s", row.Name, row.Problems, err, file)
		}
		if i == len(want) {
			t.Fatalf("a row too many: %s", row.Name)
		}
		if !reflect.DeepEqual(row.Draft, want[i]) {
			before, _ := json.Marshal(want[i])
			after, _ := json.Marshal(row.Draft)
			changed, _ := signal.Differences(want[i], row.Draft)
			t.Fatalf("%v differ:\n%s\ncame back as\n%s by\n%s", changed, before, after, file)
		}
		i++
	}
	if i != len(want) {
		t.Fatalf("%d of %d rows", i, len(want))
	}
}

func TestJSONLComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drafts(t)
		var file bytes.Buffer
		for _, d := range want {
			if err := exchange.WriteJSONL(&file, d); err != nil {
				t.Fatal(err)
			}
		}
		comesBack(t, exchange.JSONL, file.Bytes(), want)
	})
}

func TestCSVComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drafts(t)
		var file bytes.Buffer
		w, err := exchange.NewCSVWriter(&file)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range want {
			if err := w.Write(d); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		comesBack(t, exchange.CSV, file.Bytes(), want)
	})
}

func TestMarkdownComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drafts(t)
		var file bytes.Buffer
		w := exchange.NewMarkdownWriter(&file)
		for i := range d {
			text, err := exchange.MarkdownFile(d[i])
			if err != nil {
				t.Fatal(err)
			}
			if row := exchange.ReadMarkdown("a.md", text); !reflect.DeepEqual(row.Draft, d[i]) {
				t.Fatalf("%s\ncame back as\n%#v, %v", text, row.Draft, row.Problems)
			}
			if err := w.Write(d[i], ""); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(d, func(a, b signal.Draft) int { return strings.Compare(a.ExternalID, b.ExternalID) })
		var again []signal.Draft
		for row, err := range exchange.Read(bytes.NewReader(file.Bytes()), int64(file.Len()), exchange.Markdown, nil) {
			if err != nil || len(row.Problems) > 0 {
				t.Fatalf("%s: %v, %v", row.Name, row.Problems, err)
			}
			again = append(again, row.Draft)
		}
		slices.SortFunc(again, func(a, b signal.Draft) int { return strings.Compare(a.ExternalID, b.ExternalID) })
		if !reflect.DeepEqual(again, d) {
			t.Fatalf("%d came back as %d, or changed", len(d), len(again))
		}
	})
}

func isBadFile(err error) bool { return errors.As(err, &exchange.BadFile{}) }
