package signal

import (
	"fmt"
	"strings"
	"time"
)

// WriteTranscript writes cues in the format. WebVTT keeps times to the millisecond, speakers and texts, save for empty lines and
// white space at the ends of lines. SubRip and plain text have no place for a speaker: the name goes before the text, with a colon.
// In WebVTT and SubRip a cue without times stands where the one before it ends.
func WriteTranscript(format TranscriptFormat, cues []Cue) string {
	var out strings.Builder
	if format == VTT {
		out.WriteString("WEBVTT\n\n")
	}
	var end Offset
	for i, cue := range cues {
		from, to := cue.From, cue.To
		if !cue.Timed() {
			from, to = end, end
		}
		end = to
		switch format {
		case VTT:
			fmt.Fprintf(&out, "%s --> %s\n%s\n\n", clockText(from, "."), clockText(to, "."), vttCue(cue))
		case SRT:
			fmt.Fprintf(&out, "%d\n%s --> %s\n%s\n\n", i+1, clockText(from, ","), clockText(to, ","), withSpeaker(cue))
		default:
			if cue.Timed() {
				fmt.Fprintf(&out, "[%s] ", clockText(from, "."))
			}
			fmt.Fprintf(&out, "%s\n", strings.ReplaceAll(withSpeaker(cue), "\n", " "))
		}
	}
	return out.String()
}

func clockText(at Offset, point string) string {
	millis := time.Duration(at).Round(time.Millisecond).Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d%s%03d", millis/3600000, millis/60000%60, millis/1000%60, point, millis%1000)
}

var vttEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func vttCue(cue Cue) string {
	text := vttEscape.Replace(withoutEmptyLines(cue.Text))
	if cue.Speaker == "" {
		return text
	}
	return "<v " + vttEscape.Replace(oneLine(cue.Speaker)) + ">" + text
}

func withSpeaker(cue Cue) string {
	if text := withoutEmptyLines(cue.Text); cue.Speaker == "" {
		return text
	} else {
		return oneLine(cue.Speaker) + ": " + text
	}
}

func withoutEmptyLines(text string) string {
	var lines []string
	for _, line := range transcriptLines(text) {
		if strings.TrimSpace(line.text) != "" {
			lines = append(lines, line.text)
		}
	}
	return strings.Join(lines, "\n")
}
