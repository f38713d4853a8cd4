package sop

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestSettingsReadWhatAPersonTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"":                     "",
		" 15 ":                 15.0,
		"15 minutes":           "15 minutes",
		"true":                 true,
		"null":                 nil,
		`"15"`:                 "15",
		`["a", 1]`:             []any{"a", 1.0},
		`{"a": {}}`:            map[string]any{"a": map[string]any{}},
		`{"a": 1, "a": 2}`:     `{"a": 1, "a": 2}`,
		"[not a list":          "[not a list",
		"12345678901234567890": "12345678901234567890",
		"two\r\nlines":         "two\nlines",
	} {
		if got := ParseValue(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %#v", text, got)
		}
	}
}

func TestSettingsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		config := drawConfig(t, 2)
		again, err := ConfigFrom(Settings(config))
		if err != nil || !reflect.DeepEqual(again, config) {
			t.Fatalf("%v came back as %v, %v", config, again, err)
		}
	})
}

func TestConfigFromNamesTheMistake(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string][]Setting{
		`Give the setting with the value "1" a name.`:                         {{"", "1"}},
		"The setting a is there twice.":                                       {{"a", "1"}, {" a ", "2"}},
		"The config holds the invisible control character U+0007; remove it.": {{"a", "\a"}},
	} {
		_, err := ConfigFrom(settings)
		var bad *EditError
		if !errors.As(err, &bad) || bad.Field != "config" || bad.Message != want {
			t.Errorf("got %v", err)
		}
	}
	config, err := ConfigFrom([]Setting{{" ", ""}, {"a", ""}})
	if err != nil || !reflect.DeepEqual(config, map[string]any{"a": ""}) {
		t.Error(config, err)
	}
}
