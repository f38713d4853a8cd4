package signal_test

import (
	"testing"

	"surrealm/store/signal"
)

func TestTitlesComeFromTheFirstLineThatSaysSomething(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "",
		"---\n\n## The valve  sticks\nx": "The valve sticks",
		"> quoted":                       "quoted",
		"***\n!!!":                       "",
		"日本 at noon":                     "日本 at noon",
	} {
		if got := signal.TitleOf(text); got != want {
			t.Errorf("title of %q is %q, want %q", text, got, want)
		}
	}
	long := "word word word word word word word word word word word word word word word word word word word word word word"
	if got := []rune(signal.TitleOf(long)); len(got) > 90 || string(got[len(got)-5:]) != "word…" {
		t.Errorf("a long line becomes %q", string(got))
	}
}

func TestPastedConversations(t *testing.T) {
	t.Parallel()
	found := signal.ParseConversation("Preface\nAda: Good morning\nHow are you?\n\n**ChatGPT:** Fine. See https://example.com\nsystem: be kind\nNobody:\n")
	want := []signal.Message{
		{Role: signal.User, Content: "Preface"},
		{Role: signal.User, Author: "Ada", Content: "Good morning\nHow are you?"},
		{Role: signal.Assistant, Author: "ChatGPT", Content: "Fine. See https://example.com"},
		{Role: signal.System, Author: "system", Content: "be kind"},
	}
	if len(found) != len(want) {
		t.Fatalf("%d messages: %+v", len(found), found)
	}
	for i := range want {
		if found[i].Role != want[i].Role || found[i].Author != want[i].Author || found[i].Content != want[i].Content {
			t.Errorf("message %d is %+v, want %+v", i, found[i], want[i])
		}
	}
}

func TestTheBytesOfARecordingDecideBeforeItsName(t *testing.T) {
	t.Parallel()
	mp4 := "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
	for _, c := range []struct{ name, head, want string }{
		{"talk.mp3", "ID3\x03\x00\x00\x00", "audio/mpeg"},
		{"talk.mp3", "\xff\xfb\x90\x64\x00\x00\x00", "audio/mpeg"},
		{"talk.m4a", mp4, "audio/mp4"},
		{"talk.mov", mp4, "video/mp4"},
		{"talk.ogg", "OggS\x00", "audio/ogg"},
		{"talk.wav", "RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"},
		{"talk.mp3", "<html><script>", ""},
		{"talk.mp3", "%PDF-1.7", ""},
		{"talk.exe", "MZ\x90\x00\x03", ""},
	} {
		if got := signal.RecordingType(c.name, []byte(c.head)); got != c.want {
			t.Errorf("%s that begins with %q is %q, want %q", c.name, c.head, got, c.want)
		}
	}
}
