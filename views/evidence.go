package views

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"surrealm/store"
)

// EvidenceOriginURL is the page of what evidence was drawn from.
func EvidenceOriginURL(org string, from store.EvidenceOrigin) string {
	if from.Cluster != uuid.Nil {
		return ClusterURL(org, from.Cluster)
	}
	return SynthesisURL(org, from.Synthesis)
}

// ProposeFromURL is the form that turns what evidence was drawn from into a proposal.
func ProposeFromURL(org string, from store.EvidenceOrigin) string {
	return EvidenceOriginURL(org, from) + "/propose"
}

// EvidenceHolderURL is the page of what evidence stands behind.
func EvidenceHolderURL(org string, of store.EvidenceHolder) string {
	if of.Proposal != uuid.Nil {
		return ProposalURL(org, of.Proposal)
	}
	return SOPURL(org, of.Version)
}

// EvidenceAttachURL is where the author of what evidence stands behind attaches signals.
func EvidenceAttachURL(org string, to store.EvidenceHolder) string {
	return EvidenceHolderURL(org, to) + "/evidence"
}

// EvidenceRemoveURL is where its author takes one link off again.
func EvidenceRemoveURL(org string, from store.EvidenceHolder, evidence uuid.UUID) string {
	return EvidenceAttachURL(org, from) + "/" + evidence.String() + "/remove"
}

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

// holderNoun is what evidence stands behind, in words.
func holderNoun(of store.EvidenceHolder) string {
	if of.Proposal != uuid.Nil {
		return "proposal"
	}
	return "procedure"
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
