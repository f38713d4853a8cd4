package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"surrealm/store/sop/library"
	"surrealm/store/storetest"
)

// Words that stand nowhere else, so that a page of another organisation that shows one of them has leaked it.
const (
	canaryOrg     = "Quillfeather Provisions"
	canaryAuthor  = "Odile Farthingale"
	canaryComment = "Marrowgate asks who signs here."
	canaryRevised = "Thistlewick countersigns."
)

// mainJob is what the product is for, from the first click to the last, by two people in two browsers.
type mainJob struct {
	site       *site
	ann, bert  *person
	org        string // the path of the organisation: /o/slug
	invitation string // the link
	procedures []*procedure
}

// procedure is one sample on its way.
type procedure struct {
	library.Sample
	surrogate, version, proposal, next string // their paths
}

// TestMainJob walks the main job with the mouse and the keyboard, then checks everything that was promised: the chains
// of versions, the signatures and the audit log, on the pages and offline, and that a stranger finds none of it.
func TestMainJob(t *testing.T) {
	t.Parallel()
	// In a database of its own: the jobs of other sites would keep the checkpoints in their own folders.
	data, dsn := storetest.FreshStore(t)
	s, chromium := newSiteOn(t, data, dsn), startBrowser(t)
	job := &mainJob{site: s, ann: newPerson(t, chromium, s, "Ann"), bert: newPerson(t, chromium, s, "Bert")}
	for _, sample := range library.Samples() {
		job.procedures = append(job.procedures, &procedure{Sample: sample})
	}
	steps := []struct {
		name string
		do   func(*testing.T)
	}{
		{"register", job.register}, {"invite", job.invite}, {"join", job.join}, {"define surrogates", job.defineSurrogates},
		{"import", job.importSamples}, {"certify", job.certify}, {"activate", job.activate}, {"propose", job.propose},
		{"ask for changes", job.askForChanges}, {"revise", job.revise}, {"approve and apply", job.approveAndApply},
		{"verify on the pages", job.verifyPages}, {"verify offline", job.verifyOffline},
	}
	for _, step := range steps {
		if !t.Run(step.name, step.do) {
			return // what follows builds on it
		}
	}
	t.Run("a stranger", func(t *testing.T) { job.stranger(t, newPerson(t, chromium, s, "Stranger")) })
}

// register uses the keyboard alone.
func (job *mainJob) register(t *testing.T) {
	ann := job.ann
	ann.open(t, "/login")
	ann.follow(t, "link", "Register an organisation")
	ann.until(t, "document.activeElement.id === 'org_name'", "does not start in the first field")
	ann.keys(t, canaryOrg+kb.Tab)
	slug := "quillfeather-provisions"
	ann.until(t, "document.getElementById('slug').value === '"+slug+"'", "is not offered an address")
	ann.sees(t, "#slug-status", "/o/"+slug+" is free.")
	ann.keys(t, kb.Tab+canaryAuthor+kb.Tab+storetest.Email("odile")+kb.Tab+storetest.Password)
	ann.leaving(t, "registering", func() { ann.keys(t, kb.Enter) })
	job.org = ann.path(t)
	if job.org != "/o/"+slug {
		t.Errorf("the organisation is at %s", job.org)
	}
	ann.sees(t, "h1", canaryOrg)
	ann.sees(t, ".toast", "Your organisation is ready.")
}

// invite goes to the members by two keys and sends an invitation.
func (job *mainJob) invite(t *testing.T) {
	ann := job.ann
	ann.leaving(t, "the keys g m", func() { ann.keys(t, "gm") })
	ann.sees(t, "h1", "Members")
	ann.fills(t, "E-mail", storetest.Email("bert"))
	ann.chooses(t, "Role", "Reviewer", ".card")
	ann.follow(t, "button", "Invite")
	ann.sees(t, ".alert", "Invitation sent to")
	link := evaluate[string](t, ann.tab, "document.getElementById('invitation-link').value")
	path, ours := strings.CutPrefix(link, job.site.url)
	if !ours {
		t.Fatalf("the link leads to %s", link)
	}
	job.invitation = path
	ann.open(t, "/outbox")
	ann.sees(t, "main", link)
}

// join accepts the invitation in another browser.
func (job *mainJob) join(t *testing.T) {
	bert := job.bert
	bert.open(t, job.invitation)
	bert.sees(t, "h1", "Join "+canaryOrg)
	bert.fills(t, "Your name", "Bert Reviewer")
	bert.fills(t, "Choose a password", storetest.Password)
	bert.follow(t, "button", "Make the account and join")
	bert.sees(t, "h1", canaryOrg)
	bert.open(t, job.invitation)
	bert.seesNot(t, "h1", "Join")
	bert.open(t, job.org)
}

