package signal

import (
	"encoding/json"
	"fmt"
)

// FieldNames are the fields of a draft, which are columns of the table, in the order in which they are written.
var FieldNames = []string{
	"external_id", "type", "context", "title", "summary", "source", "tags", "captured_at", "status", "visibility",
	"latitude", "longitude", "environment", "temperature", "density", "actions", "entities",
	"energy", "inner_state", "orientation", "substrate",
	"ontological_states", "symbolic_elements", "subsystems", "dominant_language", "payload", "metadata",
}

// Fields returns every field as JSON, null where the draft has no value. It fails when the payload or the metadata cannot be written.
func (d Draft) Fields() (map[string]json.RawMessage, error) {
	out := make(map[string]json.RawMessage, len(FieldNames))
	for name, value := range d.values() {
		text, err := marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = text
	}
	return out, nil
}

func (d Draft) values() map[string]any {
	values := map[string]any{
		"external_id": textOrNull(d.ExternalID), "type": d.Type, "context": d.Context, "title": d.Title, "summary": d.Summary,
		"source": d.Source, "tags": listOrEmpty(d.Tags), "status": d.Status, "visibility": d.Visibility,
		"environment": textOrNull(d.Environment), "temperature": d.Temperature, "density": d.Density,
		"actions": listOrEmpty(d.Actions), "entities": listOrEmpty(d.Entities),
		"energy": textOrNull(d.Energy), "inner_state": textOrNull(d.InnerState), "orientation": textOrNull(d.Orientation),
		"substrate": textOrNull(d.Substrate), "ontological_states": listOrEmpty(d.OntologicalStates),
		"symbolic_elements": listOrEmpty(d.SymbolicElements), "subsystems": listOrEmpty(d.Subsystems),
		"dominant_language": listOrEmpty(d.DominantLanguage),
		"latitude":          nil, "longitude": nil, "captured_at": nil, "payload": struct{}{}, "metadata": struct{}{},
	}
	if d.Place != nil {
		values["latitude"], values["longitude"] = d.Place.Latitude, d.Place.Longitude
	}
	if !d.CapturedAt.IsZero() {
		values["captured_at"] = d.CapturedAt
	}
	if d.Payload != nil {
		values["payload"] = d.Payload
	}
	if d.Metadata != nil {
		values["metadata"] = d.Metadata
	}
	return values
}

// MarshalJSON writes every field by its name.
func (d Draft) MarshalJSON() ([]byte, error) {
	fields, err := d.Fields()
	if err != nil {
		return nil, err
	}
	return marshal(fields)
}

// UnmarshalJSON is the inverse of MarshalJSON, for text that MarshalJSON wrote: it fails for any field that cannot be read.
func (d *Draft) UnmarshalJSON(text []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	read, problems := FromFields(fields)
	for name, sentence := range problems {
		return fmt.Errorf("%s: %s", name, sentence)
	}
	*d = read
	return nil
}

// Differences names the fields in which two drafts differ, in the order of FieldNames. What means the same is no difference.
func Differences(a, b Draft) ([]string, error) {
	before, err := a.Normalised().Fields()
	if err != nil {
		return nil, err
	}
	after, err := b.Normalised().Fields()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range FieldNames {
		if !SameJSON(before[name], after[name]) {
			out = append(out, name)
		}
	}
	return out, nil
}

func textOrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func listOrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
