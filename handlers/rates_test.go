package handlers_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"surrealm/handlers"
	"surrealm/store"
)

// Each bucket holds ten requests here. Whoever empties it is told how long to wait, and nobody else has to.
func TestWhoAsksTooMuchIsToldToWait(t *testing.T) {
	t.Parallel()
	start := time.Now()
	site := func(t *testing.T, rates handlers.Rates) (*app, *atomic.Int64) {
		t.Helper()
		var later atomic.Int64 // the clock stands still but for it
		return newApp(t, func(o *handlers.Options) {
			o.Rates, o.Now = rates, func() time.Time { return start.Add(time.Duration(later.Load())) }
		}), &later
	}
	refused := func(t *testing.T, get func() *page) {
		t.Helper()
		for n := range 40 {
			page := get()
			if page.response.StatusCode != http.StatusTooManyRequests {
				continue
			}
			if n < 8 || n > 10 { // signing in may have asked for a page
				t.Errorf("refused at request %d", n+1)
			}
			wait, err := strconv.Atoi(page.header("Retry-After"))
			if err != nil || wait < 1 || wait > 10 || !strings.Contains(page.body, "Wait a moment, then try again.") {
				t.Errorf("wait %d, %v: %s", wait, err, page.summary())
			}
			return
		}
		t.Fatal("nobody is refused")
	}
	t.Run("a person", func(t *testing.T) {
		t.Parallel()
		a, later := site(t, handlers.Rates{Person: 1})
		busy, tenant := a.owner(t)
		other, _ := a.join(t, tenant, store.Member)
		path := "/o/" + tenant.Org.Slug + "/surrogates"
		refused(t, func() *page { return busy.get(t, path) })
		other.get(t, path).status(t, http.StatusOK)
		a.browser(t).get(t, "/login").status(t, http.StatusOK)
		later.Store(int64(time.Minute))
		busy.get(t, path).status(t, http.StatusOK)
	})
	t.Run("an organisation", func(t *testing.T) {
		t.Parallel()
		a, _ := site(t, handlers.Rates{Org: 1})
		busy, tenant := a.owner(t)
		colleague, _ := a.join(t, tenant, store.Member)
		other, elsewhere := a.owner(t)
		refused(t, func() *page { return busy.get(t, "/o/"+tenant.Org.Slug+"/surrogates") })
		colleague.get(t, "/o/"+tenant.Org.Slug+"/surrogates").status(t, http.StatusTooManyRequests)
		other.get(t, "/o/"+elsewhere.Org.Slug+"/surrogates").status(t, http.StatusOK)
		busy.get(t, "/account").status(t, http.StatusOK)
	})
	t.Run("an address", func(t *testing.T) {
		t.Parallel()
		a, _ := site(t, handlers.Rates{Address: 1})
		busy, other := a.browser(t), a.browser(t)
		refused(t, func() *page { return busy.get(t, "/login") })
		other.get(t, "/login").status(t, http.StatusOK)
		busy.get(t, "/healthz").status(t, http.StatusOK)
	})
}
