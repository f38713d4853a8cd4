package sop

import (
	"fmt"
	"slices"
	"strings"
)

// fields reads the members of one JSON object by name and remembers what is
// wrong with them. what names the object at the start of a sentence.
type fields struct {
	what     string
	values   map[string]any
	problems *problems
}

// openFields returns nil when tree is not an object; it reports that, and every
// field that is not one of known.
func openFields(tree any, what string, p *problems, known ...string) *fields {
	o, ok := tree.(*object)
	if !ok {
		p.add("%s must be a JSON object with the fields %s.", what, strings.Join(known, ", "))
		return nil
	}
	for _, key := range o.keys {
		if !slices.Contains(known, key) {
			p.add("%s has a field %q that is not known here. Known fields are %s.", what, shorten(key, 40), strings.Join(known, ", "))
		}
	}
	return &fields{what: what, values: o.values, problems: p}
}

// text reads a string; an absent field and null are the empty string.
func (f *fields) text(name string) string {
	switch v := f.values[name].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		f.problems.add("%s: %s must be text in quotation marks.", f.what, name)
		return ""
	}
}

func (f *fields) ruled(name string, rule textRule) string {
	s := f.text(name)
	if rule.newlines {
		s = unixLines(s)
	}
	if _, isText := f.values[name].(string); isText || f.values[name] == nil {
		f.report(rule.check(s))
	}
	return s
}

func (f *fields) id(name string) string {
	s := f.text(name)
	if bad := checkID(s); bad != "" {
		f.report(strings.Replace(bad, "the id", `"`+name+`"`, 1))
	}
	return s
}

func (f *fields) report(bad string) {
	if bad != "" {
		f.problems.add("%s: %s.", f.what, bad)
	}
}

func (f *fields) list(name string, most int) []any {
	switch v := f.values[name].(type) {
	case []any:
		if len(v) > most {
			f.problems.add("%s has %d %s; the most is %d.", f.what, len(v), name, most)
			return nil
		}
		return v
	default:
		f.problems.add("%s needs a list called %q.", f.what, name)
		return nil
	}
}

// count reads an optional whole number. Zero is refused, because it would read
// like "never" and mean "nothing declared".
func (f *fields) count(name string) int {
	switch v := f.values[name].(type) {
	case nil:
		return 0
	case float64:
		if n := int(v); v == float64(n) && n != 0 && n > -1e6 && n < 1e6 {
			return n
		}
	}
	f.problems.add("%s: %s must be a whole number from 1 to %d, or be left out.", f.what, name, MaxLoop)
	return 0
}

// config reads an object of settings; an absent field and null are empty.
func (f *fields) config(name string) map[string]any {
	switch v := f.values[name].(type) {
	case nil:
		return map[string]any{}
	case *object:
		if bad := checkConfigText(v); bad != "" {
			f.report(bad)
		}
		return plainMap(v)
	default:
		f.problems.add("%s: %s must be a JSON object.", f.what, name)
		return map[string]any{}
	}
}

// checkConfigText looks for hidden characters in every key and string.
func checkConfigText(v any) string {
	switch v := v.(type) {
	case string:
		for _, c := range v {
			if c != '\n' && c != '\r' && c != '\t' && hidden(c) {
				return fmt.Sprintf("the config holds the invisible control character U+%04X; remove it", c)
			}
		}
	case []any:
		for _, item := range v {
			if bad := checkConfigText(item); bad != "" {
				return bad
			}
		}
	case *object:
		for _, key := range v.keys {
			if strings.TrimSpace(key) == "" {
				return "the config has a setting without a name"
			}
			if bad := checkConfigText(key); bad != "" {
				return bad
			}
			if bad := checkConfigText(v.values[key]); bad != "" {
				return bad
			}
		}
	}
	return ""
}

// plain turns the reader's objects into the maps that encoding/json makes.
func plain(v any) any {
	switch v := v.(type) {
	case *object:
		return plainMap(v)
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = plain(item)
		}
		return list
	default:
		return v
	}
}

func plainMap(o *object) map[string]any {
	m := make(map[string]any, len(o.keys))
	for _, key := range o.keys {
		m[key] = plain(o.values[key])
	}
	return m
}
