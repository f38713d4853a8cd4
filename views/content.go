package views

import (
	"hash/fnv"
	"time"
)

// Crumb is one step of the path above a page's title.
type Crumb struct{ Label, Href string }

// Tab is one page of a set of pages about the same thing.
type Tab struct {
	Label   string
	Href    string
	Count   int // shown when above zero
	Current bool
}

// Fact is a term and its value in a description list; Href makes it a link.
type Fact struct{ Term, Value, Href string }

// Event is one entry of a timeline.
type Event struct {
	Icon string
	Tone string // info, good, warn, bad or empty
	Text string
	Href string
	Who  string
	At   time.Time
}

// avatarHue spreads people over six colours; the same name has always the same.
func avatarHue(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never fails
	return "hue-" + string(rune('0'+h.Sum32()%6))
}

// machineTime is for the datetime attribute.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// shortTime is for people: UTC, because a reviewer and an author may sit in
// different zones and the record has to read the same for both.
func shortTime(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// fullTime adds the day of the week and the seconds.
func fullTime(t time.Time) string { return t.UTC().Format("Monday, 2 January 2006, 15:04:05 UTC") }

// toneIcon is the icon that repeats a tone for those who do not see its colour.
func toneIcon(tone string) string {
	switch tone {
	case "good":
		return "circle-check"
	case "warn":
		return "triangle-alert"
	case "bad":
		return "circle-alert"
	}
	return "info"
}
