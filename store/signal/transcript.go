package signal

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// TranscriptFormat is how a transcript is written in a file.
type TranscriptFormat string

// The formats.
const (
	PlainTranscript TranscriptFormat = "plain" // a line for each passage, perhaps with [time] and Speaker: before it
	SRT             TranscriptFormat = "srt"   // SubRip
	VTT             TranscriptFormat = "vtt"   // WebVTT
)

// BadLine says what is wrong at a line of a transcript; lines count from 1.
type BadLine struct {
	Line     int
	Sentence string
}

// Error is the sentence with its line.
func (b BadLine) Error() string { return fmt.Sprintf("Line %d: %s", b.Line, b.Sentence) }

// CuesLimit is how many passages a transcript may have.
const CuesLimit = 20000

// DetectTranscript tells how a transcript is written. What is neither WebVTT nor SubRip is plain.
func DetectTranscript(text string) TranscriptFormat {
	lines := transcriptLines(strings.TrimPrefix(text, "\ufeff"))
	if isVTT(lines) {
		return VTT
	}
	for _, line := range lines {
		if line.text == "" || digitsOnly.MatchString(line.text) {
			continue
		}
		if timing.MatchString(line.text) {
			return SRT
		}
		break
	}
	return PlainTranscript
}

// ParseTranscript reads a transcript in the form that DetectTranscript finds. Cues come in the order of the text, overlapping ones
// too. What cannot be read is left out and named by its line.
func ParseTranscript(text string) ([]Cue, []BadLine) {
	lines := transcriptLines(strings.TrimPrefix(text, "\ufeff"))
	switch DetectTranscript(text) {
	case VTT:
		return timedCues(lines, vttText)
	case SRT:
		return timedCues(lines, srtText)
	}
	return plainCues(lines)
}

type numberedLine struct {
	number int
	text   string
}

// transcriptLines splits the text at any kind of line end and takes away white space at the end of a line.
func transcriptLines(text string) []numberedLine {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(Clean(text))
	var out []numberedLine
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, numberedLine{len(out) + 1, strings.TrimRight(line, " \t")})
	}
	return out
}

const clock = `(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?`

var (
	digitsOnly = regexp.MustCompile(`^\s*\d+$`)
	timing     = regexp.MustCompile(`^\s*` + clock + `\s*-->\s*` + clock + `(?:\s.*)?$`)
	vttSkipped = regexp.MustCompile(`^(NOTE|STYLE|REGION|X-TIMESTAMP-MAP=.*)(\s|$)`)
)

func isVTT(lines []numberedLine) bool {
	rest, ok := strings.CutPrefix(lines[0].text, "WEBVTT")
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// timedCues reads blocks that are separated by empty lines: perhaps an identifier, then the times, then the text.
func timedCues(lines []numberedLine, split func(string) []Cue) (cues []Cue, bad []BadLine) {
	if isVTT(lines) {
		for len(lines) > 0 && lines[0].text != "" && !timing.MatchString(lines[0].text) { // the header
			lines = lines[1:]
		}
	}
	for block := range blocks(lines) {
		if vttSkipped.MatchString(block[0].text) {
			continue
		}
		at := 0
		if !strings.Contains(block[0].text, "-->") && len(block) > 1 {
			at = 1
		}
		from, to, problem := times(block[at].text)
		if problem != "" {
			bad = append(bad, BadLine{block[at].number, problem})
			continue
		}
		if len(cues) >= CuesLimit {
			return cues, append(bad, BadLine{block[at].number, fmt.Sprintf("There are more than %d passages.", CuesLimit)})
		}
		for _, cue := range split(joined(block[at+1:])) {
			cue.From, cue.To = from, to
			cues = append(cues, cue)
		}
	}
	return cues, bad
}

func blocks(lines []numberedLine) func(yield func([]numberedLine) bool) {
	return func(yield func([]numberedLine) bool) {
		start := 0
		for i := 0; i <= len(lines); i++ {
			if i < len(lines) && lines[i].text != "" {
				continue
			}
			if i > start && !yield(lines[start:i]) {
				return
			}
			start = i + 1
		}
	}
}

func joined(lines []numberedLine) string {
	texts := make([]string, len(lines))
	for i, line := range lines {
		texts[i] = line.text
	}
	return strings.Join(texts, "\n")
}

func times(line string) (from, to Offset, problem string) {
	m := timing.FindStringSubmatch(line)
	if m == nil {
		return 0, 0, "Write the times as 00:01:02.500 --> 00:01:04.000."
	}
	from, to = clockTime(m[1:5]), clockTime(m[5:9])
	if to < from {
		return 0, 0, "The passage ends before it begins."
	}
	if time.Duration(to) > longest {
		return 0, 0, "The passage lies beyond 1000 hours."
	}
	return from, to, ""
}

// clockTime is hours, minutes, seconds and a decimal fraction of a second; hours and fraction may be empty.
func clockTime(parts []string) Offset {
	var total time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi(parts[i])
		total += time.Duration(n) * unit
	}
	millis, _ := strconv.Atoi((parts[3] + "000")[:3])
	return Offset(total + time.Duration(millis)*time.Millisecond)
}

var (
	voice   = regexp.MustCompile(`<v(?:\.[^\s>]*)?[ \t]+([^>]*)>`)
	vttTag  = regexp.MustCompile(`</?(?:[a-z][^>]*|\d[\d:.]*)?>`)
	srtTag  = regexp.MustCompile(`(?i)</?(?:i|b|u|s|font)(?:\s[^>]*)?>|\{\\[^}]*\}`)
	manyGap = regexp.MustCompile(`\s+`)
)

// vttText takes the tags out of the text of a cue. Several voices in one cue become several cues.
func vttText(text string) []Cue {
	var out []Cue
	speaker, start := "", 0
	add := func(part string) {
		part = strings.Trim(html.UnescapeString(vttTag.ReplaceAllString(part, "")), "\n")
		if part != "" || speaker != "" {
			out = append(out, Cue{Speaker: speaker, Text: part})
		}
	}
	for _, at := range voice.FindAllStringSubmatchIndex(text, -1) {
		add(text[start:at[0]])
		speaker = strings.TrimSpace(manyGap.ReplaceAllString(html.UnescapeString(text[at[2]:at[3]]), " "))
		start = at[1]
	}
	add(text[start:])
	return out
}

func srtText(text string) []Cue {
	return []Cue{{Text: srtTag.ReplaceAllString(text, "")}}
}
