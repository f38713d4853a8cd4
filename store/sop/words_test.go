package sop

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// marked writes runs as [-deleted-] and {+inserted+}.
func marked(runs []WordRun) string {
	var out strings.Builder
	for _, r := range runs {
		switch r.Op {
		case WordDelete:
			out.WriteString("[-" + r.Text + "-]")
		case WordInsert:
			out.WriteString("{+" + r.Text + "+}")
		default:
			out.WriteString(r.Text)
		}
	}
	return out.String()
}

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"", "new text", "{+new text+}"},
		{"old", "", "[-old-]"},
		{"within 60 minutes", "within 120 minutes", "within [-60-]{+120+} minutes"},
		{"the red car stops", "the blue bus stops", "the [-red car-]{+blue bus+} stops"},
		{"EUR 15,000 or more", "EUR 10,000 or more", "EUR [-15,000-]{+10,000+} or more"},
		{"the team's lead", "the team’s lead", "the [-team's-]{+team’s+} lead"},
		{"Sign it.", "Sign it, now.", "Sign it{+, now+}."},
		{"日本語", "日本人", "日本[-語-]{+人+}"},
		{"e\u0301a", "e\u0301b", "[-e\u0301a-]{+e\u0301b+}"},
	} {
		if got := marked(Words(c.before, c.after)); got != c.want {
			t.Errorf("%q to %q: got %q, not %q", c.before, c.after, got, c.want)
		}
	}
}

func TestWordsRebuildBothTexts(t *testing.T) {
	t.Parallel()
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "cd", " ", "  ", "\n", ".", ",", "15", "’", "日", "\xff", "\u0301", "😀", "\u200d"}), 0, 30)
	rapid.Check(t, func(t *rapid.T) {
		before := strings.Join(words.Draw(t, "before"), "")
		after := strings.Join(words.Draw(t, "after"), "")
		var b, a strings.Builder
		last := WordOp("")
		for _, r := range Words(before, after) {
			if r.Text == "" || r.Op == last {
				t.Fatalf("untidy run %+v after %s", r, last)
			}
			if r.Op == WordDelete && last == WordInsert {
				t.Fatal("inserted before deleted")
			}
			last = r.Op
			if r.Op != WordInsert {
				b.WriteString(r.Text)
			}
			if r.Op != WordDelete {
				a.WriteString(r.Text)
			}
		}
		if b.String() != before || a.String() != after {
			t.Fatalf("%q and %q came back as %q and %q", before, after, b.String(), a.String())
		}
	})
}
