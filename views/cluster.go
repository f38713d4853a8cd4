package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"surrealm/store"
)

// ClusterFilterForm is the query of the list of clusters.
type ClusterFilterForm struct {
	Query  string `form:"q"`
	Realm  string `form:"realm"` // slug
	Type   string `form:"type"`
	State  string `form:"state"`
	Cursor string `form:"cursor"`
}

// Filter is the query as the store takes it.
func (f ClusterFilterForm) Filter() store.ClusterFilter {
	return store.ClusterFilter{Realm: f.Realm, Type: f.Type, State: f.State, Query: f.Query, Cursor: f.Cursor}
}

// URL is the list of this query.
func (f ClusterFilterForm) URL(org string) string {
	return withQuery(ClustersURL(org), queryOf("q", f.Query, "realm", f.Realm, "type", f.Type, "state", f.State))
}

func (f ClusterFilterForm) cursorURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(ClustersURL(org), queryOf("q", f.Query, "realm", f.Realm, "type", f.Type, "state", f.State, "cursor", cursor))
}

func (f ClusterFilterForm) narrowed() bool {
	return strings.TrimSpace(f.Query) != "" || f.Realm != "" || f.Type != "" || f.State != ""
}

// only says that the list is that of one realm, and not narrowed further.
func (f ClusterFilterForm) only() bool {
	realm := f.Realm
	f.Realm = ""
	return realm != "" && !f.narrowed() && f.Cursor == ""
}

// ClusterListView is what the page of clusters shows.
type ClusterListView struct {
	Org    string
	Can    FrameCan
	Filter ClusterFilterForm
	List   store.ClusterList
}

// none says that there is no cluster to list, whatever the filters.
func (v ClusterListView) none() bool {
	return len(v.List.Items) == 0 && !v.Filter.narrowed() && v.Filter.Cursor == ""
}

// inRealm says that the list shows one realm, which there is: anybody can write another one into the address.
func (v ClusterListView) inRealm() bool {
	return slices.ContainsFunc(v.List.Realms, func(r store.RealmChoice) bool { return r.Slug == v.Filter.Realm })
}

// ClusterForm is a cluster as it was typed. IDs are the signals that a new one begins with.
type ClusterForm struct {
	Realm       string   `form:"realm"` // of a new one: slug
	Type        string   `form:"type"`
	Title       string   `form:"title"`
	Description string   `form:"description"`
	Tags        string   `form:"tags"` // with commas between them
	Parent      string   `form:"parent"`
	StartsOn    string   `form:"starts_at"`
	EndsOn      string   `form:"ends_at"`
	Revision    int      `form:"revision"`
	IDs         []string `form:"ids"`
}

// Input is the form as the store takes it, with the mistakes that only a form can have.
func (f ClusterForm) Input() (store.ClusterInput, store.Invalid) {
	n, bad := store.ClusterInput{Type: f.Type, Title: f.Title, Description: f.Description, Tags: strings.Split(f.Tags, ",")}, store.Invalid{}
	if f.Parent != "" {
		parent, err := uuid.Parse(f.Parent)
		if err != nil {
			bad["parent"] = "Choose a cluster from the list."
		}
		n.Parent = parent
	}
	for name, day := range map[string]struct {
		text string
		into **time.Time
	}{"starts_at": {f.StartsOn, &n.StartsAt}, "ends_at": {f.EndsOn, &n.EndsAt}} {
		if *day.into = dayIn(day.text, 0); *day.into == nil && strings.TrimSpace(day.text) != "" {
			bad[name] = "Use a day such as 2026-01-31."
		}
	}
	return n, bad
}

// EditClusterForm is the form of what is saved.
func EditClusterForm(c store.Cluster) ClusterForm {
	f := ClusterForm{Realm: c.RealmSlug, Type: c.Type, Title: c.Title, Description: c.Description, Tags: strings.Join(c.Tags, ", "), Revision: c.Revision,
		StartsOn: dayText(c.StartsAt), EndsOn: dayText(c.EndsAt)}
	if c.ParentID != nil {
		f.Parent = c.ParentID.String()
	}
	return f
}

func dayText(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}

// ClusterFormView is what the pages with the form show. ID is uuid.Nil for a new cluster.
type ClusterFormView struct {
	Org     string
	ID      uuid.UUID
	Machine bool // the type stays
	Form    ClusterForm
	Choices store.ClusterChoices
	Bad     store.Invalid
}

func (v ClusterFormView) realmOptions() []Option {
	options := []Option{}
	for _, realm := range v.Choices.Realms {
		options = append(options, Option{Value: realm.Slug, Label: realm.Name})
	}
	return options
}

func (v ClusterFormView) parentOptions() []Option {
	return linkOptions(v.Choices.Parents, "None: it stands at the top")
}

func linkOptions(links []store.ClusterLink, none string) []Option {
	options := []Option{{Value: "", Label: none}}
	for _, link := range links {
		options = append(options, Option{Value: link.ID.String(), Label: link.Title})
	}
	return options
}

// ClusterConflict is an edit that came second: what was typed, and what is saved now.
type ClusterConflict struct {
	Mine   ClusterForm
	Theirs ClusterForm
}

func (c ClusterConflict) rows(parents []store.ClusterLink) []conflictRow {
	named := map[string]string{}
	for _, link := range parents {
		named[link.ID.String()] = link.Title
	}
	return []conflictRow{
		{"Title", c.Mine.Title, c.Theirs.Title}, {"Type", store.ClusterTypeLabel(c.Mine.Type), store.ClusterTypeLabel(c.Theirs.Type)},
		{"Description", c.Mine.Description, c.Theirs.Description}, {"Tags", c.Mine.Tags, c.Theirs.Tags},
		{"Lies under", named[c.Mine.Parent], named[c.Theirs.Parent]},
		{"Begins", c.Mine.StartsOn, c.Theirs.StartsOn}, {"Ends", c.Mine.EndsOn, c.Theirs.EndsOn},
	}
}

