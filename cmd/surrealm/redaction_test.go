package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"surrealm/store/storetest"
)

// TestTheLogKeepsSecrets puts a secret that nothing else looks like into every place where one can stand, sends real
// requests to a server that logs all it can, breaks its database and its mail server, and then looks for them.
func TestTheLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"the password of the database": "canary-database-4471", "the password of the mail server": "canary-mail-4472",
		"a wrong password": "canary-wrong-password-4473", "a new password": "canary-new-password-4474",
		"a made-up session": "canary-session-4475", "a made-up reset token": "canary-reset-4476",
		"a made-up invitation": "canary-invitation-4477", "a bearer token": "canary-bearer-4478", "a token behind a question mark": "canary-query-4479",
		"the password of a person": "canary-own-password-4480", "the master key": strings.Repeat("c0ffee42", 8),
		"the key of a language model": "canary-model-key-4481",
	}
	env, dsn := external(t)
	for i, role := range []string{"surrealm_web", "surrealm_ctl", "surrealm_migrator"} {
		name, _, _ := strings.Cut(env[i], "=")
		env[i] = name + "=" + dsn(role) + " password='" + secrets["the password of the database"] + "'"
	}
	slug, email := storetest.Slug("quiet"), storetest.Email("quentin")
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(secrets["the password of a person"]), 0o600); err != nil {
		t.Fatal(err)
	}
	env = append(env, "LOG_LEVEL=debug", "LOG_FORMAT=json", "OUTBOUND_ALLOW=127.0.0.1", "MASTER_KEY="+secrets["the master key"], "SMTP_FROM=surrealm@example.com",
		"SMTP_URL=smtp://surrealm:"+secrets["the password of the mail server"]+"@127.0.0.1:1")
	server := serve(t, env)
	expect(t, 0, env, "tenants", "create", slug, "--name", "Quiet", "--owner-email", email, "--owner-name", "Quentin", "--password-file", password)

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(path string, form url.Values) (leadsTo string) {
		t.Helper()
		response, err := client.PostForm(server.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close() // what the log says of it is the question
		return response.Header.Get("Location")
	}
	requests := func() {
		post("/login", url.Values{"email": {email}, "password": {secrets["a wrong password"]}})
		post("/login", url.Values{"email": {email}, "password": {secrets["the password of a person"]}})
		post("/forgot", url.Values{"email": {email}})
		for _, path := range []string{"/reset/" + secrets["a made-up reset token"], "/invitations/" + secrets["a made-up invitation"]} {
			server.get(path)
			server.get(path + "?token=" + secrets["a token behind a question mark"])
			post(path, url.Values{"password": {secrets["a new password"]}, "name": {"Q"}})
		}
		post("/o/"+slug+"/members/invitations", url.Values{"email": {storetest.Email("rosa")}, "role": {"MEMBER"}})
		model := url.Values{"name": {"Model " + uuid.NewString()}, "base_url": {"http://127.0.0.1:1/v1"}, "model": {"parrot-1"}, "max_chars": {"20000"}, "timeout": {"5"},
			"key": {secrets["the key of a language model"]}, "price_in": {"1"}, "price_out": {"1"}, "max_tokens": {"none"}}
		post("/o/"+slug+"/settings/models", model) // refused
		model.Set("max_tokens", "1000")
		if at := post("/o/"+slug+"/settings/models", model); at != "" {
			post(at+"/test", nil)
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/orgs?key="+secrets["a token behind a question mark"], nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+secrets["a bearer token"])
		request.AddCookie(&http.Cookie{Name: "session", Value: secrets["a made-up session"]})
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close() // as above
	}
	requests()
	server.await(`"msg":"job failed"`) // the mail server did not answer

	// What the program itself made: the session, and the tokens in its mail.
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range jar.Cookies(at) {
		secrets["the session"] = cookie.Value
	}
	probe := storetest.ConnectTo(t, dsn("postgres"))
	var mails string
	if err := probe.QueryRow(t.Context(), `select string_agg(body, ' ') from public.outbox`).Scan(&mails); err != nil {
		t.Fatal(err)
	}
	for _, link := range regexp.MustCompile(`/(reset|invitations)/(\S+)`).FindAllStringSubmatch(mails, -1) {
		secrets["a token of /"+link[1]] = link[2]
		server.get(link[0])
		post(link[0], url.Values{"password": {"short"}})
	}
	if len(secrets) != 15 {
		t.Fatalf("a session, a reset and an invitation were expected: %d secrets", len(secrets))
	}

	// The key of the language model was sent to an endpoint that is not there, by a job.
	var tried string
	for end := time.Now().Add(time.Minute); tried != "FAILED"; time.Sleep(20 * time.Millisecond) {
		err := probe.QueryRow(t.Context(), `select outcome from tenant_`+strings.ReplaceAll(slug, "-", "_")+`.llm_calls`).Scan(&tried)
		if err != nil || time.Now().After(end) {
			t.Fatalf("the language model was not tried: %q, %v", tried, err)
		}
	}

	// The same with a database that fails in the middle of everything.
	storetest.Exec(t, dsn("postgres"), `alter table public.users rename column password_hash to gone; alter table public.login_attempts rename to gone;
		alter table public.password_resets rename to gone_too; alter table public.invitations rename to gone_as_well`)
	requests()
	server.stop()
	log := server.output()
	contains(t, log, `"msg":"request failed"`, `"request_id":"`, `"route":"/reset/:token"`)
	for what, secret := range secrets {
		if strings.Contains(log, secret) {
			t.Errorf("%s is in the log", what)
		}
	}
}
