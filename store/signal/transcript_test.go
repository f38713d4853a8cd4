package signal_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
)

func ms(n int) signal.Offset { return signal.Offset(time.Duration(n) * time.Millisecond) }

func TestParseTranscript(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text   string
		format signal.TranscriptFormat
		cues   []signal.Cue
		bad    []int
	}{
		"vtt": {
			text: "\ufeffWEBVTT - talk\r\nKind: captions\r\n\r\nNOTE not --> this\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\n" +
				"intro\r\n00:01.500 --> 00:03.000 align:start\r\n<v.loud Ada>Hello &amp; <i>welcome</i> <00:02.000>all</v>\r\n\r\n" +
				"1:00:02.000 --> 1:00:04.000\r\n- 1 &lt; 2\r\n- indeed\r\n",
			format: signal.VTT,
			cues: []signal.Cue{
				{From: ms(1500), To: ms(3000), Speaker: "Ada", Text: "Hello & welcome all"},
				{From: ms(3602000), To: ms(3604000), Text: "- 1 < 2\n- indeed"},
			},
		},
		"two voices in a cue, and overlap": {
			text:   "WEBVTT\n\n00:00.000 --> 00:05.000\n<v Ada>Yes\n<v Bob>No\n\n00:02.000 --> 00:03.000\nboth",
			format: signal.VTT,
			cues: []signal.Cue{
				{From: 0, To: ms(5000), Speaker: "Ada", Text: "Yes"}, {From: 0, To: ms(5000), Speaker: "Bob", Text: "No"},
				{From: ms(2000), To: ms(3000), Text: "both"},
			},
		},
		"bad cues are named by line": {
			text:   "WEBVTT\n\n00:05.000 --> 00:02.000\nbackwards\n\nid\n00:0x --> 1\nbroken\n\n00:06.000 --> 00:07.000\ngood",
			format: signal.VTT,
			cues:   []signal.Cue{{From: ms(6000), To: ms(7000), Text: "good"}},
			bad:    []int{3, 7},
		},
		"srt": {
			text:   "1\n00:00:01,000 --> 00:00:02,5\n{\\an8}<i>One</i> a < b\n\n\n2\n00:01:00,000-->00:01:01,000\ntwo\nlines --> here\n",
			format: signal.SRT,
			cues:   []signal.Cue{{From: ms(1000), To: ms(2500), Text: "One a < b"}, {From: ms(60000), To: ms(61000), Text: "two\nlines --> here"}},
		},
		"plain": {
			text:   "Ada Lovelace: Hello\n\n  Just a line: not a speaker of mine, is it?\nhttp://example.com: x",
			format: signal.PlainTranscript,
			cues: []signal.Cue{
				{Speaker: "Ada Lovelace", Text: "Hello"}, {Speaker: "Just a line", Text: "not a speaker of mine, is it?"},
				{Text: "http://example.com: x"},
			},
		},
		"plain with times": {
			text:   "[00:01] Ada: Hi\n(1:02) there\n1:00:00.5\nnext",
			format: signal.PlainTranscript,
			cues: []signal.Cue{
				{From: ms(1000), To: ms(62000), Speaker: "Ada", Text: "Hi"}, {From: ms(62000), To: ms(3600500), Text: "there"},
				{From: ms(3600500), To: ms(3600500)}, {Text: "next"},
			},
		},
		"nothing": {text: "", format: signal.PlainTranscript},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := signal.DetectTranscript(c.text); got != c.format {
				t.Errorf("detected %s", got)
			}
			cues, bad := signal.ParseTranscript(c.text)
			if !reflect.DeepEqual(cues, c.cues) {
				t.Errorf("got %+v", cues)
			}
			var lines []int
			for _, b := range bad {
				lines = append(lines, b.Line)
			}
			if !reflect.DeepEqual(lines, c.bad) {
				t.Errorf("bad: %v", bad)
			}
		})
	}
}

func TestVTTComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var cues []signal.Cue
		for range rapid.IntRange(1, 4).Draw(t, "cues") {
			from := rapid.IntRange(0, 3e9).Draw(t, "from")
			cue := signal.Cue{From: ms(from), To: ms(from + rapid.IntRange(1, 1e6).Draw(t, "length"))}
			cue.Text = tidyLines(signaltest.Text().Draw(t, "text"))
			cue.Speaker = strings.Join(strings.Fields(signaltest.Text().Draw(t, "speaker")), " ")
			if cue.Text == "" && cue.Speaker == "" {
				continue
			}
			cues = append(cues, cue)
		}
		text := signal.WriteTranscript(signal.VTT, cues)
		if again, bad := signal.ParseTranscript(text); len(bad) > 0 || !reflect.DeepEqual(again, cues) {
			t.Fatalf("%+v\ncame back as %+v, %v by\n%s", cues, again, bad, text)
		}
	})
}

// tidyLines is the text as every subtitle format keeps it: no empty lines, no white space at their ends.
func tidyLines(text string) string {
	var lines []string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestSRTComesBack(t *testing.T) {
	t.Parallel()
	cues := []signal.Cue{{From: ms(0), To: ms(1), Text: "1"}, {From: ms(3599999), To: ms(3600000), Text: "a & b\n12"}}
	if again, bad := signal.ParseTranscript(signal.WriteTranscript(signal.SRT, cues)); len(bad) > 0 || !reflect.DeepEqual(again, cues) {
		t.Errorf("came back as %+v, %v", again, bad)
	}
	cues = []signal.Cue{{Speaker: "Ada", Text: "Hi"}, {From: ms(1000), To: ms(2000), Text: "ho"}}
	if got := signal.WriteTranscript(signal.SRT, cues); got != "1\n00:00:00,000 --> 00:00:00,000\nAda: Hi\n\n2\n00:00:01,000 --> 00:00:02,000\nho\n\n" {
		t.Errorf("got %q", got)
	}
}

func FuzzTranscript(f *testing.F) {
	for _, seed := range []string{
		"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>Hi", "1\n00:00:01,000 --> 00:00:02,000\nHi", "[00:01] Ada: Hi", "WEBVTT", "\ufeff", "\x00\xff",
		"9999:99:99.999 --> 9999:99:99.999\nx", "WEBVTT\n\n<v\n-->\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cues, bad := signal.ParseTranscript(text)
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, b := range bad {
			if b.Line < 1 || b.Line > lines {
				t.Fatalf("line %d of %d", b.Line, lines)
			}
		}
		for _, format := range []signal.TranscriptFormat{signal.VTT, signal.SRT, signal.PlainTranscript} {
			signal.WriteTranscript(format, cues)
		}
		for _, cue := range cues {
			if cue.To < cue.From || cue.From < 0 {
				t.Fatalf("cue %+v", cue)
			}
		}
	})
}
