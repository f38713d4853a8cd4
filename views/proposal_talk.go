package views

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/sop"
)

func threadAnchor(id uuid.UUID) string { return "thread-" + id.String() }

// moment is one thing that happened to a proposal, as the conversation tells it.
type moment struct {
	At     time.Time
	Icon   string
	Tone   string
	Who    string
	Text   string
	Said   string // what the person wrote
	Note   string // a mark beside it
	Void   bool
	Href   string
	Thread *store.Thread
}

// moments is the whole conversation in the order of time.
func (v ProposalView) moments() []moment {
	list := []moment{{At: v.CreatedAt, Icon: "git-pull-request", Who: v.Author, Text: "started the proposal from version " + strconv.Itoa(v.firstBase()), Said: v.Rationale}}
	for _, r := range v.Revisions {
		list = append(list, moment{
			At: r.At, Icon: "send", Tone: "info", Who: r.Author, Said: r.Note,
			Text: "submitted revision " + strconv.Itoa(r.Revision) + ", a change to version " + strconv.Itoa(r.BaseVersion),
			Href: v.revisionURL(r.Revision),
		})
	}
	for _, r := range v.Reviews {
		tone, icon := verdictTone(r.Verdict)
		m := moment{At: r.At, Icon: icon, Tone: tone, Who: r.Reviewer, Said: r.Reason, Text: verdictWord(r.Verdict) + " revision " + strconv.Itoa(r.Revision)}
		if r.Verdict == store.VerdictRequestChanges {
			m.Text = "asked for changes to revision " + strconv.Itoa(r.Revision)
		}
		if r.VoidedAt != nil {
			m.Void, m.Tone, m.Note = true, "", "Void since "+shortTime(*r.VoidedAt)
		} else if !r.Signature.Verdict.OK {
			m.Tone, m.Note = "bad", "Does not count: "+r.Signature.Verdict.Reason
		}
		list = append(list, m)
	}
	for i := range v.Threads {
		thread := &v.Threads[i]
		list = append(list, moment{At: thread.Comments[0].At, Icon: "message-square", Who: thread.Comments[0].Author, Text: "commented on " + v.about(*thread), Href: v.threadTargetURL(*thread), Thread: thread})
	}
	slices.SortStableFunc(list, func(a, b moment) int { return a.At.Compare(b.At) })
	return append(list, v.ending()...)
}

// firstBase is the version that the proposal started from, before any rebase.
func (v ProposalView) firstBase() int {
	if len(v.Revisions) > 0 {
		return v.Revisions[0].BaseVersion
	}
	return v.BaseVersion
}

// ending is how the proposal came to its end.
func (v ProposalView) ending() []moment {
	switch {
	case v.Status == store.ProposalIsApplied && v.AppliedID != nil:
		return []moment{{At: v.UpdatedAt, Icon: "badge-check", Tone: "good", Text: "Applied: it became version " + strconv.Itoa(*v.AppliedVersion), Href: SOPURL(v.Org, *v.AppliedID)}}
	case v.Status == store.ProposalIsWithdrawn:
		return []moment{{At: v.UpdatedAt, Icon: "ban", Text: "Withdrawn"}}
	case v.Status == store.ProposalIsSuperseded:
		return []moment{{At: v.UpdatedAt, Icon: "ban", Text: "Superseded: once brought up to date, nothing was left to propose"}}
	}
	return nil
}

func (v ProposalView) revisionURL(revision int) string {
	return ProposalTabURL(v.Org, v.ID, "changes") + "&revision=" + strconv.Itoa(revision)
}

func (v ProposalView) threadTargetURL(thread store.Thread) string {
	if thread.Target == store.OnGraph {
		return ""
	}
	return ProposalChangeURL(v.Org, v.ID, thread.Revision, thread.Target, thread.TargetID)
}

// about says in words what a thread is about.
func (v ProposalView) about(thread store.Thread) string {
	graphs := []sop.Graph{v.Shown.Graph, v.Shown.Base, v.Base}
	switch thread.Target {
	case store.OnNode:
		for _, g := range graphs {
			if n, ok := g.Node(thread.TargetID); ok {
				return "the step " + n.Name()
			}
		}
		return "the step " + thread.TargetID
	case store.OnEdge:
		for _, g := range graphs {
			if e, ok := g.Edge(thread.TargetID); ok {
				return "the connection from " + g.Name(e.From) + " to " + g.Name(e.To)
			}
		}
		return "the connection " + thread.TargetID
	}
	return "the whole change"
}

// check is one line of the Checks tab.
type check struct {
	Tone     string // good, info, warn or bad
	Title    string
	Text     string
	Problems []sop.Problem
	Link     string // what it is about, and where that is
	Href     string
}

