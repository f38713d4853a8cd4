package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showDashboard(c echo.Context, t *store.Tenant) error {
	dashboard, err := t.Dashboard(c.Request().Context())
	if err != nil {
		return err
	}
	knowWaiting(c, dashboard.Counts.ForMe)
	return h.show(c, http.StatusOK, "Overview", views.DashboardPage(t.Org.Slug, t.Org.Name, frameOrg(t).Can, dashboard))
}

// search answers the palette with a list, and a visitor without script with a page.
func (h *Handlers) search(c echo.Context, t *store.Tenant) error {
	query := strings.TrimSpace(clean(c.QueryParam("q")))
	if runes := []rune(query); len(runes) > 200 {
		query = string(runes[:200])
	}
	var hits []store.Hit
	if query != "" {
		found, err := t.Search(c.Request().Context(), query)
		if err != nil {
			return err
		}
		hits = found
	}
	items := views.SearchItems(t.Org.Slug, frameOrg(t).Can, query, hits)
	if isFragment(c) {
		return h.write(c, http.StatusOK, views.PaletteSearch(t.Org.Slug, query, items))
	}
	return h.show(c, http.StatusOK, "Search", views.SearchPage(t.Org.Slug, query, items))
}
