package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showQueue(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.QueueForm](c)
	if err != nil {
		return err
	}
	queue, err := t.Queue(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Background work", views.QueuePage(views.QueueView{Org: t.Org.Slug, Role: t.Role, Form: form, Queue: queue}))
}

// changeJob stops a job or has it tried again.
func changeJob(change func(*store.Tenant, context.Context, int64) error, done string) tenantHandler {
	return func(h *Handlers, c echo.Context, t *store.Tenant) error {
		job, err := strconv.ParseInt(c.Param("job"), 10, 64)
		if err != nil {
			return store.ErrNotFound
		}
		if err := change(t, c.Request().Context(), job); err != nil {
			return err
		}
		return h.redirect(c, views.QueueURL(t.Org.Slug), done)
	}
}
