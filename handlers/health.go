package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// A Part is something that the server works with, as /readyz tells of it. Its name is all that the outside learns; why
// it is missing goes to the log.
type Part struct {
	Name     string
	Optional bool                        // the server answers requests without it
	Check    func(context.Context) error // nil when it is there
}

// readyWait is how long one part may take to answer.
const readyWait = 2 * time.Second

// health answers 200 while the process and its database do: whoever restarts what hangs asks here.
func (h *Handlers) health(c echo.Context) error {
	if err := h.store.Ping(c.Request().Context()); err != nil {
		return err
	}
	return c.String(http.StatusOK, "ok\n")
}

// ready answers 200 when requests may be sent here, and 503 when a part is missing that they need. It names every part
// and says nothing else about it.
func (h *Handlers) ready(c echo.Context) error {
	status, lines := http.StatusOK, make([]string, 0, len(h.parts))
	for _, part := range h.parts {
		ctx, cancel := context.WithTimeout(c.Request().Context(), readyWait)
		err := part.Check(ctx)
		cancel()
		switch {
		case err == nil:
			lines = append(lines, part.Name+": ok\n")
			continue
		case part.Optional:
			lines = append(lines, part.Name+": missing, not needed\n")
			continue
		}
		status = http.StatusServiceUnavailable
		lines = append(lines, part.Name+": missing\n")
		h.log.WarnContext(c.Request().Context(), "not ready", "part", part.Name, "err", err, "request_id", requestIDOf(c))
	}
	setRetryAfter(c, nil, status)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.String(status, strings.Join(lines, ""))
}
