package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// problem is an error as a person sees it.
type problem struct {
	status      int
	title, text string
}

// problemOf finds the words for an error. What it does not know is a 500, whose cause goes to the log alone.
func problemOf(err error) problem {
	var conflict store.Conflict
	var invalid store.Invalid
	var tooMany store.TooMany
	var fast tooFast
	var tooLarge *http.MaxBytesError
	var refused *echo.HTTPError
	switch {
	case errors.Is(err, store.ErrNotFound):
		return problem{http.StatusNotFound, "Not found", "There is nothing here, or it is not yours to see."}
	case errors.Is(err, store.ErrRealmRole):
		return problem{http.StatusForbidden, "Not allowed", "Your role in this realm does not include this. The realm's owner can change your role."}
	case errors.Is(err, store.ErrForbidden):
		return problem{http.StatusForbidden, "Not allowed", "Your role does not include this. An owner or admin of the organisation can change your role."}
	case errors.As(err, &conflict):
		return problem{http.StatusConflict, "Not possible now", sentence(conflict.Reason)}
	case errors.Is(err, store.ErrConflict):
		return problem{http.StatusConflict, "Changed meanwhile", "Somebody else was faster. Go back, look at what changed, and try again."}
	case errors.As(err, &invalid):
		return problem{http.StatusUnprocessableEntity, "That cannot be done", firstMessage(invalid)}
	case errors.As(err, &tooMany):
		return problem{http.StatusTooManyRequests, "Too many tries", tooMany.Message()}
	case errors.As(err, &fast):
		return tooFastProblem
	case errors.Is(err, store.ErrUpgrading):
		return problem{http.StatusServiceUnavailable, "Being upgraded", "This organisation is being upgraded. Try again in a minute."}
	case errors.Is(err, store.ErrBusy):
		return problem{http.StatusServiceUnavailable, "Busy", "The server cannot answer just now. Nothing was changed. Try again in a moment."}
	case errors.As(err, &tooLarge):
		return problem{http.StatusRequestEntityTooLarge, "Too large", fmt.Sprintf("What was sent is larger than %d MB.", tooLarge.Limit>>20)}
	case errors.As(err, &refused):
		return problemOfHTTP(refused)
	}
	return problem{http.StatusInternalServerError, "Something went wrong", "It is our fault. Nothing was changed. If it happens again, tell your operator the number below."}
}

func problemOfHTTP(refused *echo.HTTPError) problem {
	text, ok := refused.Message.(string)
	switch {
	case refused.Code == http.StatusNotFound:
		return problemOf(store.ErrNotFound)
	case refused.Code == http.StatusMethodNotAllowed:
		return problem{refused.Code, "Not here", "This address does not take that kind of request."}
	case !ok || text == "":
		text = http.StatusText(refused.Code)
	}
	return problem{refused.Code, http.StatusText(refused.Code), text}
}

func firstMessage(invalid store.Invalid) string {
	if message, ok := invalid[""]; ok {
		return message
	}
	for _, field := range slices.Sorted(maps.Keys(invalid)) {
		return invalid[field]
	}
	return "The input is not valid."
}

// render answers with an error: a page, or a toast for an htmx request. It is Echo's error handler too.
func (h *Handlers) render(err error, c echo.Context) {
	if gone(c) {
		h.renderGone(err, c)
		return
	}
	if c.Response().Committed {
		h.log.ErrorContext(c.Request().Context(), "error after the response began", "err", err, "request_id", requestIDOf(c))
		return
	}
	if errors.Is(err, errSignIn) {
		_ = h.toLogin(c) // writing a redirect fails only when the client is gone
		return
	}
	if again := (store.Repeated{}); errors.As(err, &again) {
		_ = h.showRepeated(c, again)
		return
	}
	p := problemOf(err)
	if p.status >= http.StatusInternalServerError {
		h.log.ErrorContext(c.Request().Context(), "request failed", "err", err, "route", c.Path(), "request_id", requestIDOf(c))
	}
	setRetryAfter(c, err, p.status)
	if shown := h.showProblem(c, p); shown != nil {
		h.log.ErrorContext(c.Request().Context(), "error page not shown", "err", shown, "request_id", requestIDOf(c))
		_ = c.String(p.status, p.title+"\n"+p.text+"\n") // the last resort
	}
}

// setRetryAfter tells programs when to come back; people read it on the page.
func setRetryAfter(c echo.Context, err error, status int) {
	var tooMany store.TooMany
	var fast tooFast
	switch {
	case errors.As(err, &fast):
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(fast.wait.Seconds())+1))
	case errors.As(err, &tooMany):
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(tooMany.Wait.Seconds())+1))
	case status == http.StatusServiceUnavailable:
		c.Response().Header().Set("Retry-After", "5")
	}
}

func (h *Handlers) showProblem(c echo.Context, p problem) error {
	id := ""
	if p.status >= http.StatusInternalServerError {
		id = requestIDOf(c)
	}
	if isFragment(c) {
		return h.write(c, p.status, views.ToastMessage("bad", toastText(p, id)))
	}
	return h.show(c, p.status, p.title, views.ProblemPage(p.status, p.title, p.text, id, wayBack(c)))
}

// wayBack is the page of the organisation on which a refused request began, or "" when that is unknown or the refused page itself.
func wayBack(c echo.Context) string {
	org := c.Param("org")
	if org == "" {
		return ""
	}
	back := cameFrom(c)
	if path, _, _ := strings.Cut(back, "?"); path == views.OrgURL(org) || path == c.Request().URL.Path {
		return ""
	}
	return back
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	last := s[len(s)-1]
	if last != '.' && last != '?' {
		s += "."
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func toastText(p problem, requestID string) string {
	text := p.title + ". " + p.text
	if requestID != "" {
		text += " (" + requestID + ")"
	}
	return text
}
