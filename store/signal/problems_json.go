package signal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// json checks what the database asks of a value that is stored as JSON: its size in bytes, its depth, its texts and its numbers.
func (bad problems) json(field string, value any, limit int) {
	text, err := marshal(value)
	if err != nil {
		bad.check(false, field, "This cannot be written as JSON.")
		return
	}
	bad.check(len(text) <= limit, field, fmt.Sprintf("This is larger than %d KB. Make it smaller, or split it.", limit>>10))
	tree, ok := decode(text)
	bad.check(ok && storable(tree, depthLimit), field, "This holds text or numbers that cannot be stored.")
}

// storable tells whether jsonb holds the tree: no NUL in a text, no number beyond numeric, and not too deep.
func storable(tree any, depth int) bool {
	switch v := tree.(type) {
	case string:
		return Clean(v) == v
	case json.Number:
		_, power, _ := strings.Cut(strings.ToLower(string(v)), "e")
		exponent, err := strconv.Atoi(power)
		return len(v) <= numberLimit && (power == "" || err == nil && max(exponent, -exponent) <= numberLimit)
	case []any:
		for _, item := range v {
			if depth == 0 || !storable(item, depth-1) {
				return false
			}
		}
	case map[string]any:
		for name, item := range v {
			if depth == 0 || Clean(name) != name || !storable(item, depth-1) {
				return false
			}
		}
	}
	return true
}

// unread names the fields that stand in an Extra because their value is not what belongs there.
func (bad problems) unread(prefix string, object any) {
	walkUnread(reflect.ValueOf(object), func(name string) {
		bad.check(false, prefix+"."+name, fmt.Sprintf("The field %s cannot be read: its value is not what belongs there.", name))
	})
}

var extraType = reflect.TypeFor[Extra]()

func walkUnread(v reflect.Value, found func(name string)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walkUnread(v.Elem(), found)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkUnread(v.Index(i), found)
		}
	case reflect.Struct:
		extra := v.FieldByName("Extra")
		if !extra.IsValid() || extra.Type() != extraType {
			return
		}
		for name, field := range namedFields(v) {
			text, kept := extra.Interface().(Extra)[name]
			if kept && json.Unmarshal(text, reflect.New(field.Type()).Interface()) != nil && field.IsZero() {
				found(name)
			}
			walkUnread(field, func(inner string) { found(name) })
		}
	}
}
