package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"syscall"

	"github.com/labstack/echo/v4"

	"surrealm/store"
)

// statusGone is what the log and the figures say of a request whose client went away before it had an answer: a search that was typed
// on, a tab that was closed. It is the number that nginx gives it; nobody reads it.
const statusGone = 499

// gone says that the client has ended the request.
func gone(c echo.Context) bool { return errors.Is(c.Request().Context().Err(), context.Canceled) }

// byLeaving says that an error is what becomes of work that is stopped because its client has gone.
func byLeaving(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, store.ErrBusy) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// renderGone ends a request whose client has gone. Nobody has to act on what the leaving caused; what failed by itself is told as ever.
func (h *Handlers) renderGone(err error, c echo.Context) {
	ctx, status := c.Request().Context(), statusGone
	if byLeaving(err) || problemOf(err).status < http.StatusInternalServerError {
		h.log.Log(ctx, slog.LevelDebug, "the client went away", "err", err, "route", c.Path(), "request_id", requestIDOf(c))
	} else {
		status = http.StatusInternalServerError
		h.log.ErrorContext(ctx, "request failed", "err", err, "route", c.Path(), "request_id", requestIDOf(c))
	}
	if !c.Response().Committed {
		_ = c.NoContent(status) // nobody is there
	}
}
