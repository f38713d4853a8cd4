package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// SurrogateFilterForm is the query of the list of surrogates.
type SurrogateFilterForm struct {
	Query        string `form:"q"`
	Status       string `form:"status"`
	Domain       string `form:"domain"`
	Jurisdiction string `form:"jurisdiction"`
	Sort         string `form:"sort"`
	Cursor       string `form:"cursor"`
}

// Filter is the query as the store takes it.
func (f SurrogateFilterForm) Filter() store.SurrogateFilter {
	return store.SurrogateFilter{Query: f.Query, Status: f.Status, Domain: f.Domain, Jurisdiction: f.Jurisdiction, Sort: f.Sort, Cursor: f.Cursor}
}

// Narrowed says whether any filter is set.
func (f SurrogateFilterForm) Narrowed() bool {
	return f.Query != "" || f.Status != "" || f.Domain != "" || f.Jurisdiction != ""
}

func (f SurrogateFilterForm) query() url.Values {
	return queryOf("q", f.Query, "status", f.Status, "domain", f.Domain, "jurisdiction", f.Jurisdiction, "sort", f.Sort)
}

// cursorURL is the same list at another place; "" without one.
func (f SurrogateFilterForm) cursorURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := f.query()
	query.Set("cursor", cursor)
	return SurrogatesURL(org) + "?" + query.Encode()
}

// sortURL is the same list in another order: by key, or the other way round when it is by key already.
func (f SurrogateFilterForm) sortURL(org, key string) string {
	query := f.query()
	query.Set("sort", nextSort(f.Sort, key))
	return SurrogatesURL(org) + "?" + query.Encode()
}

// SurrogateForm holds what was typed, as it was typed.
type SurrogateForm struct {
	RoleTitle           string `form:"role_title"`
	Domain              string `form:"domain"`
	Jurisdiction        string `form:"jurisdiction"`
	Seniority           string `form:"seniority"`
	Certifications      string `form:"certifications"` // one a line
	CommunicationStyle  string `form:"communication_style"`
	Assertiveness       string `form:"assertiveness"`
	EmpathyLevel        string `form:"empathy_level"`
	RiskTolerance       string `form:"risk_tolerance"`
	EscalationThreshold string `form:"escalation_threshold"`
	Revision            int    `form:"revision"` // the one that the author saw; 0 for a new surrogate
}

// NewSurrogateForm is the form of a new surrogate, with the settings that are safe to start from.
func NewSurrogateForm() SurrogateForm {
	return SurrogateForm{Assertiveness: "5", EmpathyLevel: "5", RiskTolerance: "low", EscalationThreshold: "0.7"}
}

// EditSurrogateForm is the form of an existing surrogate.
func EditSurrogateForm(s store.Surrogate) SurrogateForm {
	return SurrogateForm{
		RoleTitle: s.RoleTitle, Domain: s.Domain, Jurisdiction: s.Jurisdiction,
		Seniority: s.Config.Seniority, Certifications: strings.Join(s.Config.Certifications, "\n"),
		CommunicationStyle: s.Config.CommunicationStyle,
		Assertiveness:      strconv.Itoa(s.Config.Assertiveness), EmpathyLevel: strconv.Itoa(s.Config.EmpathyLevel),
		RiskTolerance:       s.Config.RiskTolerance,
		EscalationThreshold: strconv.FormatFloat(s.Config.EscalationThreshold, 'g', -1, 64),
		Revision:            s.Revision,
	}
}

// Input is the form as the store takes it. What is no number becomes one that the store's rules refuse, so that the
// message stands in one place.
func (f SurrogateForm) Input() store.SurrogateInput {
	threshold, err := strconv.ParseFloat(strings.TrimSpace(f.EscalationThreshold), 64)
	if err != nil {
		threshold = -1
	}
	return store.SurrogateInput{
		RoleTitle: strings.TrimSpace(f.RoleTitle), Domain: strings.TrimSpace(f.Domain), Jurisdiction: strings.TrimSpace(f.Jurisdiction),
		Config: store.SurrogateConfig{
			Seniority: strings.TrimSpace(f.Seniority), Certifications: lines(f.Certifications),
			CommunicationStyle: strings.TrimSpace(f.CommunicationStyle),
			Assertiveness:      level(f.Assertiveness), EmpathyLevel: level(f.EmpathyLevel),
			RiskTolerance: f.RiskTolerance, EscalationThreshold: threshold,
		},
	}
}

func level(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return n
}

