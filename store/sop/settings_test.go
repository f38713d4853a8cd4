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
		`Give the setting with the value "1" a name.`:                                  {{Value: "1"}},
		"The setting a is there twice.":                                                {{Name: "a", Value: "1"}, {Name: " a ", Value: "2"}},
		"The config holds the invisible control character U+0007; remove it.":          {{Name: "a", Value: "\a"}},
		`The setting a is to be a number, and "ten" is none that can be kept exactly.`: {{Name: "a", Value: "ten", Kind: NumberValue}},
		"The setting a is to be yes or no.":                                            {{Name: "a", Value: "maybe", Kind: YesNoValue}},
		`The setting a is to be JSON, such as ["a", "b"], and cannot be read as that.`: {{Name: "a", Value: "[1", Kind: JSONValue}},
	} {
		_, err := ConfigFrom(settings)
		var bad *EditError
		if !errors.As(err, &bad) || bad.Field != "config" || bad.Message != want {
			t.Errorf("got %v", err)
		}
	}
	config, err := ConfigFrom([]Setting{{Name: " "}, {Name: "a"}})
	if err != nil || !reflect.DeepEqual(config, map[string]any{"a": ""}) {
		t.Error(config, err)
	}
}

func TestSettingsKeepToTheirKind(t *testing.T) {
	t.Parallel()
	config, err := ConfigFrom([]Setting{
		{Name: "text", Value: "15", Kind: TextValue},
		{Name: "number", Value: " 2.50 ", Kind: NumberValue},
		{Name: "yes", Value: "Yes", Kind: YesNoValue},
		{Name: "json", Value: `"15"`, Kind: JSONValue},
	})
	want := map[string]any{"text": "15", "number": 2.5, "yes": true, "json": "15"}
	if err != nil || !reflect.DeepEqual(config, want) {
		t.Errorf("got %v, %v", config, err)
	}
}
