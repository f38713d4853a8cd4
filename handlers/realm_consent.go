package handlers

import (
	"errors"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listConsents(c echo.Context, t *store.Tenant) error {
	return h.showConsents(c, t, http.StatusOK, views.RealmConsentsView{})
}

// showConsents completes the view and shows it. The caller sets what it knows: what was typed, and what is wrong with it.
func (h *Handlers) showConsents(c echo.Context, t *store.Tenant, status int, v views.RealmConsentsView) error {
	realm, err := t.Realm(c.Request().Context(), c.Param("slug"))
	if err != nil {
		return err
	}
	if v.Consents, err = t.Consents(c.Request().Context(), realm.Slug); err != nil {
		return err
	}
	v.RealmView, v.Realm = views.RealmView{Org: t.Org.Slug, Role: t.Role}, realm.Realm
	return h.show(c, status, "Consents in "+realm.Name, views.RealmConsents(v))
}

func (h *Handlers) grantConsent(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ConsentForm](c)
	if err != nil {
		return err
	}
	input, bad := form.Input()
	if input.Scope == store.TheseSignals && len(bad) == 0 {
		return h.redirect(c, views.ConsentSignalsURL(t.Org.Slug, c.Param("slug"), form.Chosen()), "")
	}
	if len(bad) == 0 {
		err = t.GrantConsent(c.Request().Context(), c.Param("slug"), input)
		if wrong := (store.Invalid)(nil); errors.As(err, &wrong) {
			maps.Copy(bad, wrong)
		} else if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return h.showConsents(c, t, http.StatusUnprocessableEntity, views.RealmConsentsView{Form: form, Bad: bad})
	}
	return h.redirect(c, views.RealmConsentsURL(t.Org.Slug, c.Param("slug")), "Allowed.")
}

func (h *Handlers) listConsentSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.ConsentSignalsForm](c)
	if err != nil {
		return err
	}
	return h.showConsentSignals(c, t, http.StatusOK, views.ConsentSignalsView{Form: form})
}

// showConsentSignals completes the view and shows it.
func (h *Handlers) showConsentSignals(c echo.Context, t *store.Tenant, status int, v views.ConsentSignalsView) error {
	var err error
	if v.Found, err = t.ConsentSignals(c.Request().Context(), c.Param("slug"), v.Form.Filter()); err != nil {
		return err
	}
	v.Org = t.Org.Slug
	return h.show(c, status, "Choose your signals", views.ConsentSignals(v))
}

func (h *Handlers) chooseConsentSignals(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ConsentSignalsForm](c)
	if err != nil {
		return err
	}
	terms, bad := form.Terms()
	covered := 0
	if len(bad) == 0 {
		covered, err = t.ChooseSignals(c.Request().Context(), c.Param("slug"), store.ConsentChoice{
			Purpose: store.Purpose(form.Purpose), Terms: terms, Shown: ids(form.Shown), Chosen: ids(form.IDs)})
		if wrong := (store.Invalid)(nil); errors.As(err, &wrong) {
			maps.Copy(bad, wrong)
		} else if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		return h.showConsentSignals(c, t, http.StatusUnprocessableEntity, views.ConsentSignalsView{Form: form, Bad: bad, Typed: true})
	}
	form.New = ""
	if form.Go == "next" {
		form.Cursor = form.Next
	}
	return h.redirect(c, views.ConsentSignalsURL(t.Org.Slug, c.Param("slug"), form), views.ChosenText(covered))
}

func (h *Handlers) revokeConsent(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.ConsentForm](c)
	if err != nil {
		return err
	}
	if err := t.RevokeConsent(c.Request().Context(), c.Param("slug"), store.Purpose(form.Purpose)); err != nil {
		return err
	}
	return h.redirect(c, views.RealmConsentsURL(t.Org.Slug, c.Param("slug")), "Taken back. Your signals are left out from now on.")
}
