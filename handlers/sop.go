package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listSOPs(c echo.Context, t *store.Tenant) error {
	form, err := bindQuery[views.SOPFilterForm](c)
	if err != nil {
		return err
	}
	list, surrogates, err := t.SOPsAndSurrogates(c.Request().Context(), form.Filter())
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "Procedures", views.SOPList(t.Org.Slug, frameOrg(t).Can, form, list, surrogates))
}

func (h *Handlers) showSOP(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	return h.showSOPPage(c, t, id, http.StatusOK, views.SOPLifeView{})
}

// newVersion makes any version the newest draft of its procedure: an edition to come, or an old one restored.
func (h *Handlers) newVersion(c echo.Context, t *store.Tenant) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	made, err := t.NewVersion(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return h.redirect(c, views.SOPActionURL(t.Org.Slug, made, "edit"), "New draft made.")
}

func (h *Handlers) discardSOP(c echo.Context, t *store.Tenant) error {
	id, form, err := bindFormOf[views.RevisionForm](c)
	if err != nil {
		return err
	}
	if err := t.DiscardSOP(c.Request().Context(), id, form.Revision); err != nil {
		return err
	}
	return h.redirect(c, views.SOPsURL(t.Org.Slug), "Draft discarded.")
}
