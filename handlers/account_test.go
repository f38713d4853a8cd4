package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"surrealm/store/storetest"
)

func TestRegisterMakesAnOrganisationAndSignsIn(t *testing.T) {
	t.Parallel()
	nora, slug, email := newApp(t).browser(t), storetest.Slug("nora"), storetest.Email("nora")
	fill := url.Values{"org_name": {"Nora & Co"}, "slug": {slug}, "name": {"Nora New"}, "email": {email}, "password": {"short"}}

	page := nora.get(t, "/register").status(t, 200).submit(t, "form", fill).status(t, 422)

	page.has(t, "#password-error").hasNot(t, "#slug-error")
	if kept := page.form(t, "form"); kept.Get("org_name") != "Nora & Co" || kept.Get("email") != email || kept.Get("password") != "" {
		t.Errorf("the form has %v", kept)
	}
	page = page.submit(t, "form", url.Values{"password": {storetest.Password}}).status(t, 303)
	if page.location() != "/o/"+slug {
		t.Errorf("went on to %s", page.location())
	}
	nora.get(t, "/account").status(t, 200).text(t, ".page", email)
	nora.get(t, "/orgs").text(t, ".page a", "Nora & Co")
	if to := nora.get(t, "/register").location(); to != "/orgs/new" {
		t.Errorf("registering again leads to %s", to)
	}
}

func TestRegisterWithoutAnAddressTakesAFreeOne(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	name := strings.ReplaceAll(owner.Org.Slug, "-", " ")
	fill := url.Values{"org_name": {name}, "name": {"Nora New"}, "email": {storetest.Email("nora")}, "password": {storetest.Password}}

	page := newApp(t).browser(t).get(t, "/register").submit(t, "form", fill).status(t, 303)

	if page.location() != "/o/"+owner.Org.Slug+"-2" {
		t.Errorf("went on to %s", page.location())
	}
}

func TestRegisterTakesOnlyItsOwnFields(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	slug, email := storetest.Slug("over"), storetest.Email("over")
	form := url.Values{"org_name": {"Over"}, "slug": {slug}, "name": {"Over"}, "email": {email}, "password": {storetest.Password},
		"id": {owner.User.ID.String()}, "user_id": {owner.User.ID.String()}, "org_id": {owner.Org.ID.String()}, "role": {"AUDITOR"},
		"schema_name": {"public"}, "approvals_needed": {"0"}, "disabled_at": {"2020-01-01"}, "session_epoch": {"7"}, "password_hash": {"x"}}

	b := newApp(t).browser(t)
	b.post(t, "/register?slug=elsewhere&email=elsewhere@example.com", form).status(t, 303)

	b.get(t, "/orgs").text(t, ".row-side", "Owner").text(t, ".sub", "/o/"+slug)
	b.get(t, "/account").text(t, ".subtitle", email)
}

func TestOnePlaceRegistersTwentyTimesAnHour(t *testing.T) {
	t.Parallel()
	b := newApp(t).browser(t)
	_, err := storetest.Behind(t).Exec(t.Context(),
		`insert into login_attempts (subject, tries, since) values ($1, 20, now())`, "register:"+b.address)
	must(t, err)
	email := storetest.Email("nora")
	form := url.Values{"org_name": {"Nora"}, "slug": {storetest.Slug("nora")}, "name": {"Nora"}, "email": {email}, "password": {storetest.Password}}

	page := b.post(t, "/register", form).status(t, 429)

	page.text(t, "#errors", "There were too many tries.")
	if kept := page.form(t, "form"); kept.Get("email") != email {
		t.Errorf("the form has %v", kept)
	}
}

func TestSlugIsCheckedWhileItIsTyped(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	b := newApp(t).browser(t)

	b.hx(t, "GET", "/register/slug?slug="+owner.Org.Slug, "slug-status", nil).status(t, 200).
		text(t, "span", "taken").text(t, ".mono", owner.Org.Slug+"-2")
	free := storetest.Slug("free")
	b.hx(t, "GET", "/register/slug?slug="+free, "slug-status", nil).text(t, ".good-text", "is free")
	b.hx(t, "GET", "/register/slug?slug=admin", "slug-status", nil).text(t, "span", "reserved")
	b.hx(t, "GET", "/register/slug?slug=A+b", "slug-status", nil).text(t, "span", "lower-case")
	b.hx(t, "GET", "/register/slug?slug=", "slug-status", nil).hasNot(t, "span")
	page := b.get(t, "/register/slug?org_name=Z%C3%BCrich+Care+"+free).status(t, 200)
	if got := page.form(t, "form").Get("slug"); got != "zurich-care-"+free {
		t.Errorf("suggested %q", got)
	}
}

