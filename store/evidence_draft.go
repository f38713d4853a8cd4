package store

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// quoteLimit is how much of a passage a drafted text quotes, in characters.
const quoteLimit = 300

// DraftReasons begins the reasons of a proposal for its author to go on with. Everybody in the organisation reads them, so it says how
// much evidence there is and how it is cited, and nothing of what that says. theme, "" for none, is what it has in common; with quote
// it also has the passages whose words are the author's to tell.
func DraftReasons(cited []CitedSignal, theme string, quote bool) string {
	if len(cited) == 0 {
		return ""
	}
	signals, numbers := map[uuid.UUID]bool{}, make([]string, len(cited))
	for i, c := range cited {
		signals[c.Signal], numbers[i] = true, citationMark(c.Number)
	}
	what := count(len(signals), "signal")
	if len(signals) < len(cited) {
		what = count(len(cited), "passage") + " of " + what
	}
	text := &strings.Builder{}
	fmt.Fprintf(text, "This rests on %s: %s.", what, strings.Join(numbers, " "))
	if theme != "" {
		fmt.Fprintf(text, " What they have in common: %s.", theme)
	}
	if quote {
		for _, c := range cited {
			passage := oneLine(c.Passage)
			if short := cut(passage, quoteLimit); short != passage {
				passage = short + "…"
			}
			if c.Open && passage != "" {
				fmt.Fprintf(text, "\n\n%s “%s”", citationMark(c.Number), passage)
			}
		}
	}
	return text.String()
}

func citationMark(n int) string { return fmt.Sprintf("[%d]", n) }

func containsCitation(text string, n int) bool { return strings.Contains(text, citationMark(n)) }

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
