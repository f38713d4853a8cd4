// Package embedtest gives tests the built-in sentence encoder.
package embedtest

import (
	"os"
	"sync"
	"testing"

	"surrealm/store/datadir"
	"surrealm/store/embed"
)

var load = sync.OnceValues(func() (*embed.Sentence, error) { return embed.Load(Dir()) })

// Dir is where make setup puts the weights of models.
func Dir() string { return datadir.Models(datadir.Find(os.Getenv)) }

// Sentence returns the sentence encoder, loaded once for the whole test program. The test fails when its weights are not
// on this machine: what is built on meaning cannot be tested without.
func Sentence(t testing.TB) *embed.Sentence {
	t.Helper()
	sentence, err := load()
	if err != nil {
		t.Fatalf("The tests need the sentence encoder's weights in %s, which make setup fetches: %v", Dir(), err)
	}
	return sentence
}