// One network may ask about as many addresses as people type, and not about all that there are.
func TestAskingForFreeSlugsIsBounded(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	b := a.browser(t)
	free := "/register/slug?slug=" + storetest.Slug("free")
	for range 120 {
		b.hx(t, "GET", free, "slug-status", nil).status(t, 200)
	}

	refused := b.hx(t, "GET", free, "slug-status", nil).status(t, 429).text(t, ".warn-text", "Wait a minute").hasNot(t, ".good-text")
	if refused.header("HX-Retarget") != "#slug-status" || refused.header("Retry-After") == "" {
		t.Errorf("headers %v", refused.response.Header)
	}
	b.get(t, free).status(t, 429).text(t, "#slug-status", "too many tries").has(t, "form")
	a.browser(t).hx(t, "GET", free, "slug-status", nil).status(t, 200)
}

func TestAnotherOrganisation(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	slug := storetest.Slug("second")

	page := olga.get(t, "/orgs/new").status(t, 200).submit(t, "main form", url.Values{"org_name": {""}, "slug": {slug}})
	page.status(t, 422).has(t, "#org_name-error")
	page = page.submit(t, "main form", url.Values{"org_name": {"Second"}}).status(t, 303)

	if page.location() != "/o/"+slug {
		t.Errorf("went on to %s", page.location())
	}
	list := olga.get(t, "/orgs").count(t, "li[data-row]", 2)
	list.click(t, org.Org.Name)
	if to := olga.get(t, "/").location(); to != "/orgs" {
		t.Errorf("home of a person with two organisations is %s", to)
	}
}

func TestPersonWithoutAnOrganisationIsToldHowToGetIn(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	member, who := site.join(t, owner, "MEMBER")
	must(t, owner.RemoveMember(t.Context(), who.User.ID))

	page := member.get(t, "/").follow(t).status(t, 200)

	page.text(t, ".empty", who.User.Email).click(t, "Create an organisation").status(t, 200)
}

func TestRename(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)

	page := olga.get(t, "/account").submit(t, `form[action="/account/name"]`, url.Values{
		"name": {"Olga Ortega"}, "email": {"x@example.com"}, "id": {"1"}, "disabled_at": {"2020-01-01"}})

	page.status(t, 303).follow(t).text(t, ".toast", "Name saved.").text(t, ".subtitle", org.User.Email)
	olga.get(t, "/o/"+org.Org.Slug+"/members").text(t, "th", "Olga Ortega")
	olga.post(t, "/account/name", url.Values{"name": {" "}}).status(t, 422).has(t, "#name-error")
}

func TestPasswordChangeLogsOutEverywhereElse(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	here, there := site.as(t, owner), site.as(t, owner)
	before := here.cookie()
	change := func(current string) *page {
		return here.get(t, "/account").submit(t, `form[action="/account/password"]`,
			url.Values{"password": {current}, "new_password": {"another horse entirely"}})
	}

	change("not the password").status(t, 422).text(t, "#password-error", "This is not your password.")
	there.get(t, "/account").status(t, 200)
	change(storetest.Password).status(t, 303).follow(t).status(t, 200).text(t, ".toast", "Password changed")

	if here.cookie() == before {
		t.Error("the session kept its token")
	}
	there.get(t, "/account").status(t, 303)
	if body := mailTo(t, owner.User.Email); !strings.Contains(body, "was changed") {
		t.Errorf("mail: %s", body)
	}
	site.browser(t).post(t, "/login", credentials(owner.User.Email, "another horse entirely")).status(t, 303)
}

func TestSessionsCanBeEndedOneByOneOrAllOthers(t *testing.T) {
	t.Parallel()
	site, owner, stranger := newApp(t), storetest.Owner(t), storetest.Owner(t)
	here, second, third, foreign := site.as(t, owner), site.as(t, owner), site.as(t, owner), site.as(t, stranger)

	page := here.get(t, "/account/sessions").status(t, 200).count(t, "li[data-session]", 3)
	page.text(t, "li", "Firefox on Linux").text(t, "li", "This device").text(t, ".timeline", "Created the account")
	action := page.attr(t, "li form", "action")
	foreign.post(t, action, nil).status(t, 404)
	here.post(t, action, nil).status(t, 303).follow(t).count(t, "li[data-session]", 2)
	here.post(t, action, nil).status(t, 404)
	live := 0
	for _, b := range []*browser{second, third} {
		if b.get(t, "/account").response.StatusCode == 200 {
			live++
		}
	}
	if live != 1 {
		t.Errorf("%d of the two others live", live)
	}

	here.post(t, "/account/sessions/end", nil).status(t, 303).follow(t).count(t, "li[data-session]", 1).
		text(t, ".timeline", "Logged out everywhere else")
	for _, b := range []*browser{second, third} {
		b.get(t, "/account").status(t, 303)
	}
	foreign.get(t, "/account").status(t, 200)
	here.get(t, "/account/sessions").hasNot(t, "li form")
}
