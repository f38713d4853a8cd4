package store

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

// An address that is taken is plain, and what is suggested for a name is such an address or too short for one.
func FuzzSlug(f *testing.F) {
	for _, text := range []string{"acme", "Acme Health & Care", "a--b", "-a", "аcme", "ﬁne", "İstanbul", "new", "\xff\x00", strings.Repeat("ä", 60), "x y"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		suggested := SuggestSlug(text)
		for _, slug := range []string{text, suggested} {
			plain := len(slug) >= 3 && len(slug) <= 48 && strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
				!strings.HasPrefix(slug, "-") && !strings.HasSuffix(slug, "-") && !strings.Contains(slug, "--")
			if checkSlug(slug) == "" && !plain {
				t.Fatalf("%q is taken", slug)
			}
			if slug == suggested && len(slug) >= 3 && !plain {
				t.Fatalf("%q is suggested for %q", slug, text)
			}
		}
	})
}

// A cursor comes back as it was, and whatever else stands in a link is one place in a list or its beginning.
func FuzzCursor(f *testing.F) {
	f.Add("2026-01-01", []byte("0123456789abcdef"), true, "eyJrIjoieCJ9")
	f.Add("\xff\x00\u202e", make([]byte, 16), false, "!")
	f.Fuzz(func(t *testing.T, key string, id []byte, back bool, text string) {
		if c, ok := parseCursor(text); ok {
			if again, ok := parseCursor(c.String()); !ok || again != c {
				t.Fatalf("%q is the place %v, which becomes %v", text, c, again)
			}
		} else if c != (cursor{}) {
			t.Fatalf("%q is no place, but %v", text, c)
		}
		place, err := uuid.FromBytes(id)
		if err != nil || place == uuid.Nil || len(key) > 100 {
			return
		}
		c := cursor{Key: strings.ToValidUTF8(key, "?"), ID: place, Back: back}
		if again, ok := parseCursor(c.String()); !ok || again != c {
			t.Fatalf("%v becomes %v", c, again)
		}
	})
}
