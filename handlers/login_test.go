package handlers_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

func credentials(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

func TestLoginLeadsOn(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	stranger := site.browser(t)

	page := stranger.get(t, "/o/"+owner.Org.Slug+"/surrogates?status=DRAFT").status(t, 303).follow(t)
	page = page.status(t, 200).submit(t, "form", credentials(owner.User.Email, storetest.Password))

	if to := page.status(t, 303).location(); to != "/o/"+owner.Org.Slug+"/surrogates?status=DRAFT" {
		t.Errorf("went on to %s", to)
	}
	page.follow(t).status(t, 200)
	if to := stranger.get(t, "/login").status(t, 303).location(); to != "/o/"+owner.Org.Slug {
		t.Errorf("the login of somebody who is signed in leads to %s", to)
	}
}

func TestLoginDoesNotLeadElsewhere(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	for _, next := range []string{"//evil.example", `/\evil.example`, "https://evil.example/", "/logout", "/%2f/evil.example"} {
		form := credentials(owner.User.Email, storetest.Password)
		form.Set("next", next)
		if to := site.browser(t).post(t, "/login", form).status(t, 303).location(); to != "/o/"+owner.Org.Slug {
			t.Errorf("%q went on to %s", next, to)
		}
		site.browser(t).get(t, "/login?next="+url.QueryEscape(next)).status(t, 200).hasNot(t, "input[name=next]")
	}
}

func TestLoginAnswersTheSameForUnknownAndKnownAddresses(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	stranger := site.browser(t)
	answer := func(email string) (string, http.Header) {
		page := stranger.post(t, "/login", credentials(email, "not the password")).status(t, 422)
		page.text(t, "#errors", "E-mail or password is wrong.")
		page.response.Header.Del("Date")
		page.response.Header.Del("X-Request-Id")
		return strings.ReplaceAll(page.body, email, "EMAIL"), page.response.Header
	}

	known, knownHeader := answer(owner.User.Email)
	unknown, unknownHeader := answer(storetest.Email("nobody"))

	if known != unknown {
		t.Error("the pages differ")
	}
	knownHeader.Del("Content-Length")
	unknownHeader.Del("Content-Length")
	if fmt.Sprint(knownHeader) != fmt.Sprint(unknownHeader) {
		t.Errorf("the headers differ: %v, %v", knownHeader, unknownHeader)
	}
	if strings.Contains(known, "not the password") {
		t.Error("the page repeats the password")
	}
}

func TestLoginTakesAsLongForUnknownAddresses(t *testing.T) {
	t.Parallel()
	s, owner := storetest.Store(t), storetest.Owner(t)
	took := func(email string, i int) time.Duration {
		start := time.Now()
		_, _ = s.Authenticate(t.Context(), email, "not the password", store.Place{Address: fmt.Sprintf("203.0.113.%d", i)})
		return time.Since(start)
	}
	best := map[string]time.Duration{}
	for i := range 8 { // the least of several is what the work takes without the neighbours' load
		for _, email := range []string{owner.User.Email, "nobody-" + owner.User.Email} {
			if d := took(email, i); best[email] == 0 || d < best[email] {
				best[email] = d
			}
		}
	}
	// Without a hash to compare, the unknown address would be some twenty times as fast.
	known, unknown := best[owner.User.Email], best["nobody-"+owner.User.Email]
	if unknown < known/4 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

// TestGuessesBehindAForgedProxyHeader makes a thousand guesses from one connection's address that names another
// address each time, with a restart half-way: no more than the limit of an account is ever looked at.
func TestGuessesBehindAForgedProxyHeader(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	for half := range 2 {
		site := newApp(t, func(o *handlers.Options) { o.Proxies = nil })
		guesser := site.browser(t)
		guesser.client.Transport = &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 9, 9, 9)}}).DialContext}
		for i := range 500 {
			guesser.address = fmt.Sprintf("198.51.%d.%d", half*100+i/250, i%250)
			page := guesser.post(t, "/login", credentials(owner.User.Email, fmt.Sprintf("guess number %d", i)))
			if status := page.response.StatusCode; status != 422 && status != 429 {
				t.Fatalf("status %d", status)
			}
		}
		page := guesser.post(t, "/login", credentials(owner.User.Email, storetest.Password)).status(t, 429)
		page.text(t, "#errors", "There were too many tries.")
		if page.header("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	evaluated := 0
	err := storetest.Behind(t).QueryRow(t.Context(),
		`select count(*) from account_events where user_id = $1 and action = 'login_failed'`, owner.User.ID).Scan(&evaluated)
	if err != nil || evaluated != 10 {
		t.Errorf("%d guesses were evaluated, want 10; %v", evaluated, err)
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	site := newApp(t)
	olga, _ := site.owner(t)
	token := olga.cookie()

	page := olga.post(t, "/logout", nil).status(t, 303)

	if page.location() != "/login" || page.header("Clear-Site-Data") != `"cache", "storage"` {
		t.Errorf("location %s, Clear-Site-Data %s", page.location(), page.header("Clear-Site-Data"))
	}
	if olga.cookie() != "" {
		t.Error("the cookie is still there")
	}
	olga.setCookie(token)
	olga.get(t, "/account").status(t, 303)
	olga.get(t, "/logout").status(t, 405)
	site.browser(t).post(t, "/logout", nil).status(t, 303) // nobody logs out without harm
}

func TestSignedInPagesAreNotKept(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	for _, path := range []string{"/account", "/account/sessions", "/orgs", "/o/" + org.Org.Slug + "/surrogates"} {
		if control := olga.get(t, path).status(t, 200).header("Cache-Control"); control != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, control)
		}
	}
}
