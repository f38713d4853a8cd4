package handlers

import (
	"log"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"surrealm/store/signal"
)

// A form is read or refused, whatever its fields are called, and text that is read can be stored.
func FuzzForm(f *testing.F) {
	for _, body := range []string{"title=x", "[[[[=1&facts[=1&messages[0=1&]x[=1", "config[0][1][2].name=x&config[99999999].name=x&config[-1].name=y",
		"messages[1999].text=%00%ff%0d%0a", "tags=a&tags=b&revision=99999999999999999999", "facts[0].key=a&facts[0].value=b"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		values, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		form, err := decodeQuery[struct {
			Title    string   `form:"title"`
			Tags     []string `form:"tags"`
			Revision int      `form:"revision"`
			Messages []struct {
				Text string `form:"text"`
			} `form:"messages"`
			Config map[string]string `form:"config"`
		}](values)
		if err != nil {
			return
		}
		texts := append([]string{form.Title}, form.Tags...)
		for _, m := range form.Messages {
			texts = append(texts, m.Text)
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00") {
				t.Fatalf("%q holds what cannot be stored: %q", body, text)
			}
		}
	})
}

// What a field is called reaches no log: whoever makes up names cannot make up lines.
func TestNamesOfFieldsAreNotWritten(t *testing.T) {
	var written strings.Builder
	before := log.Writer()
	log.SetOutput(&written)
	defer log.SetOutput(before)
	for _, name := range []string{"[[", "a[", "]a", "a]b[", "a[0", "a[\nlevel=ERROR msg=made-up", "a[[0]]"} {
		var into struct {
			Title string `form:"title"`
		}
		if err := decode(&into, url.Values{name: {"x"}, "title": {"y"}}); err == nil {
			t.Errorf("%q is read", name)
		}
	}
	if written.Len() > 0 {
		t.Errorf("written to the log: %s", &written)
	}
}

// The name of a file leads nowhere and breaks no header.
func FuzzFileName(f *testing.F) {
	for _, name := range []string{"a.pdf", "../../etc/passwd", `C:\x\y.txt`, "a\r\nX: 1", "\u202egpj.exe", "\xff\x00", "..", "/", strings.Repeat("ä", 300) + ".md"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := fileName(name)
		if got == "" || got == "." || got == "/" || !utf8.ValidString(got) || utf8.RuneCountInString(got) > signal.SourceLimit || strings.ContainsAny(got, "/\\\x00\r\n\t") {
			t.Fatalf("%q became %q", name, got)
		}
	})
}
