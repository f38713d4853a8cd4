package browsertest

import "testing"

// writes asks for a text about the cluster and waits until it is there.
func (st *story) writes(t *testing.T, p *person, kind string) {
	t.Helper()
	p.open(t, st.cluster+"/syntheses")
	p.chooses(t, "What to write", kind)
	p.follow(t, "button", "Write it")
	p.sees(t, ".page-head .badge", "Draft")
	p.sees(t, "h2", "Where it comes from")
}

// confirms reads what is written about the cluster, follows a source to its passage, and confirms the text.
func (st *story) confirms(t *testing.T) {
	ann := st.ann
	st.writes(t, ann, "Mirror")
	ann.press(t, "link", "Source 1")
	ann.until(t, "document.querySelector(':target q')", "the number does not lead to the passage")
	ann.follow(t, "button", "Confirm")
	ann.sees(t, ".page-head .badge", "Confirmed")
}
