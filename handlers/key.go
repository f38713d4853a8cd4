package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listKeys(c echo.Context, t *store.Tenant) error {
	return h.showKeys(c, t, http.StatusOK, views.KeysView{})
}

func (h *Handlers) showKeys(c echo.Context, t *store.Tenant, status int, v views.KeysView) error {
	keys, err := t.SigningKeys(c.Request().Context())
	if err != nil {
		return err
	}
	v.Org, v.Me, v.Role, v.Keys = t.Org.Slug, t.User.ID, t.Role, keys
	return h.show(c, status, "Signing keys", views.KeysPage(v))
}

func (h *Handlers) rotateKey(c echo.Context, t *store.Tenant) error {
	if err := t.RotateKey(c.Request().Context()); err != nil {
		return err
	}
	return h.redirect(c, views.KeysURL(t.Org.Slug), "You sign with a new key from now on.")
}

func (h *Handlers) revokeKey(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.RevokeForm](c)
	if err != nil {
		return err
	}
	err = t.RevokeKey(c.Request().Context(), id, form.Reason)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.showKeys(c, t, http.StatusUnprocessableEntity, views.KeysView{Revoke: id, Form: form, Problem: bad["reason"]})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.KeysURL(t.Org.Slug), "Key revoked. What it signed is marked.")
}
