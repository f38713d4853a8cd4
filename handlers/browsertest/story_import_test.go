package browsertest

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// imports makes a realm and brings thirty observations into it from a file, after a look at what they would become.
func (st *story) imports(t *testing.T) {
	ann := st.ann
	ann.open(t, st.org+"/realms/new")
	ann.fills(t, "Name", "Night shift")
	ann.press(t, "choice", "Shared")
	ann.follow(t, "button", "Make the realm")
	if got := ann.path(t); got != st.org+realmPath {
		t.Fatalf("the realm is at %s", got)
	}
	ann.open(t, st.org+"/signals/import")
	ann.uploads(t, "File", writeFile(t, "observations.jsonl", readFile(t, "testdata/observations.jsonl")))
	ann.chooses(t, "Into the realm", "Night shift")
	ann.follow(t, "button", "Look at it")
	ann.sees(t, "h1", "Look before you import")
	ann.sees(t, "main", "Oil below the pump in bay 7")
	ann.chooses(t, "Who may see rows that do not say", "Members, and")
	ann.follow(t, "button", "Import 30 signals")
	ann.sees(t, "h1", "Imported")
	ann.sees(t, ".alert", "30 signals imported")
	ann.open(t, st.org+"/signals?realm=night-shift")
	ann.sees(t, ".signals", "The barrier of the car park stays shut")
}

// searches finds by what is meant: no observation has a word of the query that matters.
func (st *story) searches(t *testing.T) {
	ann := st.ann
	if strings.Contains(string(readFile(t, "testdata/observations.jsonl")), "guest") || strings.Contains(string(readFile(t, "testdata/observations.jsonl")), "vehicle") {
		t.Fatal("a word of the query is in the file")
	}
	ann.eventually(t, st.org+"/signals?realm=night-shift&q=guests+with+vehicles", ".signals", "car park")
	first := ann.reads(t, ".signals tbody a.signal-link")
	parked := slices.DeleteFunc(slices.Clone(first[:min(len(first), 5)]), func(title string) bool {
		return !strings.Contains(strings.ToLower(title), "park") && !strings.Contains(strings.ToLower(title), "car")
	})
	if len(parked) < 3 {
		t.Errorf("the first that are found: %q", first)
	}
	ann.open(t, st.org+"/signals?realm=night-shift")
	ann.fills(t, "Search", "worn seal")
	ann.keys(t, kb.Enter)
	ann.sees(t, ".signals tbody tr:first-child", "A seal of the pump is worn")
}
