package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// EvidenceForm is the form of a proposal, or of a procedure when New is set, that rests on evidence. At are all citations that it
// offers, Cite the numbers that are chosen of them.
type EvidenceForm struct {
	New       string   `form:"new"`
	SOP       string   `form:"sop"`
	Surrogate string   `form:"surrogate"`
	Find      string   `form:"find"` // narrows the procedures
	Title     string   `form:"title"`
	Reasons   string   `form:"rationale"`
	Drafted   string   `form:"drafted"` // what Reasons began with
	Theme     string   `form:"theme"`
	Quote     string   `form:"quote"`
	At        []string `form:"at"`
	Cite      []string `form:"cite"`
	Do        string   `form:"do"` // draft, narrow; "" starts it
}

// citationsChosen is how many of many signals a new form has chosen.
const citationsChosen = 20

// Starting is the form when it is opened.
func (f EvidenceForm) Starting(source store.EvidenceSource) EvidenceForm {
	f = f.offering(source)
	for i, s := range source.Signals {
		if i < citationsChosen {
			f.Cite = append(f.Cite, strconv.Itoa(s.Number))
		}
	}
	return f.Draft(source)
}

// offering puts what there is to choose into the form.
func (f EvidenceForm) offering(source store.EvidenceSource) EvidenceForm {
	f.At = nil
	for _, s := range source.Signals {
		f.At = append(f.At, fmt.Sprintf("%d.%s.%d.%d", s.Number, s.Signal, s.From, s.Length))
	}
	return f
}

// Draft puts a new text in the place of the reasons.
func (f EvidenceForm) Draft(source store.EvidenceSource) EvidenceForm {
	var chosen []store.CitedSignal
	for _, s := range source.Signals {
		if slices.Contains(f.Cite, strconv.Itoa(s.Number)) {
			chosen = append(chosen, s)
		}
	}
	theme := ""
	if f.Theme != "" {
		theme = source.Title
	}
	f.Reasons = store.DraftReasons(chosen, theme, f.Quote != "")
	f.Drafted = f.Reasons
	return f
}

// Offered are the citations of the form; never nil, so that the store numbers none anew.
func (f EvidenceForm) Offered() []store.Citation {
	offered := []store.Citation{}
	for _, at := range f.At {
		parts := strings.Split(at, ".")
		if len(parts) != 4 {
			continue
		}
		number, _ := strconv.Atoi(parts[0])
		from, _ := strconv.Atoi(parts[2])
		length, _ := strconv.Atoi(parts[3])
		id, err := uuid.Parse(parts[1])
		if err == nil && number >= 1 && number <= 1000 && from >= 0 && from <= 1_000_000 && length >= 0 && length <= 1_000_000 && len(offered) < 200 {
			offered = append(offered, store.Citation{Number: number, Signal: id, From: from, Length: length})
		}
	}
	return offered
}

// Evidence is what was chosen, as the store takes it.
func (f EvidenceForm) Evidence(from store.EvidenceOrigin) store.NewEvidence {
	e := store.NewEvidence{Origin: from}
	for _, c := range f.Offered() {
		if slices.Contains(f.Cite, strconv.Itoa(c.Number)) {
			e.Citations = append(e.Citations, c)
		} else {
			e.Uncited = append(e.Uncited, c.Number)
		}
	}
	return e
}

// Proposal is the form as the store takes it, with the version that it changes.
func (f EvidenceForm) Proposal() (uuid.UUID, store.NewProposal) {
	id, _ := uuid.Parse(f.SOP)
	return id, store.NewProposal{Title: f.Title, Rationale: f.Reasons}
}

// Procedure is the form of a new procedure as the store takes it.
func (f EvidenceForm) Procedure() store.NewSOP {
	surrogate, _ := uuid.Parse(f.Surrogate)
	return store.NewSOP{SurrogateID: surrogate, Origin: store.FromNothing, Title: f.Title, Description: f.Reasons}
}

