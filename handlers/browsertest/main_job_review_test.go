package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// askForChanges has the reviewer look at every proposal, comment on a step and ask for changes.
func (job *mainJob) askForChanges(t *testing.T) {
	bert := job.bert
	for i, p := range job.procedures {
		bert.leaving(t, "the keys g p", func() { bert.keys(t, "gp") })
		bert.sees(t, ".nav-count", []string{"4", "3", "2", "1"}[i])
		bert.sees(t, ".tab[aria-current]", "Waiting for me")
		bert.follow(t, "link", "#", "tbody tr:last-child") // the oldest is last
		if bert.path(t) != p.proposal {
			bert.open(t, p.proposal)
		}
		bert.follow(t, "link", "Changes", ".tabs")
		bert.sees(t, ".change-fields ins", "")
		bert.press(t, "button", "Comment", ".change")
		bert.fills(t, "Comment", canaryComment, ".change form")
		bert.press(t, "button", "Comment", ".change form")
		bert.sees(t, ".change .thread .text", canaryComment)
		bert.press(t, "button", "Mark as viewed", ".change")
		bert.sees(t, "#viewing", "1 of")
		bert.sees(t, ".change.viewed", "Viewed")
		bert.press(t, "choice", "Request changes", "#decide")
		bert.fills(t, "Reason", "Say who is responsible.", "#decide")
		bert.follow(t, "button", "Sign the verdict")
		bert.sees(t, ".page-head .badge", "Changes requested")
	}
}

// revise has the author answer, settle the thread, change a step in the editor with the keyboard, and submit again. The
// verdict on the former revision counts no more, and the page says so.
func (job *mainJob) revise(t *testing.T) {
	ann := job.ann
	for i, p := range job.procedures {
		ann.open(t, p.proposal)
		ann.sees(t, ".page-head .badge", "Changes requested")
		ann.sees(t, ".timeline", "Say who is responsible.")
		ann.press(t, "button", "Reply", ".thread")
		ann.fills(t, "Reply", "It will say so.", ".thread form")
		ann.press(t, "button", "Reply", ".thread form")
		ann.sees(t, ".thread .text", "It will say so.")
		ann.press(t, "button", "Resolve", ".thread")
		ann.sees(t, ".thread.resolved header", "Resolved by "+canaryAuthor)
		ann.follow(t, "link", "Edit the steps", ".page-head")
		if i == 0 {
			job.reviseByKeys(t)
		} else {
			ann.press(t, "step", "2")
			ann.until(t, "document.querySelector('#panel .kind')?.textContent.trim().startsWith('2 ·')", "the panel does not open")
			ann.fills(t, "Description", canaryRevised, "#panel")
			ann.press(t, "button", "Save the step")
			ann.sees(t, "#undo", "Undo")
			ann.until(t, "!document.getElementById('undo').disabled", "the edit is not saved")
		}
		ann.follow(t, "link", "Done")
		ann.sees(t, ".alert", "Reviewers do not see your latest edits")
		ann.follow(t, "button", "Submit revision 2")
		ann.sees(t, ".timeline .voided", "Void since")
		ann.sees(t, ".page-head .badge", "Open")
	}
}

// reviseByKeys walks to the second step, changes its description and saves, all on the keyboard.
func (job *mainJob) reviseByKeys(t *testing.T) {
	ann := job.ann
	// The step is still being opened when the key e asks for its form.
	ann.keys(t, kb.ArrowDown+kb.ArrowDown+"e")
	ann.until(t, "document.querySelector('#panel .kind')?.textContent.trim().startsWith('2 ·')", "the arrows do not open the step")
	ann.until(t, "document.activeElement.name === 'label'", "the key e does not lead to the form")
	ann.keys(t, kb.Tab+kb.Tab)
	ann.until(t, "document.activeElement.name === 'description'", "Tab does not lead to the description")
	evaluate[bool](t, ann.tab, "document.activeElement.select() || true")
	do(t, ann.tab, paste(canaryRevised))
	ann.keys(t, kb.Tab)
	ann.focus(t, "button", "Save the step")
	ann.keys(t, kb.Enter)
	ann.until(t, "!document.getElementById('undo').disabled", "the edit is not saved")
}

// approveAndApply has the reviewer approve the second revision and apply it. The first verdict is chosen with the arrow
// keys.
func (job *mainJob) approveAndApply(t *testing.T) {
	bert := job.bert
	for i, p := range job.procedures {
		bert.open(t, p.proposal)
		if i == 0 {
			bert.focus(t, "field", "Approve", "#decide")
			bert.keys(t, " "+kb.ArrowDown+kb.ArrowUp)
			bert.until(t, "document.activeElement.checked && document.activeElement.value === 'APPROVE'", "the keys do not choose")
		} else {
			bert.press(t, "choice", "Approve", "#decide")
		}
		bert.fills(t, "Reason", "It says who signs.", "#decide")
		bert.follow(t, "button", "Sign the verdict")
		bert.sees(t, ".page-head .badge", "Approved")
		bert.press(t, "button", "Apply the change")
		bert.confirms(t, "Apply the change")
		bert.sees(t, ".page-head .badge", "Applied")
		bert.follow(t, "link", "version 2", "#decide")
		p.next = bert.path(t)
		bert.sees(t, ".page-head .badge", "Certified")
	}
}
