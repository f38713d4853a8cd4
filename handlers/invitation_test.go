package handlers_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"surrealm/store"
	"surrealm/store/storetest"
)

// invitePath invites an address as a reviewer and returns the path of the link.
func invitePath(t *testing.T, owner *store.Tenant, email string) string {
	t.Helper()
	token, err := owner.Invite(t.Context(), store.NewInvitation{Email: email, Role: store.Reviewer, BaseURL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	return "/invitations/" + token
}

func TestAcceptWithANewAccount(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	email := storetest.Email("rita")
	path := invitePath(t, owner, email)
	rita := site.browser(t)

	page := rita.get(t, path).status(t, 200)
	page.text(t, "h1", owner.Org.Name).text(t, "p", email).text(t, "p", "Reviewer").text(t, "p", owner.User.Name)
	page = page.submit(t, "form.form", url.Values{"name": {"Rita"}, "password": {"short"}}).status(t, 422)
	page = page.submit(t, "form.form", url.Values{"password": {storetest.Password},
		"email": {"other@example.com"}, "shown_email": {"other@example.com"}, "role": {"OWNER"}, "org_id": {"1"}})

	if to := page.status(t, 303).location(); to != "/o/"+owner.Org.Slug {
		t.Errorf("went on to %s", to)
	}
	rita.get(t, "/orgs").text(t, ".row-side", "Reviewer")
	rita.get(t, "/account").text(t, ".subtitle", email)
	rita.get(t, path).status(t, 404).text(t, "h1", "no longer works")
}

func TestInvitationMailIsBounded(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	members := "/o/" + org.Org.Slug + "/members"
	form := `form[action="` + members + `/invitations"]`
	behind(t, `insert into login_attempts (subject, tries, since) values ('invite:' || $1::text, 49, now())`, org.Org.ID)
	email := storetest.Email("last")
	olga.get(t, members).submit(t, form, url.Values{"email": {email}}).status(t, 200).text(t, ".alert", email)

	page := olga.get(t, members).submit(t, form, url.Values{"email": {"next@example.com"}}).status(t, 422)
	page.text(t, "#email-error", "has sent 50 invitations within an hour").text(t, "#email-error", "minutes")
	if page.attr(t, "#email", "value") != "next@example.com" {
		t.Error("the address is lost")
	}
	renew := olga.get(t, members).attr(t, ".row-side form", "action") // send again
	olga.post(t, renew, nil).status(t, 422).text(t, "#errors", "within an hour")
}

func TestOpenInvitationsAreBounded(t *testing.T) {
	t.Parallel()
	olga, org := newApp(t).owner(t)
	members := "/o/" + org.Org.Slug + "/members"
	behind(t, `
		insert into invitations (id, org_id, email, role, token_hash, invited_by, expires_at)
		select gen_random_uuid(), $1, 'guest' || n || '@example.com', 'MEMBER', sha256(uuid_send(gen_random_uuid())), $2, now() + interval '1 day'
		from generate_series(1, 100) n`, org.Org.ID, org.User.ID)

	form := `form[action="` + members + `/invitations"]`
	page := olga.get(t, members).submit(t, form, url.Values{"email": {"more@example.com"}}).status(t, 422).text(t, "#email-error", "100 invitations are open")
	renew := page.attr(t, ".row-side form", "action")
	olga.post(t, strings.TrimSuffix(renew, "renew")+"revoke", nil).status(t, 303)
	olga.get(t, members).submit(t, form, url.Values{"email": {"more@example.com"}}).status(t, 200)
}

func TestAcceptWithAnExistingAccount(t *testing.T) {
	t.Parallel()
	site, owner, guest := newApp(t), storetest.Owner(t), storetest.Owner(t)
	path := invitePath(t, owner, guest.User.Email)
	b := site.browser(t)
	b.post(t, path, url.Values{"name": {"Mallory"}, "password": {storetest.Password}}).status(t, 303) // to the login

	page := b.get(t, path).status(t, 200).hasNot(t, "#password").click(t, "Log in")
	page = page.submit(t, "form", credentials(guest.User.Email, storetest.Password)).status(t, 303)
	before := b.cookie()
	page = page.follow(t).status(t, 200).submit(t, "main form", nil).status(t, 303)

	if page.location() != "/o/"+owner.Org.Slug || b.cookie() == before {
		t.Errorf("went on to %s; same token: %v", page.location(), b.cookie() == before)
	}
	b.get(t, "/orgs").count(t, "li[data-row]", 2)
}

func TestInvitationOfSomebodyElse(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	other, who := site.owner(t)
	path := invitePath(t, owner, storetest.Email("rita"))

	other.get(t, path).status(t, 200).text(t, ".alert", "another address").text(t, ".alert", who.User.Email)
	other.post(t, path, url.Values{"email": {who.User.Email}}).status(t, 403).text(t, ".alert", "another address")

	other.get(t, "/orgs").count(t, "li[data-row]", 1)
}

func TestInvitationThatWasReplacedOrWithdrawn(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	email := storetest.Email("rita")
	old := invitePath(t, owner, email)
	found, err := owner.Members(t.Context(), store.MemberFilter{})
	must(t, err)
	fresh, err := owner.RenewInvitation(t.Context(), found.Invitations[0].ID, "http://127.0.0.1")
	must(t, err)

	site.browser(t).get(t, old).status(t, 404)
	site.browser(t).get(t, "/invitations/"+fresh).status(t, 200)
	must(t, owner.RevokeInvitation(t.Context(), found.Invitations[0].ID))
	site.browser(t).post(t, "/invitations/"+fresh, url.Values{"name": {"Rita"}, "password": {storetest.Password}}).status(t, 404)
	site.browser(t).get(t, "/invitations/"+strings.Repeat("a", 43)).status(t, 404)
}

func TestInvitationWinsOnceInParallel(t *testing.T) {
	t.Parallel()
	site, owner := newApp(t), storetest.Owner(t)
	path := invitePath(t, owner, storetest.Email("rita"))
	var won atomic.Int32
	var wait sync.WaitGroup
	for range 6 {
		b := site.browser(t)
		wait.Go(func() {
			page := b.post(t, path, url.Values{"name": {"Rita"}, "password": {storetest.Password}})
			if page.response.StatusCode == 303 && page.location() == "/o/"+owner.Org.Slug {
				won.Add(1)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 6 won", won.Load())
	}
}

func TestAcceptingDoesNotCountAsEnteringThePassword(t *testing.T) {
	t.Parallel()
	site, owner, guest := newApp(t), storetest.Owner(t), storetest.Owner(t)
	b := site.as(t, guest)
	_, err := storetest.Behind(t).Exec(t.Context(),
		`update web_sessions set authenticated_at = now() - interval '1 hour' where user_id = $1`, guest.User.ID)
	must(t, err)

	b.post(t, invitePath(t, owner, guest.User.Email), nil).status(t, 303)

	var fresh bool
	err = storetest.Behind(t).QueryRow(t.Context(), `
		select bool_or(authenticated_at > now() - interval '50 minutes')
		from web_sessions
		where user_id = $1 and ended_at is null`, guest.User.ID).Scan(&fresh)
	if err != nil || fresh {
		t.Errorf("fresh = %v, %v", fresh, err)
	}
}
