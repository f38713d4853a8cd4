package handlers

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listAllRealms(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.RealmCensusForm](c)
	if err != nil {
		return err
	}
	return h.showCensus(c, t, http.StatusOK, views.RealmCensusView{Filter: form})
}

func (h *Handlers) showCensus(c echo.Context, t *store.Tenant, status int, v views.RealmCensusView) error {
	v.Org = t.Org.Slug
	census, err := t.RealmCensus(c.Request().Context(), v.Filter.Filter())
	if err != nil {
		return err
	}
	return h.show(c, status, "All realms", views.RealmCensus(v, census))
}

func (h *Handlers) handOverRealm(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.HandOverForm](c)
	if err != nil {
		return err
	}
	to, err := uuid.Parse(form.To)
	if err != nil {
		return store.Invalid{"to": "Choose who gets the realm."}
	}
	opened, err := t.HandOverRealm(c.Request().Context(), c.Param("handle"), to)
	if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		late := views.Late{Wanted: "hand over a realm", Reason: problemOf(err).text}
		return h.showCensus(c, t, http.StatusConflict, views.RealmCensusView{Late: late})
	} else if err != nil {
		return err
	}
	done := "Realm handed over."
	if opened > 0 {
		done += fmt.Sprintf(" %d signals that only its former owner saw are now seen by its members.", opened)
	}
	return h.redirect(c, views.RealmCensusURL(t.Org.Slug), done)
}
