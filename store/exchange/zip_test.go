package exchange_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"reflect"
	"strings"
	"testing"

	"surrealm/store/exchange"
	"surrealm/store/signal"
)

// zipOf is a zip of files: names and texts by turns.
func zipOf(t testing.TB, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Deflate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestMarkdownOfOthers(t *testing.T) {
	t.Parallel()
	got := rows(t, exchange.Markdown, zipOf(t,
		"notes/pump.md", "---\r\ntitle: 2024\r\ndate: 2024-05-01\r\ntags: [a, 5, true]\r\ntype: post\r\nauthor: Ada\r\nlat: 59.9\r\nlng: 10\r\nrating: 4.50\r\n---\r\n\r\nText\r\n",
		"notes/my-note.md", "Intro\n\n# The *real* title\n",
		"plain_name.txt", "no heading",
		"at 10:30 \xff.md", "x",
		"tags.md", "---\nkeywords: one, two\n---\nx",
		"image.png", "x",
		"broken.md", "---\na: [\n---\n",
		"bomb.md", "---\na: &a [x,x]\nb: [*a,*a]\n---\n",
		"twice.md", "---\na: 1\na: 2\n---\n",
		"talk.md", "---\ntype: TRANSMISSION\ntitle: Talk\n---\n[00:01] Ada: Hi\n",
		".obsidian/x.md", "hidden", "__MACOSX/y.md", "hidden", "folder/", "",
	))
	bad := problemsOf(got)
	if !reflect.DeepEqual(bad, map[string][]string{"image.png": {""}, "broken.md": {""}, "bomb.md": {""}, "twice.md": {""}}) {
		t.Errorf("problems: %v", bad)
	}
	by := map[string]signal.Draft{}
	for _, row := range got {
		by[row.Name] = row.Draft
	}
	d := by["notes/pump.md"]
	facts := d.Metadata.(signal.DocumentFacts)
	if d.Title != "2024" || d.CapturedAt.Format("2006-01-02") != "2024-05-01" || !reflect.DeepEqual(d.Tags, []string{"a", "5", "true"}) ||
		d.Source != "Ada" || *d.Place != (signal.Place{Latitude: 59.9, Longitude: 10}) || string(facts.Extra["rating"]) != "4.50" || string(facts.Extra["type"]) != `"post"` {
		t.Errorf("%+v", d)
	}
	if doc := d.Payload.(signal.Document); doc.Content != "Text\r\n" || doc.Format != signal.Markdown {
		t.Errorf("%+v", doc)
	}
	if by["notes/my-note.md"].Title != "The real title" || by["plain_name.txt"].Title != "plain name" || by["plain_name.txt"].Payload.(signal.Document).Format != signal.Plain {
		t.Errorf("titles: %q, %q", by["notes/my-note.md"].Title, by["plain_name.txt"].Title)
	}
	if !reflect.DeepEqual(by["tags.md"].Tags, []string{"one", "two"}) {
		t.Errorf("tags: %q", by["tags.md"].Tags)
	}
	if talk := by["talk.md"].Payload.(signal.Transmission); len(talk.Transcript) != 1 || talk.Transcript[0].Speaker != "Ada" {
		t.Errorf("talk: %+v", talk)
	}
	if _, ok := by["at 10:30 \ufffd.md"]; !ok || len(got) != 10 {
		t.Errorf("%d rows", len(got))
	}
}

func TestUnsafeZipsAreRefused(t *testing.T) {
	t.Parallel()
	var link bytes.Buffer
	w := zip.NewWriter(&link)
	header := &zip.FileHeader{Name: "link.md"}
	header.SetMode(fs.ModeSymlink | 0o777)
	if _, err := w.CreateHeader(header); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file     []byte
		sentence string
	}{
		"slip":          {zipOf(t, "../a.md", "x"), "not safe"},
		"hidden slip":   {zipOf(t, "a/../../b.md", "x"), "not safe"},
		"absolute":      {zipOf(t, "/a.md", "x"), "not safe"},
		"drive":         {zipOf(t, "C:a.md", "x"), "not safe"},
		"backslash":     {zipOf(t, "..\\a.md", "x"), "not safe"},
		"twice":         {zipOf(t, "a.md", "x", "A.md", "y"), "two files"},
		"symbolic link": {link.Bytes(), "not a file"},
		"no zip":        {[]byte("hello"), "not a zip"},
		"half a zip":    {zipOf(t, "a.md", "x")[:40], "not a zip"},
		"many entries":  {append([]byte("PK\x03\x04"), bytes.Repeat([]byte("PK\x01\x02"), 200_000)...), "more than"},
	} {
		if err := failure(exchange.Markdown, c.file); !isBadFile(err) || !strings.Contains(err.Error(), c.sentence) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := rows(t, exchange.Markdown, zipOf(t, "a.md", "fine", "b.md", strings.Repeat("a", 5<<20)))
	if len(got) != 2 || len(got[0].Problems) > 0 || !strings.Contains(got[1].Problems[""], "larger than 2 MB") {
		t.Errorf("a bomb among files: %+v", problemsOf(got))
	}
	if err := failure(exchange.ChatGPT, zipOf(t, "a.md", "x")); !isBadFile(err) {
		t.Errorf("no conversations: %v", err)
	}
}
