package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// maxForm is the largest form or pasted graph; file fields have limits of their own below it.
const maxForm = 1 << 20

// requestID gives each request an id for the log and the error page.
func (h *Handlers) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := uuid.NewString()
		c.Set("request_id", id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		return next(c)
	}
}

func requestIDOf(c echo.Context) string {
	id, _ := c.Get("request_id").(string)
	return id
}

// accessLog writes a line per request. It names the route, not the URL: tokens stand in paths.
func (h *Handlers) accessLog(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		if err := next(c); err != nil {
			c.Error(err)
		}
		took := time.Since(start)
		h.observe(c.Request().Method, c.Path(), c.Response().Status, took)
		h.log.InfoContext(c.Request().Context(), "request", "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "ms", took.Milliseconds(), "bytes", c.Response().Size,
			"ip", c.RealIP(), "request_id", requestIDOf(c))
		return nil
	}
}

// securityHeaders go on every response, errors and files included.
func securityHeaders(secure bool) echo.MiddlewareFunc {
	fixed := map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
	}
	if secure {
		fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			header := c.Response().Header()
			for name, value := range fixed {
				header.Set(name, value)
			}
			return next(c)
		}
	}
}

// renderErrors turns an error into its page inside the session middleware, so that the session is saved once.
func (h *Handlers) renderErrors(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := next(c); err != nil {
			h.render(err, c)
		}
		return nil
	}
}

// recoverPanic turns a panic into an error that carries the stack to the log.
func (h *Handlers) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler {
					panic(r)
				}
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// checkOrigin refuses a change that another site's page asks for.
func (h *Handlers) checkOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := h.crossOrigin.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden, "This request came from another site and was refused.").SetInternal(err)
		}
		return next(c)
	}
}

// limitBody bounds what a request may send before anything reads it.
func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		limit, large := bodyLimits[c.Path()]
		if !large {
			limit = maxForm
		}
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, limit)
		return next(c)
	}
}

// errSignIn sends the visitor to the login page and back.
var errSignIn = errors.New("sign in first")

// signedIn guards a route that needs a user but no organisation.
func (h *Handlers) signedIn(handle func(*Handlers, echo.Context) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		if currentUser(c) == nil {
			return errSignIn
		}
		return handle(h, c)
	}
}

// inTenant guards a route inside an organisation: a member, with the permission that the route names.
// Unknown organisations and other people's are the same 404.
func (h *Handlers) inTenant(need store.Permission, handle tenantHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		user := currentUser(c)
		if user == nil {
			return errSignIn
		}
		t, err := h.store.Tenant(*user, c.Param("org"))
		if err != nil {
			return err
		}
		c.Set(tenantKey, t)
		if err := h.rates.org.take(t.Org.ID.String()); err != nil {
			return err
		}
		if !t.Can(need) {
			return store.ErrForbidden
		}
		if err := rememberSent(c); err != nil {
			return err
		}
		return handle(h, c, t)
	}
}

const tenantKey = "tenant"

// tenantOf is the tenant that the route entered, for the frame of a page; nil outside of one. Handlers get theirs as
// an argument.
func tenantOf(c echo.Context) *store.Tenant {
	t, _ := c.Get(tenantKey).(*store.Tenant)
	return t
}

// loginURL leads to the login page and, for a page that can be opened again, back.
func loginURL(c echo.Context) string {
	if !reads(c.Request()) {
		return views.LoginURL()
	}
	return loginURLTo(c.Request().URL.RequestURI())
}