func clusterTypeOptions(any string) []Option {
	options := []Option{}
	if any != "" {
		options = append(options, Option{Value: "", Label: any})
	}
	for _, kind := range store.ClusterTypes {
		options = append(options, Option{Value: kind, Label: store.ClusterTypeLabel(kind)})
	}
	return options
}

var clusterStates = []Option{
	{Value: "", Label: "All but dismissed"}, {Value: "DRAFT", Label: "Suggested"}, {Value: "ACTIVE", Label: "In use"},
	{Value: "PUBLISHED", Label: "Published"}, {Value: "ARCHIVED", Label: "Dismissed"},
}

func clusterStateLabel(c store.Cluster) string {
	switch {
	case c.Suggested():
		return "Suggested"
	case c.State == "DRAFT":
		return "Draft"
	case c.State == "ACTIVE":
		return "In use"
	case c.State == "PUBLISHED":
		return "Published"
	}
	return "Dismissed"
}

func clusterStateTone(c store.Cluster) string {
	switch c.State {
	case "DRAFT":
		return "info"
	case "ACTIVE", "PUBLISHED":
		return "good"
	}
	return "neutral"
}

// clusterOrigin says who made it.
func clusterOrigin(c store.Cluster) string {
	if c.Machine {
		return "Found by the machine, " + strings.ToLower(store.RunKind(c.Type).Label())
	}
	return "Made by " + c.CreatedBy
}

// sureness is a confidence in words; nil is a person's choice.
func sureness(confidence *float64) string {
	switch {
	case confidence == nil:
		return "Chosen by a person"
	case *confidence >= 0.75:
		return "Sure"
	case *confidence >= 0.5:
		return "Likely"
	case *confidence >= 0.25:
		return "Perhaps"
	}
	return "Loosely"
}

func colourClass(colour int) string { return "colour-" + strconv.Itoa(colour) }

// ClustersURL is the list of clusters.
func ClustersURL(org string) string { return OrgURL(org) + "/clusters" }

// RealmClustersURL is the list of a realm's clusters.
func RealmClustersURL(org, slug string) string {
	return withQuery(ClustersURL(org), queryOf("realm", slug))
}

// NewClusterURL is where a cluster is made by hand; realm may be "".
func NewClusterURL(org, realm string) string {
	return withQuery(ClustersURL(org)+"/new", queryOf("realm", realm))
}

// ClusterURL is one cluster.
func ClusterURL(org string, id uuid.UUID) string { return ClustersURL(org) + "/" + id.String() }

// ClusterActionURL is below a cluster: edit, accept, dismiss, restore, delete, members, members/remove, members/pin, members/order,
// merge, split.
func ClusterActionURL(org string, id uuid.UUID, action string) string {
	return ClusterURL(org, id) + "/" + action
}

// ClusterRunsURL is where a search for clusters is asked for; realm may be "".
func ClusterRunsURL(org, realm string) string {
	return withQuery(ClustersURL(org)+"/runs", queryOf("realm", realm))
}

// ClusterRunURL is one run.
func ClusterRunURL(org string, id uuid.UUID) string { return ClustersURL(org) + "/runs/" + id.String() }

// RealmMapURL is the map of a realm's signals.
func RealmMapURL(org, slug string) string { return RealmActionURL(org, slug, "map") }

// spanText is the time that a cluster covers, as people gave it.
func spanText(c store.Cluster) string {
	switch from, until := dayText(c.StartsAt), dayText(c.EndsAt); {
	case from != "" && until != "":
		return from + " to " + until
	case from != "":
		return "from " + from
	case until != "":
		return "until " + until
	}
	return ""
}

func clusterFacts(org string, c store.Cluster) []Fact {
	facts := []Fact{{Term: "Realm", Value: c.RealmName, Href: RealmURL(org, c.RealmSlug)}, {Term: "Type", Value: store.ClusterTypeLabel(c.Type)},
		{Term: "Came about", Value: clusterOrigin(c)}}
	if span := spanText(c); span != "" {
		facts = append(facts, Fact{Term: "Time", Value: span})
	}
	if len(c.Terms) > 0 {
		facts = append(facts, Fact{Term: "Words that set it apart", Value: strings.Join(c.Terms, ", ")})
	}
	return append(facts, Fact{Term: "Created", Value: shortTime(c.CreatedAt)}, Fact{Term: "Changed", Value: shortTime(c.UpdatedAt)})
}

// membersTitle counts what the reader sees of a cluster, of which the page shows so many at most.
func membersTitle(c store.ClusterPage) string {
	if len(c.Members) < c.Signals && len(c.Members) == 500 {
		return fmt.Sprintf("The first 500 of %d signals", c.Signals)
	}
	return signalsText(len(c.Members))
}

// clusterCrumbs lead back to the list and to what the cluster lies in.
func clusterCrumbs(org string, c store.ClusterPage) []Crumb {
	crumbs := []Crumb{{"Clusters", ClustersURL(org)}, {c.RealmName, RealmClustersURL(org, c.RealmSlug)}}
	for _, above := range c.Above {
		crumbs = append(crumbs, Crumb{above.Title, ClusterURL(org, above.ID)})
	}
	return crumbs
}
