package sop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object whose keys are known to be distinct, in the order in
// which they were written.
type object struct {
	keys   []string
	values map[string]any
}

// readTree reads one JSON value more strictly than encoding/json does: no
// invalid UTF-8, no half of a surrogate pair, no NUL, no key twice, no deeper
// than depth, no number that a double cannot hold. Objects become *object.
// The error is one plain sentence.
func readTree(data []byte, depth int) (any, error) {
	if !utf8.Valid(data) {
		return nil, refuse("The text is not valid UTF-8.")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, refuse("There is nothing here to read.")
	}
	var raw json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, syntaxSentence(data, err)
	}
	if err := checkEscapes(data); err != nil {
		return nil, err
	}
	r := treeReader{decoder: json.NewDecoder(bytes.NewReader(data)), depth: depth}
	r.decoder.UseNumber()
	return r.value(1, "")
}

func syntaxSentence(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return refuse("This is not JSON that can be read: %v.", err)
	}
	before := data[:min(int(syntax.Offset), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	return refuse("This is not valid JSON: %s, on line %d.", syntax.Error(), line)
}

// checkEscapes finds what the decoder would silently turn into a replacement
// character, and NUL, which PostgreSQL cannot store. In valid JSON a backslash
// stands only inside a string.
func checkEscapes(data []byte) error {
	for i := 0; i+1 < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		i++
		if data[i] != 'u' {
			continue
		}
		code := hex4(data, i+1)
		i += 4
		switch {
		case code == 0:
			return refuse(`The text holds \u0000, a character that cannot be stored.`)
		case code >= 0xDC00 && code <= 0xDFFF:
			return refuse("The text holds half of a character (a lone surrogate).")
		case code >= 0xD800 && code <= 0xDBFF:
			low := -1
			if i+2 < len(data) && data[i+1] == '\\' && data[i+2] == 'u' {
				low = hex4(data, i+3)
			}
			if low < 0xDC00 || low > 0xDFFF {
				return refuse("The text holds half of a character (a lone surrogate).")
			}
			i += 6
		}
	}
	return nil
}

func hex4(data []byte, at int) int {
	if at+4 > len(data) {
		return -1
	}
	n, err := strconv.ParseUint(string(data[at:at+4]), 16, 32)
	if err != nil {
		return -1
	}
	return int(n)
}

// treeReader recurses no deeper than its depth.
type treeReader struct {
	decoder *json.Decoder
	depth   int
}

func (r *treeReader) value(level int, path string) (any, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, refuse("This is not JSON that can be read: %v.", err)
	}
	switch t := token.(type) {
	case json.Delim:
		if level > r.depth {
			return nil, refuse("The text is nested more than %d levels deep.", r.depth)
		}
		if t == '[' {
			return r.array(level, path)
		}
		return r.object(level, path)
	case json.Number:
		return exactNumber(t.String())
	default:
		return t, nil
	}
}

func (r *treeReader) array(level int, path string) (any, error) {
	list := []any{}
	for r.decoder.More() {
		v, err := r.value(level+1, path)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.decoder.Token()
	return list, err
}

func (r *treeReader) object(level int, path string) (any, error) {
	o := &object{values: map[string]any{}}
	for r.decoder.More() {
		token, err := r.decoder.Token()
		if err != nil {
			return nil, err
		}
		key := token.(string) // the text is valid JSON, so this is a key
		if _, twice := o.values[key]; twice {
			return nil, refuse("The field %q stands twice in one object%s.", key, in(path))
		}
		v, err := r.value(level+1, key)
		if err != nil {
			return nil, err
		}
		o.keys = append(o.keys, key)
		o.values[key] = v
	}
	_, err := r.decoder.Token()
	return o, err
}

func in(path string) string {
	if path == "" {
		return ""
	}
	return fmt.Sprintf(" (in %q)", path)
}

// exactNumber refuses a number that would come back different from the
// canonical form, which knows doubles only (RFC 8785, section 3.2.2.3).
func exactNumber(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err == nil && !math.IsInf(f, 0) {
		digits, exponent := decimal(text)
		kept, keptExponent := decimal(strconv.FormatFloat(f, 'e', -1, 64))
		if digits == kept && exponent == keptExponent {
			if f == 0 {
				return 0, nil // also for -0, which the canonical form does not know
			}
			return f, nil
		}
	}
	return 0, refuse("The number %s cannot be kept exactly. Write it as text, in quotation marks.", shorten(text, 40))
}

// decimal brings a number to digits without outer zeros and the power of ten
// of the last digit, so that 1500, 1.5e3 and 15e2 are one.
func decimal(text string) (digits string, exponent int) {
	mantissa, power, found := strings.Cut(strings.ToLower(strings.TrimPrefix(text, "-")), "e")
	if found {
		exponent, _ = strconv.Atoi(power) // out of range saturates, and then differs
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "", 0
	}
	return trimmed, exponent - len(fraction) + len(digits) - len(trimmed)
}

func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}
