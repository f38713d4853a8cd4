package synthesis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"surrealm/store/embed"
	"surrealm/store/synthesis"
)

var (
	builtIn = synthesis.BuiltIn{Encoder: embed.Hashing{}}
	types   = append(slices.Clone(synthesis.OfSignal), synthesis.Patterns)
	monday  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
)

func signals(texts ...string) []synthesis.Signal {
	var all []synthesis.Signal
	for i, text := range texts {
		id := uuid.UUID{0: 1, 14: byte(i >> 8), 15: byte(i)}
		all = append(all, synthesis.Signal{ID: id, Title: fmt.Sprint("Signal ", i), Text: text, At: monday.Add(time.Duration(i) * 24 * time.Hour)})
	}
	return all
}

func write(t rapid.TB, r synthesis.Request) synthesis.Result {
	t.Helper()
	result, err := builtIn.Write(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Every sentence stands in the passage that it cites, and the same request gives the same result.
func TestEverySentenceIsInItsPassage(t *testing.T) {
	t.Parallel()
	pieces := []string{"The pump", " leaks", " again", ".", "? ", "! ", "\n", "\n\n", " ", "\t", "- item ", "„Zitat“ ", "日本語。", "Dr. Ada Byron", " on 2026-03-02",
		"\u00a0", "e\u0301", " [1]", "\xff", "ward", strings.Repeat("long ", 200), strings.Repeat("x", 700)}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30), func(s []string) string { return strings.ToValidUTF8(strings.Join(s, ""), "?") })
		all := signals(rapid.SliceOfN(text, 0, 6).Draw(r, "texts")...)
		for _, kind := range types {
			request := synthesis.Request{Type: kind, Signals: all}
			result := write(r, request)
			cited(r, all, result)
			again, _ := json.Marshal(write(r, request))
			if first, _ := json.Marshal(result); string(first) != string(again) {
				r.Fatalf("%s was %s and is %s", kind, first, again)
			}
		}
	})
}

func cited(t rapid.TB, all []synthesis.Signal, result synthesis.Result) {
	t.Helper()
	body, sources := synthesis.Text(result.Statements)
	lines := synthesis.Lines(body, sources)
	if len(lines) != len(result.Statements) {
		t.Fatalf("%d statements made %d lines of %q", len(result.Statements), len(lines), body)
	}
	for i, line := range lines {
		if line.Source == nil || line.Number != i+1 {
			t.Fatalf("line %d has no source: %+v", i, line)
		}
		at := slices.IndexFunc(all, func(s synthesis.Signal) bool { return s.ID == line.Source.Signal })
		if at < 0 {
			t.Fatalf("%q is of an unknown signal", line.Text)
		}
		passage := all[at].Text[line.Source.From:line.Source.To]
		if strings.Join(strings.Fields(passage), " ") != line.Text {
			t.Fatalf("%q cites %q", line.Text, passage)
		}
	}
}

func TestNothingAndOneSentence(t *testing.T) {
	t.Parallel()
	for _, kind := range types {
		for _, texts := range [][]string{nil, {""}, {" \n\n "}} {
			if result := write(t, synthesis.Request{Type: kind, Signals: signals(texts...)}); len(result.Statements) > 0 {
				t.Errorf("%s of %q says %v", kind, texts, result.Statements)
			}
		}
		one := write(t, synthesis.Request{Type: kind, Signals: signals("The pump leaks.")})
		relates := kind == synthesis.Symbolic || kind == synthesis.Lineage || kind == synthesis.Patterns
		if want := map[bool]int{false: 1, true: 0}[relates]; len(one.Statements) != want {
			t.Errorf("%s of one sentence says %v", kind, one.Statements)
		}
	}
	if _, err := builtIn.Write(t.Context(), synthesis.Request{Type: "ORACLE", Signals: signals("Text.")}); err == nil {
		t.Error("an unknown type was written")
	}
}

func TestSurfaceFindsWhatIsNamed(t *testing.T) {
	t.Parallel()
	text := "Yesterday Ada Byron repaired Pump 7 in Oslo. The seal was replaced on 2026-03-02. Write to ada@example.com about the seal. Pressure fell by 30%."
	c := write(t, synthesis.Request{Type: synthesis.Surface, Signals: signals(text)}).Content
	for list, want := range map[string][]string{"entities": {"Ada Byron", "Oslo", "ada@example.com", "30%"}, "actions": {"repair", "replace"},
		"dates": {"2026-03-02"}, "terms": {"seal", "pressure"}} {
		counts := map[string][]synthesis.Count{"entities": c.Entities, "actions": c.Actions, "dates": c.Dates, "terms": c.Terms}[list]
		for _, text := range want {
			if !slices.ContainsFunc(counts, func(c synthesis.Count) bool { return c.Text == text }) {
				t.Errorf("%s lack %q: %v", list, text, counts)
			}
		}
	}
	if slices.ContainsFunc(c.Entities, func(c synthesis.Count) bool { return c.Text == "Pressure" || c.Text == "The" }) {
		t.Errorf("a word that begins a sentence is named: %v", c.Entities)
	}
}

func TestTheMirrorShowsWhatIsCentral(t *testing.T) {
	t.Parallel()
	result := write(t, synthesis.Request{Type: synthesis.Mirror, Signals: signals(
		"The engine of the car needs oil. The oil of the engine is black. Somebody sang a song outside. The car engine lost oil again.")})
	if len(result.Statements) != 1 || !strings.Contains(result.Statements[0].Text, "engine") {
		t.Errorf("central is %v", result.Statements)
	}
}

func TestLineageIsAboutItsSubject(t *testing.T) {
	t.Parallel()
	all := signals("The dough for the bread rises overnight.", "The engine stalls in the cold.", "This bread dough rises overnight too.")
	result := write(t, synthesis.Request{Type: synthesis.Lineage, Subject: all[2].ID, Signals: all})
	if len(result.Content.Relations) != 1 || result.Content.Relations[0].Earlier != all[0].ID || result.Content.Relations[0].Later != all[2].ID {
		t.Errorf("it builds on %+v", result.Content.Relations)
	}
	if first := write(t, synthesis.Request{Type: synthesis.Lineage, Subject: all[0].ID, Signals: all}); len(first.Statements) > 0 {
		t.Errorf("the first builds on %v", first.Statements)
	}
}

func TestPatternsCountTimes(t *testing.T) {
	t.Parallel()
	all := signals("The pump leaks in the morning.", "A song was sung.", "The pump was loud in the evening.")
	c := write(t, synthesis.Request{Type: synthesis.Patterns, Signals: all}).Content
	if len(c.Recurring) != 1 || c.Recurring[0] != (synthesis.Count{Text: "pump", Count: 2}) {
		t.Errorf("themes %v", c.Recurring)
	}
	if c.GapHours != 24 || len(c.Weekdays) != 3 || len(c.Months) != 1 || c.Months[0] != (synthesis.Count{Text: "March 2026", Count: 3}) {
		t.Errorf("times %+v", c)
	}
}

func TestFiveHundredSignals(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 500 {
		texts = append(texts, fmt.Sprintf("Pump %d leaks oil on the floor. Nobody repaired valve %d before the night shift. The report went to ward %d.", i, i%7, i%13))
	}
	all := signals(texts...)
	for _, kind := range types {
		result := write(t, synthesis.Request{Type: kind, Signals: all})
		if cited(t, all, result); len(result.Statements) == 0 || len(result.Statements) > 12 {
			t.Errorf("%s has %d statements", kind, len(result.Statements))
		}
	}
}
