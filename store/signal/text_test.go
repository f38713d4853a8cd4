package signal_test

import (
	"strings"
	"testing"

	"surrealm/store/signal"
)

func TestMarkdownText(t *testing.T) {
	t.Parallel()
	source := "# Title *one*\n\nA [link](https://example.com \"t\") and `code`,\nnext line. ![alt](x.png)\n\n- a\n- b\n  - c\n\n1. x\n\n   y\n\n" +
		"| h1 | h2 |\n|---|---|\n| 1 | **2** |\n\n```go\nif a < b {\n\treturn\n}\n```\n\n> quote\n\n<div>raw <b>html</b></div>\n\nhttps://example.org &amp; ~~gone~~\n"
	want := "Title one\n\nA link and code,\nnext line. alt\n\na\nb\nc\n\nx\n\ny\n\nh1 | h2\n1 | 2\n\nif a < b {\n\treturn\n}\n\nquote\n\nraw html\n\nhttps://example.org & gone"
	if got := signal.MarkdownText(source); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestHTMLText(t *testing.T) {
	t.Parallel()
	source := "<html><head><title>T</title><style>p{}</style></head><body><h1>Head</h1><p>One\n  two&nbsp;&lt;b&gt;<br>three</p>" +
		"<script>alert('x')</script><ul><li>a<li>b</ul><table><tr><td>1</td><td>2</td></tr></table><pre>  x\n   y</pre><p>end<!-- no -->"
	want := "T\n\nHead\n\nOne two <b>\nthree\n\na\nb\n\n1 2\n\nx\n   y\n\nend"
	if got := signal.HTMLText(source); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestTextOfEachType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		payload signal.Payload
		want    string
	}{
		{signal.Document{Content: "*plain*\n"}, "*plain*"},
		{signal.Document{Content: "*soft*", Format: signal.Markdown}, "soft"},
		{signal.Document{Content: "<p>hard", Format: signal.HTML}, "hard"},
		{signal.Transmission{Transcript: []signal.Cue{{Speaker: "Ada", Text: "Hi"}, {Speaker: "Ada", Text: "there"}, {Text: "ho"}}}, "Ada: Hi\nthere\n\nho"},
		{signal.Conversation{Messages: []signal.Message{
			{Role: signal.System, Content: "Be kind"}, {Role: signal.User, Author: "Ada", Content: "Why?"}, {Role: signal.Assistant, Content: "Because."},
		}}, "Ada: Why?\n\nAssistant: Because."},
		{signal.Photo{OriginalName: "x.jpg"}, ""},
	} {
		d := signal.NewDraft(c.payload.Type())
		d.Title, d.Tags, d.Payload = "T", []string{"a", "b"}, c.payload
		if got := d.Text(); got != strings.TrimSpace("T\n\na, b\n\n"+c.want) {
			t.Errorf("%T: %q", c.payload, got)
		}
	}
}

func TestLongMarkdownIsReadInPieces(t *testing.T) {
	t.Parallel()
	for _, paragraph := range []string{"Some *soft* words.\n\n", "a *b*\n", "日本語", strings.Repeat(">", 99) + "\n\nw\n\n"} {
		source := strings.Repeat(paragraph, 100_000/len(paragraph))
		short := strings.Fields(signal.MarkdownText(paragraph))
		got := strings.Fields(signal.MarkdownText(source))
		if strings.Join(got, "") != strings.Repeat(strings.Join(short, ""), 100_000/len(paragraph)) {
			t.Errorf("%q is not kept whole", paragraph)
		}
	}
}

func FuzzPlainText(f *testing.F) {
	for _, seed := range []string{"# a\n\n- b", "<p>a<pre>", "[a](b", "|a|\n|-|\n", "<scr<script>", strings.Repeat(">", 1000), strings.Repeat("[", 1000), "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		signal.MarkdownText(source)
		if strings.Contains(signal.HTMLText(source), "\x00") {
			t.Fatal("a mark of ours is left")
		}
	})
}
