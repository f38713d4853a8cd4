package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalFilterForm is the query of the list of signals, as it stands in the address. All views of the list share it.
type SignalFilterForm struct {
	Query      string   `form:"q"`
	Realm      string   `form:"realm"` // slug
	Types      []string `form:"type"`
	Contexts   []string `form:"context"`
	Statuses   []string `form:"status"`
	Visibility string   `form:"visibility"`
	Tags       []string `form:"tag"`
	Author     string   `form:"author"`
	Source     string   `form:"source"`
	From       string   `form:"from"` // day, such as 2026-01-31
	To         string   `form:"to"`   // day, included
	Coldest    string   `form:"coldest"`
	Warmest    string   `form:"warmest"`
	Near       string   `form:"near"`   // latitude,longitude
	Radius     string   `form:"radius"` // kilometres
	Placed     string   `form:"placed"` // "on"
	Bin        string   `form:"bin"`    // "on"
	Sort       string   `form:"sort"`
	Cursor     string   `form:"cursor"`
	View       string   `form:"view"`  // table, cards, timeline, calendar or map
	Month      string   `form:"month"` // of the calendar, such as 2026-01
}

// defaultRadius is how far around a place a search reaches, in kilometres, when nobody says.
const defaultRadius = 50

// Filter is the query as the store takes it. What cannot be read narrows nothing.
func (f SignalFilterForm) Filter() store.SignalFilter {
	filter := store.SignalFilter{
		Query: strings.TrimSpace(f.Query), Realm: f.Realm, Types: chosen(f.Types), Contexts: chosen(f.Contexts), Statuses: chosen(f.Statuses),
		Visibility: f.Visibility, Tags: f.TagList(), Author: f.Author, Source: f.Source,
		From: dayIn(f.From, 0), To: dayIn(f.To, 1), Warmest: numberIn(f.Warmest), Coldest: numberIn(f.Coldest),
		Placed: f.Placed == "on", Bin: f.Bin == "on", Sort: f.Sort, Cursor: f.Cursor,
	}
	if place := f.Place(); place != nil {
		filter.Near, filter.Radius = place, f.kilometres()
	}
	return filter
}

// TagList are the tags that are asked for; a field may hold several with commas between them.
func (f SignalFilterForm) TagList() []string {
	return signal.NormaliseTags(strings.Split(strings.Join(f.Tags, ","), ","))
}

// Place is the centre of a search around a place; nil for none, or for one that is not on Earth.
func (f SignalFilterForm) Place() *signal.Place {
	latitude, longitude, ok := strings.Cut(f.Near, ",")
	lat, lon := numberIn(latitude), numberIn(longitude)
	if !ok || lat == nil || lon == nil || *lat < -90 || *lat > 90 || *lon < -180 || *lon > 180 {
		return nil
	}
	return &signal.Place{Latitude: *lat, Longitude: *lon}
}

// misplaced says what is wrong with the place that was typed; "" when nothing is.
func (f SignalFilterForm) misplaced() string {
	if f.Near == "" || f.Place() != nil {
		return ""
	}
	return "Write degrees north and degrees east with a comma between them, such as 52.52, 13.41."
}

func (f SignalFilterForm) kilometres() float64 {
	if km := numberIn(f.Radius); km != nil && *km > 0 && *km <= 20_100 {
		return *km
	}
	return defaultRadius
}

// MonthShown is the month that the calendar is asked for; the zero time for none.
func (f SignalFilterForm) MonthShown() time.Time {
	month, err := time.Parse("2006-01", f.Month)
	if err != nil || month.Year() < 1 {
		return time.Time{}
	}
	return month
}

// Shape is the view that is asked for.
func (f SignalFilterForm) Shape() string {
	if slices.ContainsFunc(signalViews, func(v Option) bool { return v.Value == f.View }) {
		return f.View
	}
	return "table"
}

// Values is the query without the place in the list. What is empty is left out.
func (f SignalFilterForm) Values() url.Values {
	query := queryOf("q", strings.TrimSpace(f.Query), "realm", f.Realm, "visibility", f.Visibility, "author", f.Author, "source", f.Source, "from", f.From,
		"to", f.To, "coldest", f.Coldest, "warmest", f.Warmest, "near", f.Near, "radius", f.Radius, "placed", f.Placed, "bin", f.Bin, "sort", f.Sort,
		"view", f.View, "month", f.Month)
	for name, values := range map[string][]string{"type": f.Types, "context": f.Contexts, "status": f.Statuses, "tag": f.TagList()} {
		if values = chosen(values); len(values) > 0 {
			query[name] = values
		}
	}
	return query
}

// URL is the list with this query.
func (f SignalFilterForm) URL(org string) string { return withQuery(SignalsURL(org), f.Values()) }

func (f SignalFilterForm) cursorURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := f.Values()
	query.Set("cursor", cursor)
	return withQuery(SignalsURL(org), query)
}

