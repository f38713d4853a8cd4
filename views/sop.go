package views

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
)

// SOPFilterForm is the query of the list of procedures.
type SOPFilterForm struct {
	Query     string `form:"q"`
	Status    string `form:"status"`
	Surrogate string `form:"surrogate"`
	Sort      string `form:"sort"`
	Cursor    string `form:"cursor"`
}

// Filter is the query as the store takes it. What is no id narrows nothing.
func (f SOPFilterForm) Filter() store.SOPFilter {
	surrogate, _ := uuid.Parse(f.Surrogate)
	return store.SOPFilter{Query: f.Query, Status: store.SOPStatus(f.Status), Surrogate: surrogate, Sort: f.Sort, Cursor: f.Cursor}
}

// Narrowed says whether any filter is set.
func (f SOPFilterForm) Narrowed() bool { return f.Query != "" || f.Status != "" || f.Surrogate != "" }

func (f SOPFilterForm) query() url.Values {
	return queryOf("q", f.Query, "status", f.Status, "surrogate", f.Surrogate, "sort", f.Sort)
}

// cursorURL is the same list at another place; "" without one.
func (f SOPFilterForm) cursorURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := f.query()
	query.Set("cursor", cursor)
	return SOPsURL(org) + "?" + query.Encode()
}

// sortURL is the same list in another order.
func (f SOPFilterForm) sortURL(org, key string) string {
	query := f.query()
	query.Set("sort", nextSort(f.Sort, key))
	return SOPsURL(org) + "?" + query.Encode()
}

var sopStatusOptions = func() []Option {
	options := []Option{{Value: "", Label: "Any status"}}
	for _, status := range store.SOPStatuses {
		options = append(options, Option{Value: string(status), Label: statusLabel(string(status))})
	}
	return options
}()

// surrogateOptions are the surrogates to choose from; all names the choice of none, "" leaves it out.
func surrogateOptions(all string, surrogates []store.SurrogateName) []Option {
	var options []Option
	if all != "" {
		options = append(options, Option{Value: "", Label: all})
	}
	for _, s := range surrogates {
		label := s.RoleTitle + " · " + s.Domain
		if s.Archived {
			label += " (archived)"
		}
		options = append(options, Option{Value: s.ID.String(), Label: label})
	}
	return options
}

// RevisionForm is a form of one button: it says which state of the object the person saw.
type RevisionForm struct {
	Revision int `form:"revision"`
}

// SOPView is one version, ready to be shown.
type SOPView struct {
	Org  string
	Role store.Role
	store.SOP
	Page     store.SOPPage
	Life     SOPLifeView
	Problems []sop.Problem // of a draft
	Steps    []sop.OutlineItem
	Drawing  GraphView
}

// NewSOPView lays the version out.
func NewSOPView(org string, role store.Role, page store.SOPPage, life SOPLifeView) SOPView {
	s := page.SOP
	v := SOPView{Org: org, Role: role, SOP: s, Page: page, Life: life, Steps: sop.Outline(s.Graph)}
	if s.Status == store.VersionDraft {
		v.Problems = sop.Validate(s.Graph)
	}
	v.Drawing = NewGraphView(s.Graph, GraphOptions{
		Title: s.Title, Problems: v.Problems, HideText: true,
		LinkNode: func(id string) string { return "#" + stepAnchor(id) },
	})
	return v
}

// Editable says whether to offer the editor.
func (v SOPView) Editable() bool {
	return v.Status == store.VersionDraft && v.Role.Can(store.WriteSOPs)
}

// Subtitle names the version and whose procedure it is.
func (v SOPView) Subtitle() string {
	return "Version " + strconv.Itoa(v.Version) + " · " + v.RoleTitle
}

