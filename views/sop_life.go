package views

import (
	"strconv"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"surrealm/store"
	"surrealm/store/signature"
)

// SOPLifeForm is a move of a version as it was sent: what was seen, why, and the password where it is asked for again.
type SOPLifeForm struct {
	Revision int    `form:"revision"`
	Reason   string `form:"reason"`
	Password string `form:"password"`
}

// SOPLifeView is what the page offers to do with a version, and what was sent with a mistake.
type SOPLifeView struct {
	Me            uuid.UUID
	NeedsPassword bool // to sign, because the login is some time ago
	Move          string
	Form          SOPLifeForm
	Bad           store.Invalid
	Late          Late
}

// LateMove is a move that came second.
func LateMove(move string, form SOPLifeForm, reason string) Late {
	wanted := map[string]string{
		"submit": "submit", "certify": "certify", "return": "return to the author", "deprecate": "deprecate",
	}[move]
	return Late{Wanted: wanted + " revision " + strconv.Itoa(form.Revision), Typed: form.Reason, Reason: reason}
}

// problem is the message on a field of one move's form; the same page holds several.
func (v SOPLifeView) problem(move, field string) string {
	if v.Move != move {
		return ""
	}
	return v.Bad[field]
}

// reason is what was typed into one move's form.
func (v SOPLifeView) reason(move string) string {
	if v.Move != move {
		return ""
	}
	return v.Form.Reason
}

// own says whether the member wrote or submitted the version.
func (v SOPView) own() bool {
	return v.CreatedBy == v.Life.Me || v.SubmittedBy != nil && *v.SubmittedBy == v.Life.Me
}

// mayCertify says whether to offer the member to sign.
func (v SOPView) mayCertify() bool {
	return v.Status == store.VersionInReview && v.Role.Can(store.ReviewSOPs) && v.CreatedBy != v.Life.Me && !v.Page.MyEdits && !v.Page.MySigned
}

// mayReturn says whether to offer to send the version back: reviewers may, and whoever wrote or submitted it.
func (v SOPView) mayReturn() bool {
	return v.Status == store.VersionInReview && (v.Role.Can(store.ReviewSOPs) || v.own() && v.Role.Can(store.WriteSOPs))
}

// waitsFor says what a version in review still needs.
func (v SOPView) waitsFor() string {
	signed, needed := v.Page.Proof.Signed(), v.Page.Proof.Needed
	return strconv.Itoa(signed) + " of " + strconv.Itoa(needed) + " signatures"
}

// why the member cannot certify, for those who might expect to.
func (v SOPView) whyNot() string {
	switch {
	case v.Status != store.VersionInReview:
		return ""
	case v.CreatedBy == v.Life.Me:
		return "You wrote this version, so somebody else has to certify it: a reviewer, an admin or the owner."
	case !v.Role.Can(store.ReviewSOPs):
		return ""
	case v.Page.MyEdits:
		return "You edited this version, so somebody else has to certify it."
	case v.Page.MySigned:
		return "You have signed this version."
	}
	return ""
}

// proofTone sums the proof up in one badge.
func (v SOPView) proofTone() (tone, label string) {
	switch {
	case len(v.Page.Proof.Problems) > 0:
		return "bad", "Chain broken"
	case !v.Page.Proof.Holds():
		return "warn", "A signature does not count"
	case len(v.Page.Proof.Signatures) == 0:
		return "info", "Chain verified"
	}
	return "good", "Verified"
}

// confirmAttributes ask before a form is sent; none when there is no question.
func confirmAttributes(question string) templ.Attributes {
	if question == "" {
		return nil
	}
	return templ.Attributes{"data-confirm": question}
}

func decisionLabel(d signature.Decision) string {
	switch d {
	case signature.Certify:
		return "Certified"
	case signature.Approve:
		return "Approved"
	case signature.RequestChanges:
		return "Asked for changes"
	}
	return "Rejected"
}

func chainCount(n int) string {
	switch n {
	case 0:
		return "This version joins the chain of hashes when it is submitted."
	case 1:
		return "1 version in the chain, every hash recomputed just now."
	}
	return strconv.Itoa(n) + " versions in the chain, every hash recomputed just now."
}

// VerifyCommand is how somebody checks a downloaded signature file without this server.
func VerifyCommand(file string) string { return "surrealm verify " + file }

// SOPCompareURL compares a version with another one.
func SOPCompareURL(org string, id, with uuid.UUID) string {
	return SOPActionURL(org, id, "compare") + "?with=" + with.String()
}
