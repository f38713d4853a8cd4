// Package signaltest draws signals for property tests.
package signaltest

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"surrealm/store/signal"
)

// Draft draws a draft of any type that is Normalised and has no Problems. Its texts are of the kinds that break formats: quotes,
// line ends, formulas, markup, other scripts.
func Draft(t *rapid.T) signal.Draft {
	kind := rapid.SampledFrom(signal.Types).Draw(t, "type")
	d := signal.Draft{
		ExternalID:  line(200).Draw(t, "external id"),
		Type:        kind,
		Context:     rapid.SampledFrom(signal.Contexts).Draw(t, "context"),
		Title:       "T" + line(100).Draw(t, "title"),
		Summary:     Text().Draw(t, "summary"),
		Source:      line(100).Draw(t, "source"),
		Tags:        rapid.SliceOfN(line(signal.TagLimit), 0, 5).Draw(t, "tags"),
		Payload:     Payload(t, kind),
		Metadata:    Metadata(t, kind),
		Environment: Text().Draw(t, "environment"),
		Temperature: rapid.Ptr(rapid.Float64Range(-1, 1), true).Draw(t, "temperature"),
		Density:     rapid.Ptr(rapid.SampledFrom([]float64{-1, -0.5, 0, 1}), true).Draw(t, "density"),
		Energy:      line(100).Draw(t, "energy"),
		InnerState:  line(100).Draw(t, "inner state"),
		Orientation: line(100).Draw(t, "orientation"),
		Substrate:   Text().Draw(t, "substrate"),
		Status:      rapid.SampledFrom(signal.Statuses).Draw(t, "status"),
		Visibility:  rapid.SampledFrom(signal.Visibilities).Draw(t, "visibility"),
		CapturedAt:  moment().Draw(t, "captured at"),
	}
	for _, list := range []*[]string{&d.OntologicalStates, &d.SymbolicElements, &d.Subsystems, &d.DominantLanguage} {
		*list = rapid.SliceOfN(line(100), 0, 3).Draw(t, "list")
	}
	for range rapid.IntRange(0, 2).Draw(t, "actions") {
		kind := rapid.SampledFrom(append([]string{""}, signal.ActionKinds...)).Draw(t, "kind")
		d.Actions = append(d.Actions, signal.Action{Text: "A" + line(50).Draw(t, "action"), Kind: kind, Extra: extra(t)})
	}
	for range rapid.IntRange(0, 2).Draw(t, "entities") {
		d.Entities = append(d.Entities, signal.Entity{
			Name: "E" + line(50).Draw(t, "name"), Kind: line(40).Draw(t, "kind"), Context: line(50).Draw(t, "context"), Extra: extra(t),
		})
	}
	if rapid.Bool().Draw(t, "placed") {
		d.Place = &signal.Place{
			Latitude: rapid.Float64Range(-90, 90).Draw(t, "latitude"), Longitude: rapid.Float64Range(-180, 180).Draw(t, "longitude"),
		}
	}
	d = d.Normalised()
	if bad := d.Problems(); len(bad) > 0 {
		t.Fatalf("drew a draft with problems: %v", bad)
	}
	return d
}

// Text draws a text of any number of lines, without what the database cannot hold.
func Text() *rapid.Generator[string] {
	return rapid.Map(rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[ -~\n\r\t]{0,60}`),
		rapid.SampledFrom([]string{
			"", "=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "'=1", "\tindented", "\r", "a\r\nb\n", "---\ntitle: x\n---\n", "\n---\n",
			"a,b;\"c\"\n", "null", "true", "0.10", "1e5", "# heading", "- item", "{}", "[]", "<b>&amp;", "Ünïcödé ✓ 日本", "\ufeffmark", "~", "01", "2025-01-01",
		}),
	), signal.Clean)
}

func line(limit int) *rapid.Generator[string] {
	return rapid.Map(Text(), func(text string) string {
		if runes := []rune(text); len(runes) > limit {
			return string(runes[:limit])
		}
		return text
	})
}

func moment() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-6e16, 25e16), func(micros int64) time.Time { return time.UnixMicro(micros).UTC() })
}

func optionalMoment(t *rapid.T, label string) *time.Time {
	if !rapid.Bool().Draw(t, label) {
		return nil
	}
	at := moment().Draw(t, label)
	return &at
}

func file(t *rapid.T) uuid.UUID {
	if !rapid.Bool().Draw(t, "has file") {
		return uuid.Nil
	}
	return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "file"))
}

// extra draws fields that no type knows, nil for none.
func extra(t *rapid.T) signal.Extra {
	var out signal.Extra
	for range rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "extra") {
		if out == nil {
			out = signal.Extra{}
		}
		out["x_"+rapid.StringMatching(`[a-z ."é]{0,6}`).Draw(t, "name")] = JSON(t, 2)
	}
	return out
}

// JSON draws a JSON text of any kind, of at most so many levels, without white space. Its numbers are of the kinds that a float64 mangles.
func JSON(t *rapid.T, levels int) json.RawMessage {
	kinds := []string{"null", "true", "0", "-0.0", "1.50", "1e2", "12345678901234567890.123456789", "1E-7", `""`, `"<&>"`, `"0"`, "[]", "{}", "text"}
	if levels > 0 {
		kinds = append(kinds, "list", "object")
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "json"); kind {
	case "text":
		return quoted(t)
	case "list":
		return append(append([]byte(`[`), JSON(t, levels-1)...), ']')
	case "object":
		return append(append(append(append([]byte(`{`), quoted(t)...), ':'), JSON(t, levels-1)...), '}')
	default:
		return json.RawMessage(kind)
	}
}

func quoted(t *rapid.T) json.RawMessage {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(Text().Draw(t, "text")); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(out.Bytes())
}
