package handlers_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/storetest"
)

// setCookie puts a session token into the browser, as somebody would who found it.
func (b *browser) setCookie(token string) {
	b.client.Jar.SetCookies(b.base, []*http.Cookie{{Name: "session", Value: token, Path: "/"}})
}

// slowPost begins a post and holds its body back once the handler waits for it: the session is loaded by then. finish
// sends the body and returns the answer.
func (b *browser) slowPost(t *testing.T, path string, form url.Values) (finish func() *page) {
	t.Helper()
	body := &heldBody{Reader: strings.NewReader(form.Encode()), waiting: make(chan struct{}), release: make(chan struct{})}
	request := b.request(t, http.MethodPost, path, nil)
	request.Body, request.ContentLength = body, int64(body.Len())
	request.Header.Set("Expect", "100-continue")
	slow := *b.client
	slow.Transport = &http.Transport{ExpectContinueTimeout: time.Minute}
	type answer struct {
		response *http.Response
		err      error
	}
	done := make(chan answer, 1)
	go func() {
		response, err := slow.Do(request)
		done <- answer{response, err}
	}()
	select {
	case <-body.waiting:
	case a := <-done:
		t.Fatalf("%s answered early: %v %v", path, a.response, a.err)
	}
	return func() *page {
		t.Helper()
		close(body.release)
		a := <-done
		if a.err != nil {
			t.Fatal(a.err)
		}
		return readPage(t, b, a.response)
	}
}

type heldBody struct {
	*strings.Reader
	once             sync.Once
	waiting, release chan struct{}
}

func (h *heldBody) Read(p []byte) (int, error) {
	h.once.Do(func() {
		close(h.waiting)
		<-h.release
	})
	return h.Reader.Read(p)
}

func (h *heldBody) Close() error { return nil }

var _ io.ReadCloser = (*heldBody)(nil)

func TestRequestUnderWayDoesNotBringALoggedOutSessionBack(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	for i := range 50 {
		olga := site.as(t, owner)
		token := olga.cookie()
		name := "Olga Owner" // saves the session, with a notice
		if i%2 == 1 {
			name = "" // is invalid, and leaves the session as it is
		}
		finish := olga.slowPost(t, "/account/name", url.Values{"name": {name}})
		other := site.browser(t)
		other.setCookie(token)
		other.post(t, "/logout", nil).status(t, 303)

		finish()

		olga.setCookie(token)
		olga.get(t, "/account").status(t, 303)
	}
}

