package sop

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/gowebpki/jcs"
)

// Canonical returns the one form of a graph that is stored, compared, hashed
// and signed: its JSON (every field present, see Graph) in the form of RFC 8785,
// the JSON Canonicalization Scheme. Graphs that differ in anything but the
// order of config keys differ in their canonical form.
//
// It fails for a graph that JSON cannot hold: invalid UTF-8 or a number that is
// not finite. A graph from Parse never fails.
func Canonical(g Graph) ([]byte, error) {
	if !validText(g) {
		return nil, errors.New("text is not valid UTF-8")
	}
	data, err := json.Marshal(g)
	if err != nil {
		return nil, fmt.Errorf("write graph: %w", err)
	}
	return canonicalJSON(data)
}

func canonicalJSON(data []byte) ([]byte, error) {
	out, err := jcs.Transform(data)
	if err != nil {
		return nil, fmt.Errorf("canonical form: %w", err)
	}
	return out, nil
}

// GraphHash is the lower-case hexadecimal SHA-256 of a canonical form.
func GraphHash(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// validText looks at every string, because encoding/json would replace invalid
// bytes without a word and two graphs would share one canonical form.
func validText(g Graph) bool {
	for _, n := range g.Nodes {
		if !utf8.ValidString(n.ID+string(n.Type)) || !utf8.ValidString(n.Label) ||
			!utf8.ValidString(n.Description) || !validValue(n.Config) {
			return false
		}
	}
	for _, e := range g.Edges {
		if !utf8.ValidString(e.ID) || !utf8.ValidString(e.From) || !utf8.ValidString(e.To) ||
			!utf8.ValidString(e.Condition) || !utf8.ValidString(e.Label) {
			return false
		}
	}
	return true
}

func validValue(v any) bool {
	switch v := v.(type) {
	case string:
		return utf8.ValidString(v)
	case []any:
		for _, item := range v {
			if !validValue(item) {
				return false
			}
		}
	case map[string]any:
		for key, item := range v {
			if !utf8.ValidString(key) || !validValue(item) {
				return false
			}
		}
	}
	return true
}
