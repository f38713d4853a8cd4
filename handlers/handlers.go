// Package handlers answers requests. A request flows one way:
//
//	request id → access log → security headers
//	   → /static                       embedded files, no session
//	   → compress → session and user (one statement) → render errors → recover → cross-origin check
//	      → public route               → handler(c)
//	      → signed-in route            → handler(c)
//	      → inTenant(permission)       → handler(c, tenant) → one method of tenant → show or redirect
//	      → no route                   → 405 with the methods that the address takes, for who may know it, or 404
//
// Every route stands in routes.go with the permission that it needs and the audit action that it causes. A handler
// decodes, calls one store method, and shows or redirects; it returns errors, which render (errors.go) turns into pages.
package handlers

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/static"
	"surrealm/store"
	"surrealm/store/auditlog"
)

// Options are what the server is made of.
type Options struct {
	Store       *store.Store
	Log         *slog.Logger
	BaseURL     string                    // how people reach the server: scheme and host, for links in mail; https makes cookies Secure
	Proxies     []*net.IPNet              // whose X-Forwarded-For is believed; empty: nobody's
	Outbox      bool                      // show unsent mail at /outbox: only without SMTP and on a loopback address
	Checkpoints *auditlog.CheckpointStore // signed checkpoints of the audit logs, outside the database
	Signer      auditlog.Signer           // signs them, and the bundles that leave
	Ready       []Part                    // what /readyz tells of, in this order
	Observe     Observer                  // is told of every request; may be nil
	Live        *store.Live               // hears of changes, for pages that show work under way; nil: they look now and then
	Rates       Rates                     // how many requests are answered
	Now         func() time.Time          // nil means time.Now
}

// Observer is told of a request that was answered: by the pattern of its route, never by its address, in which names
// and tokens stand.
type Observer func(method, route string, status int, took time.Duration)

// Handlers answers requests; it is made by New and holds no state of its own beside its parts.
type Handlers struct {
	store       *store.Store
	log         *slog.Logger
	sessions    *scs.SessionManager
	crossOrigin *http.CrossOriginProtection
	baseURL     string
	outbox      bool
	checkpoints *auditlog.CheckpointStore
	signer      auditlog.Signer
	parts       []Part
	observe     Observer
	now         func() time.Time
	live        *store.Live
	streams     *streamCount
	rates       rates
}

// New returns the whole site as one http.Handler.
func New(o Options) (http.Handler, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, errors.New("the base URL needs a scheme and a host, such as http://127.0.0.1:8080")
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	observe := o.Observe
	if observe == nil {
		observe = func(string, string, int, time.Duration) {}
	}
	h := &Handlers{
		store:       o.Store,
		log:         o.Log,
		sessions:    newSessions(o.Store, base.Scheme == "https"),
		crossOrigin: http.NewCrossOriginProtection(),
		baseURL:     base.Scheme + "://" + base.Host,
		outbox:      o.Outbox,
		checkpoints: o.Checkpoints,
		signer:      o.Signer,
		parts:       o.Ready,
		observe:     observe,
		now:         now,
		live:        o.Live,
		streams:     &streamCount{byUser: map[uuid.UUID]int{}},
		rates:       newRates(o.Rates, now),
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = clientIP(o.Proxies)
	e.HTTPErrorHandler = h.render
	e.Use(h.requestID, h.accessLog, securityHeaders(base.Scheme == "https"))
	add(e, get, "/static/*", echo.WrapHandler(static.Handler()))
	add(e, get, "/healthz", h.health)
	add(e, get, "/readyz", h.ready)
	h.routes(e.Group("", compress(), h.session, h.renderErrors, h.recoverPanic, h.limitRate, h.checkOrigin, limitBody))
	return e, nil
}

// clientIP reads the address of the connection, or what the named proxies say of it.
func clientIP(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		trust = append(trust, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
