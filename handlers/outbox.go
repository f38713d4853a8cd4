package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// showOutbox shows mail that was not sent, on a server for development.
func (h *Handlers) showOutbox(c echo.Context) error {
	if !h.outbox {
		return store.ErrNotFound
	}
	list, err := h.store.QueuedMail(c.Request().Context())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Outbox", views.OutboxPage(h.baseURL, list))
}
