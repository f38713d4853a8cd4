package llm

import (
	"slices"

	"surrealm/store/synthesis"
)

const (
	// passageSize is how long a passage is, in bytes, where sentences allow it: short enough to be read beside a citation.
	passageSize = 500
	// mostBatches bounds how many prompts one text takes.
	mostBatches = 6
	// around is what the JSON puts around a passage, in bytes.
	around = 40
)

// Batch is one prompt, and the passages that its answer may cite: the first is number 1.
type Batch struct {
	Prompt   Prompt
	Passages []synthesis.Passage
}

// Batches makes prompts with at most size bytes of passages each. Of more text than fits into all of them each signal sends
// its beginning; unsent is how many passages stay here.
func Batches(r synthesis.Request, size int) (batches []Batch, unsent int, err error) {
	signals := slices.Clone(r.Signals)
	slices.SortStableFunc(signals, func(a, b synthesis.Signal) int { return a.At.Compare(b.At) })
	share := mostBatches * size / max(1, len(signals))
	var current []observation
	var cited []synthesis.Passage
	used := 0
	flush := func() error {
		if len(cited) == 0 {
			return nil
		}
		prompt, err := newPrompt(r.Type, current)
		batches = append(batches, Batch{prompt, cited})
		current, cited, used = nil, nil, 0
		return err
	}
	for i, s := range signals {
		sent := 0
		for _, at := range synthesis.Passages(s, passageSize) {
			text := s.Text[at.From:at.To]
			cost := len(text) + around
			if sent += cost; sent > share && sent > cost || len(batches) == mostBatches {
				unsent++
				continue
			}
			if used+cost > size {
				if err := flush(); err != nil {
					return nil, 0, err
				}
				if len(batches) == mostBatches {
					unsent++
					continue
				}
			}
			used += cost
			cited = append(cited, at)
			if n := len(current); n == 0 || current[n-1].Number != i+1 {
				current = append(current, observation{Number: i + 1, Captured: s.At.UTC().Format("2006-01-02 15:04"), Subject: s.ID == r.Subject})
			}
			last := &current[len(current)-1]
			last.Passages = append(last.Passages, passage{len(cited), text})
		}
	}
	return batches, unsent, flush()
}
