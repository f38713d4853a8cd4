package views

import "strconv"

// comparison is one of the things that a revision can be compared with.
type comparison struct {
	Label   string
	Href    string
	Current bool
}

// comparisons are the version that the change starts from, the revision before, and the one that this member judged:
// who reviews again wants to see what changed since.
func (v ProposalView) comparisons() []comparison {
	shown := v.Shown.Number
	list := []comparison{{Label: "version " + strconv.Itoa(v.Shown.BaseVersion), Href: v.revisionURL(shown), Current: v.Shown.Since == nil}}
	add := func(revision int, suffix string) {
		list = append(list, comparison{
			Label: "revision " + strconv.Itoa(revision) + suffix, Href: v.sinceURL(revision),
			Current: v.Shown.Since != nil && v.Shown.Since.Number == revision,
		})
	}
	judged := v.judgedBefore(shown)
	offered := map[int]bool{}
	if shown > 1 {
		suffix := ""
		if judged == shown-1 {
			suffix = ", on which you decided"
		}
		add(shown-1, suffix)
		offered[shown-1] = true
	}
	if judged > 0 && !offered[judged] {
		add(judged, ", on which you decided")
		offered[judged] = true
	}
	if since := v.Shown.Since; since != nil && !offered[since.Number] {
		add(since.Number, "")
	}
	return list
}

// judgedBefore is the newest revision before another one that this member gave a verdict on; 0 for none.
func (v ProposalView) judgedBefore(revision int) int {
	newest := 0
	for _, r := range v.Reviews {
		if r.ReviewerID == v.Me && r.Revision < revision {
			newest = max(newest, r.Revision)
		}
	}
	return newest
}

// sinceURL compares the shown revision with an earlier one.
func (v ProposalView) sinceURL(since int) string {
	return v.revisionURL(v.Shown.Number) + "&since=" + strconv.Itoa(since)
}

// hereURL is what is shown, compared with what it is compared with.
func (v ProposalView) hereURL() string {
	if v.Shown.Since != nil {
		return v.sinceURL(v.Shown.Since.Number)
	}
	return v.revisionURL(v.Shown.Number)
}

// reviewing says that the page shows the whole change of a submitted revision, so that steps can be ticked off and
// spoken about. A comparison with an earlier revision is for reading: it may show steps that the change leaves alone.
func (v ProposalView) reviewing() bool { return v.Shown.Number > 0 && v.Shown.Since == nil }