// checks says what has to hold before the change can be applied, and whether it does.
func (v ProposalView) checks() []check {
	list := []check{v.validity(), v.freshness(), v.approvalCheck()}
	self := check{Tone: "good", Title: "Four eyes", Text: v.Author + " proposed this and cannot approve or apply it. The database refuses it as well."}
	list = append(list, self)
	if v.InReview > 0 && v.Status.Unfinished() {
		list = append(list, check{Tone: "warn", Title: "Version " + strconv.Itoa(v.InReview) + " is in review", Text: "A version of this procedure is in review. The change can be applied when that one is certified or returned."})
	}
	for _, rival := range v.Rivals {
		list = append(list, check{Tone: "info", Title: "Another change is under way", Text: "Whichever is applied first, the other has to be brought up to date.",
			Link: proposalName(rival.Number, rival.Title), Href: ProposalURL(v.Org, rival.ID)})
	}
	if n := v.OpenThreads(); n > 0 {
		list = append(list, check{Tone: "info", Title: counted(n, "open thread"), Text: "Open threads do not keep the change from being applied. Resolve what is settled."})
	}
	if v.Unsubmitted() {
		list = append(list, check{Tone: "info", Title: "Edited since revision " + strconv.Itoa(v.Revision), Text: "The author has changes that are not submitted. They count when they are."})
	}
	return list
}

func (v ProposalView) validity() check {
	problems := sop.Validate(v.Shown.Graph)
	if len(problems) == 0 {
		return check{Tone: "good", Title: "Valid", Text: "The proposed graph keeps every rule of a procedure."}
	}
	return check{Tone: "bad", Title: counted(len(problems), "problem") + " to mend", Text: "The graph can be submitted when these are mended.", Problems: problems}
}

func (v ProposalView) freshness() check {
	base := strconv.Itoa(v.BaseVersion)
	switch {
	case !v.Status.Unfinished():
		return check{Tone: "good", Title: "Closed", Text: "The proposal started from version " + base + " and is closed."}
	case v.Stale():
		return check{Tone: "warn", Title: "Stale", Text: v.staleText()}
	}
	return check{Tone: "good", Title: "Up to date", Text: "It starts from version " + base + ", which is the certified one."}
}

// staleText says what has happened to the procedure meanwhile.
func (v ProposalView) staleText() string {
	base := "It starts from version " + strconv.Itoa(v.BaseVersion)
	if v.CertifiedVersion == nil {
		return base + ", which is out of use, and no other version is certified. Nothing can be applied to it."
	}
	return base + ", and version " + strconv.Itoa(*v.CertifiedVersion) + " is certified now. It has to be brought up to date before it can be applied."
}

func (v ProposalView) approvalCheck() check {
	c := check{Tone: "info", Title: v.approvalsText(), Text: "The organisation asks for " + counted(v.Needed, "approval") + " of the newest revision."}
	if v.Approvals() >= v.Needed {
		c.Tone = "good"
	}
	return c
}

func noteTone(m moment) string {
	if m.Void {
		return "neutral"
	}
	return "bad"
}

// problemLink leads the author of a problem to where it is mended.
func (v ProposalView) problemLink(p sop.Problem) string {
	if !v.mayEdit() {
		return ""
	}
	return ProposalActionURL(v.Org, v.ID, "edit") + problemQuery(p)
}

// ProposalThreadActionURL resolves or reopens a thread.
func ProposalThreadActionURL(org string, id, thread uuid.UUID, action string) string {
	return ProposalActionURL(org, id, "comments/"+thread.String()+"/"+action)
}

// commentField is the id of a comment's field; a page has many.
func commentField(thread uuid.UUID, target store.CommentTarget, id string) string {
	if thread != uuid.Nil {
		return "reply-" + thread.String()
	}
	return "comment-" + changeAnchor(target, id)
}

func commentLabel(thread uuid.UUID) string {
	if thread != uuid.Nil {
		return "Reply"
	}
	return "Comment"
}

// commentSent is what was sent with this form, when it was this one that had a mistake.
func commentSent(v ProposalView, thread uuid.UUID, target store.CommentTarget, id string) ProposalSent {
	place := changeAnchor(target, id)
	if thread != uuid.Nil {
		place = thread.String()
	}
	if v.Move != "comment" || v.Sent.place() != place {
		return ProposalSent{}
	}
	return v.Sent
}

func commentProblem(v ProposalView, sent ProposalSent) string {
	if sent == (ProposalSent{}) {
		return ""
	}
	return v.problem("comment", "body")
}

// swapAttributes let htmx replace a part of the page with the answer; none for a form that sends a page.
func swapAttributes(action, swap string) templ.Attributes {
	if swap == "" {
		return nil
	}
	return templ.Attributes{"hx-post": action, "hx-target": swap, "hx-swap": "outerHTML"}
}
