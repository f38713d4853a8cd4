package views

import (
	"strconv"

	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
)

// ProposalQuery is what the address of a proposal's page says.
type ProposalQuery struct {
	Tab      string `form:"tab"` // conversation, changes or checks
	Revision int    `form:"revision"`
	Since    int    `form:"since"` // an earlier revision to compare with; 0 for the version that the change starts from
	All      string `form:"all"`   // "1" lists unchanged steps as well
}

// Earlier is the revision to compare with; the other tabs are about the whole change.
func (q ProposalQuery) Earlier() int {
	if q.Tab != "changes" {
		return 0
	}
	return q.Since
}

// ProposalSent is a form of the page as it was sent: every form fills the fields that it has.
type ProposalSent struct {
	Revision int    `form:"revision"`
	Status   string `form:"status"`
	Verdict  string `form:"verdict"`
	Reason   string `form:"reason"`
	Password string `form:"password"`
	Note     string `form:"note"`
	Thread   string `form:"thread"`
	Target   string `form:"target"`
	TargetID string `form:"target_id"`
	Body     string `form:"body"`
	Step     string `form:"step"`
	Viewed   string `form:"viewed"`
	Tab      string `form:"tab"`
}

// Comment is the form as the store takes it. What is no thread starts one.
func (s ProposalSent) Comment() store.NewComment {
	thread, _ := uuid.Parse(s.Thread)
	return store.NewComment{
		Revision: s.Revision, Thread: thread, Target: store.CommentTarget(s.Target), TargetID: s.TargetID, Body: s.Body,
	}
}

// place names the form of a comment on the page: that of a thread, or that of a step or connection.
func (s ProposalSent) place() string {
	if s.Thread != "" {
		return s.Thread
	}
	return changeAnchor(store.CommentTarget(s.Target), s.TargetID)
}

// ProposalView is a proposal's page for one member.
type ProposalView struct {
	Org           string
	Role          store.Role
	Me            uuid.UUID
	NeedsPassword bool // to sign, because the login is some time ago
	Query         ProposalQuery
	store.ProposalPage
	Diff sop.Diff // of the shown revision
	Move string   // the form that was sent with a mistake: submit, review or comment
	Sent ProposalSent
	Bad  store.Invalid
	Late Late
}

// LateProposalMove is a move that came second.
func LateProposalMove(move string, sent ProposalSent, reason string) Late {
	wanted := map[string]string{
		"submit": "submit it", "withdraw": "withdraw it", "apply": "apply revision " + strconv.Itoa(sent.Revision),
		"review": "decide about revision " + strconv.Itoa(sent.Revision),
	}[move]
	return Late{Wanted: wanted, Typed: sent.Reason + sent.Note, Reason: reason}
}

// NewProposalView compares the graphs of the shown revision and chooses the tab.
func NewProposalView(org string, role store.Role, me uuid.UUID, page store.ProposalPage, query ProposalQuery) ProposalView {
	if query.Tab != "changes" && query.Tab != "checks" {
		query.Tab = "conversation"
	}
	return ProposalView{Org: org, Role: role, Me: me, Query: query, ProposalPage: page, Diff: page.Shown.Diff()}
}

// problem is the message on a field of one form, since the page holds several.
func (v ProposalView) problem(move, field string) string {
	if v.Move != move {
		return ""
	}
	return v.Bad[field]
}

func (v ProposalView) own() bool { return v.AuthorID == v.Me }

// mayEdit says whether to offer the author's buttons.
func (v ProposalView) mayEdit() bool {
	return v.own() && v.Role.Can(store.WriteSOPs) && v.Status.Unfinished()
}

// mayWithdraw: the author, and those who run the organisation, because an author can have left it.
func (v ProposalView) mayWithdraw() bool {
	return v.Status.Unfinished() && (v.mayEdit() || v.Role.Can(store.ManageOrg))
}

// mayReview says whether to offer the verdict.
func (v ProposalView) mayReview() bool {
	_, judged := v.ReviewBy(v.Me)
	return v.Status == store.ProposalOpen && v.Role.Can(store.ReviewSOPs) && !v.own() && !judged
}

// mayApply says whether to offer to apply.
func (v ProposalView) mayApply() bool {
	return v.Status == store.ProposalIsApproved && v.Role.Can(store.ReviewSOPs) && !v.own()
}

