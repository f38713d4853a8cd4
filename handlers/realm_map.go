package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showRealmMap(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.RealmMapForm](c)
	if err != nil {
		return err
	}
	realm, err := t.RealmMap(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	v := views.RealmMapView{Org: t.Org.Slug, Can: frameOrg(t).Can, Form: form, Map: realm}
	return h.show(c, http.StatusOK, "Map of "+realm.Name, views.RealmMap(v))
}

// listMapPoints answers the script of a map with what its dots are.
func (h *Handlers) listMapPoints(c echo.Context, t *store.Tenant) error {
	realm, err := t.RealmMap(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, views.MapPoints(realm))
}
