package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/exchange"
)

// measureQuality asks for each text of a collection, with the text itself, and counts how many of the first ten others are of its section:
// the mean share, by words alone, by meaning alone, and by both. The collection is the caller's: --texts and --sections.
func measureQuality(b *bench) error {
	if b.Texts == "" || b.Kinds == "" {
		fmt.Fprintln(b.out, "quality: left out; it needs --texts and --sections")
		return nil
	}
	ctx := context.Background()
	sections, err := readSections(b.Kinds)
	if err != nil {
		return err
	}
	owner, err := b.owner(ctx, "quality")
	if err != nil {
		return err
	}
	texts, section, err := collect(ctx, owner, b.Texts, sections)
	if err != nil {
		return err
	}
	if err := owner.EmbedSignals(ctx); err != nil {
		return err
	}
	for _, by := range []string{"words", "meaning", ""} {
		share, err := shareOfSection(ctx, owner, by, texts, section)
		if err != nil {
			return err
		}
		b.report(map[string]string{"": "both"}[by]+by, share, "of the first ten")
	}
	return nil
}

// readSections reads lines of an external id, a tab and a section.
func readSections(file string) (map[string]string, error) {
	plain, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	sections := map[string]string{}
	for line := range strings.Lines(string(plain)) {
		id, section, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			return nil, fmt.Errorf("%s: no tab in %q", file, line)
		}
		sections[id] = section
	}
	return sections, nil
}

// collect captures the texts, and returns what to ask for and which section each is of.
func collect(ctx context.Context, owner *store.Tenant, name string, sections map[string]string) (texts, section map[uuid.UUID]string, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	texts, section = map[uuid.UUID]string{}, map[uuid.UUID]string{}
	for row, err := range exchange.Read(file, info.Size(), exchange.JSONL, nil) {
		if err != nil {
			return nil, nil, err
		}
		id, err := owner.CreateSignal(ctx, store.NewSignal{Draft: row.Draft})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", row.Name, err)
		}
		texts[id], section[id] = row.Draft.Text(), sections[row.Draft.ExternalID]
	}
	return texts, section, nil
}

func shareOfSection(ctx context.Context, owner *store.Tenant, by string, texts, section map[uuid.UUID]string) (float64, error) {
	same := 0
	for id, text := range texts {
		found, err := owner.Signals(ctx, store.SignalFilter{Query: text, By: by})
		if err != nil {
			return 0, err
		}
		seen := 0
		for _, signal := range found.Items {
			if signal.ID == id || seen == 10 {
				continue
			}
			seen++
			if section[signal.ID] == section[id] {
				same++
			}
		}
	}
	return float64(same) / float64(10*len(texts)), nil
}