// mayComment: a draft has no revision to speak about yet.
func (v ProposalView) mayComment() bool { return v.Role.Can(store.Comment) && v.Revision > 0 }

// blocked says what keeps an approved proposal from being applied, or "".
func (v ProposalView) blocked() string {
	switch {
	case v.Stale():
		return "The procedure has moved on. The author has to bring it up to date first."
	case v.InReview > 0:
		return "Version " + strconv.Itoa(v.InReview) + " of the procedure is in review. Certify or return it first."
	case v.Approvals() < v.Needed:
		return strconv.Itoa(v.Approvals()) + " of " + strconv.Itoa(v.Needed) + " needed approvals count today. The author has to submit again."
	}
	return ""
}

// verdictHint says why there is no verdict to give, for whoever looks for it.
func (v ProposalView) verdictHint() string {
	review, judged := v.ReviewBy(v.Me)
	switch {
	case v.own():
		return "You proposed this, so somebody else decides. Nobody approves their own work."
	case !v.Role.Can(store.ReviewSOPs):
		return "Owners, admins and reviewers decide about proposals. You may read and comment."
	case judged && review.VoidedAt == nil:
		return "You have decided about revision " + strconv.Itoa(v.Revision) + ": " + verdictWord(review.Verdict) + "."
	case v.Status == store.ProposalDrafted:
		return "This is a draft. It can be reviewed when the author submits it."
	case v.Status == store.ProposalChangesRequested:
		return "The author is working on it. It can be reviewed again when a new revision is submitted."
	}
	return ""
}

// approvalsText is how far the approvals are.
func (v ProposalView) approvalsText() string {
	return strconv.Itoa(v.Approvals()) + " of " + strconv.Itoa(v.Needed) + " approvals"
}

// changes counts the steps and connections that are not the same.
func (v ProposalView) changes() int { return len(v.Diff.Nodes) + len(v.Diff.Edges) }

func (v ProposalView) tabs() []Tab {
	failing := 0
	for _, check := range v.checks() {
		if check.Tone == "bad" || check.Tone == "warn" {
			failing++
		}
	}
	tabs := []Tab{
		{Label: "Conversation", Href: "conversation", Count: v.OpenThreads()},
		{Label: "Changes", Href: "changes", Count: v.changes()},
		{Label: "Checks", Href: "checks", Count: failing},
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == v.Query.Tab
		tabs[i].Href = ProposalTabURL(v.Org, v.ID, tabs[i].Href)
	}
	return tabs
}

func verdictWord(verdict store.Verdict) string {
	switch verdict {
	case store.VerdictApprove:
		return "approved"
	case store.VerdictRequestChanges:
		return "asked for changes"
	}
	return "rejected"
}

func verdictTone(verdict store.Verdict) (tone, icon string) {
	switch verdict {
	case store.VerdictApprove:
		return "good", "check"
	case store.VerdictRequestChanges:
		return "warn", "pencil"
	}
	return "bad", "x"
}

var verdictOptions = []Option{
	{Value: string(store.VerdictApprove), Label: "Approve", Hint: "It may become the next version."},
	{Value: string(store.VerdictRequestChanges), Label: "Request changes", Hint: "The author revises it."},
	{Value: string(store.VerdictReject), Label: "Reject", Hint: "It ends here."},
}

// maySubmit says whether there is something to submit: after a request for changes also the same graph, with a note.
func (v ProposalView) maySubmit() bool {
	switch v.Status {
	case store.ProposalDrafted:
		return !sop.Compare(v.Base, v.Graph).Empty()
	case store.ProposalOpen, store.ProposalIsApproved:
		return v.Unsubmitted() || v.Status == store.ProposalIsApproved && v.Approvals() < v.Needed
	}
	return v.Status == store.ProposalChangesRequested
}

func (v ProposalView) submitLabel() string {
	if v.Revision == 0 {
		return "Submit for review"
	}
	return "Submit revision " + strconv.Itoa(v.Revision+1)
}

// standingVerdicts counts the verdicts that a new revision would void.
func (v ProposalView) standingVerdicts() int {
	n := 0
	for _, r := range v.Reviews {
		if r.VoidedAt == nil {
			n++
		}
	}
	return n
}
