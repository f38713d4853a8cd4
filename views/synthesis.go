package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/synthesis"
)

// SynthesisURL is one synthesis, and SynthesisActionURL what is done with it: confirm, rate, regenerate, stop, retry, delete, compare.
func SynthesisURL(org string, id uuid.UUID) string { return OrgURL(org) + "/syntheses/" + id.String() }

// SynthesisActionURL is below a synthesis.
func SynthesisActionURL(org string, id uuid.UUID, action string) string {
	return SynthesisURL(org, id) + "/" + action
}

// SubjectURL is the page of what a synthesis is about, and SynthesesURL the list of what is written about it.
func SubjectURL(org string, about store.Subject) string {
	if about.Cluster != uuid.Nil {
		return ClusterURL(org, about.Cluster)
	}
	return SignalURL(org, about.Signal)
}

// aboutCrumbs lead from the list, by what a synthesis is about, to more.
func aboutCrumbs(org string, about store.Subject, title string, more ...Crumb) []Crumb {
	list := Crumb{"Signals", SignalsURL(org)}
	if about.Cluster != uuid.Nil {
		list = Crumb{"Clusters", ClustersURL(org)}
	}
	return append([]Crumb{list, {title, SubjectURL(org, about)}}, more...)
}

// SynthesesURL is the list of what is written about a signal or a cluster.
func SynthesesURL(org string, about store.Subject) string {
	return SubjectURL(org, about) + "/syntheses"
}

// SynthesisForm is what is sent about a synthesis.
type SynthesisForm struct {
	Type     string `form:"type"`
	Writer   string `form:"writer"` // a language model; "" is the built-in writer, or the same as before
	Body     string `form:"body"`
	Revision int    `form:"revision"`
	Rating   int    `form:"rating"`
}

// WriterHere asks for the built-in writer in the place of a language model.
const WriterHere = "built-in"

// SynthesesView is the list of what is written about one thing.
type SynthesesView struct {
	Org  string
	Role store.Role
	List store.SynthesisList
	Form SynthesisForm
	Bad  store.Invalid
}

func (v SynthesesView) asks() bool { return v.List.Editable && v.Role.Can(store.UseRealms) }

func (v SynthesesView) types() []Option {
	types := synthesis.OfSignal
	if v.List.Cluster != uuid.Nil {
		types = synthesis.OfCluster
	}
	options := make([]Option, len(types))
	for i, t := range types {
		options[i] = Option{Value: string(t), Label: t.Label() + ": " + lowerFirst(t.Allows())}
	}
	return options
}

// writers are the choices of who writes, and where the texts go.
func (v SynthesesView) writers() []Option {
	options := []Option{{Value: "", Label: "Built-in, extractive", Hint: "Chooses sentences and counts. It makes none up, and nothing leaves this server."}}
	for _, a := range v.List.Models {
		options = append(options, Option{Value: a.ID.String(), Label: a.Name,
			Hint: "Texts leave this server and go to " + a.Host() + ", where " + a.Model + " reads them. Only those are sent whose authors allow it; names, titles and tags stay here."})
	}
	return options
}

// chosen is the writer that the form names: what was sent, or the organisation's default.
func (v SynthesesView) chosen() string {
	if v.Bad == nil && v.List.First != uuid.Nil {
		return v.List.First.String()
	}
	return v.Form.Writer
}

