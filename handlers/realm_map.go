package handlers

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showRealmMap(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.RealmMapForm](c)
	if err != nil {
		return err
	}
	return h.showMap(c, t, c.Param("slug"), http.StatusOK, views.RealmMapView{Form: form})
}

// showMap completes the view of a realm's map, and shows it.
func (h *Handlers) showMap(c echo.Context, t *store.Tenant, slug string, status int, v views.RealmMapView) error {
	realm, err := t.RealmMap(c.Request().Context(), slug)
	if err != nil {
		return err
	}
	v.Org, v.Can, v.Map = t.Org.Slug, frameOrg(t).Can, realm
	return h.show(c, status, "Map of "+realm.Name, views.RealmMap(v))
}

// mapFormOf reads a query of a map that came back in a form.
func mapFormOf(query string) (views.RealmMapForm, error) {
	values, _ := url.ParseQuery(query) // what cannot be read narrows nothing
	return decodeQuery[views.RealmMapForm](values)
}

// listMapPoints answers the script of a map with what its dots are.
func (h *Handlers) listMapPoints(c echo.Context, t *store.Tenant) error {
	realm, err := t.RealmMap(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, views.MapPoints(realm))
}
