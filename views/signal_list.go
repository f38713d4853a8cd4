package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signal"
)

// SignalListView is what the page of signals shows: one query, and what it found in the shape that was asked for.
type SignalListView struct {
	Org     string
	Can     FrameCan
	Filter  SignalFilterForm
	Choices store.SignalChoices
	List    store.SignalList  // of table, cards and timeline
	Month   store.SignalMonth // of the calendar
	Map     store.SignalMap   // of the map

	Understands bool          // meanings are compared, not spelling alone
	Encoder     bool          // this server's encoder knows meanings, and reads the signals if they are not compared yet
	Selected    []uuid.UUID   // signals that were chosen before a mistake
	Bad         store.Invalid // what was wrong with a change; "" is for all of it
	BadName     string        // the name of a view that could not be kept
	BulkTag     string        // the tag that was typed before a mistake
}

// fromElsewhere marks what was opted into a realm of the reader's, who need not know where it comes from.
const fromElsewhere = "Shared from another realm"

// realmOf is where a signal of the list stands.
func (v SignalListView) realmOf(s store.SignalSummary) string {
	switch {
	case s.RealmName == "":
		return fromElsewhere
	case v.Filter.Realm != "" && v.Filter.Realm != s.RealmSlug:
		return fromElsewhere + ", " + s.RealmName
	}
	return s.RealmName
}

// signalViews are the shapes of the same list.
var signalViews = []Option{
	{Value: "table", Label: "Table"}, {Value: "cards", Label: "Cards"}, {Value: "timeline", Label: "Timeline"},
	{Value: "calendar", Label: "Calendar"}, {Value: "map", Label: "Map"},
}

func (v SignalListView) tabs() []Tab {
	tabs := make([]Tab, 0, len(signalViews))
	for _, view := range signalViews {
		tabs = append(tabs, Tab{Label: view.Label, Href: v.Filter.viewURL(v.Org, view.Value), Current: view.Value == v.Filter.Shape()})
	}
	return tabs
}

// empty says that the query found nothing. A calendar shows an empty month all the same, when one was asked for.
func (v SignalListView) empty() bool {
	switch v.Filter.Shape() {
	case "calendar":
		return len(v.Month.Days) == 0 && v.Filter.Month == ""
	case "map":
		return len(v.Map.Points) == 0 && v.Filter.Near == ""
	}
	return len(v.List.Items) == 0
}

// none says that there is no signal to list, whatever the filters.
func (v SignalListView) none() bool { return !v.Choices.Any && !v.Filter.Narrowed() && v.empty() }

// warm says whether the table has a column of temperatures: where a signal on the page has one, or they are sorted by it.
func (v SignalListView) warm() bool {
	return v.Filter.Query == "" && (strings.HasSuffix(v.Filter.Sort, "temperature") ||
		slices.ContainsFunc(v.List.Items, func(s store.SignalSummary) bool { return s.Temperature != nil }))
}

func (v SignalListView) selected(id uuid.UUID) bool {
	for _, chosen := range v.Selected {
		if chosen == id {
			return true
		}
	}
	return false
}

func (v SignalListView) realmOptions() []Option {
	options := []Option{{Value: "", Label: "Any realm"}}
	for _, realm := range v.Choices.Realms {
		options = append(options, Option{Value: realm.Slug, Label: realm.Name})
	}
	return options
}

// movable are the realms that signals can be moved to.
func (v SignalListView) movable() []Option {
	options := []Option{{Value: "", Label: "Choose a realm"}}
	for _, realm := range v.Choices.Realms {
		if realm.Writes {
			options = append(options, Option{Value: realm.Slug, Label: realm.Name})
		}
	}
	return options
}

// editable says whether the person may change any of what is shown.
func (v SignalListView) editable() bool {
	for _, s := range v.List.Items {
		if s.Editable {
			return v.Can.UseRealms
		}
	}
	return false
}

// viewHref is a saved view's list.
func viewHref(org string, view store.SavedView) string { return SignalsURL(org) + "?" + view.Query }