func TestRenewalUnderWayDoesNotOutliveLoggingOutEverywhere(t *testing.T) {
	t.Parallel()
	site, owner, guest := newApp(t), storetest.Owner(t), storetest.Owner(t)
	token, err := owner.Invite(t.Context(), store.NewInvitation{Email: guest.User.Email, Role: store.Member, BaseURL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	stolen, own := site.as(t, guest), site.as(t, guest)
	finish := stolen.slowPost(t, "/invitations/"+token, url.Values{"slow": {"yes"}})
	own.post(t, "/account/sessions/end", nil).status(t, 303)

	finish().status(t, 303) // joins, and gets a new token

	stolen.get(t, "/account").status(t, 303)
	own.get(t, "/account").status(t, 200)
}

func TestLoginTakesNoTokenFromBefore(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	for _, planted := range []string{"planted-by-somebody", anonymousSession(t, site)} {
		victim := site.browser(t)
		victim.setCookie(planted)

		victim.post(t, "/login", credentials(owner.User.Email, storetest.Password)).status(t, 303)

		if victim.cookie() == planted || victim.cookie() == "" {
			t.Error("the login kept the token")
		}
		attacker := site.browser(t)
		attacker.setCookie(planted)
		attacker.get(t, "/account").status(t, 303)
		victim.get(t, "/account").status(t, 200)
	}
}

// anonymousSession is the token of a session that nobody is signed in with: one that holds a notice.
func anonymousSession(t *testing.T, site *app) string {
	t.Helper()
	owner, b := storetest.Owner(t), site.browser(t)
	b.post(t, "/forgot", url.Values{"email": {owner.User.Email}}).status(t, 200)
	b.post(t, mailedLink(t, owner.User.Email), url.Values{"new_password": {"another horse entirely"}}).status(t, 303)
	if b.cookie() == "" {
		t.Fatal("no session")
	}
	return b.cookie()
}

func TestTheOldestOfElevenSessionsEnds(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	var browsers []*browser
	for range store.SessionLimit + 1 {
		browsers = append(browsers, site.as(t, owner))
	}
	browsers[0].get(t, "/account").status(t, 303)
	for _, b := range browsers[1:] {
		b.get(t, "/account").status(t, 200)
	}
	browsers[1].get(t, "/account/sessions").count(t, "li[data-session]", store.SessionLimit)
}

func TestSessionsEndByThemselves(t *testing.T) {
	t.Parallel()
	site := newApp(t)
	for name, change := range map[string]string{
		"not used for long": `update web_sessions set last_used_at = now() - interval '13 hours' where user_id = $1`,
		"too old":           `update web_sessions set expires_at = now() where user_id = $1`,
	} {
		olga, org := site.owner(t)
		olga.get(t, "/account").status(t, 200)
		_, err := storetest.Behind(t).Exec(t.Context(), change, org.User.ID)
		must(t, err)
		if status := olga.get(t, "/account").response.StatusCode; status != 303 {
			t.Errorf("%s: status %d", name, status)
		}
	}
}

func TestSessionCookieIsClosedToOthers(t *testing.T) {
	t.Parallel()
	owner := storetest.Owner(t)
	for base, name := range map[string]string{"https://surrealm.example": "__Host-session", "http://127.0.0.1": "session"} {
		site := newApp(t, func(o *handlers.Options) { o.BaseURL = base })
		page := site.browser(t).post(t, "/login", credentials(owner.User.Email, storetest.Password)).status(t, 303)
		cookie := page.response.Cookies()[0]
		if cookie.Name != name || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" ||
			cookie.Secure != strings.HasPrefix(base, "https") || len(cookie.Value) < 43 {
			t.Errorf("%s: %+v", base, cookie)
		}
	}
}

func TestOtherSitesCannotLogAnybodyInOrOut(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	olga := site.as(t, owner)
	for path, form := range map[string]url.Values{"/login": credentials(owner.User.Email, storetest.Password), "/logout": nil, "/account/sessions/end": nil} {
		for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			request := olga.request(t, http.MethodPost, path, form)
			request.Header.Del("Sec-Fetch-Site")
			request.Header.Set(header, value)
			olga.do(t, request).status(t, 403)
		}
	}
	olga.get(t, "/account").status(t, 200)
}

func TestLosingAMembershipTakesEffectOnTheNextRequest(t *testing.T) {
	t.Parallel()
	site := newApp(t)
	_, owner := site.owner(t)
	base := "/o/" + owner.Org.Slug
	member := func(role store.Role) (*browser, *store.Tenant) {
		b, tenant := site.join(t, owner, role)
		b.get(t, base+"/members").status(t, 200)
		return b, tenant
	}

	removed, who := member(store.Reviewer)
	must(t, owner.RemoveMember(t.Context(), who.User.ID))
	removed.get(t, base+"/members").status(t, 404)

	disabled, who := member(store.Reviewer)
	must(t, owner.DisableMember(t.Context(), who.User.ID))
	disabled.get(t, base+"/members").status(t, 404)
	must(t, owner.EnableMember(t.Context(), who.User.ID))
	disabled.get(t, base+"/members").status(t, 200)

	demoted, who := member(store.Admin)
	must(t, owner.ChangeMemberRole(t.Context(), who.User.ID, who.Role, store.Member))
	demoted.post(t, base+"/members/invitations", url.Values{"email": {"x@example.com"}, "role": {"MEMBER"}}).status(t, 403)

	barred, who := member(store.Member)
	_, err := storetest.Behind(t).Exec(t.Context(), `update users set disabled_at = now() where id = $1`, who.User.ID)
	must(t, err)
	barred.get(t, base+"/members").status(t, 303)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