// EvidenceFormView is the page with the form.
type EvidenceFormView struct {
	Org, OrgName string
	Source       store.EvidenceSource
	Form         EvidenceForm
	Bad          store.Invalid
	Before       string // a text that a new draft has taken the place of
}

// NewEvidenceFormView lays the form out. What the member may not see any more is no longer offered.
func NewEvidenceFormView(org, orgName string, source store.EvidenceSource, form EvidenceForm, bad store.Invalid) EvidenceFormView {
	named := store.Invalid{}
	for field, message := range bad {
		switch field {
		case "description":
			field = "rationale"
		case "surrogate_id":
			field = "surrogate"
		}
		named[field] = message
	}
	return EvidenceFormView{Org: org, OrgName: orgName, Source: source, Form: form.offering(source), Bad: named}
}

func (v EvidenceFormView) starts() bool { return v.Form.New != "" }

func (v EvidenceFormView) tabs() []Tab {
	address := ProposeFromURL(v.Org, v.Source.EvidenceOrigin)
	return []Tab{
		{Label: "Change a procedure", Href: address, Current: !v.starts()},
		{Label: "Start a new procedure", Href: address + "?new=1", Current: v.starts()},
	}
}

func (v EvidenceFormView) subtitle() string {
	if v.Source.Synthesis != uuid.Nil {
		return "It grows from what is written about “" + v.Source.Title + "”."
	}
	return "It grows from the cluster “" + v.Source.Title + "”."
}

// manyProcedures is from how many on a list can be narrowed.
const manyProcedures = 12

// procedures are the versions in force that fit what is looked for, and the one that is chosen.
func (v EvidenceFormView) procedures() []Option {
	options := []Option{{Value: "", Label: "Choose a procedure"}}
	for _, p := range v.Source.Procedures {
		label := p.RoleTitle + ": " + p.Title + " (version " + intText(p.Version) + ")"
		if p.ID.String() == v.Form.SOP || strings.Contains(strings.ToLower(label), strings.ToLower(strings.TrimSpace(v.Form.Find))) {
			options = append(options, Option{Value: p.ID.String(), Label: label})
		}
	}
	return options
}

// surrogates are those that a procedure can be started for.
func (v EvidenceFormView) surrogates() []Option {
	open := slices.DeleteFunc(slices.Clone(v.Source.Surrogates), func(s store.SurrogateName) bool { return s.Archived })
	return surrogateOptions("Choose a surrogate", open)
}

func (v EvidenceFormView) citations() []Option {
	options := make([]Option, len(v.Source.Signals))
	for i, s := range v.Source.Signals {
		options[i] = Option{Value: strconv.Itoa(s.Number), Label: fmt.Sprintf("[%d] %s", s.Number, s.Title),
			Hint: excerpt(s.Passage, 200) + " · " + s.Author + ", " + s.CapturedAt.UTC().Format("2 Jan 2006")}
	}
	return options
}

// everyone names who reads the reasons.
func (v EvidenceFormView) everyone() string {
	return "everyone in " + v.OrgName + " (" + lowerFirst(people(v.Source.Readers)) + ")"
}

// quotable are the numbers of the passages that the author may quote.
func (v EvidenceFormView) quotable() []int {
	var numbers []int
	for _, s := range v.Source.Signals {
		if s.Open {
			numbers = append(numbers, s.Number)
		}
	}
	return numbers
}

func (v EvidenceFormView) quoteHint() string {
	open := v.quotable()
	if len(open) == 0 {
		return "All of these were captured by others, so there is nothing that is yours to quote."
	}
	hint := "Adds the words of " + marks(open) + " to the text for " + v.everyone() + "."
	if len(open) < len(v.Source.Signals) {
		hint += " The others stay out: their authors did not write for everyone."
	}
	return hint
}

// marks are numbers as a text cites them.
func marks(numbers []int) string {
	parts := make([]string, len(numbers))
	for i, n := range numbers {
		parts[i] = "[" + strconv.Itoa(n) + "]"
	}
	return strings.Join(parts, " ")
}

func sourceNoun(kind string) string {
	if kind == store.ClusterEvidence {
		return "cluster"
	}
	return "synthesis"
}