func typeOptions() []Option {
	options := make([]Option, 0, len(signal.Types))
	for _, t := range signal.Types {
		options = append(options, Option{Value: string(t), Label: t.Label()})
	}
	return options
}

func contextOptions() []Option {
	options := make([]Option, 0, len(signal.Contexts))
	for _, c := range signal.Contexts {
		options = append(options, Option{Value: string(c), Label: c.Label()})
	}
	return options
}

func statusOptions() []Option {
	options := make([]Option, 0, len(signal.Statuses))
	for _, s := range signal.Statuses {
		options = append(options, Option{Value: string(s), Label: s.Label()})
	}
	return options
}

func visibilityOptions() []Option {
	options := []Option{{Value: "", Label: "Anyone"}}
	for _, v := range signal.Visibilities {
		options = append(options, Option{Value: string(v), Label: visibilityLabel(string(v))})
	}
	return options
}

// visibilityLabel is a visibility in few words, for lists.
func visibilityLabel(v string) string {
	switch signal.Visibility(v) {
	case signal.Private:
		return "only me"
	case signal.Sanctum:
		return "members"
	case signal.Shared:
		return "members and other realms"
	case signal.Public:
		return "everyone"
	}
	return ""
}

func tagOptions(tags []string) []Option {
	options := make([]Option, 0, len(tags))
	for _, tag := range tags {
		options = append(options, Option{Value: tag, Label: tag})
	}
	return options
}

// signalIcon stands for the type.
func signalIcon(t signal.Type) string {
	switch t {
	case signal.PhotoType:
		return "image"
	case signal.TransmissionType:
		return "play"
	case signal.ConversationType:
		return "message-square"
	}
	return "file-text"
}

func signalTone(s signal.Status) string {
	switch s {
	case signal.Active:
		return "good"
	case signal.Pending:
		return "info"
	case signal.Failed, signal.Rejected:
		return "bad"
	}
	return "neutral"
}

// excerpt is the beginning of a text in one line of at most most characters.
func excerpt(text string, most int) string {
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) <= most {
		return string(line)
	}
	return strings.TrimSpace(string(line[:most])) + "…"
}

// whyFound says in words why a search found a signal. real says that meanings were compared, and not spelling.
func whyFound(m store.Match, real bool) string {
	var reasons []string
	if len(m.Words) > 0 {
		reasons = append(reasons, "words: "+strings.Join(m.Words, ", "))
	}
	if m.Similarity != nil {
		kind := "meaning"
		if !real {
			kind = "spelling"
		}
		reasons = append(reasons, nearness(*m.Similarity)+" "+kind)
	}
	return strings.Join(reasons, " · ")
}

// nearness is a cosine in words. The bounds are those of short sentences by the built-in encoder: unrelated ones stay below 0.15,
// two ways to say the same are mostly above 0.6.
func nearness(similarity float64) string {
	switch {
	case similarity >= 0.6:
		return "very similar"
	case similarity >= 0.4:
		return "similar"
	case similarity >= 0.25:
		return "somewhat similar"
	}
	return "faintly similar"
}

func signalsText(n int) string {
	if n == 1 {
		return "1 signal"
	}
	return strconv.Itoa(n) + " signals"
}

func temperatureText(t *float64) string {
	if t == nil {
		return ""
	}
	return strconv.FormatFloat(*t, 'f', 2, 64)
}

// SignalBulkForm is one change to the chosen signals; Back is the query of the list or the map that it came from.
type SignalBulkForm struct {
	IDs     []string `form:"ids"`
	Do      string   `form:"do"`
	Tag     string   `form:"bulk_tag"`
	Realm   string   `form:"bulk_realm"`
	Cluster string   `form:"bulk_cluster"` // "" for a new one
	Back    string   `form:"back"`
	Map     string   `form:"map"` // slug of the realm on whose map they were chosen
}

// SaveViewForm keeps a query under a name.
type SaveViewForm struct {
	Name  string `form:"name"`
	Query string `form:"query"`
}
