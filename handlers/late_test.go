package handlers_test

import (
	"net/url"
	"testing"

	"surrealm/store"
	"surrealm/views"
)

// Two people look at the same page and both act on it. The second is told so, sees what is there now and what they had
// typed, and changes nothing.

func TestALateMoveOfASurrogateChangesNothing(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	olga, otto := a.as(t, w.owner), a.as(t, w.person(t, store.Owner))
	address := views.SurrogateURL(w.slug(), w.surrogate)
	hers, his := olga.get(t, address), otto.get(t, address)

	olga.get(t, address+"/edit").submit(t, `form[action="`+address+`"]`, url.Values{"role_title": {"Another role"}}).status(t, 303)
	his.submit(t, formAt(address, "archive"), nil).status(t, 409).text(t, ".alert", "You wanted to archive revision 1").
		text(t, "h1", "Another role").text(t, ".badge", "Draft")
	olga.get(t, address).submit(t, formAt(address, "archive"), nil).status(t, 303)
	hers.submit(t, formAt(address, "archive"), nil).status(t, 409).text(t, ".badge", "Archived")
	otto.hx(t, "POST", address+"/restore", "x", url.Values{"revision": {"1"}}).status(t, 409).text(t, "body", "Somebody else changed this surrogate meanwhile")
}

func TestALateMoveOfAVersionKeepsTheReason(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	version := w.inReview(t, w.owner)
	rita, remo := a.as(t, w.person(t, store.Reviewer)), a.as(t, w.person(t, store.Reviewer))
	address := views.SOPURL(w.slug(), version.ID)
	hers, his := rita.get(t, address), remo.get(t, address)

	hers.submit(t, formAt(address, "return"), url.Values{"reason": {"Step 4 is unclear."}}).status(t, 303)
	his.submit(t, formAt(address, "return"), url.Values{"reason": {"Step 7 is <wrong>."}}).status(t, 409).
		text(t, ".alert", "You wanted to return to the author revision").text(t, ".alert pre", "Step 7 is <wrong>.").
		text(t, ".alert", "Step 4 is unclear.").text(t, ".badge", "Draft")

	again := got[store.SOP](t)(w.owner.SOP(t.Context(), version.ID))
	if err := w.owner.SubmitSOP(t.Context(), version.ID, again.Revision); err != nil {
		t.Fatal(err)
	}
	// It is in review again, as another revision than the one that was on the screen.
	his.submit(t, formAt(address, "return"), url.Values{"reason": {"Step 7 is wrong."}}).status(t, 409).
		text(t, ".badge", "In review").text(t, "#return-reason", "Step 7 is wrong.").
		submit(t, formAt(address, "return"), nil).status(t, 303)

	certified := w.certified(t, w.owner)
	address = views.SOPURL(w.slug(), certified.ID)
	hers, his = rita.get(t, address), remo.get(t, address)
	hers.submit(t, formAt(address, "deprecate"), url.Values{"reason": {"Old."}}).status(t, 303)
	his.submit(t, formAt(address, "deprecate"), url.Values{"reason": {"Outdated."}}).status(t, 409).
		text(t, ".alert pre", "Outdated.").text(t, ".badge", "Deprecated")
}

func TestALateMoveOfAProposalShowsWhatItIsNow(t *testing.T) {
	t.Parallel()
	b := newReviewBoard(t)
	address := b.propose(t, "Change")
	draft := b.olga.get(t, address)
	draft.submit(t, formAt(address, "submit"), nil).status(t, 303)
	draft.submit(t, formAt(address, "withdraw"), nil).status(t, 409).text(t, ".alert", "You wanted to withdraw it").text(t, ".badge", "Open")

	open, verdict := b.olga.get(t, address), b.mira.get(t, address)
	b.mira.get(t, address).submit(t, formAt(address, "review"), url.Values{"verdict": {"APPROVE"}, "reason": {"Good."}}).status(t, 303)
	open.submit(t, formAt(address, "withdraw"), nil).status(t, 409).text(t, ".badge", "Approved")
	verdict.submit(t, formAt(address, "review"), url.Values{"verdict": {"REJECT"}, "reason": {"Second thoughts."}}).status(t, 409).
		text(t, ".alert pre", "Second thoughts.").text(t, ".badge", "Approved")
	b.olga.get(t, address).submit(t, formAt(address, "withdraw"), nil).follow(t).text(t, ".badge", "Withdrawn")
}

func TestLateSettingsStandBesideWhatIsSaved(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	olga, otto := a.as(t, w.owner), a.as(t, w.person(t, store.Owner))
	address := views.SettingsURL(w.slug())
	form := `form[action="` + address + `"]`
	hers, his := olga.get(t, address), otto.get(t, address)

	hers.submit(t, form, url.Values{"name": {"Hers"}, "approvals_needed": {"2"}}).status(t, 303)
	late := his.submit(t, form, url.Values{"name": {"His"}}).status(t, 409).text(t, ".alert", "Hers").text(t, ".alert", "2 people")
	if late.attr(t, "#name", "value") != "His" {
		t.Error("what was typed is lost")
	}
	late.submit(t, form, nil).status(t, 303)
	saved := got[store.OrgSettings](t)(w.owner.Settings(t.Context()))
	if saved.Name != "His" || saved.ApprovalsNeeded != 1 || saved.Revision != 3 {
		t.Errorf("saved: %+v", saved)
	}
}

func TestALateChangeOfARoleIsRefused(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	w := newWorld(t, a)
	olga, otto := a.as(t, w.owner), a.as(t, w.person(t, store.Admin))
	max := w.person(t, store.Member)
	members := views.MembersURL(w.slug())
	role := `form[action="` + views.MemberActionURL(w.slug(), max.User.ID, "role") + `"]`
	hers, his := olga.get(t, members), otto.get(t, members)

	hers.submit(t, role, url.Values{"role": {"AUDITOR"}}).status(t, 303)
	his.submit(t, role, url.Values{"role": {"ADMIN"}}).status(t, 409).text(t, ".alert", "make somebody Admin who was Member").
		has(t, role+` option[value="AUDITOR"][selected]`)

	disable := `form[action="` + views.MemberActionURL(w.slug(), max.User.ID, "disable") + `"]`
	hers.submit(t, disable, nil).status(t, 303)
	his.submit(t, disable, nil).status(t, 409).text(t, ".alert", "disabled already")
}
