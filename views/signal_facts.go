package views

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"surrealm/store/signal"
)

// factField is one fact about the content of a signal, as a field of a form and as a line of a page. Key is its JSON name; a part such as
// youtube puts its name and a hyphen before those of its own fields.
type factField struct {
	Key, Label, Value string
	Kind              string // text, whole, number, time, yes or lines
	Choices           []string
}

// factFields are all facts that metadata of this type can have.
func factFields(m signal.Metadata) []factField {
	if m == nil {
		return nil
	}
	return walkFacts(reflect.ValueOf(m), "")
}

func walkFacts(object reflect.Value, prefix string) []factField {
	var fields []factField
	for i := range object.NumField() {
		name := object.Type().Field(i).Tag.Get("json")
		if name == "" || name == "-" {
			continue
		}
		value, key := object.Field(i), prefix+name
		if part := value.Type(); part.Kind() == reflect.Pointer && part.Elem().Kind() == reflect.Struct && part != timeType {
			if value.IsNil() {
				value = reflect.New(part.Elem())
			}
			fields = append(fields, walkFacts(value.Elem(), key+"-")...)
			continue
		}
		fields = append(fields, factField{Key: key, Label: factLabel(key), Value: factText(value), Kind: factKind(value), Choices: factChoices[key]})
	}
	return fields
}

var timeType = reflect.TypeFor[*time.Time]()

func factKind(value reflect.Value) string {
	switch value.Interface().(type) {
	case *time.Time:
		return "time"
	case float64, *float64:
		return "number"
	case int, int64:
		return "whole"
	case []signal.Chapter:
		return "lines"
	}
	return "text"
}

// factText is a value as its field shows it; what is not known is empty.
func factText(value reflect.Value) string {
	switch v := value.Interface().(type) {
	case string:
		return v
	case *time.Time:
		return optionalTime(v)
	case *float64:
		return numberText(v)
	case []signal.Chapter:
		return writeLines(v, chapterLine)
	case float64:
		if v != 0 {
			return numberText(&v)
		}
	case int, int64:
		if n := value.Int(); n != 0 {
			return strconv.FormatInt(n, 10)
		}
	}
	return ""
}

// facts are the base's with what was typed. What is not in the form stays.
func (o overlay) facts(base signal.Metadata, typed map[string]string) signal.Metadata {
	if base == nil || len(typed) == 0 {
		return base
	}
	changed := reflect.New(reflect.TypeOf(base)).Elem()
	changed.Set(reflect.ValueOf(base))
	o.setFacts(changed, "", typed)
	return changed.Interface().(signal.Metadata)
}

// setFacts takes what was typed into an object, and says whether anything was changed.
func (o overlay) setFacts(object reflect.Value, prefix string, typed map[string]string) (changed bool) {
	for i := range object.NumField() {
		name := object.Type().Field(i).Tag.Get("json")
		if name == "" || name == "-" {
			continue
		}
		value, key := object.Field(i), prefix+name
		if part := value.Type(); part.Kind() == reflect.Pointer && part.Elem().Kind() == reflect.Struct && part != timeType {
			copied := reflect.New(part.Elem()) // the base's own part stays as it is
			if !value.IsNil() {
				copied.Elem().Set(value.Elem())
			}
			if o.setFacts(copied.Elem(), key+"-", typed) {
				value.Set(copied)
				changed = true
			}
			continue
		}
		text, given := typed[key]
		if !given || noEnds.Replace(text) == noEnds.Replace(factText(value)) {
			continue
		}
		changed = true
		if problem := setFact(value, text); problem != "" {
			o.bad["metadata."+name] = problem
		}
	}
	return changed
}

// setFact reads what was typed into a field of its type; it returns what is wrong with it.
func setFact(into reflect.Value, typed string) string {
	text := strings.TrimSpace(typed)
	switch v := into.Addr().Interface().(type) {
	case *string:
		*v = typed
	case **time.Time:
		if *v = nil; text != "" {
			at, err := signal.ParseTime(text)
			if *v = &at; err != nil {
				return "Write the time as 2025-01-31T14:30:00Z."
			}
		}
	case *[]signal.Chapter:
		chapters, ok := readChapters(*v, typed)
		if *v = chapters; !ok {
			return "Begin each chapter with its time, such as 0:01:02 | Opening."
		}
	default:
		return setNumber(into, text)
	}
	return ""
}

func setNumber(into reflect.Value, text string) string {
	into.SetZero()
	if text == "" {
		return ""
	}
	if into.CanInt() {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "Enter a whole number."
		}
		into.SetInt(n)
		return ""
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return "Enter a number."
	}
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.ValueOf(&n))
	} else {
		into.SetFloat(n)
	}
	return ""
}
