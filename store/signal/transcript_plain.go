package signal

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var (
	plainTime    = regexp.MustCompile(`^\s*(?:\[` + clock + `\]|\(` + clock + `\)|` + clock + `(?:\s|$))\s*(?:[-–]\s+)?`)
	plainSpeaker = regexp.MustCompile(`^(\p{L}[\p{L}\p{N}.'’_-]*(?: [\p{L}\p{N}(][\p{L}\p{N}.'’)_-]*){0,3}):\s+(\S.*)$`)
)

// plainCues makes each line a cue. A time before it is its beginning, and the beginning of the next timed line its end; a name of at
// most four words and a colon before it is its speaker.
func plainCues(lines []numberedLine) (cues []Cue, bad []BadLine) {
	last := -1 // the last timed cue
	for _, line := range lines {
		if strings.TrimSpace(line.text) == "" {
			continue
		}
		if len(cues) >= CuesLimit {
			return cues, append(bad, BadLine{line.number, fmt.Sprintf("There are more than %d passages.", CuesLimit)})
		}
		from, text, timed := plainStart(line.text)
		cue := Cue{From: from, To: from, Text: strings.TrimSpace(text)}
		if timed {
			if last >= 0 && cues[last].From < from {
				cues[last].To = from
			}
			last = len(cues)
		}
		if m := plainSpeaker.FindStringSubmatch(cue.Text); m != nil {
			cue.Speaker, cue.Text = m[1], m[2]
		}
		cues = append(cues, cue)
	}
	return cues, bad
}

// plainStart splits a line into the time that it begins with, if any, and the rest.
func plainStart(line string) (at Offset, rest string, timed bool) {
	m := plainTime.FindStringSubmatch(line)
	if m == nil {
		return 0, line, false
	}
	for _, parts := range [][]string{m[1:5], m[5:9], m[9:13]} { // in brackets, in parentheses, bare
		if parts[1] != "" {
			at = clockTime(parts)
		}
	}
	if time.Duration(at) > longest {
		return 0, line, false
	}
	return at, line[len(m[0]):], true
}