// first is the model that the form chooses before anybody has.
func (v SynthesesView) first() (store.LLMAccount, bool) {
	i := slices.IndexFunc(v.List.Models, func(a store.LLMAccount) bool { return a.ID == v.List.First })
	if i < 0 {
		return store.LLMAccount{}, false
	}
	return v.List.Models[i], true
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// SynthesisView is one synthesis.
type SynthesisView struct {
	Org  string
	Role store.Role
	Page store.SynthesisPage
	Late Late
	Bad  store.Invalid
	Body string // as it was typed, when something is wrong with it
}

func (v SynthesisView) changes() bool { return v.Page.Editable && v.Role.Can(store.UseRealms) }

// proposes says whether the page offers to propose a change to a procedure.
func (v SynthesisView) proposes() bool {
	s := v.Page.Synthesis
	return v.Role.Can(store.WriteSOPs) && s.Work == "DONE" && s.State != "SUPERSEDED" && s.TaintedAt == nil && len(v.Page.Titles) > 0
}

func (v SynthesisView) url(action string) string {
	return SynthesisActionURL(v.Org, v.Page.ID, action)
}

// typed is the text in the form: what was sent, or what is saved.
func (v SynthesisView) typed() string {
	if v.Body != "" {
		return v.Body
	}
	return v.Page.Body
}

// writer says what wrote it. The built-in one never passes for more than it is.
func writer(s store.Synthesis) string {
	words := s.Provider + " (" + s.Model + ")"
	if s.Provider == WriterHere {
		words = "Built-in, extractive"
	}
	if s.EditedAt != nil {
		words += ", edited by a person"
	}
	return words
}

func synthesisBadge(s store.Synthesis) (tone, label string) {
	switch s.Work {
	case "WAITING":
		return "info", "Waiting"
	case "RUNNING":
		return "info", "Being written"
	case "FAILED":
		return "bad", "Failed"
	case "CANCELLED":
		return "neutral", "Stopped"
	}
	switch s.State {
	case "CONFIRMED":
		return "good", "Confirmed"
	case "SUPERSEDED":
		return "neutral", "Superseded"
	}
	return "warn", "Draft"
}

// about are the facts beside a text.
func (v SynthesisView) about() []Fact {
	s := v.Page.Synthesis
	facts := []Fact{{Term: "About", Value: s.About, Href: SubjectURL(v.Org, s.Of())}, {Term: "Realm", Value: s.RealmName, Href: RealmURL(v.Org, s.RealmSlug)}}
	if s.Provider == "" && s.Writer != "" {
		facts = append(facts, Fact{Term: "Asked", Value: s.Writer + " at " + s.Host()})
	}
	if s.Content.Unsent > 0 {
		facts = append(facts, Fact{Term: "Not sent", Value: counted(s.Content.Unsent, "passage") + " for which there was no room"})
	}
	if s.Provider != "" {
		facts = append(facts, Fact{Term: "Written by", Value: writer(s)}, Fact{Term: "Read", Value: counted(len(s.SignalIDs), "signal")})
	}
	if s.Consents > 0 {
		facts = append(facts, Fact{Term: "Rests on", Value: counted(s.Consents, "consent")})
	}
	if s.LeftOut > 0 {
		facts = append(facts, Fact{Term: "Left out", Value: counted(s.LeftOut, "signal") + " of people who have not allowed it"})
	}
	facts = append(facts, Fact{Term: "Asked for by", Value: s.CreatedBy}, Fact{Term: "Asked on", Value: shortTime(s.CreatedAt)})
	if s.Rating != nil {
		facts = append(facts, Fact{Term: "Rating", Value: strconv.Itoa(*s.Rating) + " of 5"})
	}
	return facts
}

// counts are what the text tells in numbers and lists.
func (v SynthesisView) counts() []Fact {
	c := v.Page.Content
	var facts []Fact
	list := func(term string, counts []synthesis.Count) {
		if len(counts) > 0 {
			facts = append(facts, Fact{Term: term, Value: countsText(counts)})
		}
	}
	number := func(term string, n int) {
		if n > 0 {
			facts = append(facts, Fact{Term: term, Value: strconv.Itoa(n)})
		}
	}
	list("Named", c.Entities)
	list("Done", c.Actions)
	list("Dates", c.Dates)
	list("Key words", c.Terms)
	list("Recurring", c.Recurring)
	if c.From != nil && c.Until != nil {
		facts = append(facts, Fact{Term: "Captured", Value: c.From.UTC().Format("2 Jan 2006") + " to " + c.Until.UTC().Format("2 Jan 2006")})
	}
	if c.GapHours > 0 {
		facts = append(facts, Fact{Term: "Between two", Value: gapText(c.GapHours) + " (median)"})
	}
	list("Days of the week", c.Weekdays)
	list("Months", c.Months)
	number("Sentences", c.Sentences)
	number("Words", c.Words)
	number("Questions", c.Questions)
	number("Blocks", c.Blocks)
	return facts
}

func countsText(counts []synthesis.Count) string {
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = c.Text
		if c.Count > 1 {
			parts[i] = fmt.Sprintf("%s (%d)", c.Text, c.Count)
		}
	}
	return strings.Join(parts, ", ")
}

func gapText(hours float64) string {
	switch {
	case hours < 1:
		return counted(max(1, int(hours*60+0.5)), "minute")
	case hours < 48:
		return counted(int(hours+0.5), "hour")
	}
	return counted(int(hours/24+0.5), "day")
}

func momentLabel(role string) string {
	return map[string]string{"first": "First", "turn": "Turning point", "last": "Last"}[role]
}

// shareText is a similarity from 0 to 1 as a share.
func shareText(similarity float64) string { return strconv.Itoa(int(similarity*100+0.5)) + "% alike" }

var ratings = []Option{
	{Value: "", Label: "Choose"}, {Value: "5", Label: "5, very useful"}, {Value: "4", Label: "4, useful"}, {Value: "3", Label: "3, useful in part"},
	{Value: "2", Label: "2, hardly useful"}, {Value: "1", Label: "1, of no use"},
}

func ratingOf(s store.Synthesis) string {
	if s.Rating == nil {
		return ""
	}
	return strconv.Itoa(*s.Rating)
}

// sourceID is the anchor of a line's passage.
func sourceID(n int) string { return "source-" + strconv.Itoa(n) }