// defineSurrogates makes one for each sample, the first with all that can be said of one.
func (job *mainJob) defineSurrogates(t *testing.T) {
	ann := job.ann
	for i, p := range job.procedures {
		ann.open(t, job.org+"/surrogates")
		ann.follow(t, "link", map[bool]string{true: "Define a surrogate", false: "New surrogate"}[i == 0], "main")
		ann.fills(t, "Role", p.RoleTitle)
		ann.fills(t, "Domain", p.Domain)
		ann.fills(t, "Jurisdiction", p.Jurisdiction)
		if i == 0 {
			ann.fills(t, "Seniority", "Senior")
			ann.fills(t, "Communication style", "Short and factual")
			ann.fills(t, "Certifications", "HACCP level 4\nISO 22000 lead auditor")
			ann.fills(t, "Assertiveness", "7")
			ann.fills(t, "Empathy", "4")
			ann.press(t, "choice", "Low")
			ann.fills(t, "Escalation threshold", "0.29")
		}
		ann.follow(t, "button", "Save")
		ann.sees(t, "h1", p.RoleTitle)
		ann.sees(t, ".page-head .badge", "Draft")
		p.surrogate = ann.path(t)
	}
	ann.open(t, job.procedures[0].surrogate)
	for _, fact := range []string{"Senior", "Short and factual", "ISO 22000 lead auditor", "29 %"} {
		ann.sees(t, ".facts", fact)
	}
}

// importSamples pastes the first sample and sends the others as files, and submits each.
func (job *mainJob) importSamples(t *testing.T) {
	ann := job.ann
	for i, p := range job.procedures {
		ann.open(t, job.org+"/sops")
		ann.follow(t, "link", map[bool]string{true: "Write the first procedure", false: "New procedure"}[i == 0], "main")
		if i == 0 {
			ann.follow(t, "link", "Paste JSON")
			ann.chooses(t, "Surrogate", p.RoleTitle)
			ann.fills(t, "JSON", string(p.JSON))
		} else {
			ann.follow(t, "link", "Upload a file")
			ann.chooses(t, "Surrogate", p.RoleTitle)
			ann.uploads(t, "File", writeFile(t, p.Slug+".json", p.JSON))
		}
		ann.follow(t, "button", "Import as a draft")
		ann.sees(t, "#problems", "Nothing to mend.")
		ann.follow(t, "link", "Done")
		ann.sees(t, "h1", p.Title)
		p.version = ann.path(t)
		ann.follow(t, "button", "Submit for review")
		ann.sees(t, ".page-head .badge", "In review")
		ann.sees(t, "main", "somebody else has to certify it")
		ann.seesNot(t, "button", "Certify")
	}
}

// certify finds each version by what waits for the reviewer. The third is signed after some time, with the password.
func (job *mainJob) certify(t *testing.T) {
	bert := job.bert
	for i, p := range job.procedures {
		bert.leaving(t, "the keys g d", func() { bert.keys(t, "gd") })
		bert.follow(t, "link", p.Title, "main")
		if bert.path(t) != p.version {
			t.Errorf("the overview leads to %s", bert.path(t))
		}
		if i == 2 {
			job.site.wait(11 * time.Minute)
			bert.open(t, p.version)
			bert.fills(t, "Your password", "not the password")
			bert.follow(t, "button", "Certify and sign")
			bert.sees(t, ".error", "password")
			bert.sees(t, ".page-head .badge", "In review")
			bert.fills(t, "Your password", storetest.Password)
		}
		bert.follow(t, "button", "Certify and sign")
		bert.sees(t, ".page-head .badge", "Certified")
		bert.sees(t, ".card .badge", "Verified")
		bert.seesNot(t, "label", "Your password")
	}
}

// activate presses the button with the space bar.
func (job *mainJob) activate(t *testing.T) {
	ann := job.ann
	for _, p := range job.procedures {
		ann.open(t, p.surrogate)
		ann.focus(t, "button", "Activate")
		ann.leaving(t, "activating", func() { ann.keys(t, " ") })
		ann.sees(t, ".page-head .badge", "Active")
	}
}

// propose starts a proposal from each sample's change; the first finds its procedure in the command palette.
func (job *mainJob) propose(t *testing.T) {
	ann := job.ann
	for i, p := range job.procedures {
		if i == 0 {
			do(t, ann.tab, chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
			ann.until(t, "document.activeElement.matches('#palette input')", "the palette does not open")
			ann.keys(t, p.Title[:16])
			ann.until(t, "document.querySelector('.palette-link[data-first]')?.textContent.includes("+quoted(p.Title)+")", "the palette does not find it")
			ann.leaving(t, "the palette", func() { ann.keys(t, kb.Enter) })
		} else {
			ann.open(t, p.version)
		}
		ann.follow(t, "link", "Propose a change")
		ann.fills(t, "What should change", "Change: "+p.Title)
		ann.press(t, "button", "Start from a change file")
		if i == 0 {
			ann.fills(t, "Or paste its JSON", string(p.ChangeJSON))
		} else {
			ann.uploads(t, "File", writeFile(t, p.Slug+".change.json", p.ChangeJSON))
		}
		ann.follow(t, "button", "Start the proposal")
		ann.sees(t, "h1", fmt.Sprintf("#%d Change: %s", i+1, p.Title))
		p.proposal = ann.path(t)
		ann.fills(t, "Note to the reviewers", "Ready to be read.")
		ann.follow(t, "button", "Submit", "#decide")
		ann.sees(t, ".page-head .badge", "Open")
		ann.sees(t, "#decide", "Nobody approves their own work.")
		ann.seesNot(t, "button", "Sign the verdict")
	}
}
