package signal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"time"
	"unicode/utf8"
)

// Extra keeps what the typed fields of a JSON object do not hold, so that reading and writing an object loses nothing:
// fields that are unknown here, and fields whose typed value would be written differently (an explicit null or zero, text where
// a number belongs, a time in another form). The latter are written back as they came for as long as the typed field is not changed.
type Extra map[string]json.RawMessage

var errNotObject = errors.New("not a JSON object")

// readObject reads data into the struct that into points to. Fields are matched by the exact name of their json tag; the struct has
// a field Extra for the rest. It fails only when data is no JSON object: a field of the wrong type stays zero and is kept in Extra.
func readObject(data []byte, into any) error {
	var found Extra
	if err := json.Unmarshal(data, &found); err != nil {
		return err
	}
	if found == nil {
		return errNotObject
	}
	object := reflect.ValueOf(into).Elem()
	object.SetZero()
	for name, field := range namedFields(object) {
		text, ok := found[name]
		if !ok {
			continue
		}
		value := readValue(text, field.Type())
		field.Set(value)
		if !value.IsZero() && writesAs(value, text) {
			delete(found, name)
		}
	}
	if len(found) > 0 {
		for name, text := range found {
			found[name] = tidy(text)
		}
		object.FieldByName("Extra").Set(reflect.ValueOf(found))
	}
	return nil
}

// writeObject is the inverse of readObject. Zero fields are left out, and names are sorted.
func writeObject(from any) ([]byte, error) {
	object := reflect.ValueOf(from)
	extra := object.FieldByName("Extra").Interface().(Extra)
	out := maps.Clone(extra)
	if out == nil {
		out = Extra{}
	}
	for name, field := range namedFields(object) {
		if text, kept := extra[name]; kept && sameValue(readValue(text, field.Type()), field) {
			continue
		}
		delete(out, name)
		if field.IsZero() {
			continue
		}
		text, err := marshal(field.Interface())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = text
	}
	return marshal(out)
}

// namedFields yields the fields of a struct that have a json tag, by that name.
func namedFields(object reflect.Value) func(yield func(string, reflect.Value) bool) {
	return func(yield func(string, reflect.Value) bool) {
		for i := range object.NumField() {
			name := object.Type().Field(i).Tag.Get("json")
			if name != "" && name != "-" && !yield(name, object.Field(i)) {
				return
			}
		}
	}
}

// readValue is text as a value of the type, a time in UTC, or the type's zero when it is not one.
func readValue(text json.RawMessage, kind reflect.Type) reflect.Value {
	value := reflect.New(kind)
	if err := json.Unmarshal(text, value.Interface()); err != nil {
		return reflect.Zero(kind)
	}
	if at, ok := value.Elem().Interface().(*time.Time); ok && at != nil {
		*at = at.UTC()
	}
	return value.Elem()
}

// writesAs tells whether the value, written, means what text means.
func writesAs(value reflect.Value, text json.RawMessage) bool {
	if value.Kind() == reflect.String {
		return true
	}
	written, err := marshal(value.Interface())
	return err == nil && SameJSON(written, text)
}

func sameValue(a, b reflect.Value) bool {
	if one, ok := a.Interface().(*time.Time); ok && one != nil {
		other := b.Interface().(*time.Time)
		return other != nil && one.Equal(*other)
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// marshal is json.Marshal that leaves <, > and & as they are.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// tidy is the text without white space, and with every escape that stands for no character (half of a surrogate pair, which
// PostgreSQL refuses) replaced.
func tidy(text json.RawMessage) json.RawMessage {
	if bytes.Contains(text, []byte(`\u`)) || !utf8.Valid(text) {
		if tree, ok := decode(text); ok {
			if out, err := marshal(tree); err == nil {
				return out
			}
		}
	}
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		return text
	}
	return out.Bytes()
}
