package clustering

import (
	"slices"
	"strings"
	"testing"
)

// notes are what people in a hospital, a bank and an office of IT might write down, by theme.
var notes = map[string][]string{
	"handover": {
		"At the shift handover the night nurse named every patient with a fall risk.",
		"The shift handover was cut short and two patients were not named to the nurse.",
		"A written shift handover helps the nurse who comes from another ward.",
		"No bed list at the shift handover: the nurse asked each patient.",
		"Nurses want the shift handover at the bed, with the patient.",
	},
	"screening": {
		"The sanctions screening flagged a customer with a common name.",
		"A customer waited two weeks because the sanctions screening found 3 old matches.",
		"Matches of the sanctions screening are cleared by one analyst only.",
		"The sanctions screening does not know the customer's date of birth.",
		"An analyst asked for the passport after the sanctions screening.",
	},
	"outage": {
		"During the outage the pager rang for an engineer on holiday.",
		"The status page stayed green through the whole outage of 2026.",
		"After the outage the engineer wrote down when each alert rang.",
		"An alert rang an hour before the outage and no engineer looked.",
		"The status page is updated by hand; in an outage the engineer forgets it.",
	},
}

func labels(t *testing.T, texts map[string][]string) map[string][]string {
	t.Helper()
	var items []Item
	var groups [][]int
	themes := []string{}
	for theme := range texts {
		themes = append(themes, theme)
	}
	slices.Sort(themes)
	for _, theme := range themes {
		var group []int
		for _, text := range texts[theme] {
			group = append(group, len(items))
			items = append(items, Item{Text: text})
		}
		groups = append(groups, group)
	}
	words := distinguish(items, groups)
	terms := map[string][]string{}
	for g, theme := range themes {
		terms[theme] = words.terms[g]
	}
	return terms
}

func TestTermsSayWhatSetsAGroupApart(t *testing.T) {
	t.Parallel()
	terms := labels(t, notes)
	for theme, want := range map[string][]string{
		"handover":  {"shift handover", "nurse", "patient"},
		"screening": {"sanctions screening", "customer"},
		"outage":    {"outage", "engineer", "status page"},
	} {
		for _, term := range want {
			if !slices.Contains(terms[theme], term) {
				t.Errorf("%s: %q is not among %q", theme, term, terms[theme])
			}
		}
	}
}

func TestTermsAreNeverNumbersStopWordsOrTwiceTheSame(t *testing.T) {
	t.Parallel()
	for theme, terms := range labels(t, notes) {
		seen := map[string]bool{}
		for _, term := range terms {
			if !strings.ContainsAny(term, "abcdefghijklmnopqrstuvwxyz") || stopWords[term] {
				t.Errorf("%s: %q", theme, term)
			}
			for _, stem := range stems(term) {
				if seen[stem] {
					t.Errorf("%s: %q is twice in %q", theme, stem, terms)
				}
				seen[stem] = true
			}
		}
	}
}

func TestWordsOfAnyScript(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"The Größe, naïve Ärzte":    {"größe", "", "naïve", "ärzte"},
		"B2B sales: 100 % in 2026":  {"b2b", "sales", ""},
		"don’t panic":               {"panic"},
		"Пациент упал":              {"пациент", "упал"},
		"\xff\xfe broken \x00 sign": {"broken", "", "sign"},
		"":                          nil,
	} {
		if got := words(text); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}
