package handlers_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"surrealm/handlers"
	"surrealm/store/storetest"
)

func TestResetByMail(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	signedIn, forgetful := site.as(t, owner), site.browser(t)

	page := forgetful.get(t, "/login").click(t, "Forgot the password?").submit(t, "form", url.Values{"email": {owner.User.Email}})
	page.status(t, 200).text(t, "main", owner.User.Email)
	link := mailedLink(t, owner.User.Email)
	page = forgetful.get(t, link).status(t, 200)
	if policy := page.header("Referrer-Policy"); policy != "no-referrer" {
		t.Errorf("Referrer-Policy %q", policy)
	}
	page = page.submit(t, "form", url.Values{"new_password": {"short"}}).status(t, 422).has(t, "#new_password-error")
	page = page.submit(t, "form", url.Values{"new_password": {"another horse entirely"}}).status(t, 303).follow(t)

	page.text(t, ".toast", "Your new password is set").submit(t, "form", credentials(owner.User.Email, "another horse entirely")).status(t, 303)
	signedIn.get(t, "/account").status(t, 303)
	forgetful.get(t, link).status(t, 404).click(t, "Ask for a new link").status(t, 200)
	forgetful.post(t, link, url.Values{"new_password": {"yet another horse"}}).status(t, 404)
}

func TestForgotAnswersTheSameForUnknownAndKnownAddresses(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	answer := func(email string) string {
		page := site.browser(t).post(t, "/forgot", url.Values{"email": {email}}).status(t, 200)
		return strings.ReplaceAll(page.body, email, "EMAIL")
	}
	if answer(owner.User.Email) != answer(storetest.Email("nobody")) {
		t.Error("the pages differ")
	}
}

func TestResetLinkWinsOnceInParallel(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	site.browser(t).post(t, "/forgot", url.Values{"email": {owner.User.Email}}).status(t, 200)
	link := mailedLink(t, owner.User.Email)

	var won atomic.Int32
	var wait sync.WaitGroup
	for range 6 {
		b := site.browser(t)
		wait.Go(func() {
			page := b.post(t, link, url.Values{"new_password": {"another horse entirely"}})
			if page.response.StatusCode == 303 {
				won.Add(1)
			} else if page.response.StatusCode != 404 {
				t.Errorf("status %d", page.response.StatusCode)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 6 won", won.Load())
	}
}

func TestMailedLinksNameTheConfiguredHost(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	b := site.browser(t)
	request := b.request(t, "POST", "/forgot", url.Values{"email": {owner.User.Email}})
	request.Host = "evil.example"
	request.Header.Set("X-Forwarded-Host", "evil.example")
	request.Header.Del("Sec-Fetch-Site")
	b.do(t, request).status(t, 200)

	if body := mailTo(t, owner.User.Email); strings.Contains(body, "evil") || !strings.Contains(body, "http://127.0.0.1/reset/") {
		t.Errorf("mail: %s", body)
	}
}

func TestOutboxIsForDevelopmentOnly(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	site := newApp(t)
	site.browser(t).post(t, "/forgot", url.Values{"email": {owner.User.Email}}).status(t, 200)
	link := mailedLink(t, owner.User.Email)

	site.browser(t).get(t, "/outbox").status(t, 200).has(t, `a[href="`+link+`"]`)
	newApp(t, func(o *handlers.Options) { o.Outbox = false }).browser(t).get(t, "/outbox").status(t, 404)
}
