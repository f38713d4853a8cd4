package signal

import (
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// FromFields is the inverse of Fields. A field that is missing or null has its default. The second result names each field that
// could not be read with a sentence; the draft then has the rest. Names that are no field are left alone.
func FromFields(fields map[string]json.RawMessage) (Draft, map[string]string) {
	problems := map[string]string{}
	t := DocumentType
	read := func(name string, into any, sentence string) {
		if text, ok := given(fields, name); ok && json.Unmarshal(text, into) != nil {
			problems[name] = sentence
		}
	}
	read("type", &t, "Choose a type from the list.")
	t = Type(strings.ToUpper(string(t)))
	d := NewDraft(t)
	const text, list, number = "This must be a text.", "This must be a list of texts.", "This must be a number."
	for name, into := range map[string]*string{
		"external_id": &d.ExternalID, "title": &d.Title, "summary": &d.Summary, "source": &d.Source, "environment": &d.Environment,
		"energy": &d.Energy, "inner_state": &d.InnerState, "orientation": &d.Orientation, "substrate": &d.Substrate,
	} {
		read(name, into, text)
	}
	for name, into := range map[string]*[]string{
		"tags": &d.Tags, "ontological_states": &d.OntologicalStates, "symbolic_elements": &d.SymbolicElements,
		"subsystems": &d.Subsystems, "dominant_language": &d.DominantLanguage,
	} {
		read(name, into, list)
	}
	read("context", &d.Context, "Choose a context from the list.")
	read("status", &d.Status, "Choose a status from the list.")
	read("visibility", &d.Visibility, "Choose who may see it from the list.")
	d.Context, d.Status = Context(strings.ToUpper(string(d.Context))), Status(strings.ToUpper(string(d.Status)))
	d.Visibility = Visibility(strings.ToUpper(string(d.Visibility)))
	read("temperature", &d.Temperature, number)
	read("density", &d.Density, number)
	read("actions", &d.Actions, "This must be a list of actions, each with a text and a kind.")
	read("entities", &d.Entities, "This must be a list of entities, each with a name, a kind and a context.")
	d.forgetEmptyLists()
	var latitude, longitude *float64
	read("latitude", &latitude, number)
	read("longitude", &longitude, number)
	if latitude != nil && longitude != nil {
		d.Place = &Place{*latitude, *longitude}
	} else if latitude != nil || longitude != nil {
		problems["latitude"] = "Give both latitude and longitude, or neither."
	}
	var at string
	read("captured_at", &at, badTime)
	if at != "" {
		var err error
		if d.CapturedAt, err = ParseTime(at); err != nil {
			problems["captured_at"] = badTime
		}
	}
	if !d.Type.Valid() {
		return d, problems // Problems says so
	}
	if text, ok := given(fields, "payload"); ok {
		var err error
		if d.Payload, err = ParsePayload(d.Type, text); err != nil {
			d.Payload, problems["payload"] = nil, "The content must be an object with the fields of its type."
		}
	}
	if text, ok := given(fields, "metadata"); ok {
		var err error
		if d.Metadata, err = ParseMetadata(d.Type, text); err != nil {
			d.Metadata, problems["metadata"] = nil, "The facts must be an object with the fields of the type."
		}
	}
	return d, problems
}

func given(fields map[string]json.RawMessage, name string) (json.RawMessage, bool) {
	text, ok := fields[name]
	return text, ok && len(text) > 0 && string(text) != "null"
}

const badTime = "Write the time as 2025-01-31T14:30:00Z or 2025-01-31."

// ParseTime reads the ways in which files write a time, from a bare date to RFC 3339. Without an offset it is UTC.
func ParseTime(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07",
		"2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
	} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, errors.New("no time: " + text)
}
