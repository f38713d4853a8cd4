package views

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
)

// ProposalFilterForm is the query of the list of proposals.
type ProposalFilterForm struct {
	Scope     string `form:"scope"`
	Query     string `form:"q"`
	Status    string `form:"status"`
	Surrogate string `form:"surrogate"`
	Cursor    string `form:"cursor"`
}

// Tidy fills in whose proposals a person wants to see who does not say: those that wait for them, or else their own.
func (f ProposalFilterForm) Tidy(role store.Role) ProposalFilterForm {
	switch store.ProposalScope(f.Scope) {
	case store.WaitingForMe, store.MyProposals, store.AllProposals:
	default:
		f.Scope = string(store.MyProposals)
		if role.Can(store.ReviewSOPs) {
			f.Scope = string(store.WaitingForMe)
		} else if !role.Can(store.WriteSOPs) {
			f.Scope = string(store.AllProposals)
		}
	}
	return f
}

// Filter is the query as the store takes it.
func (f ProposalFilterForm) Filter() store.ProposalFilter {
	surrogate, _ := uuid.Parse(f.Surrogate) // what is no id narrows nothing
	return store.ProposalFilter{
		Scope: store.ProposalScope(f.Scope), Query: f.Query, Status: f.Status, Surrogate: surrogate, Cursor: f.Cursor,
	}
}

// Narrowed says whether any filter is set.
func (f ProposalFilterForm) Narrowed() bool {
	return f.Query != "" || f.Status != "" || f.Surrogate != ""
}

func (f ProposalFilterForm) cursorURL(org, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := queryOf("scope", f.Scope, "q", f.Query, "status", f.Status, "surrogate", f.Surrogate, "cursor", cursor)
	return ProposalsURL(org) + "?" + query.Encode()
}

// proposalTabs are the three lists. Their numbers are what asks for work.
func proposalTabs(org string, f ProposalFilterForm, list store.ProposalList) []Tab {
	tabs := []Tab{
		{Label: "Waiting for me", Count: list.Waiting, Href: string(store.WaitingForMe)},
		{Label: "Mine", Count: list.Mine, Href: string(store.MyProposals)},
		{Label: "All", Href: string(store.AllProposals)},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == f.Scope
		tabs[i].Href = ProposalListURL(org, tabs[i].Href)
	}
	return tabs
}

func proposalStatusOptions() []Option {
	options := []Option{{Value: "", Label: "Any status"}}
	for _, status := range store.ProposalStatuses {
		options = append(options, Option{Value: string(status), Label: statusLabel(string(status))})
	}
	return options
}

// ProposalListURL is one of the three lists.
func ProposalListURL(org, scope string) string { return ProposalsURL(org) + "?scope=" + scope }

// ProposalActionURL is a page or a change of one proposal, such as edit, submit or rebase.
func ProposalActionURL(org string, id uuid.UUID, action string) string {
	return ProposalURL(org, id) + "/" + action
}

// ProposalTabURL is one tab of a proposal.
func ProposalTabURL(org string, id uuid.UUID, tab string) string {
	return ProposalURL(org, id) + "?tab=" + tab
}

// ProposalThreadURL leads to a thread in the conversation.
func ProposalThreadURL(org string, id, thread uuid.UUID) string {
	return ProposalURL(org, id) + "#" + threadAnchor(thread)
}

// ProposalChangeURL leads to a step or a connection in the changes of a revision.
func ProposalChangeURL(org string, id uuid.UUID, revision int, target store.CommentTarget, element string) string {
	query := url.Values{"tab": {"changes"}, "revision": {strconv.Itoa(revision)}}
	return ProposalURL(org, id) + "?" + query.Encode() + "#" + changeAnchor(target, element)
}

// proposalName is a proposal in a line of text.
func proposalName(number int, title string) string { return fmt.Sprintf("#%d %s", number, title) }

// ProposalForm is a proposal as it was typed. File is pasted or uploaded; EditRevision is 0 for a new one.
type ProposalForm struct {
	Title        string `form:"title"`
	Rationale    string `form:"rationale"`
	File         string `form:"file"`
	EditRevision int    `form:"revision"`
}

// Input is the form as the store takes it.
func (f ProposalForm) Input() store.NewProposal {
	return store.NewProposal{Title: f.Title, Rationale: f.Rationale, File: f.File}
}

// RebaseForm is the query of the rebase page and what it sends: a choice for each conflict.
type RebaseForm struct {
	EditRevision int      `form:"revision"`
	Onto         string   `form:"onto"`
	Choice       []string `form:"choice"`
}

// Choices is the form as the store takes it.
func (f RebaseForm) Choices() []sop.Choice {
	choices := make([]sop.Choice, len(f.Choice))
	for i, c := range f.Choice {
		choices[i] = sop.Choice(c)
	}
	return choices
}

// choice is the side that was chosen in the conflict with an index, "" none yet.
func (f RebaseForm) choice(i int) string {
	if i < len(f.Choice) {
		return f.Choice[i]
	}
	return ""
}

// ProposalFileName is what a downloaded change is called.
func ProposalFileName(p store.Proposal) string {
	return fmt.Sprintf("proposal-%d.change.json", p.Number)
}
