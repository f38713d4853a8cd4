package handlers

import (
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
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

type rates struct{ person, org, address *limiters }

func newRates(r Rates, now func() time.Time) rates {
	return rates{person: newLimiters(r.Person, now), org: newLimiters(r.Org, now), address: newLimiters(r.Address, now)}
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

// limiters are one for each who sends requests. Those that are full again are forgotten now and then: they are as good as none.
type limiters struct {
	perSecond rate.Limit
	now       func() time.Time

	mu    sync.Mutex
	of    map[string]*rate.Limiter
	swept time.Time
}

func newLimiters(perSecond int, now func() time.Time) *limiters {
	return &limiters{perSecond: rate.Limit(perSecond), now: now, of: map[string]*rate.Limiter{}}
}

// tooFast is more requests than a rate lets through. Wait is until the next one may come.
type tooFast struct{ wait time.Duration }

func (t tooFast) Error() string { return "too many requests, wait " + t.wait.String() }

// take counts one request of somebody, or returns tooFast.
func (l *limiters) take(who string) error {
	if l.perSecond <= 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now, full := l.now(), rateBurst*int(l.perSecond)
	if now.Sub(l.swept) >= rateBurst*time.Second {
		l.swept = now
		maps.DeleteFunc(l.of, func(_ string, known *rate.Limiter) bool { return known.TokensAt(now) >= float64(full) })
	}
	limiter, known := l.of[who]
	if !known {
		limiter = rate.NewLimiter(l.perSecond, full)
		l.of[who] = limiter
	}
	if reserved := limiter.ReserveN(now, 1); reserved.DelayFrom(now) > 0 {
		defer reserved.CancelAt(now)
		return tooFast{reserved.DelayFrom(now)}
	}
	return nil
}

// tooFastProblem is what people read: a page that asks by itself shows it as a message.
var tooFastProblem = problem{http.StatusTooManyRequests, "Too many requests", "More was asked for in a short time than this server answers. Wait a moment, then try again."}
