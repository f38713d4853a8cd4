package handlers

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// compareSOPs shows what changed between the version of the path and the one that the query names.
func (h *Handlers) compareSOPs(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	with, err := uuid.Parse(c.QueryParam("with"))
	if err != nil {
		return h.redirect(c, views.SOPURL(t.Org.Slug, id), "")
	}
	one, other, versions, err := t.SOPPair(c.Request().Context(), id, with)
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Compare", views.SOPComparePage(views.NewSOPCompareView(t.Org.Slug, one, other, versions)))
}