// lines splits text into its lines without the empty ones.
func lines(text string) []string {
	list := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// SurrogateMoveForm is a move of a surrogate: the revision that was seen.
type SurrogateMoveForm struct {
	Revision int `form:"revision"`
}

// SurrogateConflict is an edit that came second: what was typed, and what is saved now.
type SurrogateConflict struct {
	Mine   SurrogateForm
	Theirs SurrogateForm
}

// conflictRow is one field of the two sides.
type conflictRow struct{ Label, Mine, Theirs string }

// Differs says whether the two sides disagree.
func (r conflictRow) Differs() bool { return strings.TrimSpace(r.Mine) != strings.TrimSpace(r.Theirs) }

func (c SurrogateConflict) rows() []conflictRow {
	return []conflictRow{
		{"Role", c.Mine.RoleTitle, c.Theirs.RoleTitle},
		{"Domain", c.Mine.Domain, c.Theirs.Domain},
		{"Jurisdiction", c.Mine.Jurisdiction, c.Theirs.Jurisdiction},
		{"Seniority", c.Mine.Seniority, c.Theirs.Seniority},
		{"Certifications", c.Mine.Certifications, c.Theirs.Certifications},
		{"Communication style", c.Mine.CommunicationStyle, c.Theirs.CommunicationStyle},
		{"Assertiveness", c.Mine.Assertiveness, c.Theirs.Assertiveness},
		{"Empathy", c.Mine.EmpathyLevel, c.Theirs.EmpathyLevel},
		{"Risk tolerance", c.Mine.RiskTolerance, c.Theirs.RiskTolerance},
		{"Escalation threshold", c.Mine.EscalationThreshold, c.Theirs.EscalationThreshold},
	}
}

// surrogateFacts is the configuration as a description list.
func surrogateFacts(s store.Surrogate) []Fact {
	return []Fact{
		{Term: "Seniority", Value: orDash(s.Config.Seniority)},
		{Term: "Certifications", Value: orDash(strings.Join(s.Config.Certifications, ", "))},
		{Term: "Communication style", Value: orDash(s.Config.CommunicationStyle)},
		{Term: "Assertiveness", Value: strconv.Itoa(s.Config.Assertiveness) + " of 10"},
		{Term: "Empathy", Value: strconv.Itoa(s.Config.EmpathyLevel) + " of 10"},
		{Term: "Risk tolerance", Value: riskLabel(s.Config.RiskTolerance)},
		{Term: "Asks a person when less sure than", Value: percent(s.Config.EscalationThreshold)},
	}
}

// percent rounds, because a fraction such as 0.29 is a little less than 29 hundredths to the machine.
func percent(fraction float64) string {
	return strconv.FormatFloat(fraction*100, 'g', 6, 64) + " %"
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// statusTone colours the states of surrogates and procedures alike.
func statusTone(status string) string {
	switch status {
	case "ACTIVE", "CERTIFIED", "APPROVED", "APPLIED":
		return "good"
	case "REVIEW", "OPEN":
		return "info"
	case "PAUSED", "CHANGES_REQUESTED":
		return "warn"
	case "REJECTED":
		return "bad"
	}
	return "neutral"
}

// statusLabel is a state as people read it.
func statusLabel(status string) string {
	text := strings.ToLower(strings.ReplaceAll(status, "_", " "))
	if status == "REVIEW" {
		text = "in review"
	}
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

var surrogateStatuses = []Option{
	{Value: "", Label: "All but archived"}, {Value: "DRAFT", Label: "Draft"}, {Value: "ACTIVE", Label: "Active"},
	{Value: "PAUSED", Label: "Paused"}, {Value: "ARCHIVED", Label: "Archived"},
}

var riskOptions = []Option{
	{Value: "low", Label: "Low", Hint: "Prefers the safe way and asks early"},
	{Value: "medium", Label: "Medium", Hint: "Weighs benefit against risk"},
	{Value: "high", Label: "High", Hint: "Accepts risk for a better result"},
}

func riskLabel(value string) string {
	for _, o := range riskOptions {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}

// choices are the values that a filter can take, the chosen one included.
func choices(all string, values []string, chosen string) []Option {
	options := []Option{{Value: "", Label: all}}
	seen := chosen == ""
	for _, value := range values {
		options = append(options, Option{Value: value, Label: value})
		seen = seen || value == chosen
	}
	if !seen {
		options = append(options, Option{Value: chosen, Label: chosen})
	}
	return options
}

// URL functions of surrogates.

// SurrogatesURL is the list.
func SurrogatesURL(org string) string { return OrgURL(org) + "/surrogates" }

// NewSurrogateURL is the form for another one.
func NewSurrogateURL(org string) string { return SurrogatesURL(org) + "/new" }

// SurrogateURL is one surrogate's page.
func SurrogateURL(org string, id uuid.UUID) string { return SurrogatesURL(org) + "/" + id.String() }

// SurrogateActionURL is where an action on a surrogate is posted: edit, activate, pause, resume, archive, restore.
func SurrogateActionURL(org string, id uuid.UUID, action string) string {
	return SurrogateURL(org, id) + "/" + action
}
