package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
)

// SessionCodec keeps the values of a session, which are texts and whole numbers, as JSON. The default of scs describes its
// types anew in each session, and reading that took longer than reading the session from the database. Numbers come
// back as int64.
type SessionCodec struct{}

var _ scs.Codec = SessionCodec{}

type sessionValues struct {
	Deadline time.Time         `json:"deadline"`
	Texts    map[string]string `json:"texts,omitempty"`
	Numbers  map[string]int64  `json:"numbers,omitempty"`
}

// Encode fails on a value that is neither a text nor a whole number.
func (SessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	kept := sessionValues{Deadline: deadline, Texts: map[string]string{}, Numbers: map[string]int64{}}
	for key, value := range values {
		switch value := value.(type) {
		case string:
			kept.Texts[key] = value
		case int:
			kept.Numbers[key] = int64(value)
		case int64:
			kept.Numbers[key] = value
		default:
			return nil, fmt.Errorf("the session value %s is a %T", key, value)
		}
	}
	return json.Marshal(kept)
}

// Decode also reads sessions that began under the default codec: none of those begins with a brace.
func (SessionCodec) Decode(data []byte) (time.Time, map[string]any, error) {
	if len(data) > 0 && data[0] != '{' {
		return scs.GobCodec{}.Decode(data)
	}
	var kept sessionValues
	if err := json.Unmarshal(data, &kept); err != nil {
		return time.Time{}, nil, fmt.Errorf("read a session: %w", err)
	}
	values := make(map[string]any, len(kept.Texts)+len(kept.Numbers))
	for key, text := range kept.Texts {
		values[key] = text
	}
	for key, number := range kept.Numbers {
		values[key] = number
	}
	return kept.Deadline, values, nil
}
