package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showSettings(c echo.Context, t *store.Tenant) error {
	saved, err := t.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	return h.settingsPage(c, t, http.StatusOK, views.SettingsView{Saved: saved, Form: views.NewSettingsForm(saved)})
}

func (h *Handlers) settingsPage(c echo.Context, t *store.Tenant, status int, v views.SettingsView) error {
	v.Org, v.OrgID, v.Role = t.Org.Slug, t.Org.ID, t.Role
	return h.show(c, status, "Settings", views.SettingsPage(v))
}

func (h *Handlers) updateSettings(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.SettingsForm](c)
	if err != nil {
		return err
	}
	err = t.UpdateSettings(c.Request().Context(), form.Revision, form.Name, form.Approvals())
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.refusedSettings(c, t, http.StatusUnprocessableEntity, views.SettingsView{Form: form, Bad: bad})
	} else if errors.Is(err, store.ErrConflict) && !isFragment(c) {
		return h.refusedSettings(c, t, http.StatusConflict, views.SettingsView{Form: form, Late: true})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SettingsURL(t.Org.Slug), "Settings saved.")
}

// refusedSettings shows the page again with what was typed beside what is saved.
func (h *Handlers) refusedSettings(c echo.Context, t *store.Tenant, status int, v views.SettingsView) error {
	saved, err := t.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	v.Saved = saved
	if v.Form == (views.SettingsForm{}) {
		v.Form = views.NewSettingsForm(saved)
	}
	if v.Late {
		v.Form.Revision = saved.Revision // saving again is on top of what is shown
	}
	return h.settingsPage(c, t, status, v)
}

func (h *Handlers) showRoles(c echo.Context, t *store.Tenant) error {
	return h.show(c, http.StatusOK, "Roles", views.RolesPage(t.Org.Slug, t.Role))
}

func (h *Handlers) scheduleDeletion(c echo.Context, t *store.Tenant) error {
	form, err := bindForm[views.DeletionForm](c)
	if err != nil {
		return err
	}
	err = t.ScheduleDeletion(c.Request().Context(), form.Slug)
	if bad := (store.Invalid)(nil); errors.As(err, &bad) {
		return h.refusedSettings(c, t, http.StatusUnprocessableEntity, views.SettingsView{Deletion: form, Bad: bad})
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.SettingsURL(t.Org.Slug), "The organisation will be deleted in 7 days. You can call it off here.")
}

func (h *Handlers) cancelDeletion(c echo.Context, t *store.Tenant) error {
	if err := t.CancelDeletion(c.Request().Context()); err != nil {
		return err
	}
	return h.redirect(c, views.SettingsURL(t.Org.Slug), "The organisation stays.")
}
