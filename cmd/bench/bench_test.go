package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"surrealm/store/embed/embedtest"
)

// TestTheEncoderIsMeasured also shows that the encoder and the plain loops compute the same, which the measure looks at.
func TestTheEncoderIsMeasured(t *testing.T) {
	t.Parallel()
	embedtest.Sentence(t) // its weights have to be there
	path := filepath.Join(t.TempDir(), "bench.json")
	if err := run(options{Only: []string{"embed"}, Quick: true, JSON: path}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Machine machine
		Results []result
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if file.Machine.Cores == 0 || len(file.Results) < 4 || file.Results[1].Ratio <= 0 || file.Results[1].Baseline != file.Results[0].Name {
		t.Errorf("bench.json has %s", text)
	}
	if err := run(options{Only: []string{"nothing"}}); err == nil {
		t.Error("an unknown measure was measured")
	}
}
