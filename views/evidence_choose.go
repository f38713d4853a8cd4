package views

import (
	"github.com/google/uuid"

	"surrealm/store"
)

// AttachForm is the search for signals to attach to a proposal, and AttachedForm what was chosen.
type AttachForm struct {
	Query  string `form:"q"`
	Cursor string `form:"cursor"`
}

// AttachedForm names the signals to attach.
type AttachedForm struct {
	IDs []string `form:"ids"`
}

// AttachView is the page on which signals are attached to a proposal or a draft.
type AttachView struct {
	Org      string
	To       store.EvidenceHolder
	Path     []Crumb // to it
	Evidence store.EvidenceList
	Form     AttachForm
	List     store.SignalList
	Bad      store.Invalid
}

// AttachToProposal is the page for a proposal.
func AttachToProposal(org string, p store.ProposalPage) AttachView {
	return AttachView{Org: org, To: store.EvidenceHolder{Proposal: p.ID}, Evidence: p.Evidence,
		Path: []Crumb{{"Proposals", ProposalsURL(org)}, {proposalName(p.Number, p.Title), ProposalURL(org, p.ID)}}}
}

// AttachToVersion is the page for a draft.
func AttachToVersion(org string, s store.SOPPage) AttachView {
	return AttachView{Org: org, To: store.EvidenceHolder{Version: s.ID}, Evidence: s.Evidence,
		Path: []Crumb{{"Procedures", SOPsURL(org)}, {s.Title, SOPURL(org, s.ID)}}}
}

func (v AttachView) url() string { return EvidenceAttachURL(v.Org, v.To) }

// back names the way back.
func (v AttachView) back() string { return "Back to the " + v.noun() }

func (v AttachView) noun() string { return holderNoun(v.To) }

func (v AttachView) cursorURL(cursor string) string {
	if cursor == "" {
		return ""
	}
	return withQuery(v.url(), queryOf("q", v.Form.Query, "cursor", cursor))
}

// number is the number that a signal is cited by already, as a whole; 0 when it is not.
func (v AttachView) number(id uuid.UUID) int {
	for _, e := range v.Evidence.Shown {
		if *e.SourceID == id && !e.Cited {
			return e.Number
		}
	}
	return 0
}

// Attached is the notice after signals were attached.
func Attached(numbers []int) string {
	return counted(len(numbers), "signal") + " attached as " + marks(numbers) + "."
}
