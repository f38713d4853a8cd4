package views

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// evidenceOpen is how much evidence stands open on a page; more is folded, so that what people say is not pushed away.
const evidenceOpen = 4

// evidenceCount is how many signals there are, seen or not.
func evidenceCount(list store.EvidenceList) string {
	n := len(list.Hidden)
	for _, e := range list.Shown {
		if e.Kind == store.SignalEvidence {
			n++
		}
	}
	return counted(n, "signal")
}

// hiddenEvidence says how much there is that the reader may not see; "" when they see it all.
func hiddenEvidence(list store.EvidenceList) string {
	var lines []string
	if n := len(list.Hidden); n > 0 {
		more := counted(n, "signal")
		if len(list.Shown) > 0 {
			more = "And " + strconv.Itoa(n) + " more"
		}
		lines = append(lines, more+" that you may not see: "+marks(list.Hidden)+".")
	}
	if list.Origin != "" {
		lines = append(lines, "Drawn from a "+sourceNoun(list.Origin)+" that you may not see.")
	}
	return strings.Join(lines, " ")
}

// evidenceURL is the page of the source.
func evidenceURL(org string, e store.Evidence) string {
	switch e.Kind {
	case store.ClusterEvidence:
		return ClusterURL(org, *e.SourceID)
	case store.SynthesisEvidence:
		return SynthesisURL(org, *e.SourceID)
	}
	return SignalURL(org, *e.SourceID)
}

func evidenceTitle(e store.Evidence) string {
	switch e.Kind {
	case store.ClusterEvidence:
		return "Cluster: " + e.Title
	case store.SynthesisEvidence:
		return e.Synthesis.Label() + ": " + e.Title
	}
	return e.Title
}

// mayChooseEvidence says whether to offer the author to attach and remove.
func (v ProposalView) mayChooseEvidence() bool { return v.mayEdit() && v.EvidenceOpen() }

// mayChooseEvidence says whether to offer the author to attach and remove.
func (v SOPView) mayChooseEvidence() bool {
	return v.Editable() && v.Page.EvidenceOpen() && v.CreatedBy == v.Life.Me
}

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

// holderNoun is what evidence stands behind, in words.
func holderNoun(of store.EvidenceHolder) string {
	if of.Proposal != uuid.Nil {
		return "proposal"
	}
	return "procedure"
}

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

// Removed is the notice after a link was taken off; 0 is no signal.
func Removed(number int, from store.EvidenceHolder) string {
	if number == 0 {
		return "Taken off."
	}
	text := "reasons still name"
	if from.Version != uuid.Nil {
		text = "description still names"
	}
	return fmt.Sprintf("[%d] is taken off. Look whether the %s it.", number, text)
}

// lostEvidence says what one's own evidence is that one may not read any more, without a word of it.
func lostEvidence(e store.Evidence) string {
	if e.Kind == store.SignalEvidence {
		return "A signal that you may no longer read"
	}
	return "A " + sourceNoun(e.Kind) + " that you may no longer read"
}
