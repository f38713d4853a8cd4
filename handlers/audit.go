package handlers

import (
	"errors"
	"net/http"
	"os"
	"strconv"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/store/auditlog"
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

// exportAudit sends the whole log with its signed checkpoints, to be verified without this server.
func (h *Handlers) exportAudit(c echo.Context, t *store.Tenant) error {
	ctx := c.Request().Context()
	if err := t.RecordExport(ctx); err != nil {
		return err
	}
	return downloadLarge(c, "application/jsonl", t.Org.Slug+"-audit.jsonl", func(file *os.File) error {
		org := store.OrgOverview{ID: t.Org.ID, Slug: t.Org.Slug, Name: t.Org.Name}
		_, err := h.store.ExportAudit(ctx, file, org, h.signer, h.checkpoints)
		if damage := (*auditlog.Fault)(nil); errors.As(err, &damage) {
			return nil // the log is sent as it is: whoever verifies it is told
		}
		return err
	})
}
