package embed_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"surrealm/store/embed"
)

func passages(text string) []string {
	var parts []string
	for _, p := range embed.Passages(text) {
		parts = append(parts, text[p.From:p.To])
	}
	return parts
}

func words(n int) string { return strings.TrimSpace(strings.Repeat("word ", n)) }

func TestPassagesEndWithSentences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"blank":                         {" \n\t ", ""},
		"short":                         {"  One sentence. Another one.\n", "One sentence. Another one."},
		"whole sentences":               {words(60) + ". " + words(30) + "! " + words(20) + "?", words(60) + ". " + words(30) + "!|" + words(20) + "?"},
		"a closed quotation":            {words(60) + ".” " + words(60), words(60) + ".”|" + words(60)},
		"a paragraph without a mark":    {words(60) + "\n\n" + words(60), words(60) + "|" + words(60)},
		"a line is no sentence":         {words(60) + "\n" + words(60), words(60) + "\n" + words(40) + "|" + words(20)},
		"no mark inside a number":       {words(98) + " 3.14159 is pi", words(98) + " 3.14159 is|pi"},
		"a sentence that is too long":   {words(150) + ".", words(100) + "|" + words(50) + "."},
		"a word that is too long":       {strings.Repeat("é", 700), strings.Repeat("é", 500) + "|" + strings.Repeat("é", 200)},
		"no white space between":        {strings.Repeat(strings.Repeat("字", 199)+"。", 2), strings.Repeat("字", 199) + "。|" + strings.Repeat("字", 199) + "。"},
		"a short one before a long one": {"Note. " + strings.Repeat("x", 2500), "Note.|" + strings.Repeat("x", 1000) + "|" + strings.Repeat("x", 1000) + "|" + strings.Repeat("x", 500)},
	} {
		if got := strings.Join(passages(test.text), "|"); got != test.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, test.want)
		}
	}
}

// texts are of all kinds, up to many passages long.
var texts = rapid.OneOf(
	rapid.String(),
	rapid.Map(rapid.SliceOf(rapid.Byte()), func(raw []byte) string { return string(raw) }), // no UTF-8 at all
	rapid.Custom(func(t *rapid.T) string {
		part := rapid.SampledFrom([]string{
			" ", "\n", "\n\n", "\u00a0", ". ", "! ", "?", "”", "。", "Dr.", "3.5", "word ", "many words in a row ", "日本語", "👩‍👩‍👧‍👦", "e\u0301",
			strings.Repeat("x", 990), words(99),
		})
		n := rapid.IntRange(0, 200).Draw(t, "parts")
		return strings.Join(rapid.SliceOfN(part, n, n).Draw(t, "text"), "")
	}))

func TestPassagesCoverTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		at := 0
		for _, p := range embed.Passages(text) {
			if p.From < at || p.To <= p.From || p.To > len(text) {
				t.Fatalf("%v after %d of %d", p, at, len(text))
			}
			if between := text[at:p.From]; strings.TrimSpace(between) != "" {
				t.Fatalf("%q is in no passage", between)
			}
			part := text[p.From:p.To]
			if part != strings.TrimSpace(part) {
				t.Fatalf("%q has white space at an end", part)
			}
			if len(part) > 1000 || len(strings.Fields(part)) > 100 {
				t.Fatalf("%d bytes and %d words are too long", len(part), len(strings.Fields(part)))
			}
			if utf8.ValidString(text) && !utf8.ValidString(part) {
				t.Fatalf("%q is cut inside a character", part)
			}
			at = p.To
		}
		if rest := text[at:]; strings.TrimSpace(rest) != "" {
			t.Fatalf("%q is in no passage", rest)
		}
		if len(strings.TrimSpace(text)) < 1000 && len(strings.Fields(text)) < 50 && !strings.Contains(text, "。") && len(embed.Passages(text)) > 1 {
			t.Fatalf("%q is short enough for one passage", text)
		}
	})
}

func TestPassagesOfPassagesAreThemselves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, part := range passages(texts.Draw(t, "text")) {
			if again := passages(part); !slices.Equal(again, []string{part}) {
				t.Fatalf("%q is cut again into %q", part, again)
			}
		}
	})
}
