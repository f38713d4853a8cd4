package views

import (
	"maps"
	"math"
	"strconv"
	"strings"

	"surrealm/store"
	"surrealm/store/signal"
)

// Draft is the base with what the form changed. A field that stands as the form of the base would show it keeps the base's value, so that
// saving an unchanged form changes nothing, whatever a form cannot show: fractions of a second, fields that no type knows, line ends.
// Invalid names what cannot be read, and what is wrong with what can.
func (f SignalForm) Draft(base signal.Draft) (signal.Draft, store.Invalid) {
	o := overlay{bad: store.Invalid{}}
	d, shown := base, formOfDraft(base)
	for _, field := range []struct {
		into         *string
		shown, typed string
	}{
		{&d.Title, shown.Title, f.Title}, {&d.Source, shown.Source, f.Source}, {&d.ExternalID, shown.ExternalID, f.ExternalID},
		{(*string)(&d.Context), shown.Context, f.Context}, {(*string)(&d.Status), shown.Status, f.Status},
		{(*string)(&d.Visibility), shown.Visibility, f.Visibility}, {&d.Energy, shown.Energy, f.Energy},
		{&d.InnerState, shown.InnerState, f.InnerState}, {&d.Orientation, shown.Orientation, f.Orientation},
	} {
		takeLine(field.into, field.shown, field.typed)
	}
	takeText(&d.Summary, shown.Summary, f.Summary)
	takeText(&d.Environment, shown.Environment, f.Environment)
	takeText(&d.Substrate, shown.Substrate, f.Substrate)
	o.number(&d.Temperature, "temperature", shown.Temperature, f.Temperature)
	o.number(&d.Density, "density", shown.Density, f.Density)
	if differs(shown.Tags, f.Tags) {
		d.Tags = readTags(f.Tags)
	}
	o.moment(&d, shown.CapturedAt, f.CapturedAt)
	o.place(&d, shown, f)
	d.Actions = readLines(d.Actions, actionLine, f.Actions, readAction)
	d.Entities = readLines(d.Entities, entityLine, f.Entities, readEntity)
	for _, list := range []struct {
		into  *[]string
		typed string
	}{
		{&d.OntologicalStates, f.OntologicalStates}, {&d.SymbolicElements, f.SymbolicElements}, {&d.Subsystems, f.Subsystems}, {&d.DominantLanguage, f.DominantLanguage},
	} {
		*list.into = readLines(*list.into, onLine, list.typed, onLine)
	}
	d.Payload = o.payload(base.Payload, shown, f)
	d.Metadata = o.facts(base.Metadata, f.Facts)
	problems := store.Invalid(d.Normalised().Problems())
	maps.Copy(problems, o.bad)
	return d, problems
}

// overlay gathers what could not be read.
type overlay struct{ bad store.Invalid }

// differs says whether somebody changed what a form showed. Browsers send line ends in a form of their own.
func differs(shown, typed string) bool { return plainEnds.Replace(shown) != plainEnds.Replace(typed) }

var (
	plainEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
	noEnds    = strings.NewReplacer("\r", "", "\n", "")
)

func takeText(into *string, shown, typed string) {
	if differs(shown, typed) {
		*into = typed
	}
}

// takeLine is takeText in a field of one line, from which browsers take line ends out.
func takeLine(into *string, shown, typed string) {
	if noEnds.Replace(shown) != noEnds.Replace(typed) {
		*into = typed
	}
}

func (o overlay) number(into **float64, field, shown, typed string) {
	if typed = strings.TrimSpace(typed); typed == shown {
		return
	}
	if *into = nil; typed == "" {
		return
	}
	n, err := strconv.ParseFloat(typed, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		o.bad[field] = "Enter a number."
		return
	}
	*into = &n
}

func (o overlay) moment(d *signal.Draft, shown, typed string) {
	if typed = strings.TrimSpace(typed); typed == shown || typed == "" {
		return // without a time the store takes the one that is there, or now
	}
	at, err := signal.ParseTime(typed)
	if err != nil {
		o.bad["captured_at"] = "Enter a date and a time, such as 2025-01-31T14:30."
		return
	}
	d.CapturedAt = at
}

func (o overlay) place(d *signal.Draft, shown, typed SignalForm) {
	if strings.TrimSpace(typed.Latitude) == shown.Latitude && strings.TrimSpace(typed.Longitude) == shown.Longitude {
		return
	}
	var latitude, longitude *float64
	o.number(&latitude, "latitude", "", typed.Latitude)
	o.number(&longitude, "longitude", "", typed.Longitude)
	switch {
	case latitude != nil && longitude != nil:
		d.Place = &signal.Place{Latitude: *latitude, Longitude: *longitude}
	case latitude == nil && longitude == nil:
		d.Place = nil
	case latitude == nil:
		o.bad["latitude"] = "Give both latitude and longitude, or neither."
	default:
		o.bad["longitude"] = "Give both latitude and longitude, or neither."
	}
}

// readLines reads entries that stand one a line. An entry whose line is as it was stays as it was.
func readLines[T any](base []T, line func(T) string, typed string, read func(string) T) []T {
	if !differs(writeLines(base, line), typed) {
		return base
	}
	kept := map[string][]T{}
	for _, item := range base {
		kept[line(item)] = append(kept[line(item)], item)
	}
	var out []T
	for _, text := range lines(typed) {
		if same := kept[text]; len(same) > 0 {
			out, kept[text] = append(out, same[0]), same[1:]
			continue
		}
		out = append(out, read(text))
	}
	return out
}

func readAction(text string) signal.Action {
	parts := splitBar(text, 2)
	return signal.Action{Text: parts[0], Kind: strings.ToLower(parts[1])}
}

func readEntity(text string) signal.Entity {
	parts := splitBar(text, 3)
	return signal.Entity{Name: parts[0], Kind: parts[1], Context: parts[2]}
}

// splitBar splits at bars into n parts; the last has the rest.
func splitBar(text string, n int) []string {
	parts := make([]string, n)
	for i, part := range strings.SplitN(text, "|", n) {
		parts[i] = strings.TrimSpace(part)
	}
	return parts
}
