package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) listOrgs(c echo.Context) error {
	user := currentUser(c)
	return h.show(c, http.StatusOK, "Organisations", views.OrgsPage(user.Email, user.Memberships))
}

func (h *Handlers) newOrg(c echo.Context) error {
	return h.show(c, http.StatusOK, "New organisation", views.NewOrgPage(views.OrgForm{}, nil, views.SlugCheck{}))
}

func (h *Handlers) createOrg(c echo.Context) error {
	form, err := bindForm[views.OrgForm](c)
	if err != nil {
		return err
	}
	slug, err := h.store.CreateOrg(c.Request().Context(), currentUser(c).ID, store.NewOrg{Name: form.OrgName, Slug: form.Slug})
	if bad, status := refusal(c, err); bad != nil {
		return h.show(c, status, "New organisation", views.NewOrgPage(form, bad, views.SlugCheck{}))
	} else if err != nil {
		return err
	}
	return h.redirect(c, views.OrgURL(slug), "The organisation is ready.")
}
