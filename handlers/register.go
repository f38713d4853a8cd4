package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"surrealm/store"
	"surrealm/views"
)

func (h *Handlers) showRegister(c echo.Context) error {
	if currentUser(c) != nil {
		return h.redirect(c, views.NewOrgURL(), "")
	}
	return h.show(c, http.StatusOK, "Register", views.RegisterPage(views.RegisterForm{}, nil, views.SlugCheck{}))
}

// checkSlug tells whether an address is free: below the field while it is typed, or as the page with the field filled.
// Without an address it suggests one from the name.
func (h *Handlers) checkSlug(c echo.Context) error {
	form, err := bindQuery[views.OrgForm](c)
	if err != nil {
		return err
	}
	check, err := h.slugCheck(c, form)
	status := http.StatusOK
	if bad, refused := refusal(c, err); bad != nil {
		check.Problem, status = bad[""], refused
	} else if err != nil {
		return err
	}
	if isFragment(c) {
		swapInto(c, "#slug-status", "innerHTML")
		return h.write(c, status, views.SlugStatus(check))
	}
	form.Slug = check.Slug
	if currentUser(c) != nil {
		return h.show(c, status, "New organisation", views.NewOrgPage(form, nil, check))
	}
	return h.show(c, status, "Register", views.RegisterPage(views.RegisterForm{OrgName: form.OrgName, Slug: form.Slug}, nil, check))
}

func (h *Handlers) slugCheck(c echo.Context, form views.OrgForm) (check views.SlugCheck, err error) {
	check.Slug = form.Slug
	if check.Slug == "" {
		check.Slug = store.SuggestSlug(form.OrgName)
	}
	if check.Slug == "" {
		return check, nil
	}
	check.Problem, check.Free, err = h.store.CheckSlug(c.Request().Context(), placeOf(c), check.Slug)
	return check, err
}

func (h *Handlers) register(c echo.Context) error {
	form, err := bindForm[views.RegisterForm](c)
	if err != nil {
		return err
	}
	account := store.NewAccount{Name: form.Name, Email: form.Email, Password: form.Password, From: placeOf(c)}
	user, err := h.store.Register(c.Request().Context(), account, store.NewOrg{Name: form.OrgName, Slug: form.Slug})
	if bad, status := refusal(c, err); bad != nil {
		return h.show(c, status, "Register", views.RegisterPage(form, bad, views.SlugCheck{}))
	} else if err != nil {
		return err
	}
	if err := h.signIn(c, user); err != nil {
		return err
	}
	return h.redirect(c, afterLogin(user, ""), "Welcome to Surrealm. Your organisation is ready.")
}
