package exchange

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"surrealm/store/signal"
)

// record is a row as its fields with their values in JSON.
type record map[string]json.RawMessage

// The fields of a payload that a row may have as fields of its own.
var payloadFields = map[signal.Type][]string{
	signal.DocumentType:     {"content", "format"},
	signal.PhotoType:        {"original_filename"},
	signal.TransmissionType: {"url", "transcript"},
	signal.ConversationType: {"messages"},
}

// FieldChoices are the fields that a column of a table can be, in the order of menus.
var FieldChoices = append([]string{"content", "format", "messages", "transcript", "url", "original_filename"}, signal.FieldNames...)

// aliases are the names that other programs have for a field.
var aliases = map[string]string{
	"author": "source", "by": "source", "creator": "source", "name": "title", "subject": "title", "headline": "title",
	"description": "summary", "abstract": "summary", "excerpt": "summary", "body": "content", "text": "content", "note": "content",
	"date": "captured_at", "created": "captured_at", "created_at": "captured_at", "time": "captured_at", "timestamp": "captured_at",
	"datetime": "captured_at", "observed_at": "captured_at", "lat": "latitude", "lng": "longitude", "lon": "longitude", "long": "longitude",
	"keywords": "tags", "labels": "tags", "categories": "tags", "tag": "tags", "id": "external_id", "uid": "external_id",
	"uuid": "external_id", "guid": "external_id", "link": "url", "state": "inner_state",
}

// fieldOf is the field that a name in a file means, "" for none. Case, spaces and hyphens do not count.
func fieldOf(name string) string {
	name = strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	name = strings.TrimPrefix(name, "signal_")
	if isField(name) {
		return name
	}
	return aliases[name]
}

func isField(name string) bool {
	if slices.Contains(signal.FieldNames, name) {
		return true
	}
	for _, names := range payloadFields {
		if slices.Contains(names, name) {
			return true
		}
	}
	return false
}

// renamed gives every field its own name. What means no field, or one that is there already, goes to the metadata, so that nothing is lost.
func (r record) renamed() record {
	out := record{}
	other := record{}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		if isField(name) {
			out[name] = r[name]
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r)) {
		field := fieldOf(name)
		if isField(name) {
			continue
		}
		if _, taken := out[field]; taken || field == "" {
			other[name] = r[name]
		} else {
			out[field] = r[name]
		}
	}
	out.merge("metadata", other)
	return out
}

// merge puts fields into the object that a field holds, where it has none of that name.
func (r record) merge(name string, fields record) {
	if len(fields) == 0 {
		return
	}
	object := record{}
	if text, ok := r[name]; ok && !isNull(text) && json.Unmarshal(text, &object) != nil {
		return // no object: FromFields says so
	}
	for key, value := range fields {
		if _, taken := object[key]; !taken {
			object[key] = value
		}
	}
	r[name] = quote(object)
}

// row makes the draft of a record whose fields have their own names. The identity, when the source has one, makes the external id of
// a row that gives none.
func (r record) row(name, identity string) Row {
	sighted := !isEmpty(r["visibility"])
	badLine := r.nestPayload()
	d, problems := signal.FromFields(r)
	d = d.Normalised()
	for field, sentence := range d.Problems() {
		if _, found := problems[field]; !found {
			problems[field] = sentence
		}
	}
	if badLine != "" {
		problems["payload.transcript"] = badLine
	}
	if d.ExternalID == "" {
		d.ExternalID = identity
	}
	if d.ExternalID == "" {
		d.ExternalID = rowID(d)
	}
	if len(problems) == 0 {
		problems = nil
	}
	return Row{Name: name, Draft: d, Problems: problems, Sighted: sighted}
}

// rowID is the external id of a row from a source that has no identity: the hash of all it says.
func rowID(d signal.Draft) string {
	fields, err := d.Fields()
	if err != nil {
		return ""
	}
	return hashed("row", string(quote(fields)))
}

// nestPayload moves the fields of the payload into it, and reads a transcript that is written as text. It returns what is wrong with
// the first line of it that cannot be read.
func (r record) nestPayload() (badLine string) {
	kind := signal.Type(strings.ToUpper(asText(r["type"])))
	if kind == "" {
		kind = signal.DocumentType
	}
	own := record{}
	for of, names := range payloadFields {
		for _, name := range names {
			text, ok := r[name]
			delete(r, name)
			if !ok || isNull(text) {
				continue
			}
			if of != kind && name != "content" {
				r.merge("metadata", record{name: text})
			} else {
				own[name] = text
			}
		}
	}
	if kind == signal.TransmissionType {
		if _, ok := own["transcript"]; !ok && asText(own["content"]) != "" {
			own["transcript"] = own["content"]
			delete(own, "content")
		}
		if text := asText(own["transcript"]); text != "" {
			cues, bad := signal.ParseTranscript(text)
			own["transcript"] = quote(cues)
			if len(bad) > 0 {
				badLine = bad[0].Error()
			}
		}
	}
	r.merge("payload", own)
	return badLine
}

func isNull(text json.RawMessage) bool {
	return len(text) == 0 || bytes.Equal(bytes.TrimSpace(text), []byte("null"))
}

// asText is the text of a JSON string, "" for anything else.
func asText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// quote is v as JSON, with <, > and & as they are. v always has a JSON form.
func quote(v any) json.RawMessage {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return bytes.TrimRight(out.Bytes(), "\n")
}

// ordered writes the fields that have a value as a JSON object in the order of FieldNames.
func ordered(fields map[string]json.RawMessage) []byte {
	out := []byte("{")
	for _, name := range signal.FieldNames {
		if isEmpty(fields[name]) {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, quote(name)...), ':'), fields[name]...)
	}
	return append(out, '}')
}

// isEmpty tells whether a value is what a field has that is not given.
func isEmpty(text json.RawMessage) bool {
	switch string(text) {
	case "", "null", `""`, "[]", "{}":
		return true
	}
	return false
}
