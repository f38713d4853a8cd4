package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"surrealm/handlers"
	"surrealm/store"
	"surrealm/store/auditlog"
	"surrealm/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// app is the whole site on the shared test database:
//
//	olga, org := newApp(t).owner(t)                       // a browser that is signed in, and its owner's view
//	page := olga.get(t, views.OrgURL(org.Org.Slug))       // page_test.go has what can be asked of a page
//	page.status(t, 200).text(t, "h1", "Overview")
//	page.submit(t, "form#x", url.Values{"name": {"New"}}).follow(t)
//
// Each browser has an address of its own, so that the throttle of one test does not meet another.
type app struct {
	server *httptest.Server
	later  *atomic.Int64 // how far the server's clock is ahead, in nanoseconds
}

// newApp starts a site that ends with the test. change may alter its options.
func newApp(t *testing.T, change ...func(*handlers.Options)) *app {
	t.Helper()
	a := &app{later: new(atomic.Int64)}
	_, loopback, err := net.ParseCIDR("127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	signer, err := auditlog.LoadOrCreateKey(data)
	if err != nil {
		t.Fatal(err)
	}
	options := handlers.Options{
		Store:       storetest.Store(t),
		Signer:      signer,
		Checkpoints: auditlog.NewCheckpointStore(data, signer),
		Log:         slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		BaseURL:     "http://127.0.0.1",
		Proxies:     []*net.IPNet{loopback},
		Outbox:      true,
		Now:         func() time.Time { return time.Now().Add(time.Duration(a.later.Load())) },
	}
	for _, c := range change {
		c(&options)
	}
	site, err := handlers.New(options)
	if err != nil {
		t.Fatal(err)
	}
	a.server = httptest.NewServer(site)
	t.Cleanup(a.server.Close)
	return a
}

// wait sets the server's clock forward, for what happens only some time after a login.
func (a *app) wait(d time.Duration) { a.later.Add(int64(d)) }

// owner is a person with an organisation of their own, signed in.
func (a *app) owner(t *testing.T) (*browser, *store.Tenant) {
	t.Helper()
	tenant := storetest.Owner(t)
	return a.as(t, tenant), tenant
}

// join is a new member of the owner's organisation, signed in.
func (a *app) join(t *testing.T, owner *store.Tenant, role store.Role) (*browser, *store.Tenant) {
	t.Helper()
	tenant := storetest.Join(t, owner, role, "Mira "+role.Label())
	return a.as(t, tenant), tenant
}

// as signs a member in without the login form, which has tests of its own.
func (a *app) as(t *testing.T, tenant *store.Tenant) *browser {
	t.Helper()
	b := a.browser(t)
	sessions := scs.New()
	sessions.Store = storetest.Store(t).WebSessions()
	sessions.HashTokenInStore = true
	sessions.Lifetime = store.SessionLifetime
	ctx, err := sessions.Load(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	store.SignIn(ctx, sessions, tenant.User, store.Place{Address: b.address, Device: userAgent}, time.Now())
	token, _, err := sessions.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	b.client.Jar.SetCookies(b.base, []*http.Cookie{{Name: "session", Value: token, Path: "/"}})
	return b
}

const userAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// browser keeps cookies and follows no redirect by itself.
type browser struct {
	client  *http.Client
	base    *url.URL
	address string // what the proxy says that it is
	foreign string // a text of another organisation, which no answer may hold; "" for none
}

var addresses atomic.Uint32

// browser is somebody who is not signed in.
func (a *app) browser(t *testing.T) *browser {
	t.Helper()
	base, err := url.Parse(a.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := addresses.Add(1)
	return &browser{
		client: &http.Client{
			Jar:           jar,
			Timeout:       time.Minute,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		base:    base,
		address: fmt.Sprintf("192.168.%d.%d", n/250, n%250+1),
	}
}

// get opens a page.
func (b *browser) get(t *testing.T, path string) *page {
	t.Helper()
	return b.do(t, b.request(t, http.MethodGet, path, nil))
}

// post sends a form, as a page without script would.
func (b *browser) post(t *testing.T, path string, form url.Values) *page {
	t.Helper()
	return b.do(t, b.request(t, http.MethodPost, path, form))
}

// hx sends a request as htmx would, to replace the element with the id target. form is nil for GET.
func (b *browser) hx(t *testing.T, method, path, target string, form url.Values) *page {
	t.Helper()
	request := b.request(t, method, path, form)
	request.Header.Set("HX-Request", "true")
	request.Header.Set("HX-Target", target)
	return b.do(t, request)
}

// request is a request with what browsers send along.
func (b *browser) request(t *testing.T, method, path string, form url.Values) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, b.base.String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Accept-Encoding", "identity") // packing takes a quarter of the time of all tests under the race detector
	request.Header.Set("X-Forwarded-For", b.address)
	return request
}

// do sends a request and reads the answer.
func (b *browser) do(t *testing.T, request *http.Request) *page {
	t.Helper()
	response, err := b.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return readPage(t, b, response)
}

// cookie is the value of the session's cookie, "" without one.
func (b *browser) cookie() string {
	for _, c := range b.client.Jar.Cookies(b.base) {
		if c.Name == "session" {
			return c.Value
		}
	}
	return ""
}

// mailTo is the text of the newest mail to an address, and mailedLink the path of the link in it.
func mailTo(t *testing.T, email string) string {
	t.Helper()
	var body string
	err := storetest.Behind(t).QueryRow(t.Context(), `
		select body
		from outbox
		where recipient = $1
		order by created_at desc, id desc
		limit 1`, email).Scan(&body)
	if err != nil {
		t.Fatalf("mail to %s: %v", email, err)
	}
	return body
}

func mailedLink(t *testing.T, email string) string {
	t.Helper()
	_, rest, found := strings.Cut(mailTo(t, email), "http://127.0.0.1/")
	if !found {
		t.Fatalf("no link in the mail to %s", email)
	}
	return "/" + strings.Fields(rest)[0]
}
