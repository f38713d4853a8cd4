package handlers

import (
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Rates bound how many requests a second are answered for long: of each person who is signed in, of each organisation, and
// of each address from which somebody comes who is not. After a rest ten seconds' worth may come at once. 0 is no bound.
// One that sends more keeps nobody else waiting. Each server counts for itself, in memory; the store bounds, over all
// servers, what is tried with passwords and caused in mail.
type Rates struct{ Person, Org, Address int }

// RatesOf are the usual rates around that of a person: an organisation works with twenty times as much.
func RatesOf(person int) Rates { return Rates{Person: person, Org: 20 * person, Address: person} }

// rateBurst is how many seconds' worth of requests may come at once.
const rateBurst = 10

type rates struct{ person, org, address *rate }

func newRates(r Rates, now func() time.Time) rates {
	return rates{
		person:  &rate{perSecond: float64(r.Person), now: now},
		org:     &rate{perSecond: float64(r.Org), now: now},
		address: &rate{perSecond: float64(r.Address), now: now},
	}
}

// limitRate answers 429 to who sends too many requests. Those of an organisation are counted where it is known.
func (h *Handlers) limitRate(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var err error
		if user := currentUser(c); user != nil {
			err = h.rates.person.take(user.ID.String())
		} else {
			err = h.rates.address.take(c.RealIP())
		}
		if err != nil {
			return err
		}
		return next(c)
	}
}

// rate is a bucket of requests for each who sends them. It fills by so many in a second, and holds as many as are let
// through at once after a rest.
type rate struct {
	perSecond float64
	now       func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
	swept   time.Time
}

type bucket struct {
	left float64
	at   time.Time
}

// tooFast is more requests than a rate lets through. Wait is until the next one may come.
type tooFast struct{ wait time.Duration }

func (t tooFast) Error() string { return "too many requests, wait " + t.wait.String() }

// take takes one request out of a bucket, or returns tooFast.
func (r *rate) take(key string) error {
	if r.perSecond <= 0 {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now, full := r.now(), r.perSecond*rateBurst
	if r.buckets == nil {
		r.buckets = map[string]bucket{}
	}
	r.sweep(now)
	b, known := r.buckets[key]
	if !known {
		b = bucket{left: full, at: now}
	}
	b.left = min(full, b.left+r.perSecond*max(0, now.Sub(b.at).Seconds()))
	b.at = now
	if b.left < 1 {
		r.buckets[key] = b
		return tooFast{time.Duration(math.Ceil((1-b.left)/r.perSecond*1000)) * time.Millisecond}
	}
	b.left--
	r.buckets[key] = b
	return nil
}

// sweep forgets, now and then, the buckets that are full again: they are as good as none.
func (r *rate) sweep(now time.Time) {
	if now.Sub(r.swept) < rateBurst*time.Second {
		return
	}
	r.swept = now
	for key, b := range r.buckets {
		if now.Sub(b.at) >= rateBurst*time.Second {
			delete(r.buckets, key)
		}
	}
}

// tooFastProblem is what people read: a page that asks by itself shows it as a message.
var tooFastProblem = problem{http.StatusTooManyRequests, "Too many requests", "More was asked for in a short time than this server answers. Wait a moment, then try again."}
