package handlers

import (
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

// exportSOP sends a version as a file that the import reads back.
func (h *Handlers) exportSOP(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	version, err := t.SOP(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return download(c, "application/json", views.SOPFileName(version, "json"), version.Document().Export())
}

// drawSOP sends the drawing as a file that stands alone.
func (h *Handlers) drawSOP(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	version, err := t.SOP(c.Request().Context(), id)
	if err != nil {
		return err
	}
	view := views.NewGraphView(version.Graph, views.GraphOptions{Title: version.Title})
	svg, err := views.StandaloneSVG(c.Request().Context(), view)
	if err != nil {
		return err
	}
	return download(c, "image/svg+xml", views.SOPFileName(version, "svg"), svg)
}
