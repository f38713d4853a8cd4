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

func TestAMeasureIsChosenByTheNameOfAResult(t *testing.T) {
	t.Parallel()
	for result, measure := range map[string]string{
		"scoped_read_1": "scoped_read", "scoped_read_8": "scoped_read", "scoped_read_three": "scoped_read", "html_list": "html_list",
		"html_list_fragment": "html_list", "proposal_page": "proposal_page", "create_surrogate": "create_surrogate", "audit_append": "audit",
		"audit_verify": "audit", "proof_size": "audit", "register_org": "register_org", "migrate_tenants": "migrate_tenants",
		"tenants_1000": "tenants", "tenants_5000": "tenants", "embed": "embed", "search_100k": "search", "cluster_5k": "cluster",
		"cluster_20k": "cluster", "quality": "quality", "startup": "startup", "binary": "startup", "memory_idle": "startup",
	} {
		if chosen, err := choose([]string{result}); err != nil || len(chosen) != 1 || chosen[0].name != measure {
			t.Errorf("%s chooses %v, %v", result, chosen, err)
		}
	}
	if chosen, err := choose(nil); err != nil || len(chosen) != len(measures) {
		t.Errorf("nothing chooses %d of %d, %v", len(chosen), len(measures), err)
	}
}
