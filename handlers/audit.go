package handlers

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listAudit(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.AuditFilterForm](c)
	if err != nil {
		return err
	}
	page, err := t.AuditLog(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Audit log", views.AuditLog(t.Org.Slug, form, page))
}

func (h *Handlers) showAuditEntry(c echo.Context, t *store.Tenant) error {
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	entry, err := t.AuditEntry(c.Request().Context(), seq)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Audit entry", views.AuditEntryPage(t.Org.Slug, entry))
}

// verifyAudit asks for a verification in the background; the page shows its outcome when it is there.
func (h *Handlers) verifyAudit(c echo.Context, t *store.Tenant) error {
	if err := t.RequestVerification(c.Request().Context()); err != nil {
		return err
	}
	return h.redirect(c, views.AuditURL(t.Org.Slug), "The chain is being verified. Reload the page in a moment.")
}
