package views

import (
	"encoding/json"
	"testing"
)

func TestSettingsAreWrittenAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for config, want := range map[string]string{
		`1000000`: "1000000", `0.25`: "0.25", `"by hand"`: "by hand", `true`: "yes", `null`: "",
		`{"routine":60,"very_urgent":[10,"now"]}`: "routine 60, very urgent 10, now",
	} {
		var value any
		if err := json.Unmarshal([]byte(config), &value); err != nil {
			t.Fatal(err)
		}
		if got := settingText(value); got != want {
			t.Errorf("%s reads %q, want %q", config, got, want)
		}
	}
}