// Facts are what there is to know about a version beside its graph.
func (v SOPView) Facts() []Fact {
	facts := []Fact{
		{Term: "Surrogate", Value: v.RoleTitle, Href: SurrogateURL(v.Org, v.SurrogateID)},
		{Term: "Domain", Value: v.Domain},
		{Term: "Jurisdiction", Value: v.Jurisdiction},
		{Term: "Source", Value: v.Source},
		{Term: "Written by", Value: v.Author},
		{Term: "Created", Value: shortTime(v.CreatedAt)},
	}
	for _, moment := range []struct {
		term string
		at   *time.Time
		who  string
	}{{"Submitted", v.SubmittedAt, v.Submitter}, {"Certified", v.CertifiedAt, ""}, {"Deprecated", v.DeprecatedAt, v.Deprecator}} {
		if moment.at == nil {
			continue
		}
		text := shortTime(*moment.at)
		if moment.who != "" {
			text += " by " + moment.who
		}
		facts = append(facts, Fact{Term: moment.term, Value: text})
	}
	return append(facts, Fact{Term: "Last changed", Value: shortTime(v.UpdatedAt)})
}

// stepAnchor is where the list of steps shows a step.
func stepAnchor(id string) string { return "step-" + id }

// exitText is a way on as the list of steps tells it, before the name of the next step.
func exitText(e sop.Edge) string {
	switch {
	case e.Condition != "" && e.Label != "":
		return e.Condition + " (" + e.Label + ")"
	case e.Condition != "":
		return e.Condition
	case e.Label != "":
		return e.Label
	}
	return "Then"
}

// loopText says how often a loop may be taken, or nothing.
func loopText(e sop.Edge) string {
	if e.MaxIterations == 0 {
		return ""
	}
	return "at most " + counted(e.MaxIterations, "time")
}

// URL functions of procedures.

// SOPActionURL is what is done with a version: edit, discard, new-version, export.json, graph.svg, ...
func SOPActionURL(org string, id uuid.UUID, action string) string {
	return SOPURL(org, id) + "/" + action
}

// SOPListURL is the list of a surrogate's procedures.
func SOPListURL(org string, surrogate uuid.UUID) string {
	return SOPsURL(org) + "?" + url.Values{"surrogate": {surrogate.String()}}.Encode()
}

// NewSOPFromURL is the form of a new procedure with one of its starts chosen; copy may be no id.
func NewSOPFromURL(org, from, surrogate, copy string) string {
	query := queryOf("from", from, "surrogate", surrogate, "copy_of", copy)
	if len(query) == 0 {
		return NewSOPURL(org)
	}
	return NewSOPURL(org) + "?" + query.Encode()
}

// fileName makes the name of a download: "Refund for a parcel", 2, "json" becomes refund-for-a-parcel-v2.json.
func fileName(title string, version int, extension string) string {
	name := store.SuggestSlug(title)
	if name == "" {
		name = "procedure"
	}
	return strings.Trim(name, "-") + "-v" + strconv.Itoa(version) + "." + extension
}

// SOPFileName is the name under which a version is downloaded.
func SOPFileName(s store.SOP, extension string) string {
	return fileName(s.Title, s.Version, extension)
}

// problemQuery opens the editor at what a problem is about; the graph as a whole needs no query.
func problemQuery(p sop.Problem) string {
	switch {
	case p.EdgeID != "":
		return "?" + url.Values{"edge": {p.EdgeID}}.Encode()
	case p.NodeID != "":
		return "?" + url.Values{"step": {p.NodeID}}.Encode()
	}
	return ""
}

// settingText is the value of a step's setting as a person writes it down: lists with commas, and entries as "routine 60, urgent 10".
func settingText(value any) string {
	switch value := value.(type) {
	case map[string]any:
		parts := make([]string, 0, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, sop.Setting{Name: name}.Label()+" "+settingText(value[name]))
		}
		return strings.Join(parts, ", ")
	case []any:
		parts := make([]string, len(value))
		for i, each := range value {
			parts[i] = settingText(each)
		}
		return strings.Join(parts, ", ")
	case bool:
		return map[bool]string{true: "yes", false: "no"}[value]
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		return value
	}
	return ""
}
