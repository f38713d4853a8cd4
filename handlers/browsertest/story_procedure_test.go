package browsertest

import (
	"strings"
	"testing"
)

// canaryEvidence stands in what only the members of the realm see.
const canaryEvidence = "Oil below the pump in bay 7"

// proposes makes a proposal of the cluster: its evidence is chosen, its reasons are drafted, and a step is changed in the editor.
func (st *story) proposes(t *testing.T) {
	ann := st.ann
	ann.open(t, st.cluster)
	ann.follow(t, "link", "Propose a change")
	ann.chooses(t, "Surrogate and procedure", "Hall inspector")
	ann.fills(t, "What should change", "Look below the pumps")
	ann.sees(t, "main", canaryEvidence)
	if why := evaluate[string](t, ann.tab, "document.querySelector('[name=rationale]').value"); why == "" || strings.Contains(why, canaryEvidence) {
		t.Errorf("the drafted reasons: %q", why)
	}
	ann.follow(t, "button", "Start the proposal")
	ann.sees(t, "h1", "Look below the pumps")
	st.proposal = strings.TrimSuffix(ann.path(t), "/edit")
	ann.press(t, "step", "2")
	ann.until(t, "document.querySelector('#panel .kind')?.textContent.trim().startsWith('2 ·')", "the panel does not open")
	ann.fills(t, "Description", "Look below every pump for oil, too.", "#panel")
	ann.press(t, "button", "Save the step")
	ann.until(t, "!document.getElementById('undo').disabled", "the edit is not saved")
	ann.follow(t, "link", "Done")
	ann.press(t, "button", "Evidence", "main")
	ann.sees(t, "main", canaryEvidence)
	ann.fills(t, "Note to the reviewers", "Ready to be read.")
	ann.follow(t, "button", "Submit", "#decide")
	ann.sees(t, ".page-head .badge", "Open")
}

// reviews has Bert, who sees the evidence, approve and apply what Vera sees without it.
func (st *story) reviews(t *testing.T) {
	bert, vera := st.bert, st.vera
	vera.open(t, st.proposal)
	vera.sees(t, "h1", "Look below the pumps")
	vera.sees(t, "main", "you may not see")
	vera.seesNot(t, "main", canaryEvidence)
	bert.open(t, st.proposal)
	bert.press(t, "button", "Evidence", "main")
	bert.sees(t, "main", canaryEvidence)
	bert.follow(t, "link", canaryEvidence)
	bert.sees(t, "h1", canaryEvidence)
	bert.open(t, st.proposal)
	bert.press(t, "choice", "Approve", "#decide")
	bert.fills(t, "Reason", "The floor says so.", "#decide")
	bert.follow(t, "button", "Sign the verdict")
	bert.sees(t, ".page-head .badge", "Approved")
	bert.press(t, "button", "Apply")
	bert.until(t, "document.getElementById('confirm').open || document.querySelector('.page-head .badge')?.textContent.includes('Certified')", "cannot apply it")
	if evaluate[bool](t, bert.tab, "document.getElementById('confirm').open") {
		bert.confirms(t, "Apply")
	}
}

// looksBehind opens the version that came of it: a member of the realm sees the signals behind it, Vera how many they are.
func (st *story) looksBehind(t *testing.T) {
	st.bert.open(t, st.proposal)
	st.bert.follow(t, "link", "version 2", "main")
	st.bert.sees(t, ".page-head .badge", "Certified")
	st.bert.press(t, "button", "Signals behind this version", "main")
	st.bert.sees(t, "main", canaryEvidence)
	version := st.bert.path(t)
	st.vera.open(t, version)
	st.vera.sees(t, ".page-head .badge", "Certified")
	st.vera.sees(t, "main", "you may not see")
	st.vera.seesNot(t, "main", canaryEvidence)
	st.ann.open(t, st.cluster)
	st.ann.sees(t, "main", "Grew into")
	st.ann.sees(t, "main", "Look below the pumps")
}
