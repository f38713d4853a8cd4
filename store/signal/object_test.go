package signal_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"surrealm/store/signal"
	"surrealm/store/signal/signaltest"
)

func TestDraftSurvivesJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := signaltest.Draft(t)
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again signal.Draft
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again, d) {
			t.Fatalf("came back as\n%#v from\n%#v by\n%s", again, d, text)
		}
		if changed, err := signal.Differences(d, again); err != nil || len(changed) > 0 {
			t.Fatalf("differs in %v, %v", changed, err)
		}
		if tidied := again.Normalised(); !reflect.DeepEqual(tidied, again) {
			t.Fatalf("normalising twice changes %#v", tidied)
		}
	})
}

// names are fields that types know, which the test below fills with whatever JSON.
var names = []string{
	"content", "format", "file", "url", "transcript", "messages", "key_points", "word_count", "timestamp_original", "iso", "aperture",
	"gps_altitude", "youtube", "chapters", "video", "duration", "started_at", "from", "to", "text", "role", "timestamp", "unknown", "Content",
}

func TestAnyObjectIsKept(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(signal.Types).Draw(t, "type")
		text := object(t, 3)
		payload, err := signal.ParsePayload(kind, text)
		if err != nil {
			t.Fatal(err)
		}
		metadata, err := signal.ParseMetadata(kind, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{payload, metadata} {
			if written, err := json.Marshal(v); err != nil || !signal.SameJSON(written, text) {
				t.Fatalf("%T: %s became %s, %v", v, text, written, err)
			}
		}
	})
}

func object(t *rapid.T, levels int) []byte {
	fields := map[string]json.RawMessage{}
	for range rapid.IntRange(0, 4).Draw(t, "fields") {
		name := rapid.SampledFrom(names).Draw(t, "name")
		switch kind := rapid.SampledFrom([]string{"any", "time", "objects", "object"}).Draw(t, "kind"); {
		case kind == "time":
			fields[name] = json.RawMessage(`"2025-01-31T14:30:00.10+00:00"`)
		case kind == "objects" && levels > 0:
			fields[name] = bytes.Join([][]byte{[]byte("["), object(t, levels-1), []byte("]")}, nil)
		case kind == "object" && levels > 0:
			fields[name] = object(t, levels-1)
		default:
			fields[name] = signaltest.JSON(t, 2)
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestChangingAFieldReplacesWhatCame(t *testing.T) {
	t.Parallel()
	parsed, err := signal.ParseMetadata(signal.DocumentType, []byte(`{"word_count":"many","character_count":0,"language":null,"kept":1.0}`))
	if err != nil {
		t.Fatal(err)
	}
	facts := parsed.(signal.DocumentFacts)
	if text := written(t, facts); text != `{"character_count":0,"kept":1.0,"language":null,"word_count":"many"}` {
		t.Errorf("unchanged: %s", text)
	}
	facts.WordCount, facts.Language = 3, "en"
	if text := written(t, facts); text != `{"character_count":0,"kept":1.0,"language":"en","word_count":3}` {
		t.Errorf("changed: %s", text)
	}
}

func TestClearingATimeDropsHowItWasWritten(t *testing.T) {
	t.Parallel()
	parsed, err := signal.ParsePayload(signal.ConversationType, []byte(`{"messages":[{"role":"user","timestamp":"2025-01-31T14:30:00+01:00"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := parsed.(signal.Conversation)
	same := c.Messages[0].At.UTC()
	c.Messages[0].At = &same
	if text := written(t, c); !strings.Contains(text, "14:30:00+01:00") {
		t.Errorf("the same instant: %s", text)
	}
	c.Messages[0].At = nil
	if text := written(t, c); strings.Contains(text, "timestamp") {
		t.Errorf("cleared: %s", text)
	}
}

func written(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":[true,null]}`, ` {"b":[true,null],"a":1.0}`, true},
		{`100`, `1e2`, true},
		{`-0.0`, `0`, true},
		{`0.1`, `0.10000000000000000000001`, false},
		{`12345678901234567890`, `12345678901234567891`, false},
		{`1e99999999999999999999`, `1e99999999999999999998`, false},
		{`null`, `{}`, false},
		{`"a"`, `"A"`, false},
		{`[1]`, `[1,1]`, false},
		{`{"a":null}`, `{"b":null}`, false},
		{`1`, `1 2`, false},
		{``, ``, false},
	} {
		if signal.SameJSON([]byte(c.a), []byte(c.b)) != c.same || signal.SameJSON([]byte(c.b), []byte(c.a)) != c.same {
			t.Errorf("%s and %s: same is not %t", c.a, c.b, c.same)
		}
	}
}
