package synthesis

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"surrealm/store/clustering"
	"surrealm/store/embed"
)

// BuiltIn chooses sentences and counts words. It is deterministic.
type BuiltIn struct{ Encoder embed.Encoder }

// Name is part of Provider.
func (BuiltIn) Name() string { return "built-in" }

// Model is part of Provider.
func (BuiltIn) Model() string { return "extractive/1" }

// External is part of Provider.
func (BuiltIn) External() bool { return false }

// mostSentences bounds how many sentences are compared with each other; all are counted.
const mostSentences = 600

// Write is part of Provider. Without a sentence there is nothing to say, and the result has no statements.
func (b BuiltIn) Write(ctx context.Context, r Request) (Result, error) {
	m, err := b.read(ctx, r)
	if err != nil {
		return Result{}, fmt.Errorf("compare sentences: %w", err)
	}
	if len(m.sentences) == 0 {
		return Result{}, nil
	}
	switch r.Type {
	case Surface:
		return m.surface(), nil
	case Structure:
		return m.structure(), nil
	case Mirror:
		return m.mirror(), nil
	case Symbolic:
		return m.symbolic(), nil
	case Narrative:
		return m.narrative(), nil
	case Lineage:
		return m.lineage(r.Subject), nil
	case Patterns:
		return m.patterns(), nil
	}
	return Result{}, fmt.Errorf("no such type: %q", r.Type)
}

// sentence is one of a signal's.
type sentence struct {
	signal int // place in material.signals
	span
	text   string // on one line
	words  []string
	vector []float32 // nil when it was left out of the comparison, or says nothing
}

// material is what was read: signals in the order of time, and their sentences in that order.
type material struct {
	signals   []Signal
	sentences []sentence
	floor     float64 // similarity from which two sentences are related
}

func (b BuiltIn) read(ctx context.Context, r Request) (material, error) {
	m := material{signals: slices.Clone(r.Signals), floor: clustering.FloorFor(b.Encoder.Model())}
	slices.SortStableFunc(m.signals, func(a, b Signal) int {
		if order := a.At.Compare(b.At); order != 0 {
			return order
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	if r.Subject != uuid.Nil && r.Type != Lineage {
		m.signals = slices.DeleteFunc(m.signals, func(s Signal) bool { return s.ID != r.Subject })
	}
	share := max(1, mostSentences/max(1, len(m.signals)))
	var texts []string
	var compared []int
	for i, s := range m.signals {
		for n, at := range sentencesOf(s.Text) {
			text := plain(s.Text[at.from:at.to])
			m.sentences = append(m.sentences, sentence{signal: i, span: at, text: text, words: tellingWords(text)})
			if n < share && len(compared) < mostSentences {
				texts, compared = append(texts, text), append(compared, len(m.sentences)-1)
			}
		}
	}
	vectors, err := b.Encoder.Encode(ctx, texts)
	if err != nil {
		return material{}, err
	}
	for n, i := range compared {
		m.sentences[i].vector = vectors[n]
	}
	return m, nil
}

// cite makes statements of sentences, each once, in the order of the text.
func (m material) cite(chosen []int) []Statement {
	chosen = slices.Clone(chosen)
	slices.Sort(chosen)
	var statements []Statement
	for _, i := range slices.Compact(chosen) {
		s := m.sentences[i]
		statements = append(statements, Statement{s.text, Passage{m.signals[s.signal].ID, s.from, s.to}})
	}
	return statements
}

// fit tells whether a sentence can stand by itself: not a heading, not a list of everything.
func (s sentence) fit() bool {
	words := len(wordsOf(s.text))
	return words >= 4 && words <= 60
}