// changed is the list with another query, from its start.
func (f SignalFilterForm) changed(org string, change func(*SignalFilterForm)) string {
	f.Types, f.Contexts, f.Statuses, f.Tags = slices.Clone(f.Types), slices.Clone(f.Contexts), slices.Clone(f.Statuses), f.TagList()
	change(&f)
	return f.URL(org)
}

func (f SignalFilterForm) sortURL(org, key string) string {
	return f.changed(org, func(f *SignalFilterForm) { f.Sort = nextSort(f.Sort, key) })
}

func (f SignalFilterForm) viewURL(org, view string) string {
	return f.changed(org, func(f *SignalFilterForm) { f.View, f.Month = strings.TrimPrefix(view, "table"), "" })
}

// Narrowed says whether anything is searched or filtered.
func (f SignalFilterForm) Narrowed() bool {
	return strings.TrimSpace(f.Query) != "" || len(f.Chips("", nil)) > 0
}

// Chip is one filter that is set, with the list without it.
type Chip struct{ Label, Without string }

// Chips are the filters that are set, in the order of the form.
func (f SignalFilterForm) Chips(org string, realms []store.RealmChoice) []Chip {
	var chips []Chip
	add := func(label string, without func(*SignalFilterForm)) {
		chips = append(chips, Chip{label, f.changed(org, without)})
	}
	if f.Realm != "" {
		add("In "+realmName(realms, f.Realm), func(f *SignalFilterForm) { f.Realm = "" })
	}
	for _, t := range chosen(f.Types) {
		add(orDefault(signal.Type(t).Label(), t), func(f *SignalFilterForm) { f.Types = without(f.Types, t) })
	}
	for _, c := range chosen(f.Contexts) {
		add("Context "+orDefault(signal.Context(c).Label(), c), func(f *SignalFilterForm) { f.Contexts = without(f.Contexts, c) })
	}
	for _, s := range chosen(f.Statuses) {
		add("Status "+orDefault(signal.Status(s).Label(), s), func(f *SignalFilterForm) { f.Statuses = without(f.Statuses, s) })
	}
	if f.Visibility != "" {
		add("Seen by: "+orDefault(visibilityLabel(f.Visibility), f.Visibility), func(f *SignalFilterForm) { f.Visibility = "" })
	}
	for _, tag := range f.TagList() {
		add("#"+tag, func(f *SignalFilterForm) { f.Tags = without(f.Tags, tag) })
	}
	for _, text := range []struct {
		label, value string
		clear        func(*SignalFilterForm)
	}{
		{"Author ", f.Author, func(f *SignalFilterForm) { f.Author = "" }},
		{"Source ", f.Source, func(f *SignalFilterForm) { f.Source = "" }},
		{"From ", f.From, func(f *SignalFilterForm) { f.From = "" }},
		{"Until ", f.To, func(f *SignalFilterForm) { f.To = "" }},
		{"Temperature at least ", f.Coldest, func(f *SignalFilterForm) { f.Coldest = "" }},
		{"Temperature at most ", f.Warmest, func(f *SignalFilterForm) { f.Warmest = "" }},
	} {
		if text.value != "" {
			add(text.label+text.value, text.clear)
		}
	}
	if f.Near != "" {
		label := f.Near + " is no place"
		if f.Place() != nil {
			label = "Within " + plainNumber(f.kilometres()) + " km of " + f.Near
		}
		add(label, func(f *SignalFilterForm) { f.Near, f.Radius = "", "" })
	}
	if f.Placed == "on" {
		add("With a place", func(f *SignalFilterForm) { f.Placed = "" })
	}
	if f.Bin == "on" {
		add("In the bin", func(f *SignalFilterForm) { f.Bin = "" })
	}
	return chips
}

// chosen are values without the empty ones.
func chosen(values []string) []string { return without(values, "") }

func without(values []string, value string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == value })
}

func realmName(realms []store.RealmChoice, slug string) string {
	for _, realm := range realms {
		if realm.Slug == slug {
			return realm.Name
		}
	}
	return slug
}

// dayIn reads a day, plus some days; nil when it is none.
func dayIn(text string, plus int) *time.Time {
	day, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil || day.Year() < 1 {
		return nil
	}
	day = day.AddDate(0, 0, plus)
	return &day
}

func numberIn(text string) *float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || n != n || n > 1e6 || n < -1e6 {
		return nil
	}
	return &n
}

func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func withQuery(address string, query url.Values) string {
	if len(query) == 0 {
		return address
	}
	return address + "?" + query.Encode()
}

// withTag is the list narrowed to one more tag.
func (f SignalFilterForm) withTag(org, tag string) string {
	return f.changed(org, func(f *SignalFilterForm) { f.Tags = append(f.Tags, tag) })
}

// tagProps make a field one for tags: it offers what GET /tags/suggest finds for the letters in it.
func tagProps(org string, p FieldProps) FieldProps {
	options := p.InputID() + "-options"
	p.Autocomplete, p.MaxLength = "off", 200
	p.Attrs = templ.Attributes{"list": options, "hx-get": TagsURL(org) + "/suggest", "hx-trigger": "input changed delay:200ms",
		"hx-target": "#" + options, "hx-swap": "innerHTML"}
	return p
}
